import assert from "node:assert/strict";
import { type CompletionRequest, complete, lacksCompletions } from "../../src/model/completion.ts";
import type { Endpoint } from "../../src/model/endpoint.ts";
import type { Clocks } from "../../src/model/patience.ts";
import type { Failure } from "../../src/shared/failure.ts";
import { type EndpointOptions, type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import { endpointAt, patient } from "./harness.ts";

const CANARY = "sk-canary-1234567890abcdef";
const request: CompletionRequest = { text: "const a = ", stop: [], maxTokens: 64 };

interface Heard {
	readonly text: string;
	readonly failure: Failure | undefined;
}

async function hear(
	endpoint: Endpoint,
	more: Partial<CompletionRequest> = {},
	clocks: Clocks = patient,
	signal: AbortSignal = new AbortController().signal,
): Promise<Heard> {
	let text = "";
	for await (const delta of complete({ ...request, ...more }, { endpoint, model: "base", clocks }, signal)) {
		if (delta.kind === "end") return { text, failure: delta.failure };
		text += delta.text;
	}
	return assert.fail("there was no end");
}

describe("a completion", () => {
	const open: FakeEndpoint[] = [];
	const start = async (script: EndpointOptions["script"]) => {
		const endpoint = await startEndpoint({ script });
		open.push(endpoint);
		return endpoint;
	};
	afterEach(async () => {
		for (const endpoint of open.splice(0)) await endpoint.close();
	});

	for (const [transport, clocks] of [
		["fetch", patient],
		["node:http", { ...patient, firstByteMs: null }],
	] as const)
		it(`streams over ${transport}, and sends nothing but what it says`, async () => {
			const { url, hits, requests } = await start([{ text: "f(1, 'ä𝄞');\nb", chunkSize: 3 }]);
			const heard = await hear(
				endpointAt(url, { key: CANARY }),
				{ stop: ["1", "2", "3", "4", "5"], topP: 0.9 },
				clocks,
			);
			assert.deepEqual(heard, { text: "f(1, 'ä𝄞');\nb", failure: undefined });
			assert.deepEqual(hits, ["POST /v1/completions"]);
			const { host: _, connection, "content-length": __, ...headers } = requests[0]?.headers ?? assert.fail();
			assert.deepEqual(requests[0]?.body, {
				model: "base",
				prompt: "const a = ",
				max_tokens: 64,
				stop: ["1", "2", "3", "4"],
				top_p: 0.9,
				stream: true,
			});
			assert.equal(headers["authorization"], `Bearer ${CANARY}`);
			assert.ok(
				Object.keys(headers).every((name) => !name.startsWith("x-stainless")),
				connection,
			);
		});

	it("takes a whole answer from a server that does not stream", async () => {
		const { url } = await start([{ body: { choices: [{ text: "whole", finish_reason: "stop" }] } }]);
		assert.deepEqual(await hear(endpointAt(url)), { text: "whole", failure: undefined });
	});

	it("follows no redirect", async () => {
		const other = await start([{ text: "stolen" }]);
		const { url } = await start([{ status: 307, headers: { location: `${other.url}/completions` } }]);
		const { text, failure } = await hear(endpointAt(url, { key: CANARY }));
		assert.deepEqual([text, failure?.code, other.hits], ["", "redirected", []]);
	});

	it("fails as the server says, without the key, and with the text that came", async () => {
		const error = { error: { message: `Bad ${CANARY}` } };
		const replies = [
			[{ status: 401, body: error }, "", "auth"],
			[{ status: 503, body: error }, "", "overloaded"],
			[{ status: 429, headers: { "retry-after": "7" }, body: error }, "", "rate-limit"],
			[{ body: "<html><title>Welcome</title></html>" }, "", "not-api"],
			[{ body: { hello: 1 } }, "", "not-api"],
			[{ raw: `data: {"choices":[{"text":"ab"}]}\n\ndata: ${JSON.stringify(error)}\n\n` }, "ab", "rejected"],
			[{ text: "half", finish: null, done: false }, "half", "incomplete"],
			[{ text: "half of it", cutAfterBytes: 120 }, "", "cut"],
		] as const;
		const { url } = await start(replies.map(([reply]) => reply));
		for (const [, text, code] of replies) {
			const heard = await hear(endpointAt(url, { key: CANARY }));
			assert.deepEqual([heard.failure?.code, code === "cut" || heard.text === text], [code, true]);
			assert.equal(JSON.stringify(heard).includes(CANARY), false);
			if (code === "rate-limit") assert.equal(heard.failure?.retryAfterMs, 7000);
		}
	});

	it("is ended by its signal at any moment, and then the connection is", async () => {
		for (const hang of ["before-headers", "after-headers", "mid"] as const) {
			const endpoint = await start([{ text: "some text", chunkSize: 1, hang }]);
			const controller = new AbortController();
			const heard = hear(endpointAt(endpoint.url), {}, patient, controller.signal);
			while (endpoint.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
			controller.abort();
			assert.equal((await heard).failure?.code, "aborted");
			assert.equal(await endpoint.requests[0]?.ended, "left");
		}
	});

	it("hangs up where nobody listens any more", async () => {
		const endpoint = await start([{ text: "one two three", chunkSize: 1, hang: "mid" }]);
		const to = { endpoint: endpointAt(endpoint.url), model: "base", clocks: patient };
		for await (const delta of complete(request, to, new AbortController().signal)) {
			assert.equal(delta.kind, "text");
			break;
		}
		assert.equal(await endpoint.requests[0]?.ended, "left");
	});

	it("gives up on a server that says nothing", async () => {
		const { url } = await start([{ text: "x", hang: "before-headers" }]);
		const { failure } = await hear(endpointAt(url), {}, { firstByteMs: 30, idleMs: 30, stallMs: 30 });
		assert.equal(failure?.code, "timeout");
	});

	it("holds a server to the limit that it was told", async () => {
		const { url } = await start([{ text: "x".repeat(10_000), chunkSize: 500 }]);
		assert.deepEqual(await hear(endpointAt(url), { maxTokens: 10 }), { text: "x".repeat(400), failure: undefined });
	});

	it("tells a server without such a path from one without the model", async () => {
		const noModel = { error: { message: "The model `base` does not exist." } };
		const replies = [
			[{ status: 404, body: { detail: "Not Found" } }, true],
			[{ status: 405, body: { detail: "Method Not Allowed" } }, true],
			[{ status: 404, body: { error: { message: "This is a chat model and not supported here." } } }, true],
			[{ status: 404, body: noModel }, false],
			[{ status: 500, body: noModel }, false],
		] as const;
		const { url } = await start(replies.map(([reply]) => reply));
		for (const [, lacks] of replies) {
			const { failure } = await hear(endpointAt(url));
			assert.equal(lacksCompletions(failure ?? assert.fail()), lacks);
		}
	});
});
