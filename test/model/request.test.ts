import assert from "node:assert/strict";
import { type Capabilities, resolveCapabilities } from "../../src/model/capabilities.ts";
import { bodyJson, buildBody } from "../../src/model/request.ts";
import type { Message } from "../../src/shared/message.ts";
import { endpointAt, tools } from "./harness.ts";

const capabilitiesOf = (url: string, model: string) => resolveCapabilities({ endpoint: endpointAt(url), model });
const native = capabilitiesOf("http://localhost:8000/v1", "moonshotai/Kimi-K2.7-Code");
const moonshot = capabilitiesOf("https://api.moonshot.ai/v1", "kimi-k2.7-code");

describe("the request", () => {
	const request = { system: "S", tools, messages: [{ role: "user", text: "Hi" }] as Message[], chat: "chat-1" };
	const fields = (capabilities: Capabilities) => {
		const { messages: _m, tools: _t, model: _i, stream: _s, ...rest } = buildBody(request, "m", capabilities);
		return rest;
	};

	it("sends Moonshot no sampling, its own name for the budget, and the chat's name", () => {
		assert.deepEqual(fields(moonshot), {
			stream_options: { include_usage: true },
			max_completion_tokens: 32_768,
			prompt_cache_key: "chat-1",
		});
	});

	it("sends self-hosted servers the sampling that the model wants", () => {
		assert.deepEqual(fields(native), {
			stream_options: { include_usage: true },
			max_tokens: 32_768,
			temperature: 1,
			top_p: 0.95,
		});
	});

	it("leaves out the fields that the endpoint refuses", () => {
		assert.deepEqual(fields({ ...native, omit: ["temperature", "top_p", "stream_options"] }), { max_tokens: 32_768 });
	});

	const inThousands = (tokens: unknown) => Math.round(Number(tokens) / 1000);
	/** The budget of a chat that begins with such a prompt. */
	const budgetOf = (prompt: string, capabilities: Partial<Capabilities>, knownTokens?: number) => {
		const messages: Message[] = [
			{ role: "user", text: prompt },
			{ role: "assistant", parts: [{ kind: "text", text: "Ok." }] },
		];
		const more: Message = { role: "user", text: "x".repeat(4000) };
		const asked = { ...request, tools: [], messages: knownTokens ? [...messages, more] : messages };
		const hint = knownTokens === undefined ? {} : { knownTokens };
		return buildBody({ ...asked, ...hint }, "m", { ...native, ...capabilities })["max_tokens"];
	};

	it("asks for what the context has room for, code at 4 characters a token and Chinese at less", () => {
		assert.equal(inThousands(budgetOf("x".repeat(400_000), { contextTokens: 131_072 })), 30);
		assert.equal(budgetOf("中".repeat(100_000), { contextTokens: 131_072 }), 32_768);
		assert.equal(inThousands(budgetOf("中".repeat(140_000), { contextTokens: 131_072 })), 25);
	});

	it("asks for a whole answer until a chat of code fills most of the window", () => {
		for (const [filled, budget] of [
			[0.8, 33],
			[0.87, 22],
			[0.95, 16],
		] as const) {
			const code = "x".repeat(filled * 4.2 * 262_144);
			assert.equal(inThousands(budgetOf(code, { contextTokens: 262_144 })), budget);
		}
	});

	it("counts with the server's own number, and estimates only what came after it", () => {
		assert.equal(inThousands(budgetOf("x".repeat(900_000), { contextTokens: 131_072 }, 100_000)), 29);
		assert.equal(budgetOf("x", { contextTokens: 131_072 }, 90_000), 32_768);
	});

	it("leaves a thinking model 16,000 tokens and others 4,096, whatever the estimate: the server judges", () => {
		const full = "x".repeat(2_000_000);
		assert.equal(budgetOf(full, { contextTokens: 262_144 }), 16_000);
		assert.equal(budgetOf(full, { contextTokens: 262_144, thinking: "unknown" }), 16_000);
		assert.equal(budgetOf(full, { contextTokens: 131_072, thinking: "none" }), 4096);
		assert.equal(budgetOf(full, { contextTokens: 262_144, maxOutputTokens: 8000 }), 8000);
		assert.equal(budgetOf(full, { contextTokens: 8192 }), 4096, "never more than half of a small window");
	});

	it("gives tools and messages the same bytes, whatever is learned between two requests", () => {
		const one = buildBody({ ...request, tools: structuredClone(tools) }, "m", native);
		const two = buildBody({ ...request, tools: structuredClone(tools) }, "m", {
			...native,
			omit: ["top_p"],
			contextTokens: 9000,
		});
		for (const field of ["tools", "messages"]) assert.equal(JSON.stringify(two[field]), JSON.stringify(one[field]));
	});

	it("routes OpenRouter to providers that know all that is asked, and keeps a chat with one of them", () => {
		assert.deepEqual(fields(capabilitiesOf("https://openrouter.ai/api/v1", "moonshotai/kimi-k2.7-code")), {
			provider: { require_parameters: true },
			stream_options: { include_usage: true },
			max_tokens: 32_768,
			temperature: 1,
			top_p: 0.95,
			session_id: "chat-1",
		});
	});

	it("keeps what no request can do without, whatever is said to be refused", () => {
		const body = buildBody(request, "m", { ...native, omit: ["model", "messages", "stream", "max_tokens"] });
		assert.deepEqual(Object.keys(body), [
			"model",
			"messages",
			"tools",
			"stream",
			"stream_options",
			"temperature",
			"top_p",
		]);
	});

	it("has no tools field without tools", () => {
		assert.equal("tools" in buildBody({ ...request, tools: [] }, "m", native), false);
	});

	it("has the JSON of its fields, also of messages that were encoded before", () => {
		for (let time = 0; time < 2; time++) {
			const body = buildBody(request, "m", native);
			assert.equal(bodyJson(body), JSON.stringify(body));
		}
	});
});
