import type { FailureCode } from "../../src/shared/failure.ts";
import type { ScriptedReply, WireRequest } from "./endpoint-reply.ts";
import { refusalOf } from "./endpoint-strict.ts";

/** What a person can set from outside; each case has values of its own. */
export interface Knobs {
	/** Byte of the body at which a cut comes. */
	readonly at?: number;
	/** Before the answer, where it is late. */
	readonly delayMs?: number;
	readonly retryAfterS?: number;
}

export interface Case {
	readonly about: string;
	readonly reply: (request: WireRequest, n: number, knobs?: Knobs) => ScriptedReply;
	/** What a client must make of the first answer: the failure, else the text. */
	readonly expect: { readonly failure: FailureCode } | { readonly text: string };
	/** The client must be out of patience first. */
	readonly endless?: true;
}

const fine = {
	reasoning: "The person wants a sign of life, so a short answer will do.",
	text: "Hello. This is the fake endpoint, and all is well here.",
} satisfies ScriptedReply;
const isFine = { text: fine.text };
const error = (message: string, type: string, more: object = {}) => ({ error: { message, type, ...more } });
const page = (title: string) => `<!doctype html><html><head><title>${title}</title></head><body>${title}</body></html>`;
const html = { "content-type": "text/html" };
const events = (...data: readonly string[]) => data.map((each) => `data: ${each}\n\n`).join("");
// No passage twice: that is what a broken model does.
const long = Array.from({ length: 2500 }, (_, n) => `All work and no play makes ${n} dull fakes.\n\n`).join("");
const huge = Array.from({ length: 128 * 1024 }, (_, n) => n.toString(16).padStart(8, "0")).join("");
/** Deltas of a flood, and how they come: a hundred every 10 ms. */
const FLOOD = { deltas: 10_000, group: 100, chunkMs: 10 };
const ELSEWHERE = "https://elsewhere.example/v1/chat/completions";

/** Whole answers, told in unusual ways. */
const answers: Readonly<Record<string, Case>> = {
	ok: { about: "thinks, then answers", reply: () => fine, expect: isFine },
	slow: {
		about: "the same, late and in slow pieces: --delay 1000 and a chunk every 150 ms",
		reply: (_, __, { delayMs = 1000 } = {}) => ({ ...fine, delayMs, chunkMs: delayMs * 0.15 }),
		expect: isFine,
	},
	long: {
		about: "100 KB of text",
		reply: () => ({ text: long, chunkSize: 64 }),
		expect: { text: long },
	},
	flood: {
		about: "10,000 deltas within a second",
		reply: () => ({ text: huge.slice(0, FLOOD.deltas), chunkSize: 1, ...FLOOD }),
		expect: { text: huge.slice(0, FLOOD.deltas) },
	},
	"huge-delta": {
		about: "a delta of 1 MB",
		reply: () => ({ text: huge, chunkSize: huge.length }),
		expect: { text: huge },
	},
	gzip: {
		about: "compressed with gzip, although nobody asked",
		reply: () => ({ ...fine, encoding: "gzip" }),
		expect: isFine,
	},
	brotli: {
		about: "compressed with brotli, although nobody asked",
		reply: () => ({ ...fine, encoding: "br" }),
		expect: isFine,
	},
	"no-usage": { about: "no token counts", reply: () => ({ ...fine, usage: null }), expect: isFine },
	"no-done": { about: "no [DONE]", reply: () => ({ ...fine, done: false }), expect: isFine },
	empty: { about: "says nothing and stops", reply: () => ({}), expect: { text: "" } },
	"think-only": {
		about: "thinks and stops",
		reply: () => ({ reasoning: "Let me think about that." }),
		expect: { text: "" },
	},
	repetition: {
		about: "thinks !!!! without end, as an engine with broken numbers does",
		reply: () => ({ reasoning: "!".repeat(20_000), chunkSize: 8, group: 50 }),
		expect: { failure: "incomplete", text: "" },
	},
	"keep-alive-closed": {
		about: "closes a connection when a second request comes over it",
		reply: ({ before }) => (before > 0 ? { drop: "close" } : fine),
		expect: isFine,
	},
	"keep-alive-reset": {
		about: "resets a connection when a second request comes over it",
		reply: ({ before }) => (before > 0 ? { drop: "reset" } : fine),
		expect: isFine,
	},
	strict: {
		about: "refuses what Moonshot refuses: thinking left out, empty content, unpaired calls, bad schemas, sampling",
		reply: ({ body }) => refusalOf(body) ?? fine,
		expect: isFine,
	},
};

