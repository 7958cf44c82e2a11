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
	/** In the picker only: the first-run screen stays one screen. */
	readonly more?: true;
	/** Model ids by preference: the first that the server lists; else one that says `kimi`; else the first. */
	readonly prefer: readonly string[];
}

// Moonshot is retiring K2 there: the choice is always made from the live list.
const moonshot = ["kimi-k2.7-code", "kimi-k3.1-pro", "kimi-k3", "kimi-k2.6", "kimi-k2.5"];
const kimiCode = ["kimi-for-coding", "k3.1-pro", "k3"];
/** Repositories of Hugging Face, under which hosts of open weights list the models. */
const repositories = ["Kimi-K2.7-Code", "Kimi-K3", "Kimi-K2.6", "Kimi-K2.5"].map((name) => `moonshotai/${name}`);

/** In the order in which pickers show them. */
export const presets: readonly Preset[] = [
	{
		id: "openrouter",
		name: "OpenRouter",
		about: "One key for many hosts of Kimi.",
		group: "cloud",
		baseUrl: "https://openrouter.ai/api/v1",
		keyEnv: "OPENROUTER_API_KEY",
		key: "required",
		keyUrl: "https://openrouter.ai/keys",
		prefer: ["kimi-k2.7-code", "kimi-k3.1-pro", "kimi-k3", "kimi-k2.6", "kimi-k2.5", "kimi-k2-thinking"].map(
			(id) => `moonshotai/${id}`,
		),
	},
	{
		id: "moonshot",
		name: "Moonshot AI",
		about: "From the makers, moonshot.ai.",
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
		about: "From the makers, moonshot.cn.",
		group: "cloud",
		baseUrl: "https://api.moonshot.cn/v1",
		keyEnv: "MOONSHOT_API_KEY",
		key: "required",
		keyUrl: "https://platform.moonshot.cn/console/api-keys",
		prefer: moonshot,
	},
	{
		id: "kimi-code",
		name: "Kimi Code plan",
		about: "Subscription. Experimental: Moonshot lets listed clients in only.",
		group: "cloud",
		baseUrl: "https://api.kimi.ai/coding/v1",
		keyEnv: "KIMI_API_KEY",
		key: "required",
		more: true,
		prefer: kimiCode,
	},
	{
		id: "kimi-code-cn",
		name: "Kimi Code plan (China)",
		about: "Subscription. Experimental: Moonshot lets listed clients in only.",
		group: "cloud",
		baseUrl: "https://api.kimi.com/coding/v1",
		keyEnv: "KIMI_API_KEY",
		key: "required",
		keyUrl: "https://www.kimi.com/code/console",
		more: true,
		prefer: kimiCode,
	},
	{
		id: "huggingface",
		name: "Hugging Face",
		about: "Open weights at many providers with one Hugging Face token.",
		group: "cloud",
		baseUrl: "https://router.huggingface.co/v1",
		keyEnv: "HF_TOKEN",
		key: "required",
		keyUrl: "https://huggingface.co/settings/tokens",
		more: true,
		prefer: [...repositories, "moonshotai/Kimi-K2-Thinking"],
	},
	{
		id: "together",
		name: "Together AI",
		about: "Open weights, hosted by Together.",
		group: "cloud",
		baseUrl: "https://api.together.xyz/v1",
		keyEnv: "TOGETHER_API_KEY",
		key: "required",
		keyUrl: "https://api.together.ai/settings/api-keys",
		more: true,
		prefer: repositories,
	},
	{
		id: "fireworks",
		name: "Fireworks AI",
		about: "Open weights, hosted by Fireworks.",
		group: "cloud",
		baseUrl: "https://api.fireworks.ai/inference/v1",
		keyEnv: "FIREWORKS_API_KEY",
		key: "required",
		keyUrl: "https://app.fireworks.ai/settings/users/api-keys",
		more: true,
		prefer: ["models/kimi-k2p7-code", "models/kimi-k3", "models/kimi-k2p6", "routers/kimi-latest"].map(
			(path) => `accounts/fireworks/${path}`,
		),
	},
	{
		id: "ollama-cloud",
		name: "Ollama Cloud",
		about: "Open weights, hosted by Ollama.",
		group: "cloud",
		baseUrl: "https://ollama.com/v1",
		keyEnv: "OLLAMA_API_KEY",
		key: "required",
		keyUrl: "https://ollama.com/settings/keys",
		more: true,
		prefer: ["kimi-k2.7-code", "kimi-k3"],
	},
	{
		id: "vllm",
		name: "vLLM",
		about: "Your own server. Start it with the kimi_k2 parsers.",
		group: "local",
		baseUrl: "http://localhost:8000/v1",
		keyEnv: "VLLM_API_KEY",
		key: "optional",
		prefer: [],
	},
	{
		id: "sglang",
		name: "SGLang",
		about: "Your own server. Start it with the kimi_k2 parsers.",
		group: "local",
		baseUrl: "http://localhost:30000/v1",
		keyEnv: null,
		key: "optional",
		prefer: [],
	},
	{
		id: "ktransformers",
		name: "KTransformers",
		about: "Your own server. Start it with the kimi_k2 parsers.",
		group: "local",
		baseUrl: "http://localhost:31245/v1",
		keyEnv: null,
		key: "optional",
		more: true,
		prefer: [],
	},
	{
		id: "llamacpp",
		name: "llama.cpp",
		about: "Your own server. Start it with --jinja.",
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
		about: "Any OpenAI-compatible server.",
		group: "cloud",
		baseUrl: "",
		keyEnv: null,
		key: "optional",
		prefer: [],
	},
	{
		id: "demo",
		name: "Demo",
		about: "A script, no network: see it at work.",
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
