import assert from "node:assert/strict";
import { classifyAnswer, classifyError, classifyTransport, scrub } from "../../src/model/classify.ts";
import { presets } from "../../src/model/presets.ts";
import { endpointAt } from "./harness.ts";

const endpoint = endpointAt("https://api.example.com/v1", { key: "sk-secret-123456" });
const asked = { endpoint, model: "kimi-k2.7-code" };

type Row = readonly [status: number, body: unknown, code: string, retryable: boolean];
const error = (message: string, type?: string, code?: unknown) => ({ error: { message, type, code } });

/** Section 4 of the protocol notes: what servers say, and what it means. */
const catalogue: readonly Row[] = [
	// Moonshot
	[
		400,
		error("The request was rejected because it was considered high risk", "content_filter"),
		"content-filter",
		false,
	],
	[400, error("Input token length too long", "invalid_request_error"), "context", false],
	[400, error("Your request exceeded model token limit : 262144", "invalid_request_error"), "context", false],
	[400, error("total message size 2500000 exceeds limit 2097152", "invalid_request_error"), "context", false],
	[
		400,
		error("thinking is enabled but reasoning_content is missing in assistant tool call message at index 4"),
		"rejected",
		false,
	],
	[400, error("tool_call_id  is not found", "invalid_request_error"), "rejected", false],
	[400, error("invalid temperature: only 1 is allowed for this model", "invalid_request_error"), "rejected", false],
	[400, error("function name read_file is duplicated", "invalid_request_error"), "rejected", false],
	[401, error("Invalid Authentication", "invalid_authentication_error"), "auth", false],
	[401, error("Incorrect API key provided", "incorrect_api_key_error"), "auth", false],
	[402, error("membership required"), "no-credit", false],
	[403, error("not allowed", "permission_denied"), "forbidden", false],
	[
		403,
		error("Kimi For Coding is currently only available for Coding Agents", "access_terminated_error"),
		"forbidden",
		false,
	],
	[404, error("Not found the model kimi-k2 or Permission denied", "resource_not_found_error"), "no-model", false],
	[413, error("Request exceeds the maximum size"), "context", false],
	[
		429,
		error("The engine is currently overloaded, please try again later", "engine_overloaded_error"),
		"overloaded",
		true,
	],
	[429, error("Your account reached max organization concurrency: 1", "rate_limit_reached_error"), "rate-limit", true],
	[429, error("You exceeded your current token quota", "exceeded_current_quota_error"), "no-credit", false],
	[429, error("Your account is suspended due to insufficient balance, please recharge"), "no-credit", false],
	[500, error("server_error"), "overloaded", true],
	[504, "", "overloaded", true],
	[529, error("overloaded"), "overloaded", true],
	// OpenRouter
	[401, error("No auth credentials found", undefined, 401), "auth", false],
	[402, error("This request requires more credits, or fewer max_tokens", undefined, 402), "no-credit", false],
	[
		403,
		{ error: { message: "moderation", metadata: { reasons: ["x"], flagged_input: "y" } } },
		"content-filter",
		false,
	],
	[404, error("No endpoints found that support tool use", undefined, 404), "no-model", false],
	[408, error("Timed out", undefined, 408), "overloaded", true],
	[
		429,
		{
			error: {
				code: 429,
				message: "Provider returned error",
				metadata: { raw: "kimi is temporarily rate-limited upstream" },
			},
		},
		"rate-limit",
		true,
	],
	[
		400,
		{
			error: {
				code: 400,
				message: "Provider returned error",
				metadata: { raw: '{"error":{"message":"Input token length too long"}}' },
			},
		},
		"context",
		false,
	],
	[503, error("No provider available", undefined, 503), "overloaded", true],
	[524, "", "overloaded", true],
	// Self-hosted
	[
		400,
		{
			object: "error",
			message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
			type: "BadRequestError",
			code: 400,
		},
		"rejected",
		false,
	],
	[
		400,
		{
			object: "error",
			message: "This model's maximum context length is 131072 tokens. However, you requested 140000",
			code: 400,
		},
		"context",
		false,
	],
	[
		404,
		{ object: "error", message: "The model `x` does not exist.", type: "NotFoundError", code: 404 },
		"no-model",
		false,
	],
	[401, { error: "Unauthorized" }, "auth", false],
	[
		400,
		{
			error: {
				code: 400,
				type: "exceed_context_size_error",
				message: "the request exceeds the available context size",
				n_ctx: 4096,
			},
		},
		"context",
		false,
	],
	[503, { error: { code: 503, message: "Loading model", type: "unavailable_error" } }, "overloaded", true],
	[500, error("tools param requires --jinja flag"), "rejected", false],
	[
		400,
		{ object: "error", message: "The input (9 tokens) is longer than the model's context length (8 tokens)." },
		"context",
		false,
	],
	[404, error("model 'kimi' not found, try pulling it first", "api_error"), "no-model", false],
	[400, error("registry.ollama.ai/library/x does not support tools"), "rejected", false],
	[400, { error: "Trying to keep the first 9000 tokens when context the overflows." }, "context", false],
	[404, { detail: "Not Found" }, "not-found", false],
	[422, { detail: [{ loc: ["body"], msg: "Field required", type: "missing" }] }, "rejected", false],
	[404, "<html><head><title>404 Not Found</title></head></html>", "not-api", false],
	[403, "<!doctype html><title>Attention Required! | Cloudflare</title>", "forbidden", false],
	[413, "<html><head><title>413 Request Entity Too Large</title></head></html>", "not-api", false],
	[502, "upstream connect error", "overloaded", true],
	[418, "", "rejected", false],
];

