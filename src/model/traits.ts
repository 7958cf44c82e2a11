import type { Server } from "./servers.ts";
import type { ThinkingTraits } from "./thinking.ts";

/** What a model is and what its server wants to be told. Rows set these, and a person can override each. */
export interface Traits extends ThinkingTraits {
	/** Markup that the model itself writes: `k2` up to K2.7, `k3` from K3 on; `auto`: a Kimi, either of them. */
	readonly dialect: "k2" | "k3" | "auto" | "unknown";
	/** Context window in tokens; 0 when unknown. */
	readonly contextTokens: number;
	/** Tokens that one answer may have at most. */
	readonly maxOutputTokens: number;
	/** Field for thinking that came without a field of its own. */
	readonly reasoningKey: "reasoning_content" | "reasoning";
	/**
	 * `received`: thinking goes back under the field it came in; `known`: under `reasoningKey`, also what came from other
	 * endpoints; `own`: the same, and details are left out.
	 */
	readonly reasoningReplay: "received" | "known" | "own";
	/** Every message with calls must carry thinking under `reasoningKey`, if only an empty one. */
	readonly reasoningRequired: boolean;
	/** Thinking comes inside of the text and ends with `</think>`. */
	readonly thinkTags: boolean;
	/**
	 * `native`: `functions.NAME:N`, N over all calls of the chat. On self-hosted K2 it is the only place where the model
	 * sees the name of a past call; with other ids K2.7 stops calling tools. `unique`: ours, which are the server's own
	 * as long as it does not repeat them. `plain`: those, if they are short and of letters, digits, `_` and `-` only.
	 */
	readonly ids: "native" | "unique" | "plain";
	/** Messages with calls have a `content`, if only an empty one. */
	readonly contentRequired: boolean;
	/** Null: send none; the server fixes them, or knows better. */
	readonly sampling: { readonly temperature?: number | undefined; readonly top_p?: number | undefined } | null;
	readonly maxTokensField: "max_tokens" | "max_completion_tokens";
	readonly images: boolean;
	/** Fields of the request, or of its messages, that this server is known to refuse. */
	readonly omit: readonly string[];
	/** Fields that take the chat's name for cache or routing. */
	readonly cacheKeys: readonly ("prompt_cache_key" | "session_id")[];
	/** More fields of the body. */
	readonly extra: Readonly<Record<string, unknown>>;
}

/** Thinking shares the budget with the answer; Moonshot asks for 16,000 at least. */
const DEFAULT_OUTPUT_TOKENS = 32_768;

/** For what no row knows: the least that any server understands. */
const conservative: Traits = {
	dialect: "unknown",
	contextTokens: 0,
	maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
	reasoningKey: "reasoning_content",
	reasoningReplay: "received",
	reasoningRequired: false,
	thinkTags: false,
	thinking: "unknown",
	efforts: [],
	thinkingWire: "none",
	ids: "unique",
	contentRequired: false,
	sampling: null,
	maxTokensField: "max_tokens",
	images: false,
	omit: [],
	cacheKeys: [],
	extra: {},
};

interface Row {
	/** Tested against the bare model id: lower case, without vendor prefixes and tags. */
	readonly model?: RegExp;
	readonly server?: readonly Server[];
	readonly set: Partial<Traits>;
}

const thinkingK2 = { temperature: 1, top_p: 0.95 };
/** Also what K2.5 and K2.6 want while they do not think. */
export const INSTANT_SAMPLING = { temperature: 0.6 };

/** Fireworks writes k2p7 for k2.7. Kimi Code leaves `kimi` out. Not LLM360's K2-Think. */
const K2 = /kimi.?k2|^k2([.p]\d|-instruct|-thinking|$)|for-coding/;
const K3 = /kimi.?k3|^k3([.p-]|$)/;
/** K2-Instruct under its several names: no number of a later one, and no thinking. */
const K2_INSTRUCT = /^(?!.*thinking)(.*kimi.?)?k2(?![.p-]?[5-9]|-think$)/;
const K2_SWITCH = /(kimi.?|^)k2[.p-]?[56]/;
const CLOSED = /^claude|^gpt-[345]|^o[134](-|$)|^gemini|^chatgpt/;
const TEMPLATES: readonly Server[] = ["vllm", "sglang", "llamacpp"];