/** Answers that never come to their end. */
const broken: Readonly<Record<string, Case>> = {
	cut: {
		about: "closes the socket in the middle: --at 1500",
		reply: (_, __, { at = 1500 } = {}) => ({ ...fine, cutAfterBytes: at }),
		expect: { failure: "cut" },
	},
	"cut-in-gzip": {
		about: "the same, compressed: --at 1500 of the bytes before that",
		reply: (_, __, { at = 1500 } = {}) => ({ ...fine, encoding: "gzip", cutAfterBytes: at }),
		expect: { failure: "cut" },
	},
	reset: {
		about: "resets the socket in the middle: --at 1500",
		reply: (_, __, { at = 1500 } = {}) => ({ ...fine, cutAfterBytes: at, drop: "reset" }),
		expect: { failure: "cut" },
	},
	"reset-at-once": {
		about: "resets the socket before any answer",
		reply: () => ({ drop: "reset" }),
		expect: { failure: "cut" },
	},
	stall: {
		about: "stops in the middle and keeps the connection open",
		reply: () => ({ ...fine, hang: "mid" }),
		expect: { failure: "timeout" },
		endless: true,
	},
	comments: {
		about: "sends signs of life and no answer",
		reply: () => ({ raw: ": PROCESSING\n\n".repeat(2000), writeSize: 14, chunkMs: 20 }),
		expect: { failure: "timeout" },
		endless: true,
	},
	"no-headers": {
		about: "never answers",
		reply: () => ({ hang: "before-headers" }),
		expect: { failure: "timeout" },
		endless: true,
	},
	"no-body": {
		about: "sends headers and nothing else",
		reply: () => ({ hang: "after-headers" }),
		expect: { failure: "timeout" },
		endless: true,
	},
	"no-finish": {
		about: "neither finish reason nor [DONE]",
		reply: () => ({ ...fine, finish: null, done: false, usage: null }),
		expect: { failure: "incomplete" },
	},
	length: {
		about: "ends at the token limit",
		reply: () => ({ ...fine, finish: "length" }),
		expect: { failure: "length" },
	},
	"length-in-call": {
		about: "ends at the token limit inside of a call",
		reply: () => ({ calls: [{ tool: "write_file", args: '{"path":"a.txt","content":"half' }], finish: "length" }),
		expect: { failure: "length" },
	},
	nothing: { about: "200 with an empty body", reply: () => ({ raw: "" }), expect: { failure: "empty" } },
	"mid-stream-error": {
		about: "an error event after some text",
		reply: () => ({
			raw: events(
				`{"choices":[{"index":0,"delta":{"content":"I will "}}]}`,
				`{"error":{"code":502,"message":"Upstream broke"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}`,
				"[DONE]",
			),
		}),
		expect: { failure: "overloaded" },
	},
};

/** Refusals. */
const refusals: Readonly<Record<string, Case>> = {
	"refuse-auth": {
		about: "401: a wrong key",
		reply: () => ({ status: 401, body: error("Invalid Authentication", "invalid_authentication_error") }),
		expect: { failure: "auth" },
	},
	forbidden: {
		about: "403: the client is not on the list",
		reply: () => ({ status: 403, body: error("This client is not supported", "access_terminated_error") }),
		expect: { failure: "plan" },
	},
	plan: {
		about: "403: the limit of the plan is reached",
		reply: () => ({
			status: 403,
			body: error("You've reached your usage limit for this billing cycle.", "access_terminated_error"),
		}),
		expect: { failure: "plan" },
	},
	"no-credit": {
		about: "429 that waiting does not help: --retry-after 7",
		reply: (_, __, { retryAfterS = 7 } = {}) => ({
			status: 429,
			headers: { "retry-after": String(retryAfterS) },
			body: error("You exceeded your current token quota, please recharge", "exceeded_current_quota_error"),
		}),
		expect: { failure: "no-credit" },
	},
	budget: {
		about: "402: the credit covers a shorter answer",
		reply: () => ({
			status: 402,
			body: { error: { code: 402, message: "This request requires more credits, or fewer max_tokens." } },
		}),
		expect: { failure: "budget" },
	},
	"no-model": {
		about: "404: the model is gone",
		reply: ({ body }) => ({
			status: 404,
			body: error(`Not found the model ${body.model} or Permission denied`, "resource_not_found_error"),
		}),
		expect: { failure: "no-model" },
	},
	"not-found": {
		about: "404: a wrong path",
		reply: () => ({ status: 404, body: { detail: "Not Found" } }),
		expect: { failure: "not-found" },
	},
	context: {
		about: "400: the chat is too long",
		reply: () => ({
			status: 400,
			body: error("Your request exceeded model token limit : 262144", "invalid_request_error"),
		}),
		expect: { failure: "context" },
	},
	html: {
		about: "200 with a web page",
		reply: () => ({ status: 200, headers: html, body: page("Sign in") }),
		expect: { failure: "not-api" },
	},
	"bad-gateway": {
		about: "502 page of a proxy",
		reply: () => ({ status: 502, headers: html, body: page("502 Bad Gateway") }),
		expect: { failure: "overloaded" },
	},
	redirect: {
		about: "307 to another host",
		reply: () => ({ status: 307, headers: { location: ELSEWHERE }, body: "" }),
		expect: { failure: "redirected" },
	},
	"rate-limit": {
		about: "429 with Retry-After for the first request, then fine: --retry-after 1",
		reply: (_, n, { retryAfterS = 1 } = {}) =>
			n > 0
				? fine
				: {
						status: 429,
						headers: { "retry-after": String(retryAfterS) },
						body: error("Your account reached max request per minute: 3", "rate_limit_reached_error"),
					},
		expect: { failure: "rate-limit" },
	},
	overloaded: {
		about: "always 503",
		reply: () => ({
			status: 503,
			body: error("The engine is currently overloaded, please try again later", "engine_overloaded_error"),
		}),
		expect: { failure: "overloaded" },
	},
	"error-in-200": {
		about: "200 whose body is an error",
		reply: () => ({ status: 200, body: error("Provider returned error", "server_error", { code: 502 }) }),
		expect: { failure: "overloaded" },
	},
	"error-in-gzip": {
		about: "a compressed refusal",
		reply: () => ({ status: 401, encoding: "gzip", body: error("Invalid Authentication", "x") }),
		expect: { failure: "auth" },
	},
	"endless-error": {
		about: "500 with a page of 10 MB",
		reply: () => ({ status: 500, headers: html, body: page("Oops") + huge.repeat(10) }),
		expect: { failure: "overloaded" },
	},
};

/** The ways in which endpoints misbehave, by name; the corpus of recorded streams is in `endpoint-corpus.ts`. */
export const cases: Readonly<Record<string, Case>> = { ...answers, ...broken, ...refusals };
