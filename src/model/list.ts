import type { Result } from "../agent/ports.ts";
import type { Failure } from "../shared/failure.ts";
import { readCapped } from "./body.ts";
import { classifyAnswer, classifyBody, classifyTimeout, classifyTransport } from "./classify.ts";
import { type Endpoint, headersFor } from "./endpoint.ts";
import { asCount, asList, asName, asObject, type Json, parseJson } from "./json.ts";
import type { Preset } from "./presets.ts";
import type { Effort, Thinking } from "./thinking.ts";
import { viaFetch } from "./transport.ts";

/** A model as a server lists it; absent fields are those that it does not tell. */
export interface ServerModel {
	readonly id: string;
	readonly name?: string;
	readonly contextTokens?: number;
	readonly maxOutputTokens?: number;
	readonly images?: boolean;
	readonly reasoning?: boolean;
	/** US dollars for a million tokens. */
	readonly price?: { readonly input: number; readonly output: number };
	/** Whether it thinks, where the server says more than that it can. */
	readonly thinking?: Thinking;
	/** How hard it can be told to think. */
	readonly efforts?: readonly Effort[];
	/** Its original name, where the server's owner gave it another (vLLM). */
	readonly root?: string;
	/** `owned_by`: self-hosted servers say there what they are. */
	readonly owner?: string;
}

const PATIENCE_MS = 15_000;
/** OpenRouter's list, the longest that we know, has half a megabyte. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Asks a server for its models. Follows no redirect, gives up after 15 s or `maxBytes`, never throws. */
export async function listModels(
	endpoint: Endpoint,
	signal: AbortSignal,
	maxBytes = MAX_BYTES,
): Promise<Result<readonly ServerModel[]>> {
	const asked = { endpoint, model: "" };
	const limit = AbortSignal.timeout(PATIENCE_MS);
	const both = AbortSignal.any([signal, limit]);
	try {
		const response = await viaFetch(`${endpoint.baseUrl}/models`, {
			method: "GET",
			headers: headersFor(endpoint),
			signal: both,
		});
		const { text: body, isTooLong, error } = await readCapped(response, maxBytes, both);
		if (!response.ok) {
			const { status, headers } = response;
			return { ok: false, failure: classifyAnswer({ status, headers, body }, asked) };
		}
		if (error !== undefined) throw error;
		if (isTooLong) return { ok: false, failure: tooLong(endpoint, maxBytes) };
		const models = readModels(parseJson(body));
		return models ? { ok: true, value: models } : { ok: false, failure: classifyBody(body, asked) };
	} catch (error) {
		if (signal.aborted) return { ok: false, failure: { code: "aborted", message: "Stopped." } };
		const failure = limit.aborted ? classifyTimeout("first-byte", asked) : classifyTransport(error, asked);
		return { ok: false, failure };
	}
}

function tooLong({ name }: Endpoint, maxBytes: number): Failure {
	const size = Math.round(maxBytes / 1024 / 1024);
	const message = `The list of models at ${name} has more than ${size} MB, which is no such list. Check the base URL.`;
	return { code: "not-api", message };
}

/**
 * The model to ask: the one wanted even where no list has it (some gateways have none), else the fitting one of the
 * list. Undefined: the list is empty.
 */
export function modelToAsk(
	preset: Preset,
	wanted: string,
	models: Result<readonly ServerModel[]>,
): Result<ServerModel | undefined> {
	if (wanted === "") return models.ok ? { ok: true, value: chooseModel(preset, models.value) } : models;
	const listed = models.ok ? models.value.find((model) => model.id === wanted) : undefined;
	return { ok: true, value: listed ?? { id: wanted } };
}

/** The model to begin with: the preset's preference as far as it is there, else a Kimi, else the first. */
export function chooseModel(preset: Preset, models: readonly ServerModel[]): ServerModel | undefined {
	const preferred = preset.prefer.flatMap((id) => models.filter((model) => model.id === id));
	return preferred[0] ?? models.find((model) => /kimi/i.test(model.id)) ?? models[0];
}

/** OpenAI's `data`, Ollama's and LM Studio's `models`, or a bare list (Together). Undefined: no list at all. */
function readModels(body: unknown): ServerModel[] | undefined {
	const object = asObject(body);
	const list = Array.isArray(body) ? body : (object?.["data"] ?? object?.["models"]);
	if (!Array.isArray(list)) return undefined;
	return asList(list).flatMap((item) => {
		const model = typeof item === "string" ? { id: item } : asObject(item);
		const id = asName(model?.["id"]) ?? asName(model?.["name"]) ?? asName(model?.["model"]);
		return model && id !== undefined ? [readModel(id, model)] : [];
	});
}

function readModel(id: string, model: Json): ServerModel {
	const top = asObject(model["top_provider"]);
	const told = {
		name: asName(model["display_name"]) ?? asName(model["name"]),
		contextTokens: firstCount(
			model["context_length"],
			model["max_model_len"],
			model["context_window"],
			model["max_context_length"],
			asObject(model["meta"])?.["n_ctx"],
			asObject(model["meta"])?.["n_ctx_train"],
		),
		maxOutputTokens: firstCount(top?.["max_completion_tokens"], model["max_output_tokens"], model["max_output_length"]),
		images: imagesOf(model),
		reasoning: reasoningOf(model),
		price: priceOf(asObject(model["pricing"])),
		thinking: THINKING.get(asName(model["supports_thinking_type"]) ?? ""),
		efforts: effortsOf(model),
		root: asName(model["root"]),
		owner: asName(model["owned_by"]),
	};
	return { id, ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) };
}

/** OpenRouter's texts, in dollars for a token; Together's numbers, for a million. */
function priceOf(pricing: Json | undefined): ServerModel["price"] {
	const perToken = [pricing?.["prompt"], pricing?.["completion"]].map(
		(text) => Number(asName(text) ?? Number.NaN) * 1e6,
	);
	const [input, output] = perToken.map(asCount);
	if (input !== undefined && output !== undefined) return { input, output };
	const told = { input: asCount(pricing?.["input"]), output: asCount(pricing?.["output"]) };
	return told.input === undefined || told.output === undefined ? undefined : { input: told.input, output: told.output };
}

function firstCount(...values: unknown[]): number | undefined {
	return values.map(asCount).find((value) => value !== undefined && value > 0);
}

/** Moonshot's flag, OpenRouter's list. */
function imagesOf(model: Json): boolean | undefined {
	const flag = model["supports_image_in"];
	if (typeof flag === "boolean") return flag;
	const inputs = asObject(model["architecture"])?.["input_modalities"];
	return Array.isArray(inputs) ? inputs.includes("image") : undefined;
}

function reasoningOf(model: Json): boolean | undefined {
	const flag = model["supports_reasoning"];
	if (typeof flag === "boolean") return flag;
	const parameters = model["supported_parameters"];
	return Array.isArray(parameters) ? parameters.includes("reasoning") : undefined;
}

/** Kimi Code's words. */
const THINKING: ReadonlyMap<string, Thinking> = new Map([
	["only", "always"],
	["both", "switch"],
	["no", "none"],
]);

/** Kimi Code's list. */
function effortsOf(model: Json): readonly Effort[] | undefined {
	const known: readonly Effort[] = ["low", "medium", "high", "max"];
	const listed = asObject(model["think_efforts"])?.["valid_efforts"];
	return Array.isArray(listed) ? known.filter((effort) => listed.includes(effort)) : undefined;
}
