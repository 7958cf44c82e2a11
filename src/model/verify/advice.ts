import type { Capabilities, Known } from "../capabilities.ts";
import { presetOf } from "../presets.ts";
import { serverOf } from "../servers.ts";

/** What a server can be told to do better. */
type Topic = "tools" | "thinking" | "context" | "cache" | "images";

const names = {
	vllm: "vLLM",
	sglang: "SGLang and KTransformers",
	llamacpp: "llama.cpp",
	ollama: "Ollama",
	lmstudio: "LM Studio",
} as const;

/** Servers that a person starts. */
type Own = keyof typeof names;

/** One flag or step for each server; `PARSER` stands for the parser of the model's dialect. */
const flags: Readonly<Record<Topic, Partial<Readonly<Record<Own, string>>>>> = {
	tools: {
		vllm: "start it with `--enable-auto-tool-choice --tool-call-parser PARSER`",
		sglang: "start it with `--tool-call-parser PARSER`",
		llamacpp: "start it with `--jinja`, and without `--special`",
		ollama: "take a model whose `ollama show` lists the capability `tools`",
		lmstudio: "take a model that is marked for tool use",
	},
	thinking: {
		vllm: "start it with `--reasoning-parser PARSER`",
		sglang: "start it with `--reasoning-parser PARSER`",
		llamacpp: "start it with `--jinja --reasoning-format auto`",
		ollama: "take a model whose `ollama show` lists the capability `thinking`",
		lmstudio: "turn on the setting that puts thinking into `reasoning_content`",
	},
	context: {
		vllm: "start it with `--max-model-len 131072`",
		sglang: "start it with `--context-length 131072`",
		llamacpp: "start it with `-c 131072`, and without `--context-shift`",
		ollama: "start it with `OLLAMA_CONTEXT_LENGTH=131072`",
		lmstudio: "load the model with a longer context",
	},
	cache: {
		vllm: "start it with `--enable-prompt-tokens-details` to see it, and without `--no-enable-prefix-caching`",
		sglang: "start it with `--enable-cache-report` to see it, and without `--disable-radix-cache`",
		llamacpp: "start it with `--cache-reuse 256`",
	},
	images: {
		vllm: "start it without `--language-model-only`",
		llamacpp: "start it with `--mmproj FILE` and a model that reads images",
		ollama: "take a model whose `ollama show` lists the capability `vision`",
		lmstudio: "take a model that is marked for vision",
	},
};

const hosted: Readonly<Record<Topic, string>> = {
	tools: "The provider serves this model without its tool-call parser: choose another provider or endpoint.",
	thinking: "The provider serves this model without its reasoning parser: another provider may do better.",
	context: "The provider gives this model less context than it has: another provider may give more.",
	cache: "The provider has no prefix cache, or does not tell: long chats may cost more here.",
	images: "Choose a model and a provider that take images.",
};

/** A model and what is known of its server. */
export interface Served {
	readonly target: Pick<Known, "endpoint" | "server">;
	readonly capabilities: Pick<Capabilities, "dialect">;
}

/** What to change on the server, with the exact flag where we know the server. */
export function adviceFor(topic: Topic, { target, capabilities }: Served): readonly string[] {
	const rows = Object.entries(flags[topic]) as [Own, string][];
	const { endpoint } = target;
	const server = serverOf(endpoint, target.server);
	const own = rows.find(([each]) => each === server);
	if (own) return [line(own, capabilities.dialect)];
	if (endpoint.preset !== "custom" && presetOf(endpoint.preset).group === "cloud") return [hosted[topic]];
	// Behind an address of the person's own may be any server.
	return server === "other" ? rows.map((row) => line(row, capabilities.dialect)) : [];
}

const parsers = { k2: "kimi_k2", k3: "kimi_k3" } as const;

function line([server, text]: readonly [Own, string], dialect: Capabilities["dialect"]): string {
	const parser = dialect === "k2" || dialect === "k3" ? parsers[dialect] : undefined;
	const which = parser === undefined && text.includes("PARSER") ? " (NAME is the parser of this model)" : "";
	return `${names[server]}: ${text.replaceAll("PARSER", parser ?? "NAME")}${which}.`;
}
