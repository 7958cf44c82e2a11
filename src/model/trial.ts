import type { ModelRequest } from "../agent/ports.ts";
import type { Failure } from "../shared/failure.ts";
import type { Profile } from "../shared/settings.ts";
import { createModel } from "./chat-model.ts";
import type { Endpoint } from "./endpoint.ts";
import { listModels, modelToAsk } from "./list.ts";
import { defaultClocks } from "./patience.ts";
import { presetOf } from "./presets.ts";

/** What came of one request for the list of models and one for a single token. */
export interface Trial {
	/** Milliseconds for both. */
	readonly ms: number;
	/** Models that the server lists; absent when it gives no list. */
	readonly listed?: number;
	/** The model that was asked; empty when it came to none. */
	readonly model: string;
	/** Why no answer came. */
	readonly failure?: Failure;
}

const ONE_TOKEN: ModelRequest = { system: "", tools: [], messages: [{ role: "user", text: "Hi" }], chat: "trial" };

/** Of an answer of one token nothing more can be asked than that it came. */
const ANSWERED: readonly Failure["code"][] = ["empty", "incomplete", "length"];

/** Tries whether an endpoint answers: its address, its key, its model. Never throws. */
export async function tryEndpoint(profile: Profile, endpoint: Endpoint, signal: AbortSignal): Promise<Trial> {
	const begun = performance.now();
	const models = await listModels(endpoint, signal);
	const found = modelToAsk(presetOf(profile.preset), profile.model, models);
	const server = found.ok ? found.value : undefined;
	const failure = found.ok ? server && (await ask(endpoint, profile, server.id, signal)) : found.failure;
	const none: Failure = { code: "no-model", message: "The server answers but lists no model." };
	const trouble = found.ok && !server ? none : failure;
	return {
		ms: performance.now() - begun,
		...(models.ok && { listed: models.value.length }),
		model: server?.id ?? "",
		...(trouble && { failure: trouble }),
	};
}

async function ask(
	endpoint: Endpoint,
	profile: Profile,
	model: string,
	signal: AbortSignal,
): Promise<Failure | undefined> {
	const wishes = { ...profile, maxTokens: 1 };
	const deltas = createModel({ endpoint, model, wishes, clocks: defaultClocks(endpoint) }).stream(ONE_TOKEN, signal);
	for await (const delta of deltas)
		if (delta.kind === "end" && delta.failure && !ANSWERED.includes(delta.failure.code)) return delta.failure;
	return undefined;
}
