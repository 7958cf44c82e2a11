import type { Model, Result } from "../agent/ports.ts";
import { createModel } from "../model/chat-model.ts";
import { checkBaseUrl, type Endpoint, keyFromEnvironment } from "../model/endpoint.ts";
import { createFactBook, type FactStore } from "../model/facts.ts";
import { listModels, modelToAsk, type ServerModel } from "../model/list.ts";
import { defaultClocks } from "../model/patience.ts";
import { presetOf } from "../model/presets.ts";
import type { PresetId } from "../shared/settings.ts";
import type { HeadlessOptions } from "./headless-args.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A connected model and how it is called on screen. */
export interface Connection {
	readonly model: Model;
	readonly endpoint: Endpoint;
	close(): Promise<void>;
}

/** A server and the model to ask there. */
interface Destination extends Omit<Connection, "model"> {
	readonly server: ServerModel;
}

/** Connects to the endpoint that the flags name, else the environment, else the scripted demo. */
export async function connect(
	options: HeadlessOptions,
	facts: FactStore,
	env: Env,
	signal: AbortSignal,
): Promise<Result<Connection>> {
	const found = await findServer(options, env, signal);
	if (!found.ok) return found;
	const { endpoint, server, close } = found.value;
	const clocks = defaultClocks(endpoint);
	// The demo has another address each time.
	const book = endpoint.preset === "demo" ? createFactBook() : facts.book(endpoint.baseUrl, server.id);
	const model = createModel({ endpoint, model: server.id, server, clocks, book });
	return { ok: true, value: { model, endpoint, close } };
}

/** The same without making a model of it. */
export async function findServer(
	options: HeadlessOptions,
	env: Env,
	signal: AbortSignal,
): Promise<Result<Destination>> {
	const { preset, address } = choose(options, env);
	const demo = preset === "demo" ? await (await import("../../demo/endpoint.ts")).startDemo() : undefined;
	const close = async () => demo?.close();
	const baseUrl = checkBaseUrl(demo?.url ?? address);
	if (!baseUrl.ok) return baseUrl;
	const row = presetOf(preset);
	const named = options.apiKeyEnv;
	const key = named === undefined ? keyFromEnvironment(row, baseUrl.value, env) : env[named] || undefined;
	const name = preset === "custom" ? new URL(baseUrl.value).host : row.name;
	const endpoint: Endpoint = { preset, name, baseUrl: baseUrl.value, ...(key !== undefined && { key }) };
	if (key === undefined && (row.key === "required" || named !== undefined)) {
		await close();
		const message = `${name} needs an API key: set the environment variable ${named ?? row.keyEnv}.`;
		return { ok: false, failure: { code: "auth", message } };
	}
	const server = await findModel(options.model ?? env["KIMI_K2_MODEL"] ?? "", endpoint, signal);
	if (!server.ok) {
		await close();
		return server;
	}
	return { ok: true, value: { endpoint, server: server.value, close } };
}

function choose(options: HeadlessOptions, env: Env): { preset: PresetId; address: string } {
	if (options.endpoint !== undefined) return { preset: "custom", address: options.endpoint };
	if (options.profile !== undefined) return { preset: options.profile, address: presetOf(options.profile).baseUrl };
	if (env["KIMI_K2_BASE_URL"]) return { preset: "custom", address: env["KIMI_K2_BASE_URL"] };
	const keyed = (["openrouter", "moonshot"] as const).find((id) => env[presetOf(id).keyEnv ?? ""]);
	return keyed ? { preset: keyed, address: presetOf(keyed).baseUrl } : { preset: "demo", address: "" };
}

async function findModel(wanted: string, endpoint: Endpoint, signal: AbortSignal): Promise<Result<ServerModel>> {
	const models = await listModels(endpoint, signal);
	const found = modelToAsk(presetOf(endpoint.preset), wanted, models);
	if (!found.ok) return found;
	if (found.value) return { ok: true, value: found.value };
	return {
		ok: false,
		failure: { code: "no-model", message: `${endpoint.name} lists no model. Load one there, or name it with --model.` },
	};
}