/** All rows that fit apply in order: first what the model is, then what the server wants. */
const rows: readonly Row[] = [
	// Native ids do no harm to a K3, whose prompt has none.
	{ model: /kimi/, set: { dialect: "auto", ids: "native", contextTokens: 131_072 } },
	{
		model: K2,
		set: { dialect: "k2", ids: "native", contextTokens: 262_144, sampling: thinkingK2, thinking: "always" },
	},
	{ model: K2_SWITCH, set: { thinking: "switch" } },
	{
		model: K2_INSTRUCT,
		set: { contextTokens: 131_072, sampling: INSTANT_SAMPLING, thinking: "none" },
	},
	{ model: /k2.*0905/, set: { contextTokens: 262_144 } },
	{
		model: K3,
		set: {
			dialect: "k3",
			ids: "unique",
			contextTokens: 1_048_576,
			sampling: thinkingK2,
			thinking: "always",
			efforts: ["low", "high", "max"],
		},
	},
	{ model: /k3.*256k/, set: { contextTokens: 262_144 } },

	// Other families: what their makers say, and nothing that a server could refuse.
	{ model: /^deepseek-(v3\.[1-9]|v[4-9])/, set: { thinking: "switch", contextTokens: 131_072 } },
	{ model: /^qwen-?3(?!.*(coder|instruct|thinking))/, set: { thinking: "switch" } },
	{ model: /^qwen-?3.*coder/, set: { thinking: "none", contextTokens: 262_144 } },
	{ model: /^glm-(4\.[5-9]|[5-9])/, set: { thinking: "switch", contextTokens: 131_072 } },
	{ model: /^gpt-oss/, set: { thinking: "always", efforts: ["low", "medium", "high"], contextTokens: 131_072 } },
	// Their own ids are plain; those of a chat that began with a Kimi are not, and would be refused.
	{ model: CLOSED, set: { ids: "plain", contextTokens: 131_072, images: true } },
	{ model: /^gpt-5|^o[134](-|$)/, set: { thinking: "always", efforts: ["low", "medium", "high"] } },

	{ server: TEMPLATES, set: { thinkingWire: "template" } },
	{ server: TEMPLATES, model: /^qwen|^glm/, set: { thinkingWire: "template-enable" } },
	{ server: [...TEMPLATES, "openai"], model: /^gpt|^o[134]/, set: { thinkingWire: "effort" } },
	{ server: ["ollama"], set: { thinkingWire: "effort", reasoningKey: "reasoning" } },
	{ server: ["vllm", "together"], set: { reasoningKey: "reasoning" } },
	// Some models there refuse the older name.
	{ server: ["openai"], set: { maxTokensField: "max_completion_tokens", cacheKeys: ["prompt_cache_key"] } },
	{
		server: ["openrouter"],
		set: {
			reasoningKey: "reasoning",
			thinkingWire: "openrouter",
			cacheKeys: ["session_id"],
			// Else a provider that knows no tools, or no such parameter, may be chosen and drops it without a word.
			extra: { provider: { require_parameters: true } },
		},
	},
	// Smaller than what others give; their lists do not say so.
	{ server: ["nebius"], model: /k2[.p]7/, set: { maxOutputTokens: 8000 } },
	{ server: ["deepinfra"], model: /k2[.p]6/, set: { maxOutputTokens: 16_384 } },
	// Sampling is fixed there: other values are a 400.
	{
		server: ["moonshot", "kimi-code"],
		set: {
			sampling: null,
			maxTokensField: "max_completion_tokens",
			reasoningReplay: "own",
			cacheKeys: ["prompt_cache_key"],
			thinkingWire: "moonshot",
		},
	},
	{
		server: ["moonshot", "kimi-code"],
		model: /thinking|k2[.p-]?[5-9]|k3|for-coding/,
		set: { reasoningRequired: true },
	},
	{ server: ["moonshot"], model: /k2[.p-]?[5-9]|k3/, set: { images: true } },
];

/**
 * What our table says. Of the names that a server has for a model the first that tells a family counts: vLLM lists the
 * name that its owner gave, and the original one as `root`.
 */
export function traitsOf(server: Server, names: readonly string[]): Traits {
	const bare = names.map(bareId);
	const id = bare.find((name) => rows.some(({ model }) => model?.test(name))) ?? bare[0] ?? "";
	const fitting = rows.filter((row) => (row.model?.test(id) ?? true) && (row.server?.includes(server) ?? true));
	return Object.assign({}, conservative, ...fitting.map((row) => row.set));
}

/** Without vendor, folder and tag: `moonshotai/Kimi-K2:free` is `kimi-k2`. */
function bareId(name: string): string {
	const last = name.toLowerCase().split(/[/\\]/).at(-1) ?? "";
	return last.split(":")[0] ?? "";
}
