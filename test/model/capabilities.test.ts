import assert from "node:assert/strict";
import { type Capabilities, type Known, resolveCapabilities } from "../../src/model/capabilities.ts";
import type { ServerModel } from "../../src/model/list.ts";
import type { PresetId } from "../../src/shared/settings.ts";

const LOCAL = "http://localhost:8000/v1";
const MOONSHOT = "https://api.moonshot.ai/v1";
const KIMI_CODE = "https://api.kimi.com/coding/v1";
const OPENROUTER = "https://openrouter.ai/api/v1";

type Place = string | { readonly url?: string; readonly preset: PresetId };

function of(place: Place, model: string, more: Partial<Omit<Known, "endpoint" | "model">> = {}): Capabilities {
	const { url = LOCAL, preset } = typeof place === "string" ? { url: place, preset: "custom" as const } : place;
	return resolveCapabilities({ endpoint: { baseUrl: url, preset }, model, ...more });
}

/** The part of the capabilities that a row of a table speaks of. */
function part(all: Capabilities, like: object): object {
	return Object.fromEntries(Object.keys(like).map((key) => [key, all[key as keyof Capabilities]]));
}

const thinking = { temperature: 1, top_p: 0.95 };
const instant = { temperature: 0.6 };

describe("what a model is", () => {
	const always: Partial<Capabilities> = {
		dialect: "k2",
		ids: "native",
		thinking: "always",
		sampling: thinking,
		contextTokens: 262_144,
	};
	const none: Partial<Capabilities> = {
		dialect: "k2",
		ids: "native",
		thinking: "none",
		sampling: instant,
		contextTokens: 131_072,
	};
	const k3: Partial<Capabilities> = {
		dialect: "k3",
		ids: "unique",
		thinking: "always",
		contextTokens: 1_048_576,
		efforts: ["low", "high", "max"],
	};
	const stranger: Partial<Capabilities> = {
		dialect: "unknown",
		ids: "unique",
		sampling: null,
		reasoningRequired: false,
		reasoningReplay: "received",
	};
	const models: Readonly<Record<string, Partial<Capabilities>>> = {
		"moonshotai/Kimi-K2.7-Code": always,
		"kimi-k2.7-code-highspeed": always,
		"accounts/fireworks/models/kimi-k2p7-code": always,
		"kimi-for-coding": always,
		"kimi-k2-thinking:cloud": always,
		"/models/Kimi-K2-Thinking-UD-Q2_K_XL-00001-of-00008.gguf": always,
		"C:\\models\\Kimi-K2.7-Code.gguf": always,
		"moonshotai/Kimi-K2.5": { ...always, thinking: "switch" },
		"moonshotai/kimi-k2.6:free": { ...always, thinking: "switch" },
		"kimi-k2p6": { ...always, thinking: "switch" },
		"moonshotai/Kimi-K2-Instruct": none,
		"moonshotai/kimi-k2:free": none,
		"kimi-k2:1t-cloud": none,
		"kimi-k2-turbo-preview": none,
		"moonshotai/Kimi-K2-Instruct-0905": { ...none, contextTokens: 262_144 },
		"moonshotai/kimi-k2-0905:exacto": { ...none, contextTokens: 262_144 },
		"moonshotai/Kimi-K3": k3,
		"kimi-k3.1-pro-highspeed": k3,
		k3: k3,
		"k3-256k": { ...k3, contextTokens: 262_144 },
		// Which one it is, is seen by its markup; native ids do neither of them harm.
		"~moonshotai/kimi-latest": { dialect: "auto", ids: "native", sampling: null, thinking: "unknown" },
		// Not a Kimi.
		"LLM360/K2-Think": { ...stranger, thinking: "unknown" },
		"deepseek/deepseek-v3.2": { ...stranger, thinking: "switch" },
		"deepseek-reasoner": { ...stranger, thinking: "unknown" },
		"Qwen/Qwen3-32B": { ...stranger, thinking: "switch" },
		"Qwen/Qwen3-Coder-480B-A35B-Instruct": { ...stranger, thinking: "none" },
		"z-ai/glm-4.6": { ...stranger, thinking: "switch" },
		"openai/gpt-oss-120b": { ...stranger, thinking: "always", efforts: ["low", "medium", "high"] },
		"google/gemma-3-27b-it": { ...stranger, contextTokens: 0 },
		"meta-llama/Llama-3.3-70B-Instruct": { ...stranger, contextTokens: 0 },
		"mistral-small": { ...stranger, contextTokens: 0 },
		"anthropic/claude-sonnet-4.5": { ...stranger, ids: "plain", images: true },
		"openai/gpt-5.1": { ...stranger, ids: "plain", images: true },
		"google/gemini-3-pro": { ...stranger, ids: "plain", images: true },
	};
	for (const [id, expected] of Object.entries(models))
		it(`is known of ${id}`, () => assert.deepEqual(part(of(LOCAL, id), expected), expected));

	it("is told by the original name where the server's owner gave it another", () => {
		const server: ServerModel = { id: "coder", root: "moonshotai/Kimi-K2.7-Code", owner: "vllm" };
		const { dialect, reasoningKey, thinkingWire } = of(LOCAL, "coder", { server });
		assert.deepEqual(
			{ dialect, reasoningKey, thinkingWire },
			{ dialect: "k2", reasoningKey: "reasoning", thinkingWire: "template" },
		);
		assert.equal(of(LOCAL, "Kimi-K3", { server }).dialect, "k3");
	});
});

