import assert from "node:assert/strict";
import { presets } from "../../src/model/presets.ts";

/** Section 1.7 of the protocol document, letter by letter: base URL, environment variable, default model. */
const document: Readonly<Record<string, readonly [string, string | null, string | undefined]>> = {
	openrouter: ["https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", "moonshotai/kimi-k2.7-code"],
	moonshot: ["https://api.moonshot.ai/v1", "MOONSHOT_API_KEY", "kimi-k2.7-code"],
	"moonshot-cn": ["https://api.moonshot.cn/v1", "MOONSHOT_API_KEY", "kimi-k2.7-code"],
	"kimi-code": ["https://api.kimi.ai/coding/v1", "KIMI_API_KEY", "kimi-for-coding"],
	"kimi-code-cn": ["https://api.kimi.com/coding/v1", "KIMI_API_KEY", "kimi-for-coding"],
	huggingface: ["https://router.huggingface.co/v1", "HF_TOKEN", "moonshotai/Kimi-K2.7-Code"],
	together: ["https://api.together.xyz/v1", "TOGETHER_API_KEY", "moonshotai/Kimi-K2.7-Code"],
	fireworks: ["https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY", "accounts/fireworks/models/kimi-k2p7-code"],
	"ollama-cloud": ["https://ollama.com/v1", "OLLAMA_API_KEY", "kimi-k2.7-code"],
	vllm: ["http://localhost:8000/v1", "VLLM_API_KEY", undefined],
	sglang: ["http://localhost:30000/v1", null, undefined],
	ktransformers: ["http://localhost:31245/v1", null, undefined],
	llamacpp: ["http://localhost:8080/v1", null, undefined],
	ollama: ["http://localhost:11434/v1", null, undefined],
	lmstudio: ["http://127.0.0.1:1234/v1", null, undefined],
	custom: ["", null, undefined],
	demo: ["", null, undefined],
};

describe("the presets", () => {
	it("have the addresses, key variables and models of the protocol document", () => {
		const rows = presets.map(({ id, baseUrl, keyEnv, prefer }) => [id, [baseUrl, keyEnv, prefer[0]]]);
		assert.deepEqual(Object.fromEntries(rows), document);
	});

	it("of Moonshot prefer K2 as long as it is there, then the newest", () => {
		const [moonshot] = presets.filter(({ id }) => id === "moonshot");
		assert.deepEqual(moonshot?.prefer.slice(0, 3), ["kimi-k2.7-code", "kimi-k3.1-pro", "kimi-k3"]);
	});

	it("that let listed clients in only say so", () => {
		const plans = presets.filter(({ id }) => id.startsWith("kimi-code"));
		assert.deepEqual(
			plans.map(({ about }) => /Experimental: Moonshot lets listed clients in only/.test(about)),
			[true, true],
		);
	});

	it("send no name of another client", async () => {
		const { headersFor } = await import("../../src/model/endpoint.ts");
		const agents = presets.map(({ id, name, baseUrl }) => headersFor({ preset: id, name, baseUrl })["user-agent"]);
		assert.equal(new Set(agents).size, 1);
		assert.match(agents[0] ?? "", /^kimi-k2-agent\//);
	});
});
