import assert from "node:assert/strict";
import { createModel } from "../../src/model/chat-model.ts";
import { type Clocks, defaultClocks } from "../../src/model/patience.ts";
import { busy, countTurns } from "../fake/busy.ts";
import { type EndpointOptions, type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { endpointAt, hear, hello, modelAt, patient, tools } from "./harness.ts";

const ok: ScriptedReply = { reasoning: "Think.", text: "Hello." };
const CANARY = "sk-canary-1234567890abcdef";

const both: readonly (readonly [string, Clocks])[] = [
	["fetch", patient],
	["node:http", { ...patient, firstByteMs: null }],
];

describe("the model adapter", () => {
	const open: FakeEndpoint[] = [];
	const start = async (script: EndpointOptions["script"], more: Partial<EndpointOptions> = {}) => {
		const endpoint = await startEndpoint({ script, ...more });
		open.push(endpoint);
		return endpoint;
	};
	afterEach(async () => {
		for (const endpoint of open.splice(0)) await endpoint.close();
	});

	for (const [transport, clocks] of both) {
		describe(`over ${transport}`, () => {
			it("streams thinking first, then text, then calls", async () => {
				const call = { tool: "read_file", args: { path: "src/a.ts" } };
				const { url } = await start([
					{ ...ok, calls: [call], chunkSize: 4, usage: { prompt_tokens: 9, completion_tokens: 4 } },
				]);
				const { deltas, reply } = await hear(modelAt(url, clocks), { ...hello, tools });
				const kinds = deltas.map(({ kind }) => kind).filter((kind, at, all) => kind !== all[at - 1]);
				assert.deepEqual(kinds, ["reasoning", "text", "calling", "end"]);
				assert.deepEqual(reply, {
					parts: [
						{ kind: "reasoning", text: "Think.", key: "reasoning_content" },
						{ kind: "text", text: "Hello." },
						{ kind: "call", id: "functions.read_file:0", tool: "read_file", args: '{"path":"src/a.ts"}' },
					],
					usage: { inputTokens: 9, outputTokens: 4 },
					finish: "tool_calls",
					complete: true,
					model: "asked",
				});
			});

			it("tells how long the arguments of a call have become", async () => {
				const { url } = await start([
					{ calls: [{ tool: "read_file", args: '{"path":"ä"}' }], chunkSize: 3, chunkMs: 2 },
				]);
				const { deltas } = await hear(modelAt(url, clocks));
				const last = deltas.findLast((delta) => delta.kind === "calling");
				assert.deepEqual(last, { kind: "calling", index: 0, tool: "read_file", bytes: 13 });
			});

			it("sends its own headers and nothing of the SDK's or the machine's", async () => {
				const { url, requests } = await start([ok]);
				await hear(modelAt(url, clocks));
				const ours = Object.keys(requests[0]?.headers ?? {}).filter(
					(name) =>
						!["host", "connection", "content-length", "accept-language", "sec-fetch-mode", "accept-encoding"].includes(
							name,
						),
				);
				assert.deepEqual(ours.sort(), ["accept", "content-type", "user-agent"]);
				assert.match(requests[0]?.headers["user-agent"] ?? "", /^kimi-k2-agent\/\d/);
			});

			it("sends the key as a bearer token, and the endpoint's headers", async () => {
				const { url, requests } = await start([ok], { key: CANARY });
				const { reply } = await hear(modelAt(url, clocks, { key: CANARY, headers: { "X-Title": "Test" } }));
				assert.equal(reply.complete, true);
				assert.equal(requests[0]?.headers["x-title"], "Test");
			});

			it("follows no redirect: the other host gets no request at all", async () => {
				const other = await start([ok]);
				const script: ScriptedReply = { status: 307, headers: { location: `${other.url}/chat/completions` }, body: "" };
				const { url } = await start([script]);
				const { failure } = await hear(modelAt(url, clocks, { key: CANARY }));
				assert.equal(failure?.code, "redirected");
				assert.ok(failure.message.includes(new URL(other.url).host), failure.message);
				assert.deepEqual(other.hits, []);
			});

			it("ends at once with aborted on Stop, keeps what came, and closes the socket", async () => {
				const { url, requests } = await start([{ text: "Hello there.", chunkSize: 2, hang: "mid" }]);
				const stop = new AbortController();
				const model = modelAt(url, clocks);
				const ends = [];
				for await (const delta of model.stream(hello, stop.signal)) {
					if (delta.kind === "end") ends.push(delta);
					else stop.abort();
				}
				assert.deepEqual(
					ends.map(({ failure, reply }) => [failure?.code, reply.complete, reply.parts.length]),
					[["aborted", false, 1]],
				);
				assert.equal(await requests[0]?.ended, "left");
			});

			it("ends with aborted when Stop comes before any answer", async () => {
				const { url, requests } = await start([{ hang: "before-headers" }]);
				const stop = new AbortController();
				const heard = hear(modelAt(url, clocks), hello, stop.signal);
				while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
				stop.abort();
				assert.equal((await heard).failure?.code, "aborted");
				assert.equal(await requests[0]?.ended, "left");
			});

			it("sends nothing when it was stopped before", async () => {
				const { url, hits } = await start([ok]);
				const { failure } = await hear(modelAt(url, clocks), hello, AbortSignal.abort());
				assert.equal(failure?.code, "aborted");
				assert.deepEqual(hits, []);
			});

			it("closes the socket when the reader leaves early", async () => {
				const { url, requests } = await start([{ ...ok, hang: "mid" }]);
				for await (const _ of modelAt(url, clocks).stream(hello, new AbortController().signal)) break;
				assert.equal(await requests[0]?.ended, "left");
			});

			it("says unreachable when nothing listens", async () => {
				const { url, close } = await startEndpoint({ script: [] });
				await close();
				const { failure } = await hear(modelAt(url, clocks));
				assert.equal(failure?.code, "unreachable");
				assert.match(failure.message, /Nothing answers at 127\.0\.0\.1:\d+/);
			});

			it("says cut when the connection ends before headers", async () => {
				const { url } = await start([{ ...ok, delayMs: 30 }]);
				const heard = hear(modelAt(url, clocks));
				setTimeout(() => void open[0]?.close(), 10);
				const { failure } = await heard;
				assert.deepEqual([failure?.code, failure?.retryable], ["cut", true]);
			});

			it("goes on with the next request over the same endpoint after a whole answer", async () => {
				const { url } = await start([ok, { text: "Again." }]);
				const model = modelAt(url, clocks);
				await hear(model);
				assert.equal((await hear(model)).text, "Again.");
			});
		});
	}

	it("lets others go on while it reads an answer that came at once", async () => {
		const { url, requests } = await start([{ text: "x".repeat(100), chunkSize: 1 }]);
		// `fetch` gives what came at once as one piece.
		const byHttp = { ...patient, firstByteMs: null };
		let turns: (() => number) | undefined;
		for await (const delta of modelAt(url, byHttp).stream(hello, new AbortController().signal)) {
			if (delta.kind === "end") break;
			// By then all of the answer waits to be read.
			if (!turns) await requests[0]?.ended;
			turns ??= countTurns();
			busy(2);
		}
		assert.ok((turns?.() ?? 0) >= 10);
	});

	describe("its clocks", () => {
		const short: Clocks = { firstByteMs: 60, idleMs: 60, stallMs: 120 };

		it("end a request that gets no headers", async () => {
			const { url } = await start([{ hang: "before-headers" }]);
			const { failure } = await hear(modelAt(url, short));
			assert.deepEqual([failure?.code, failure?.detail, failure?.retryable], ["timeout", "first-byte", true]);
		});

		it("end a request that gets headers and nothing more", async () => {
			const { url } = await start([{ hang: "after-headers" }]);
			assert.equal((await hear(modelAt(url, short))).failure?.detail, "first-byte");
		});

		it("end an answer that goes silent, and keep what came", async () => {
			const { url, requests } = await start([{ text: "Hello there.", chunkSize: 2, hang: "mid" }]);
			const { failure, reply } = await hear(modelAt(url, short));
			assert.deepEqual([failure?.detail, reply.complete, reply.parts.length], ["idle", false, 1]);
			assert.equal(await requests[0]?.ended, "left");
		});

		it("take comments for life, but not for content", async () => {
			const { url } = await start([{ raw: ": PROCESSING\n\n".repeat(1000), writeSize: 14, chunkMs: 10 }]);
			const { failure } = await hear(modelAt(url, { firstByteMs: 10_000, idleMs: 10_000, stallMs: 150 }));
			assert.equal(failure?.detail, "stall");
		});

		it("let comments keep a slow answer alive", async () => {
			const late = `data: {"choices":[{"index":0,"delta":{"content":"Late."},"finish_reason":"stop"}]}\n\n`;
			const { url } = await start([{ raw: ": PROCESSING\n\n".repeat(20) + late, writeSize: 14, chunkMs: 10 }]);
			const { text, failure } = await hear(modelAt(url, { firstByteMs: 10_000, idleMs: 2000, stallMs: 60_000 }));
			assert.deepEqual([text, failure], ["Late.", undefined]);
		});

		it("leave a local server all the time it needs to read the prompt", async () => {
			const { url } = await start([{ ...ok, delayMs: 200 }]);
			const { text } = await hear(modelAt(url, { firstByteMs: null, idleMs: 40, stallMs: 40 }));
			assert.equal(text, "Hello.");
		});

		it("leave a local server that time also after it has sent headers and a first sign of life", async () => {
			const late = `data: {"choices":[{"index":0,"delta":{"content":"Late."},"finish_reason":"stop"}]}\n\n`;
			const { url } = await start([{ raw: `:${" ".repeat(97)}\n\n${late}`, writeSize: 100, chunkMs: 200 }]);
			const { text } = await hear(modelAt(url, { firstByteMs: null, idleMs: 40, stallMs: 40 }));
			assert.equal(text, "Late.");
		});

		it("do not spoil an answer that has finished and only keeps the connection open", async () => {
			const raw = `data: {"choices":[{"index":0,"delta":{"content":"Done."},"finish_reason":"stop"}]}\n\n`;
			const { url } = await start([{ raw: `${raw}: wait\n\n`, hang: "mid" }]);
			const { text, failure } = await hear(modelAt(url, { ...patient, idleMs: 60 }));
			assert.deepEqual([text, failure], ["Done.", undefined]);
		});

		it("are unlimited before the first byte for this machine only", () => {
			const remote = { firstByteMs: 300_000, idleMs: 90_000, stallMs: 300_000 };
			assert.deepEqual(defaultClocks(endpointAt("https://api.moonshot.ai/v1")), remote);
			assert.deepEqual(defaultClocks(endpointAt("http://localhost:8000/v1")), { ...remote, firstByteMs: null });
		});
	});

	describe("its key", () => {
		const env = ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_CUSTOM_HEADERS"];
		afterEach(() => {
			for (const name of env) delete process.env[name];
		});

		it("is not needed, and never taken from the environment", async () => {
			const stranger = await start([ok]);
			const { url, requests } = await start([ok]);
			for (const name of env) process.env[name] = CANARY;
			process.env["OPENAI_BASE_URL"] = stranger.url;
			process.env["OPENAI_CUSTOM_HEADERS"] = `X-Leak: ${CANARY}`;
			const { reply } = await hear(modelAt(url));
			assert.equal(reply.complete, true);
			assert.equal(JSON.stringify([requests[0]?.headers, requests[0]?.raw]).includes(CANARY), false);
			assert.equal(requests[0]?.headers["authorization"], undefined);
			assert.deepEqual(stranger.hits, []);
		});

		it("is in no failure, even when the server repeats it", async () => {
			const message = `Incorrect API key provided: ${CANARY}. Header: Bearer ${CANARY}`;
			const bodies = [401, 400, 403, 500].map((status) => ({ status, body: { error: { message } } }));
			const { url } = await start([...bodies, { body: `<html><title>${CANARY}</title>` }]);
			const model = modelAt(url, patient, { key: CANARY });
			for (let n = 0; n < 5; n++) {
				const { failure } = await hear(model);
				assert.ok(failure);
				assert.equal(JSON.stringify(failure).includes("canary"), false, JSON.stringify(failure));
			}
		});

		it("with characters that no header can hold is a failure that does not show it", async () => {
			const { url, hits } = await start([ok]);
			for (const [, clocks] of both) {
				const { failure } = await hear(modelAt(url, clocks, { key: "sk-canary\n1234567" }));
				assert.equal(failure?.code, "auth");
				assert.equal(JSON.stringify(failure).includes("canary"), false);
			}
			assert.deepEqual(hits, []);
		});
	});

	describe("a refused parameter", () => {
		const refusal = (message: string): ScriptedReply => ({
			status: 400,
			body: { error: { message, type: "invalid_request_error" } },
		});
		const kimi = (baseUrl: string) => {
			const endpoint = endpointAt(baseUrl);
			return createModel({ endpoint, model: "kimi-k2.7-code", clocks: patient });
		};

		it("is left out at once, and in every later request", async () => {
			const no = refusal("invalid temperature: only 1 is allowed for this model");
			const { url, requests } = await start([no, ok, ok]);
			const model = kimi(url);
			assert.equal((await hear(model)).text, "Hello.");
			await hear(model);
			assert.deepEqual(
				requests.map(({ body }) => "temperature" in body),
				[true, false, false],
			);
		});

		it("such as include_usage does not cost the answer", async () => {
			const { url, requests } = await start([refusal("Unknown field: stream_options"), ok]);
			assert.equal((await hear(kimi(url))).text, "Hello.");
			assert.equal("stream_options" in (requests[1]?.body ?? {}), false);
		});

		it("that states a token limit lowers ours to it", async () => {
			const { url, requests } = await start([refusal("max_tokens: expected a value <= 8000, but got 32768"), ok]);
			assert.equal((await hear(kimi(url))).text, "Hello.");
			assert.deepEqual(
				requests.map(({ body }) => body["max_tokens"]),
				[32_768, 8000],
			);
		});

		it("is not looked for when the refusal names none", async () => {
			const { url, requests } = await start([refusal("tool_call_id  is not found"), ok]);
			assert.equal((await hear(kimi(url))).failure?.code, "structure");
			assert.equal(requests.length, 1);
		});

		it("that is refused again and again ends in the failure", async () => {
			const { url, requests } = await start(() => refusal("Unsupported: temperature, top_p, stream_options"));
			assert.equal((await hear(kimi(url))).failure?.code, "rejected");
			assert.equal(requests.length, 2);
		});
	});
});