describe("what a server wants", () => {
	const cases: readonly (readonly [what: string, place: Place, model: string, expected: Partial<Capabilities>])[] = [
		[
			"Moonshot",
			MOONSHOT,
			"kimi-k2.7-code",
			{
				sampling: null,
				maxTokensField: "max_completion_tokens",
				cacheKeys: ["prompt_cache_key"],
				reasoningReplay: "own",
				reasoningKey: "reasoning_content",
				reasoningRequired: true,
				ids: "native",
				images: true,
			},
		],
		[
			"Moonshot of a model without thinking",
			MOONSHOT,
			"kimi-k2-0905-preview",
			{ sampling: null, reasoningRequired: false, images: false },
		],
		[
			"Kimi Code",
			KIMI_CODE,
			"kimi-for-coding",
			{ sampling: null, maxTokensField: "max_completion_tokens", reasoningRequired: true, images: false },
		],
		[
			"OpenRouter",
			OPENROUTER,
			"moonshotai/kimi-k2.7-code",
			{
				sampling: thinking,
				maxTokensField: "max_tokens",
				cacheKeys: ["session_id"],
				reasoningReplay: "received",
				reasoningKey: "reasoning",
				extra: { provider: { require_parameters: true } },
			},
		],
		[
			"vLLM",
			{ preset: "vllm" },
			"moonshotai/Kimi-K2.7-Code",
			{ sampling: thinking, reasoningKey: "reasoning", cacheKeys: [], thinkingWire: "template", extra: {} },
		],
		[
			"KTransformers",
			{ preset: "ktransformers" },
			"Kimi-K2.5",
			{ thinkingWire: "template", reasoningKey: "reasoning_content" },
		],
		["llama.cpp", { preset: "llamacpp" }, "kimi-k2-thinking", { thinkingWire: "template" }],
		["Ollama", { preset: "ollama" }, "kimi-k2.6:cloud", { thinkingWire: "effort", reasoningKey: "reasoning" }],
		[
			"Together",
			"https://api.together.xyz/v1",
			"moonshotai/Kimi-K2.7-Code",
			{ reasoningKey: "reasoning", images: false },
		],
		["Nebius", "https://api.studio.nebius.ai/v1", "moonshotai/Kimi-K2.7-Code", { maxOutputTokens: 8000 }],
		[
			"OpenAI",
			"https://api.openai.com/v1",
			"gpt-5.1",
			{ maxTokensField: "max_completion_tokens", sampling: null, ids: "plain" },
		],
		[
			"a server that nothing is known of",
			LOCAL,
			"x",
			{ thinkingWire: "none", cacheKeys: [], extra: {}, maxTokensField: "max_tokens", maxOutputTokens: 32_768 },
		],
	];
	for (const [what, place, model, expected] of cases)
		it(`is known of ${what}`, () => assert.deepEqual(part(of(place, model), expected), expected));

	it("is asked of the address before the name that the person chose it under", () => {
		assert.equal(of({ url: MOONSHOT, preset: "vllm" }, "kimi-k2.7-code").sampling, null);
	});
});

