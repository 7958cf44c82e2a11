import type { Endpoint } from "./endpoint.ts";
import type { ServerModel } from "./list.ts";

/** What one model at one endpoint can do and wants to be told. All differences between servers live here, as data. */
export interface Capabilities {
	/** Markup that the model itself writes: `k2` up to K2.7, `k3` from K3 on. */
	readonly dialect: "k2" | "k3" | "unknown";
	/** Context window; 0 when unknown. */
	readonly contextTokens: number;
	/** Budget that requests ask for: our default or the person's wish, within the model's limit. */
	readonly maxOutputTokens: number;
	/** Field for thinking that came without a field of its own. */
	readonly reasoningKey: "reasoning_content" | "reasoning";
	/** `received`: thinking goes back under the field it came in; `own`: always under `reasoningKey`, details left out. */
	readonly reasoningReplay: "received" | "own";
	/** Every message with calls must carry thinking, if only an empty one. */
	readonly reasoningRequired: boolean;
	/**
	 * `native`: `functions.NAME:N`, N over all calls of the chat. On self-hosted K2 it is the only place where the model
	 * sees the name of a past call; with other ids K2.7 stops calling tools. `unique`: ours.
	 */
	readonly ids: "native" | "unique";
	/** Null: send none, the server fixes them. */
	readonly sampling: { readonly temperature?: number; readonly top_p?: number } | null;
	readonly maxTokensField: "max_tokens" | "max_completion_tokens";
	readonly images: boolean;
	/** Ask for token counts in the stream. */
	readonly includeUsage: boolean;
	/** Request fields that this server is known to refuse. */
	readonly omit: readonly string[];
	/** Field that takes the chat's name for cache or routing. */
	readonly cacheKey: "prompt_cache_key" | "session_id" | null;
}

/** Thinking shares the budget with the answer; Moonshot asks for 16,000 at least. */
const DEFAULT_OUTPUT_TOKENS = 32_768;

const conservative: Capabilities = {
	dialect: "unknown",
	contextTokens: 0,
	maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
	reasoningKey: "reasoning_content",
	reasoningReplay: "received",
	reasoningRequired: false,
	ids: "unique",
	sampling: null,
	maxTokensField: "max_tokens",
	images: false,
	includeUsage: true,
	omit: [],
	cacheKey: null,
};

interface Row {
	/** Tested against the bare model id: lower case, without vendor prefixes. */
	readonly model?: RegExp;
	/** Tested against the host of the base URL. */
	readonly host?: RegExp;
	readonly preset?: RegExp;
	readonly set: Partial<Capabilities>;
}

const thinking = { temperature: 1, top_p: 0.95 };

/** All rows that fit apply in order: first what the model is, then what the server wants. */
const rows: readonly Row[] = [
	// Fireworks writes k2p7 for k2.7.
	{ model: /k2|kimi-for-coding/, set: { dialect: "k2", ids: "native", contextTokens: 262_144, sampling: thinking } },
	{ model: /k2(-instruct|-0711|-preview|$)/, set: { contextTokens: 131_072, sampling: { temperature: 0.6 } } },
	{ model: /k2.*0905/, set: { contextTokens: 262_144, sampling: { temperature: 0.6 } } },
	{ model: /k3/, set: { dialect: "k3", ids: "unique", contextTokens: 1_048_576, sampling: thinking } },
	{ model: /k3-256k/, set: { contextTokens: 262_144 } },

	{ preset: /^vllm$/, set: { reasoningKey: "reasoning" } },
	{ preset: /^ollama$/, set: { reasoningKey: "reasoning" } },
	{ host: /(^|\.)together\.(xyz|ai)$|(^|\.)ollama\.com$/, set: { reasoningKey: "reasoning" } },
	{ host: /(^|\.)openrouter\.ai$/, set: { reasoningKey: "reasoning", cacheKey: "session_id" } },
	// Sampling is fixed there: other values are a 400.
	{
		host: /(^|\.)moonshot\.(ai|cn)$|(^|\.)kimi\.(com|ai)$/,
		set: {
			sampling: null,
			maxTokensField: "max_completion_tokens",
			reasoningReplay: "own",
			cacheKey: "prompt_cache_key",
		},
	},
	{
		host: /(^|\.)moonshot\.(ai|cn)$|(^|\.)kimi\.(com|ai)$/,
		model: /thinking|k2[.p][5-9]|k3|for-coding/,
		set: { reasoningRequired: true },
	},
];

/** Order of belief: the person's settings, the server, our rows, the conservative default. */
export function resolveCapabilities(
	endpoint: Endpoint,
	modelId: string,
	server?: ServerModel,
	overrides: { readonly contextTokens?: number; readonly maxTokens?: number } = {},
): Capabilities {
	const bare = modelId.toLowerCase().split("/").at(-1) ?? "";
	const host = URL.parse(endpoint.baseUrl)?.hostname ?? "";
	const fitting = rows.filter(
		(row) =>
			(row.model?.test(bare) ?? true) && (row.host?.test(host) ?? true) && (row.preset?.test(endpoint.preset) ?? true),
	);
	const known: Capabilities = Object.assign({}, conservative, ...fitting.map((row) => row.set));
	const wanted = overrides.maxTokens || known.maxOutputTokens;
	return {
		...known,
		contextTokens: overrides.contextTokens || server?.contextTokens || known.contextTokens,
		maxOutputTokens: Math.min(wanted, server?.maxOutputTokens ?? wanted),
		images: server?.images ?? known.images,
	};
}
