import type { Delta, Model, ModelRequest, Reply } from "../../src/agent/ports.ts";
import { createModel } from "../../src/model/chat-model.ts";
import type { Endpoint } from "../../src/model/endpoint.ts";
import type { Clocks } from "../../src/model/patience.ts";
import type { Failure } from "../../src/shared/failure.ts";

/** As in the corpus of the protocol document: `list_dir` needs nothing, `read_file` and `list_dir` both fit a path. */
export const tools = [
	{ name: "edit_file", required: ["path", "old", "new"], optional: [] },
	{ name: "list_dir", required: [], optional: ["path"] },
	{ name: "read_file", required: ["path"], optional: ["offset", "limit"] },
	{ name: "run_command", required: ["command"], optional: ["cwd"] },
].map(({ name, required, optional }) => ({
	name,
	description: name,
	parameters: {
		type: "object",
		properties: Object.fromEntries([...required, ...optional].map((key) => [key, {}])),
		required,
	},
}));

export const hello: ModelRequest = {
	system: "You are a test.",
	tools: [],
	messages: [{ role: "user", text: "Hello" }],
	chat: "chat-1",
};

/** Long enough that no test meets them by accident. */
export const patient: Clocks = { firstByteMs: 60_000, idleMs: 60_000, stallMs: 60_000 };

export function endpointAt(baseUrl: string, more: Partial<Endpoint> = {}): Endpoint {
	return { preset: "custom", name: "Fake", baseUrl, ...more };
}

export function modelAt(baseUrl: string, clocks: Clocks = patient, more: Partial<Endpoint> = {}): Model {
	const endpoint = endpointAt(baseUrl, more);
	return createModel({ endpoint, model: "asked", clocks });
}

export interface Heard {
	readonly deltas: readonly Delta[];
	readonly text: string;
	readonly reasoning: string;
	readonly reply: Reply;
	readonly failure?: Failure;
}

/** Listens to the end; an answer without exactly one `end`, as the last delta, is an error. */
export async function hear(
	model: Model,
	request: ModelRequest = hello,
	signal: AbortSignal = new AbortController().signal,
): Promise<Heard> {
	const deltas: Delta[] = [];
	for await (const delta of model.stream(request, signal)) deltas.push(delta);
	const end = deltas.at(-1);
	if (end?.kind !== "end") throw new Error("The stream did not finish with an end.");
	if (deltas.filter((delta) => delta.kind === "end").length > 1) throw new Error("The stream ended twice.");
	const join = (kind: "text" | "reasoning") => deltas.map((delta) => (delta.kind === kind ? delta.text : "")).join("");
	return { deltas, text: join("text"), reasoning: join("reasoning"), ...end };
}