describe("classifying an answer", () => {
	for (const [status, body, code, retryable] of catalogue) {
		const text = typeof body === "string" ? body : JSON.stringify(body);
		it(`${status} ${text.slice(0, 90)} is ${code}`, () => {
			const failure = classifyAnswer({ status, headers: new Headers(), body: text }, asked);
			assert.deepEqual([failure.code, failure.retryable, failure.status], [code, retryable, status]);
			assert.match(failure.message, /[.!]$/);
		});
	}

	const wait = (headers: Record<string, string>) =>
		classifyAnswer({ status: 429, headers: new Headers(headers), body: "" }, asked).retryAfterMs;

	it("reads Retry-After as seconds, as milliseconds and as a date", () => {
		const soon = new Date(Date.now() + 60_000).toUTCString();
		const fromDate = wait({ "retry-after": soon }) ?? 0;
		assert.deepEqual(
			[
				wait({ "retry-after": "7" }),
				wait({ "retry-after": "0.5" }),
				wait({ "retry-after-ms": "250" }),
				wait({}),
				wait({ "retry-after": "soon" }),
				wait({ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }),
			],
			[7000, 500, 250, undefined, undefined, 0],
		);
		assert.ok(fromDate > 50_000 && fromDate <= 60_000, String(fromDate));
	});

	it("names the host of a redirect and says that it was not followed", () => {
		const headers = new Headers({ location: "https://evil.example/steal?x=1" });
		const failure = classifyAnswer({ status: 308, headers, body: "" }, asked);
		assert.equal(failure.code, "redirected");
		assert.match(failure.message, /https:\/\/evil\.example\. That was not followed/);
		assert.equal(failure.message.includes("steal"), false);
	});

	it("points from one Moonshot platform to the other when a key is refused", () => {
		const at = (preset: "moonshot" | "moonshot-cn") =>
			classifyAnswer({ status: 401, headers: new Headers(), body: "" }, { ...asked, endpoint: { ...endpoint, preset } })
				.message;
		assert.match(at("moonshot"), /China/);
		assert.match(at("moonshot-cn"), /platform\.moonshot\.ai do not work here/);
	});

	it("asks for a key where none is set, and to check it where one is", () => {
		const message = (key: string) =>
			classifyAnswer({ status: 401, headers: new Headers(), body: "" }, { ...asked, endpoint: { ...endpoint, key } })
				.message;
		assert.match(message(""), /wants a key/);
		assert.match(message("sk-1"), /did not accept the key/);
	});

	it("takes the status from an error inside of a 200", () => {
		const failure = classifyError({ code: "429", message: "slow down" }, asked);
		assert.deepEqual([failure.code, failure.status], ["rate-limit", 429]);
	});

	it("understands an error inside of a 200 that has words only", () => {
		const codes = ["maximum context length exceeded", "Service overloaded", "something odd"].map(
			(message) => classifyError(message, asked).code,
		);
		assert.deepEqual(codes, ["context", "overloaded", "rejected"]);
	});

	it("keeps a long answer short", () => {
		const failure = classifyAnswer({ status: 500, headers: new Headers(), body: "x".repeat(100_000) }, asked);
		assert.ok(failure.message.length < 500 && (failure.detail?.length ?? 0) < 2100);
	});
});

describe("classifying a transport error", () => {
	const caused = (code: string, message = code) =>
		Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error(message), { code }) });
	const table: readonly (readonly [unknown, string, boolean])[] = [
		[caused("ECONNREFUSED"), "unreachable", false],
		[caused("ENOTFOUND"), "unreachable", false],
		[caused("EAI_AGAIN"), "unreachable", true],
		[caused("ETIMEDOUT"), "unreachable", true],
		[caused("UND_ERR_CONNECT_TIMEOUT"), "unreachable", true],
		[caused("DEPTH_ZERO_SELF_SIGNED_CERT"), "unreachable", false],
		[caused("CERT_HAS_EXPIRED"), "unreachable", false],
		[caused("EPROTO", "wrong version number"), "unreachable", false],
		[caused("UND_ERR_HEADERS_TIMEOUT"), "timeout", true],
		[caused("UND_ERR_BODY_TIMEOUT"), "timeout", true],
		[caused("ECONNRESET"), "cut", true],
		[caused("UND_ERR_SOCKET", "other side closed"), "cut", true],
		[new TypeError("terminated"), "cut", true],
		[new AggregateError([Object.assign(new Error("connect"), { code: "ECONNREFUSED" })], "all"), "unreachable", false],
		[new Error("no idea"), "unreachable", true],
		["a string", "unreachable", true],
	];
	for (const [thrown, code, retryable] of table) {
		it(`${thrown instanceof Error ? String(thrown.cause ?? thrown) : thrown} is ${code}`, () => {
			const failure = classifyTransport(thrown, asked);
			assert.deepEqual([failure.code, failure.retryable], [code, retryable]);
			assert.match(failure.message, /\.$/);
		});
	}

	it("is always cut once the answer had begun", () => {
		assert.equal(classifyTransport(new Error("no idea"), asked, true).code, "cut");
	});
});

describe("scrubbing", () => {
	it("takes out the key, bearer tokens and what looks like a key, and leaves the rest", () => {
		const text =
			"key sk-secret-123456, Bearer abc.def-1, hf_abcdefgh, sk-or-v1-0123 and sketch-book, X-Org: org-42-value";
		assert.equal(
			scrub(text, { key: "sk-secret-123456", headers: { "X-Org": "org-42-value" } }),
			"key [key], Bearer [key], [key], [key] and sketch-book, X-Org: [key]",
		);
	});

	it("knows the key of every preset by itself only", () => {
		for (const { name } of presets) assert.equal(scrub(name, {}), name);
	});
});
