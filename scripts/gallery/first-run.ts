import type { FoundRow, PresetRow, ViewState } from "../../src/shared/protocol.ts";

/** As the host offers them, in the words of src/model/presets.ts. */
const presets: readonly PresetRow[] = [
	{
		id: "openrouter",
		name: "OpenRouter",
		about: "One key for many hosts of Kimi.",
		group: "cloud",
	},
	{
		id: "moonshot",
		name: "Moonshot AI",
		about: "From the makers, moonshot.ai.",
		group: "cloud",
	},
	{
		id: "moonshot-cn",
		name: "Moonshot AI (China)",
		about: "From the makers, moonshot.cn.",
		group: "cloud",
	},
	{
		id: "custom",
		name: "Another endpoint",
		about: "Any OpenAI-compatible server.",
		group: "cloud",
	},
	{
		id: "vllm",
		name: "vLLM",
		about: "Your own server. Start it with the kimi_k2 parsers.",
		group: "local",
	},
	{
		id: "sglang",
		name: "SGLang",
		about: "Your own server. Start it with the kimi_k2 parsers.",
		group: "local",
	},
	{ id: "llamacpp", name: "llama.cpp", about: "Your own server. Start it with --jinja.", group: "local" },
	{ id: "ollama", name: "Ollama", about: "Ollama on this machine.", group: "local" },
	{ id: "lmstudio", name: "LM Studio", about: "LM Studio's server on this machine.", group: "local" },
	{
		id: "demo",
		name: "Demo",
		about: "A script, no network: see it at work.",
		group: "demo",
	},
];

const found: readonly FoundRow[] = [
	{
		preset: "vllm",
		baseUrl: "http://localhost:8000/v1",
		name: "vLLM",
		model: "moonshotai/Kimi-K2.7-Code",
		host: "localhost:8000",
	},
	{
		preset: "ollama",
		baseUrl: "http://localhost:11434/v1",
		name: "Ollama",
		model: "kimi-k2.7-code:cloud",
		host: "localhost:11434",
	},
];

const nothingSetUp = { setup: true, endpoint: "", model: "" };

export const firstRun: Partial<ViewState> = { ...nothingSetUp, presets, found: [] };

export const firstRunFound: Partial<ViewState> = {
	...nothingSetUp,
	presets: presets.filter(({ id }) => !found.some(({ preset }) => preset === id)),
	found,
};