describe("the order of belief", () => {
	const K2 = "Kimi-K2.7-Code";
	const server = { id: K2, contextTokens: 50_000, maxOutputTokens: 8000, images: true };

	it("is the person, then what was learned or listed, the lower of two limits, then our table", () => {
		const limits = (more: Partial<Known>) => {
			const { contextTokens, maxOutputTokens, images } = of(LOCAL, K2, more);
			return [contextTokens, maxOutputTokens, images];
		};
		assert.deepEqual(limits({}), [262_144, 32_768, false]);
		assert.deepEqual(limits({ server }), [50_000, 8000, true]);
		assert.deepEqual(limits({ server, facts: { contextTokens: 40_000, maxOutputTokens: 9000 } }), [40_000, 8000, true]);
		assert.deepEqual(limits({ server, facts: { contextTokens: 60_000, maxOutputTokens: 4000, images: false } }), [
			50_000,
			4000,
			false,
		]);
		const wishes = { contextTokens: 90_000, maxTokens: 2000, capabilities: { images: true } };
		assert.deepEqual(limits({ server, facts: { contextTokens: 40_000, images: false }, wishes }), [90_000, 2000, true]);
		assert.deepEqual(limits({ server, wishes: { contextTokens: 0, maxTokens: 64_000 } }), [50_000, 8000, true]);
		assert.deepEqual(limits({ wishes: { maxTokens: 64_000 } }), [262_144, 64_000, false]);
	});

	it("lets what was learned win over our table", () => {
		const facts = {
			reasoningKey: "reasoning",
			reasoningRequired: true,
			thinkTags: true,
			plainIds: true,
			contentRequired: true,
			maxTokensField: "max_completion_tokens",
			omit: ["top_p"],
		} as const;
		const expected = {
			reasoningKey: "reasoning",
			reasoningRequired: true,
			thinkTags: true,
			ids: "plain",
			contentRequired: true,
			maxTokensField: "max_completion_tokens",
			omit: ["top_p"],
		};
		assert.deepEqual(part(of(LOCAL, K2, { facts: { ...facts, omit: [...facts.omit] } }), expected), expected);
	});

	it("lets the person set each capability, and names what is not taken", () => {
		const capabilities = {
			dialect: "k3",
			contextTokens: 1000,
			maxOutputTokens: 64_000,
			reasoningKey: "reasoning",
			reasoningReplay: "own",
			reasoningRequired: true,
			thinkTags: true,
			thinking: "switch",
			efforts: ["low"],
			thinkingWire: "moonshot",
			ids: "plain",
			contentRequired: true,
			sampling: { temperature: 0.3 },
			maxTokensField: "max_completion_tokens",
			images: true,
			omit: ["stream_options"],
			cacheKeys: ["session_id"],
			extra: { top_k: 20 },
		};
		const all = of(LOCAL, K2, { server, facts: { contextTokens: 1 }, wishes: { capabilities } });
		assert.deepEqual(part(all, capabilities), capabilities);
		assert.deepEqual(all.ignored, []);
		const { ignored, dialect, ids } = of(LOCAL, K2, {
			wishes: { capabilities: { dialect: "k9", ids: "unique", toString: 1, Images: true } },
		});
		assert.deepEqual([dialect, ids, ignored.length], ["k2", "unique", 3]);
		assert.match(ignored[0] ?? "", /^The capability “dialect” is not taken: /);
		assert.match(ignored[1] ?? "", /^There is no capability “toString”\. The known ones are dialect, /);
	});

	it("adds the person's routing to ours", () => {
		const wishes = { capabilities: { provider: { only: ["moonshotai"], data_collection: "deny" } } };
		assert.deepEqual(of(OPENROUTER, "moonshotai/kimi-k2.7-code", { wishes }).extra, {
			provider: { require_parameters: true, only: ["moonshotai"], data_collection: "deny" },
		});
	});

	it("keeps the person's routing where no provider takes all parameters", () => {
		const wishes = { capabilities: { provider: { only: ["moonshotai"], data_collection: "deny" } } };
		const facts = { anyProvider: true };
		assert.deepEqual(of(OPENROUTER, "moonshotai/kimi-k2.7-code", { wishes, facts }).extra, {
			provider: { only: ["moonshotai"], data_collection: "deny" },
		});
		assert.deepEqual(of(OPENROUTER, "moonshotai/kimi-k2.7-code", { facts }).extra, {});
	});

	it("sends the person's sampling everywhere, also where we would send none", () => {
		assert.deepEqual(of(MOONSHOT, K2, { wishes: { temperature: 0.3 } }).sampling, { temperature: 0.3 });
		assert.deepEqual(of(LOCAL, K2, { wishes: { topP: 0.5 } }).sampling, { temperature: 1, top_p: 0.5 });
		assert.deepEqual(of(LOCAL, "llama", { wishes: { temperature: 0 } }).sampling, { temperature: 0 });
	});
});

