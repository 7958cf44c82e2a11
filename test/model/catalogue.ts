import type { FailureCode } from "../../src/shared/failure.ts";

/** A refusal as the server sends it, and what it means: section 4 of the protocol notes. */
export interface Entry {
	readonly at: string;
	readonly status: number;
	readonly body: unknown;
	readonly code: FailureCode;
	readonly retried: boolean;
	/** What the sentence must tell, beside the usual. */
	readonly says?: RegExp;
}

export const error = (message: string, type?: string, code?: unknown) => ({ error: { message, type, code } });
const provider = (code: number, raw: unknown, more: object = {}) => ({
	error: { code, message: "Provider returned error", metadata: { provider_name: "Chutes", raw, ...more } },
});
const page = (title: string) =>
	`<html>\r\n<head><title>${title}</title></head>\r\n<body><h1>${title}</h1></body></html>`;
const MFJS = "tools.function.parameters is not a valid moonshot flavored json schema, details: ";

type Row = readonly [status: number, body: unknown, code: FailureCode, says?: RegExp];

export function entries(at: string, retried: boolean, rows: readonly Row[]): Entry[] {
	return rows.map(([status, body, code, says]) => ({ at, status, body, code, retried, ...(says && { says }) }));
}

const MOONSHOT = "https://api.moonshot.ai/v1";
const KIMI_CODE = "https://api.kimi.com/coding/v1";
const OPENROUTER = "https://openrouter.ai/api/v1";
const HERE = "http://localhost:8000/v1";

const bad = (message: string) => error(message, "invalid_request_error");

