import assert from "node:assert/strict";
import { type Capabilities, resolveCapabilities } from "../../src/model/capabilities.ts";
import { createFactBook, type Facts } from "../../src/model/facts.ts";
import { Knowledge } from "../../src/model/knowledge.ts";
import { bodyJson, buildBody } from "../../src/model/request.ts";
import type { Message, Part } from "../../src/shared/message.ts";
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
		assert.equal(budgetOf(full, { contextTokens: 8192 }), 2048, "never more than a quarter of a small window");
	});

	/** What can be learned in the middle of a chat. The rest comes of a refusal of the history itself. */
	const learned: Readonly<Record<Exclude<keyof Facts, "plainIds" | "contentRequired" | "reasoningRequired">, Facts>> = {
		omit: { omit: ["top_p", "stream_options"] },
		maxOutputTokens: { maxOutputTokens: 9000 },
		contextTokens: { contextTokens: 9000 },
		reasoningKey: { reasoningKey: "reasoning" },
		thinkTags: { thinkTags: true },
		maxTokensField: { maxTokensField: "max_completion_tokens" },
		anyProvider: { anyProvider: true },
		images: { images: true },
		thinkingOff: { thinkingOff: false },
		completions: { completions: false },
		repairs: { repairs: { "think-tags": 3 } },
		verified: { verified: { at: 0, verdict: "ready", report: "" } },
	};
	const thought: readonly Part[] = [
		{ kind: "reasoning", text: "From elsewhere", key: "reasoning" },
		{ kind: "reasoning", text: "Also", key: "reasoning_content" },
		{ kind: "reasoning", text: "Out of tags" },
	];
	const past = thought.flatMap((part, n): Message[] => [
		{ role: "assistant", parts: [part, { kind: "call", id: `c${n}`, tool: "list_dir", args: "{}" }] },
		{ role: "tool", callId: `c${n}`, tool: "list_dir", text: "", failed: false },
	]);
	for (const model of ["moonshotai/Kimi-K2.7-Code", "any"])
		for (const baseUrl of ["http://localhost:8000/v1", "https://openrouter.ai/api/v1", "https://api.moonshot.ai/v1"])
			it(`gives ${model} at ${baseUrl} the same tools and messages, whatever is learned in between`, () => {
				for (const before of [{}, { reasoningRequired: true }])
					for (const facts of Object.values(learned)) {
						const book = createFactBook();
						book.learn(before);
						const knowledge = new Knowledge({ endpoint: endpointAt(baseUrl), model }, book);
						const asked = { ...request, messages: [...request.messages, ...past] };
						const bytes = () => {
							const { body } = knowledge.prepare({ ...asked, tools: structuredClone(tools) });
							return JSON.stringify([body["tools"], body["messages"]]);
						};
						const earlier = bytes();
						book.learn(facts);
						assert.equal(bytes(), earlier, JSON.stringify(facts));
					}
			});

	it("uses the field of the thinking that was learned before, from the first request on", () => {
		const book = createFactBook();
		book.learn({ reasoningKey: "reasoning" });
		const knowledge = new Knowledge({ endpoint: endpointAt("http://localhost:8000/v1"), model: "any" }, book);
		const { body } = knowledge.prepare({ ...request, messages: past });
		const fields = (body["messages"] as { role: string; reasoning?: string }[]).flatMap((each) =>
			each.role === "assistant" ? [each.reasoning] : [],
		);
		assert.deepEqual(fields, ["From elsewhere", "Also", "Out of tags"]);
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