describe("steering a model's thinking", () => {
	type Wish = { readonly thinking?: "on" | "off"; readonly effort?: "low" | "medium" | "high" | "max" };
	const off: Wish = { thinking: "off" };
	const on: Wish = { thinking: "on" };
	const sent: readonly (readonly [place: Place, model: string, wish: Wish, expected: object])[] = [
		[MOONSHOT, "kimi-k2.6", off, { thinking: { type: "disabled" } }],
		[MOONSHOT, "kimi-k2.6", on, { thinking: { type: "enabled" } }],
		[MOONSHOT, "kimi-k2.7-code", on, {}],
		[MOONSHOT, "kimi-k3", { effort: "low" }, { reasoning_effort: "low" }],
		[MOONSHOT, "kimi-k3", { thinking: "on", effort: "max" }, { reasoning_effort: "max" }],
		[{ preset: "vllm" }, "moonshotai/Kimi-K2.5", off, { chat_template_kwargs: { thinking: false } }],
		[{ preset: "sglang" }, "moonshotai/Kimi-K2.6", off, { chat_template_kwargs: { thinking: false } }],
		[
			{ preset: "vllm" },
			"moonshotai/Kimi-K3",
			{ effort: "high" },
			{ chat_template_kwargs: { thinking_effort: "high" } },
		],
		[{ preset: "vllm" }, "Qwen/Qwen3-32B", off, { chat_template_kwargs: { enable_thinking: false } }],
		[{ preset: "sglang" }, "zai-org/GLM-4.6", off, { chat_template_kwargs: { enable_thinking: false } }],
		[{ preset: "vllm" }, "deepseek-ai/DeepSeek-V3.1", on, { chat_template_kwargs: { thinking: true } }],
		[{ preset: "vllm" }, "openai/gpt-oss-120b", { effort: "medium" }, { reasoning_effort: "medium" }],
		[{ preset: "ollama" }, "kimi-k2.6:cloud", off, { reasoning_effort: "none" }],
		[{ preset: "ollama" }, "gpt-oss:20b", { effort: "high" }, { reasoning_effort: "high" }],
		[OPENROUTER, "moonshotai/kimi-k2.6", off, { reasoning: { enabled: false } }],
		[OPENROUTER, "moonshotai/kimi-k3", { effort: "max" }, { reasoning: { effort: "max" } }],
	];
	for (const [place, model, wish, expected] of sent)
		it(`of ${model} at ${typeof place === "string" ? new URL(place).host : place.preset} as ${JSON.stringify(wish)}`, () => {
			const { extra, ignored } = of(place, model, { wishes: wish });
			const { provider: _, ...rest } = extra;
			assert.deepEqual([rest, ignored], [expected, []]);
		});

	const refused: readonly (readonly [place: Place, model: string, wish: Wish, sentence: RegExp])[] = [
		[MOONSHOT, "kimi-k2.7-code", off, /can't be turned off/],
		[MOONSHOT, "kimi-k2.7-code", { effort: "high" }, /can't be told here how hard/],
		[MOONSHOT, "kimi-k3", off, /can't be turned off/],
		[MOONSHOT, "kimi-k3", { effort: "medium" }, /“medium”.*It knows low, high, max\./],
		[MOONSHOT, "kimi-k2-0905-preview", on, /can't be turned on/],
		[LOCAL, "moonshotai/Kimi-K2.6", off, /can't be turned off/],
		[LOCAL, "llama", on, /can't be turned on/],
	];
	for (const [place, model, wish, sentence] of refused)
		it(`of ${model} as ${JSON.stringify(wish)} is not sent where it can't be, and said`, () => {
			const { extra, ignored } = of(place, model, { wishes: wish });
			assert.deepEqual([extra, ignored.length], [{}, 1]);
			assert.match(ignored[0] ?? "", sentence);
		});

	it("is offered as far as it can be done", () => {
		const control = (place: Place, model: string, more: Partial<Known> = {}) => of(place, model, more).thinkingControl;
		assert.deepEqual(control(MOONSHOT, "kimi-k2.6"), { canTurnOff: true, efforts: [] });
		assert.deepEqual(control(MOONSHOT, "kimi-k2.7-code"), { canTurnOff: false, efforts: [] });
		assert.deepEqual(control(MOONSHOT, "kimi-k3"), { canTurnOff: false, efforts: ["low", "high", "max"] });
		assert.deepEqual(control(LOCAL, "kimi-k3"), { canTurnOff: false, efforts: [] });
		assert.deepEqual(control(MOONSHOT, "kimi-k2.6", { facts: { thinkingOff: false } }), {
			canTurnOff: false,
			efforts: [],
		});
		const told: ServerModel = { id: "x", thinking: "switch", efforts: ["low", "high"] };
		assert.deepEqual(control(KIMI_CODE, "k3", { server: told }), { canTurnOff: true, efforts: ["low", "high"] });
		const reasons: ServerModel = { id: "x", reasoning: true };
		assert.deepEqual(control(OPENROUTER, "x", { server: reasons }), {
			canTurnOff: true,
			efforts: ["low", "medium", "high"],
		});
		assert.deepEqual(control(OPENROUTER, "x"), { canTurnOff: false, efforts: [] });
	});

	it("takes the sampling along: a Kimi that does not think wants another", () => {
		assert.deepEqual(of({ preset: "vllm" }, "Kimi-K2.6", { wishes: off }).sampling, instant);
		assert.deepEqual(of({ preset: "vllm" }, "Kimi-K2.6", { wishes: { ...off, temperature: 0.1 } }).sampling, {
			temperature: 0.1,
		});
		assert.equal(of({ preset: "vllm" }, "Qwen3-32B", { wishes: off }).sampling, null);
		assert.equal(of(MOONSHOT, "kimi-k2.6", { wishes: off }).sampling, null);
	});
});
