import type { Failure } from "../shared/failure.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Facts } from "./facts.ts";
import { asObject } from "./json.ts";
import type { Body } from "./request.ts";
import type { WireTool } from "./tools.ts";

/** What a refusal teaches. */
export interface Lesson {
	readonly facts: Facts;
	/** A tool that the server refuses, by its name on the wire. */
	readonly tool?: string;
	/** The server stated it, whatever comes of the next request. */
	readonly isCertain?: true;
	/** The same request, made with this knowledge, would be refused again. */
	readonly inVain?: true;
}

/** A refused request. */
export interface Refused {
	readonly body: Body;
	readonly capabilities: Capabilities;
}

/** Statuses of refusals that say something about the request; 404 is OpenRouter's for parameters that nobody takes. */
const STATUSES: ReadonlySet<number> = new Set([400, 404, 413, 422, 500]);

type Teacher = (words: string, refused: Refused) => Lesson | undefined;

/** Undefined when there is nothing to learn from it. */
export function lessonOf(failure: Failure, refused: Refused): Lesson | undefined {
	if (failure.status === undefined || !STATUSES.has(failure.status) || !failure.detail) return undefined;
	for (const teacher of failure.status === 404 ? [noProvider] : teachers) {
		const lesson = teacher(failure.detail, refused);
		if (lesson) return lesson;
	}
	return undefined;
}

