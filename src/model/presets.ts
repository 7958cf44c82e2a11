import type { PresetId } from "../shared/settings.ts";

/** An endpoint that we know: one row, and all that a picker, the keys and the model list need to know about it. */
export interface Preset {
	readonly id: PresetId;
	readonly name: string;
	/** One line for a picker. */
	readonly about: string;
	readonly group: "cloud" | "local" | "demo";
	/** Without a trailing `/`; empty where the person gives it (`custom`) or none is needed (`demo`). */
	readonly baseUrl: string;
	/** Environment variable in which the vendor's own tools keep the key. */
	readonly keyEnv: string | null;
	readonly key: "required" | "optional" | "none";
	/** Where to get a key. */
	readonly keyUrl?: string;
	/** Model ids by preference: the first that the server lists; else one that says `kimi`; else the first. */
	readonly prefer: readonly string[];
}

// Moonshot is retiring K2 there: the choice is always made from the live list.
const moonshot = ["kimi-k2.7-code", "kimi-k3.1-pro", "kimi-k3", "kimi-k2.6", "kimi-k2.5"];

/** In the order in which pickers show them. */
export const presets: readonly Preset[] = [
	{
		id: "openrouter",
		name: "OpenRouter",
		about: "Kimi K2 from many providers with one key. The quickest start.",
		group: "cloud",
		baseUrl: "https://openrouter.ai/api/v1",
		keyEnv: "OPENROUTER_API_KEY",
		key: "required",
		keyUrl: "https://openrouter.ai/keys",
		prefer: ["moonshotai/kimi-k2.7-code", "moonshotai/kimi-k3.1-pro", "moonshotai/kimi-k3", "moonshotai/kimi-k2.6"],
	},
	{
		id: "moonshot",
		name: "Moonshot AI",
		about: "The makers of Kimi, international platform (platform.moonshot.ai).",
		group: "cloud",
		baseUrl: "https://api.moonshot.ai/v1",
		keyEnv: "MOONSHOT_API_KEY",
		key: "required",
		keyUrl: "https://platform.moonshot.ai/console/api-keys",
		prefer: moonshot,
	},
	{
		id: "moonshot-cn",
		name: "Moonshot AI (China)",
		about: "The makers of Kimi, platform for mainland China (platform.moonshot.cn). Keys differ.",
		group: "cloud",
		baseUrl: "https://api.moonshot.cn/v1",
		keyEnv: "MOONSHOT_API_KEY",
		key: "required",
		keyUrl: "https://platform.moonshot.cn/console/api-keys",
		prefer: moonshot,
	},
	{
		id: "vllm",
		name: "vLLM",
		about: "Your own vLLM server. Start it with --tool-call-parser kimi_k2 --reasoning-parser kimi_k2.",
		group: "local",
		baseUrl: "http://localhost:8000/v1",
		keyEnv: "VLLM_API_KEY",
		key: "optional",
		prefer: [],
	},
	{
		id: "sglang",
		name: "SGLang",
		about: "Your own SGLang or KTransformers server. Start it with the kimi_k2 parsers.",
		group: "local",
		baseUrl: "http://localhost:30000/v1",
		keyEnv: null,
		key: "optional",
		prefer: [],
	},
	{
		id: "llamacpp",
		name: "llama.cpp",
		about: "Your own llama-server. Start it with --jinja.",
		group: "local",
		baseUrl: "http://localhost:8080/v1",
		keyEnv: null,
		key: "optional",
		prefer: [],
	},
	{
		id: "ollama",
		name: "Ollama",
		about: "Ollama on this machine.",
		group: "local",
		baseUrl: "http://localhost:11434/v1",
		keyEnv: null,
		key: "optional",
		prefer: [],
	},
	{
		id: "lmstudio",
		name: "LM Studio",
		about: "LM Studio's server on this machine.",
		group: "local",
		baseUrl: "http://127.0.0.1:1234/v1",
		keyEnv: null,
		key: "optional",
		prefer: [],
	},
	{
		id: "custom",
		name: "Another endpoint",
		about: "Any OpenAI-compatible server: you give its base URL.",
		group: "cloud",
		baseUrl: "",
		keyEnv: null,
		key: "optional",
		prefer: [],
	},
	{
		id: "demo",
		name: "Demo",
		about: "A scripted model without network: try the agent on a sample project.",
		group: "demo",
		baseUrl: "",
		keyEnv: null,
		key: "none",
		prefer: [],
	},
];

const byId = Object.fromEntries(presets.map((preset) => [preset.id, preset])) as Record<PresetId, Preset>;

export function presetOf(id: PresetId): Preset {
	return byId[id];
}
