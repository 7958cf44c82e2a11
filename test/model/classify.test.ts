import assert from "node:assert/strict";
import { classifyAnswer, classifyError, classifyTransport, traced } from "../../src/model/classify.ts";
import { rows } from "../../src/model/failure-rows.ts";
import { catalogue } from "./catalogue.ts";
import { gateways } from "./catalogue-gateways.ts";
import { endpointAt } from "./harness.ts";

const endpoint = endpointAt("https://api.example.com/v1", { key: "sk-secret-123456" });
const asked = { endpoint, model: "kimi-k2.7-code" };

describe("classifying an answer", () => {
	for (const { at, status, body, code, retried, says } of [...catalogue, ...gateways]) {
		const text = typeof body === "string" ? body : JSON.stringify(body);
		const key = at.startsWith("http:") ? "" : "sk-secret-123456";
		it(`${new URL(at).host} ${status} ${text.replace(/\s+/g, " ").slice(0, 100)} is ${code}`, () => {
			const there = { ...asked, endpoint: endpointAt(at, { key }) };
			const failure = classifyAnswer({ status, headers: new Headers(), body: text }, there);
			assert.deepEqual([failure.code, failure.retryable, failure.status], [code, retried, status]);
			// What happened, and what to do: two sentences at least.
			assert.match(failure.message, /^\S.*[.,:] .*[.]$/);
			if (says) assert.match(failure.message, says);
		});
	}

	it("has an example for every code that a refusal can have", () => {
		const seen = new Set(catalogue.map(({ code }) => code));
		assert.deepEqual(
			rows.map(({ code }) => code).filter((code) => !seen.has(code)),
			[],
		);
	});

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
				wait({ "retry-after": "0" }),
				wait({ "retry-after-ms": "", "retry-after": "3" }),
			],
			[7000, 500, 250, undefined, undefined, 0, 3000],
		);
		assert.ok(fromDate > 50_000 && fromDate <= 60_000, String(fromDate));
	});

	it("takes a time that is over, a negative and an empty one for no wish", () => {
		const past = "Thu, 01 Jan 1970 00:00:00 GMT";
		const used = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000000" };
		const odd: readonly Record<string, string>[] = [
			{ "retry-after": past },
			{ "retry-after": "-5" },
			{ "retry-after": "" },
			{ "retry-after-ms": "" },
			used,
		];
		assert.deepEqual(
			odd.map((headers) => wait(headers)),
			odd.map(() => undefined),
		);
	});

	it("reads the wait from the server's sentence where no header tells it", () => {
		const said = (message: string, headers: Record<string, string> = {}, status = 429) => {
			const body = JSON.stringify({ error: { message } });
			return classifyAnswer({ status, headers: new Headers(headers), body }, asked).retryAfterMs;
		};
		assert.deepEqual(
			[
				said("Please try again in 24s. Need more tokens?"),
				said("Please retry in 34.07s."),
				said("Please try again in 7m12.5s."),
				said("Please try again in 20ms."),
				said("please try again after 1 seconds", {}, 403),
				said("Please try again in 24s.", { "retry-after": "2" }),
				said("Please try again in a moment."),
				said("You may retry after 5 messages."),
				said("Please retry in 2 minutes."),
			],
			[24_000, 34_070, 432_500, 20, 1000, 2000, undefined, undefined, 120_000],
		);
	});

	it("judges by what the server says, and not by what it repeats of the chat", () => {
		const echoed = ["the context length 4096", "invalid api key", "insufficient balance", "moderation", "hello"];
		const codes = echoed.map((text) => {
			const message = `messages.2.content Input should be a valid string [type=string_type, input_value='${text}', input_type=str]`;
			return classifyAnswer(
				{ status: 400, headers: new Headers(), body: JSON.stringify({ error: { message } }) },
				asked,
			).code;
		});
		assert.deepEqual(
			codes,
			echoed.map(() => codes.at(-1)),
		);
	});

	it("takes a quota that comes back for a rate, and an empty account for empty whatever it asks to wait", () => {
		const code = (type: string) => {
			const body = JSON.stringify({ error: { message: "You exceeded your current quota.", type } });
			return classifyAnswer({ status: 429, headers: new Headers({ "retry-after": "9" }), body }, asked).code;
		};
		assert.deepEqual([code("RESOURCE_EXHAUSTED"), code("insufficient_quota")], ["rate-limit", "no-credit"]);
	});

	it("reads when a limit that is used up comes back, where no Retry-After tells", () => {
		const inAMinute = String(Date.now() + 60_000);
		const used = { "x-ratelimit-remaining": "0" };
		const [ms, seconds] = [
			wait({ ...used, "x-ratelimit-reset": inAMinute }),
			wait({ ...used, "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 60) }),
		];
		for (const each of [ms, seconds]) assert.ok(each !== undefined && each > 50_000 && each <= 61_000, String(each));
		assert.deepEqual(
			[
				wait({ ...used, "x-ratelimit-reset": "3" }),
				wait({
					"x-ratelimit-remaining-requests": "0",
					"x-ratelimit-reset-requests": "1m2.5s",
					"x-ratelimit-remaining-tokens": "0",
					"x-ratelimit-reset-tokens": "20ms",
				}),
				wait({ "x-ratelimit-remaining-tokens": "7", "x-ratelimit-reset-tokens": "9s" }),
				wait({ ...used, "x-ratelimit-reset": "9", "retry-after": "2" }),
				wait({ ...used, "x-ratelimit-reset": "never" }),
			],
			[3000, 62_500, undefined, 2000, undefined],
		);
	});

	it("reads it from inside of OpenRouter's body as well", () => {
		const metadata = { headers: { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4", "bad\nname": "x" } };
		const body = JSON.stringify({ error: { code: 429, message: "Rate limit exceeded", metadata } });
		assert.equal(classifyAnswer({ status: 429, headers: new Headers(), body }, asked).retryAfterMs, 4000);
	});

	it("names the host of a redirect and says that it was not followed", () => {
		const headers = new Headers({ location: "https://evil.example/steal?x=1" });
		const failure = classifyAnswer({ status: 308, headers, body: "" }, asked);
		assert.equal(failure.code, "redirected");
		assert.match(failure.message, /https:\/\/evil\.example\. That was not followed/);
		assert.equal(failure.message.includes("steal"), false);
	});

	it("links to the page of the account where only that helps, and never to an address of the server's", () => {
		const link = (baseUrl: string) => {
			const body = JSON.stringify({ error: { message: "Insufficient balance: pay at https://evil.example" } });
			const there = { ...asked, endpoint: endpointAt(baseUrl) };
			return classifyAnswer({ status: 402, headers: new Headers(), body }, there).link;
		};
		assert.deepEqual(
			["https://openrouter.ai/api/v1", "https://api.moonshot.cn/v1", "https://api.example.com/v1"].map(link),
			["https://openrouter.ai/settings/credits", "https://platform.moonshot.cn/console", undefined],
		);
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

describe("the trace of a failure", () => {
	it("keeps the names under which the server knows the request, without keys and without the rest", () => {
		const headers = new Headers({
			"X-Request-Id": "req-1",
			"X-Msh-Trace": "msh-2",
			"X-Generation-Id": "gen-3",
			"X-RateLimit-Remaining": "0",
			"x-trace-id": "sk-secret-123456",
			"Set-Cookie": "session=1",
			"Content-Type": "text/html",
		});
		const failure = { code: "overloaded", message: "No.", detail: "words" } as const;
		assert.deepEqual(traced(failure, headers, asked), {
			...failure,
			detail: [
				"words",
				"x-generation-id: gen-3",
				"x-msh-trace: msh-2",
				"x-ratelimit-remaining: 0",
				"x-request-id: req-1",
				"x-trace-id: [key]",
			].join("\n"),
		});
		assert.deepEqual(traced(failure, new Headers({ "content-type": "x" }), asked), failure);
	});
});

describe("classifying a transport error", () => {
	const caused = (code: string, message = code) =>
		Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error(message), { code }) });
	const table: readonly (readonly [unknown, string, boolean])[] = [
		[caused("ECONNREFUSED"), "network", true],
		[caused("ENOTFOUND"), "unreachable", false],
		[caused("EAI_AGAIN"), "network", true],
		[caused("ETIMEDOUT"), "network", true],
		[caused("UND_ERR_CONNECT_TIMEOUT"), "network", true],
		[caused("DEPTH_ZERO_SELF_SIGNED_CERT"), "unreachable", false],
		[caused("CERT_HAS_EXPIRED"), "unreachable", false],
		[caused("EPROTO", "wrong version number"), "unreachable", false],
		[caused("UND_ERR_HEADERS_TIMEOUT"), "timeout", true],
		[caused("UND_ERR_BODY_TIMEOUT"), "timeout", true],
		[caused("ECONNRESET"), "cut", true],
		[caused("UND_ERR_SOCKET", "other side closed"), "cut", true],
		[new TypeError("terminated"), "cut", true],
		[new AggregateError([Object.assign(new Error("connect"), { code: "ECONNREFUSED" })], "all"), "network", true],
		[new Error("no idea"), "network", true],
		["a string", "network", true],
	];
	for (const [thrown, code, retryable] of table) {
		it(`${thrown instanceof Error ? String(thrown.cause ?? thrown) : thrown} is ${code}`, () => {
			const failure = classifyTransport(thrown, asked);
			assert.deepEqual([failure.code, failure.retryable], [code, retryable]);
			assert.match(failure.message, /\.$/);
		});
	}

	it("is final where nothing listens on this machine: waiting starts no server", () => {
		const failure = classifyTransport(caused("ECONNREFUSED"), {
			...asked,
			endpoint: endpointAt("http://[::1]:8000/v1"),
		});
		assert.deepEqual([failure.code, failure.retryable], ["unreachable", false]);
		assert.match(failure.message, /Nothing answers at \[::1\]:8000\. Start the server/);
	});

	it("is always cut once the answer had begun", () => {
		assert.equal(classifyTransport(new Error("no idea"), asked, true).code, "cut");
	});
});