const CONTEXT_LIMIT =
	/(?:context (?:length|window|size)(?: (?:of|is))?(?: only)?\s*\(?|model token limit\s*:\s*|n_ctx\D{0,4}|max_model_len\D{0,4}|`max_new_tokens` must be <= |tokens > )(\d[\d,]*)/i;
const PROMPT_TOKENS =
	/(\d[\d,]*) (?:input tokens|tokens from the input|(?:tokens )?in the (?:messages|prompt|input))|(?:input|request) \((\d[\d,]*) tokens\)/i;
/** Smaller numbers near such words are something else. */
const LEAST_CONTEXT = 256;
/** A prompt has fewer tokens than this many characters each. */
const MOST_CHARS_PER_TOKEN = 5;

/** The window, and whether a smaller answer would make the request fit. */
const contextLimit: Teacher = (words, { capabilities, body }) => {
	const limit = numberIn(CONTEXT_LIMIT, words);
	const known = capabilities.contextTokens;
	if (limit === undefined || limit < LEAST_CONTEXT || (known !== 0 && limit >= known)) return undefined;
	const prompt = numberIn(PROMPT_TOKENS, words) ?? JSON.stringify(body["messages"]).length / MOST_CHARS_PER_TOKEN;
	// vLLM looks at the budget before it looks at the prompt: only the next refusal tells of that.
	const inVain = prompt >= limit && !/max_model_len/i.test(words);
	return { facts: { contextTokens: limit }, isCertain: true, ...(inVain && { inVain }) };
};

const OUTPUT_LIMIT =
	/max(?:_completion|_new|_output)?_tokens.{0,120}?(?:<=|less than or equal to|at most|must be below|maximum of|up to|valid range of max_tokens is \[\d+,)\D{0,4}(\d{3,7})|> (\d{3,7}), which is the maximum/is;
/** A smaller budget helps nobody. */
const LEAST_OUTPUT = 1024;

const outputLimit: Teacher = (words, { capabilities }) => {
	const limit = numberIn(OUTPUT_LIMIT, words);
	if (limit === undefined || limit < LEAST_OUTPUT || limit >= capabilities.maxOutputTokens) return undefined;
	return { facts: { maxOutputTokens: limit }, isCertain: true };
};

/** OpenAI's newer models, and servers that know the old name only. */
const budgetName: Teacher = (words, { body }) => {
	const wanted = /max_tokens.{0,80}use .?max_completion_tokens/i.test(words) ? "max_completion_tokens" : "max_tokens";
	if (wanted in body || !/max_completion_tokens/i.test(words) || !UNKNOWN.test(words)) return undefined;
	return { facts: { maxTokensField: wanted } };
};

/** One pattern, what is learned where it fits, and when that was known before. */
const structure: readonly {
	readonly words: RegExp;
	readonly facts: Facts;
	readonly known: (capabilities: Capabilities) => boolean;
}[] = [
	{
		// Moonshot and DeepSeek.
		words: /reasoning_content.{0,80}(missing|must be passed|required)/i,
		facts: { reasoningRequired: true },
		known: ({ reasoningRequired }) => reasoningRequired,
	},
	{
		// Calls and results are always paired, so that the id itself must be what it does not take.
		words: /tool_call_id.{0,40}not found|tool_?(call|use).{0,20}id.{0,80}(match|invalid|too long|length)/i,
		facts: { plainIds: true },
		known: ({ ids }) => ids === "plain",
	},
	{
		words: /content.{0,60}(field required|is required|missing)|missing.{0,20}content/i,
		facts: { contentRequired: true },
		known: ({ contentRequired }) => contentRequired,
	},
	{
		words: /only type=enabled is allowed|thinking.{0,40}(cannot|can't) be (disabled|turned off)/i,
		facts: { thinkingOff: false },
		known: ({ thinkingControl }) => !thinkingControl.canTurnOff,
	},
];

const shape: Teacher = (words, { capabilities }) => {
	const row = structure.find((each) => each.words.test(words) && !each.known(capabilities));
	return row && { facts: row.facts };
};

/** Fields that a request or its messages can do without, and how a refusal names them. */
const optional: readonly { readonly fields: readonly string[]; readonly words: RegExp }[] = [
	{ fields: ["stream_options"], words: /stream_options|include_usage/i },
	{ fields: ["temperature"], words: /temperature/i },
	{ fields: ["top_p"], words: /top_p/i },
	{ fields: ["prompt_cache_key"], words: /prompt_cache_key/i },
	{ fields: ["session_id"], words: /session_id/i },
	{ fields: ["reasoning_effort"], words: /reasoning[_.]effort/i },
	{ fields: ["chat_template_kwargs"], words: /chat_template_kwargs/i },
	{ fields: ["thinking"], words: /\bthinking\b/i },
];

/** How a refusal says that it does not know a field. */
const UNKNOWN =
	/unsupported|not supported|not permitted|not allowed|unknown|unrecogni[sz]ed|unexpected|extra|forbidden|invalid/i;
const inMessages = ["reasoning_content", "reasoning_details", "reasoning", "name", "extra_content"];

const refusedField: Teacher = (words, { body, capabilities }) => {
	const named = optional.filter((each) => each.words.test(words)).flatMap(({ fields }) => fields);
	const fields = named.filter((field) => field in body);
	const inner = UNKNOWN.test(words)
		? inMessages.filter((field) => new RegExp(`messages.{0,80}\\b${field}\\b`, "i").test(words))
		: [];
	const refused = [...(fields.length > 0 ? fields : inner)].filter((field) => !capabilities.omit.includes(field));
	return refused.length === 0 ? undefined : { facts: { omit: refused } };
};

const SCHEMA = /schema|function|tools?[.[]/i;

/** One bad tool spoils the whole request. It is named, or counted from 0. */
const badTool: Teacher = (words, { body }) => {
	const tools = (body["tools"] ?? []) as readonly WireTool[];
	if (tools.length === 0 || !SCHEMA.test(words)) return undefined;
	const names = tools.map((tool) => tool.function.name);
	const at = numberIn(/tools?[.[]\s*(\d+)/i, words);
	const tool = names.find((name) => new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(words));
	const found = at === undefined ? tool : names[at];
	return found === undefined ? undefined : { facts: {}, tool: found };
};

/** What the person wishes of providers, such as their privacy, stays: only our own wish goes. */
const noProvider: Teacher = (words, { capabilities }) =>
	/no endpoints found.{0,80}(parameters|support)/i.test(words) && asksForAll(capabilities)
		? { facts: { anyProvider: true } }
		: undefined;

function asksForAll({ extra }: Capabilities): boolean {
	return asObject(extra["provider"])?.["require_parameters"] === true;
}

const images: Teacher = (words, { capabilities }) =>
	capabilities.images && /does(n't| not) support (image|vision)|not a multimodal model|mmproj/i.test(words)
		? { facts: { images: false }, isCertain: true, inVain: true }
		: undefined;

/** In order: what names a thing exactly comes before what only mentions it. */
const teachers: readonly Teacher[] = [contextLimit, budgetName, outputLimit, shape, refusedField, badTool, images];

function numberIn(pattern: RegExp, words: string): number | undefined {
	const digits = pattern
		.exec(words)
		?.slice(1)
		.find((group) => group !== undefined);
	return digits === undefined ? undefined : Number(digits.replaceAll(",", ""));
}