export const catalogue: readonly Entry[] = [
	// 4.1 Moonshot and Kimi Code
	...entries(MOONSHOT, false, [
		[400, error("The request was rejected because it was considered high risk", "content_filter"), "content-filter"],
		[400, bad("Input token length too long"), "context", /new chat/],
		[400, bad("Invalid request: Your request exceeded model token limit : 262144"), "context"],
		[400, bad("total message size 2500000 exceeds limit 2097152"), "context"],
		[
			400,
			bad("thinking is enabled but reasoning_content is missing in assistant tool call message at index 4"),
			"structure",
			/new chat/,
		],
		[400, bad("tool_call_id  is not found"), "structure"],
		[400, bad("tool_call_id functions.Read:3 is not found"), "structure"],
		[400, bad("Invalid request: the message at position 2 with role 'assistant' must not be empty"), "structure"],
		[400, bad("text content is empty"), "structure"],
		[400, bad("invalid temperature: only 1 is allowed for this model"), "rejected", /only 1 is allowed/],
		[400, bad("invalid top_p: only 0.95 is allowed for this model"), "rejected"],
		[400, bad("invalid thinking: only type=enabled is allowed for this model"), "rejected"],
		[400, bad("function name Read is duplicated"), "schema", /tool/],
		[422, bad(`${MFJS}<At path 'properties.path': type is not defined>`), "schema", /type is not defined/],
		[400, bad(`${MFJS}<At path 'properties.a': references must start with #/$defs/>`), "schema"],
		[400, bad("unsupported image url: https://example.com/a.png"), "image", /without it/],
		[401, error("Invalid Authentication", "invalid_authentication_error"), "auth", /Moonshot AI \(China\)/],
		[401, error("Incorrect API key provided", "incorrect_api_key_error"), "auth"],
		[403, error("not allowed", "permission_denied_error"), "forbidden", /your key and plan/],
		[404, error("Not found the model kimi-k2 or Permission denied", "resource_not_found_error"), "no-model", /list/],
		[413, error("Request exceeds the maximum size"), "context"],
		[413, error("Payload too large"), "context", /new chat/],
		[
			429,
			error(
				"You exceeded your current token quota: <org> 0, please check your account balance",
				"exceeded_current_quota_error",
			),
			"no-credit",
			/Waiting does not help/,
		],
		[
			429,
			error(
				"Your account <org> is suspended due to insufficient balance, please recharge your account or check your plan and billing details",
				"exceeded_current_quota_error",
			),
			"no-credit",
		],
	]),
	...entries("https://api.moonshot.cn/v1", false, [
		[401, error("Invalid Authentication", "invalid_authentication_error"), "auth", /platform\.moonshot\.ai/],
	]),
	...entries(MOONSHOT, true, [
		[
			429,
			error("The engine is currently overloaded, please try again later", "engine_overloaded_error"),
			"overloaded",
			/can't answer now/,
		],
		[
			429,
			error("Your account reached max organization concurrency: 1", "rate_limit_reached_error"),
			"rate-limit",
			/Wait/,
		],
		[
			429,
			error("Your account reached max request per minute: 3, please try again", "rate_limit_reached_error"),
			"rate-limit",
		],
		[429, error("Your account reached max tokens per day: 1500000", "rate_limit_reached_error"), "rate-limit"],
		[500, error("server error", "server_error"), "overloaded"],
		[500, error("", "unexpected_output"), "overloaded"],
		[502, "", "overloaded"],
		[503, error("Service unavailable"), "overloaded"],
		[504, "", "overloaded"],
		[529, error("overloaded"), "overloaded"],
	]),
	...entries(KIMI_CODE, false, [
		[
			402,
			error("We're unable to verify your membership benefits at this time. Please ensure your membership is active."),
			"plan",
			/plan/,
		],
		[
			403,
			error(
				"Kimi For Coding is currently only available for Coding Agents such as Kimi CLI, Claude Code, Roo Code, Kilo Code, etc.",
				"access_terminated_error",
			),
			"plan",
			/own list/,
		],
		[
			403,
			error(
				"You've reached your usage limit for this billing cycle. Your quota will be refreshed in the next cycle.",
				"access_terminated_error",
			),
			"plan",
			/next cycle/,
		],
		[
			403,
			error(
				"You've reached your weekly (7-day) usage limit. Your quota will reset when the current 7-day window ends.",
				"access_terminated_error",
			),
			"plan",
			/limit of your plan/,
		],
		[401, error("The API Key appears to be invalid or may have expired."), "auth", /Kimi Code has its own/],
	]),
	...entries(KIMI_CODE, true, [
		[
			429,
			error("The engine is currently overloaded, please try again later", "engine_overloaded_error"),
			"overloaded",
			/limit of a plan/,
		],
	]),

	...entries("https://api.kimi.ai/coding/v1", true, [
		[429, error("The engine is currently overloaded", "engine_overloaded_error"), "overloaded", /limit of a plan/],
	]),

	// 4.2 OpenRouter
	...entries(OPENROUTER, false, [
		[400, error("moonshotai/kimi-k9 is not a valid model ID", undefined, 400), "no-model", /its list/],
		[401, error("No auth credentials found", undefined, 401), "auth"],
		[401, error("User not found.", undefined, 401), "auth"],
		[
			402,
			error(
				"This request requires more credits, or fewer max_tokens. You requested up to 32768 tokens, but can only afford 4717.",
				undefined,
				402,
			),
			"budget",
			/covers 4717 tokens, fewer than .* kimiK2\.maxTokens/,
		],
		[402, error("Insufficient credits. Add more at https://openrouter.ai/credits", undefined, 402), "no-credit"],
		[402, error("Provider wants more", undefined, 402), "no-credit", /wants payment: Provider wants more/],
		[403, error("Key limit exceeded (total limit).", undefined, 403), "no-credit"],
		[
			403,
			{
				error: {
					code: 403,
					message: "Your input was flagged",
					metadata: { reasons: ["violence"], flagged_input: "…", provider_name: "x" },
				},
			},
			"content-filter",
		],
		[404, error("No endpoints found that support tool use.", undefined, 404), "unfit", /call tools/],
		[404, error("No endpoints found that support image input", undefined, 404), "image"],
		[404, error("No endpoints found matching your data policy", undefined, 404), "no-model", /privacy settings/],
		[404, error("No endpoints found that can handle the requested parameters.", undefined, 404), "no-model"],
		[413, error("Request body too large", undefined, 413), "context"],
		[422, error("Unprocessable", undefined, 422), "rejected"],
		[400, provider(400, '{"error":{"message":"Input token length too long"}}'), "context"],
		[
			400,
			provider(400, '{"error":{"message":"tool_call_id  is not found","type":"invalid_request_error"}}'),
			"structure",
			/tool_call_id is not found/,
		],
		[
			400,
			provider(400, {
				object: "error",
				message: "This model's maximum context length is 131072 tokens. However, you requested 140000 tokens",
			}),
			"context",
		],
		[400, provider(400, "ERROR: the model refused"), "rejected", /the model refused/],
		[400, error("x", "context_length_exceeded"), "context"],
		[429, error("x", "payment_required"), "no-credit"],
	]),
	...entries(OPENROUTER, true, [
		[408, error("Timed out", undefined, 408), "overloaded"],
		[409, error("Conflict"), "overloaded"],
		[425, "", "overloaded"],
		[429, provider(429, "moonshotai/kimi-k2.7-code is temporarily rate-limited upstream."), "rate-limit"],
		[502, provider(502, "Upstream broke", { is_byok: false }), "overloaded", /Upstream broke/],
		[503, error("No instances available", undefined, 503), "overloaded"],
		[524, "", "overloaded"],
		[529, error("Provider overloaded", "provider_overloaded", 529), "overloaded"],
	]),

	// 4.3 Self-hosted: vLLM, llama.cpp, SGLang, Ollama, LM Studio, FastAPI
	...entries(HERE, false, [
		[
			400,
			{
				object: "error",
				message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
				type: "BadRequestError",
				param: null,
				code: 400,
			},
			"unfit",
			/--tool-call-parser kimi_k2/,
		],
		[
			400,
			{
				error: {
					message:
						"This model's maximum context length is 131072 tokens. However, you requested 140000 tokens (107232 in the messages, 32768 in the completion).",
					type: "BadRequestError",
					param: null,
					code: 400,
				},
			},
			"context",
		],
		[
			404,
			{ object: "error", message: "The model `x` does not exist.", type: "NotFoundError", param: null, code: 404 },
			"no-model",
		],
		[401, { error: "Unauthorized" }, "auth", /wants a key/],
		[400, { object: "error", message: "kimi is not a multimodal model", type: "BadRequestError", code: 400 }, "image"],
		[
			400,
			{
				error: {
					code: 400,
					type: "exceed_context_size_error",
					message: "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it",
					n_prompt_tokens: 9000,
					n_ctx: 4096,
				},
			},
			"context",
		],
		[500, error("JSON schema error at #/properties/path: unrecognized type nonsense", "server_error", 500), "schema"],
		[500, error("tools param requires --jinja flag", "server_error", 500), "unfit", /--jinja/],
		[500, error("Failed to parse Jinja template: Value is not callable", "server_error", 500), "unfit", /template/],
		[500, error("image input is not supported - hint: you may need to provide the mmproj"), "image"],
		[
			400,
			{
				object: "error",
				message: "The input (9 tokens) is longer than the model's context length (8 tokens).",
				code: 400,
			},
			"context",
		],
		[
			404,
			error('model "kimi-k2:1t" not found, try pulling it first', "api_error"),
			"no-model",
			/“ollama pull kimi-k2:1t” in a terminal/,
		],
		[400, error("registry.ollama.ai/library/x does not support tools", "api_error"), "unfit"],
		[
			400,
			{
				error:
					"Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens",
			},
			"context",
		],
		[
			404,
			error(
				"No models loaded. Please load a model in the developer page or use the `lms load` command.",
				"invalid_request_error",
				"model_not_found",
			),
			"no-model",
			/Load one there/,
		],
		[404, { detail: "Not Found" }, "not-found", /end in \/v1/],
		[405, { detail: "Method Not Allowed" }, "rejected"],
		[422, { detail: [{ loc: ["body", "x"], msg: "Field required", type: "missing" }] }, "rejected", /Field required/],
		[400, error("Conversation roles must alternate user/assistant/user/assistant/..."), "structure"],
		[404, page("404 Not Found"), "not-api", /“404 Not Found”/],
		[403, "<!doctype html><title>Attention Required! | Cloudflare</title>", "forbidden", /Attention Required/],
		[401, page("401 Authorization Required"), "auth"],
		[413, page("413 Request Entity Too Large"), "context"],
		[418, "", "rejected"],
	]),
	...entries(HERE, true, [
		[503, { error: { code: 503, message: "Loading model", type: "unavailable_error" } }, "overloaded", /still loading/],
		[500, { object: "error", message: "EngineCore encountered an issue.", type: "InternalServerError" }, "overloaded"],
		[502, page("502 Bad Gateway"), "overloaded", /502 Bad Gateway/],
		[504, page("504 Gateway Time-out"), "overloaded"],
		[502, "upstream connect error or disconnect/reset before headers", "overloaded"],
		[429, page("Too Many Requests"), "rate-limit"],
	]),
];
