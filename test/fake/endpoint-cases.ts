import type { ScriptedReply, WireRequest } from "./endpoint-reply.ts";

interface Case {
	readonly about: string;
	readonly reply: (request: WireRequest, n: number) => ScriptedReply;
}

const fine: ScriptedReply = {
	reasoning: "The person wants a sign of life, so a short answer will do.",
	text: "Hello. This is the fake endpoint, and all is well here.",
};
const error = (message: string, type: string, more: object = {}) => ({ error: { message, type, ...more } });
const page = (title: string) => `<!doctype html><html><head><title>${title}</title></head><body>${title}</body></html>`;
const html = { "content-type": "text/html" };

/** The ways in which endpoints misbehave, by name. */
export const cases: Readonly<Record<string, Case>> = {
	ok: { about: "thinks, then answers", reply: () => fine },
	slow: { about: "the same, a chunk every 150 ms", reply: () => ({ ...fine, delayMs: 1000, chunkMs: 150 }) },
	long: {
		about: "100 KB of text",
		reply: () => ({ text: "All work and no play makes a dull fake.\n\n".repeat(2500), chunkSize: 64 }),
	},
	"refuse-auth": {
		about: "401: a wrong key",
		reply: () => ({ status: 401, body: error("Invalid Authentication", "invalid_authentication_error") }),
	},
	forbidden: {
		about: "403: the client is not on the list",
		reply: () => ({ status: 403, body: error("This client is not supported", "access_terminated_error") }),
	},
	"no-credit": {
		about: "429 that waiting does not help",
		reply: () => ({
			status: 429,
			headers: { "retry-after": "7" },
			body: error("You exceeded your current token quota, please recharge", "exceeded_current_quota_error"),
		}),
	},
	"no-model": {
		about: "404: the model is gone",
		reply: ({ body }) => ({
			status: 404,
			body: error(`Not found the model ${body.model} or Permission denied`, "resource_not_found_error"),
		}),
	},
	"not-found": { about: "404: a wrong path", reply: () => ({ status: 404, body: { detail: "Not Found" } }) },
	context: {
		about: "400: the chat is too long",
		reply: () => ({
			status: 400,
			body: error("Your request exceeded model token limit : 262144", "invalid_request_error"),
		}),
	},
	html: { about: "200 with a web page", reply: () => ({ status: 200, headers: html, body: page("Sign in") }) },
	"bad-gateway": {
		about: "502 page of a proxy",
		reply: () => ({ status: 502, headers: html, body: page("502 Bad Gateway") }),
	},
	redirect: {
		about: "307 to another host",
		reply: () => ({ status: 307, headers: { location: "https://elsewhere.example/v1/chat/completions" }, body: "" }),
	},
	cut: { about: "closes the socket in the middle", reply: () => ({ ...fine, cutAfterBytes: 1500 }) },
	stall: { about: "stops in the middle and keeps the connection open", reply: () => ({ ...fine, hang: "mid" }) },
	"no-headers": { about: "never answers", reply: () => ({ hang: "before-headers" }) },
	"no-body": { about: "sends headers and nothing else", reply: () => ({ hang: "after-headers" }) },
	"rate-limit": {
		about: "429 with Retry-After: 1 for the first request, then fine",
		reply: (_, n) =>
			n > 0
				? fine
				: {
						status: 429,
						headers: { "retry-after": "1" },
						body: error("Your account reached max request per minute: 3", "rate_limit_reached_error"),
					},
	},
	overloaded: {
		about: "always 503",
		reply: () => ({
			status: 503,
			body: error("The engine is currently overloaded, please try again later", "engine_overloaded_error"),
		}),
	},
	"error-in-200": {
		about: "200 whose body is an error",
		reply: () => ({ status: 200, body: error("Provider returned error", "server_error", { code: 502 }) }),
	},
	"mid-stream-error": {
		about: "an error event after some text",
		reply: () => ({
			raw: [
				`data: {"choices":[{"index":0,"delta":{"content":"I will "}}]}`,
				`data: {"error":{"code":502,"message":"Upstream broke"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}`,
				"data: [DONE]",
			]
				.map((line) => `${line}\n\n`)
				.join(""),
		}),
	},
	"no-usage": { about: "no token counts", reply: () => ({ ...fine, usage: null }) },
	"no-done": { about: "no [DONE]", reply: () => ({ ...fine, done: false }) },
	"no-finish": {
		about: "neither finish reason nor [DONE]",
		reply: () => ({ ...fine, finish: null, done: false, usage: null }),
	},
	length: { about: "ends at the token limit", reply: () => ({ ...fine, finish: "length" }) },
	"length-in-call": {
		about: "ends at the token limit inside of a call",
		reply: () => ({ calls: [{ tool: "write_file", args: '{"path":"a.txt","content":"half' }], finish: "length" }),
	},
	empty: { about: "says nothing and stops", reply: () => ({}) },
	nothing: { about: "200 with an empty body", reply: () => ({ raw: "" }) },
	"think-only": { about: "thinks and stops", reply: () => ({ reasoning: "Let me think about that." }) },
};
