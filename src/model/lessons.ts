import type { Failure } from "../shared/failure.ts";
import type { Capabilities } from "./capabilities.ts";
import { withoutEchoes } from "./classify.ts";
import type { Facts } from "./facts.ts";
import { asObject } from "./json.ts";
import { type Body, hasImages, leastRoom, MARGIN_TOKENS, promptTokens } from "./request.ts";
import type { WireTool } from "./tools.ts";

/** What a refusal teaches. It is knowledge as soon as an answer comes of it, and a guess until then. */
export interface Lesson {
	readonly facts: Facts;
	/** A tool that the server refuses, by its name on the wire. */
	readonly tool?: string;
	/** Tokens that the answer to this very request may have. */
	readonly room?: number;
	/** Its images were what was wrong with this very request. */
	readonly withoutImages?: true;
	/** The same request, made with this knowledge, would be refused again. */
	readonly inVain?: true;
}

/** A refused request. */
export interface Refused {
	readonly body: Body;
	readonly capabilities: Capabilities;
}

/** What is known of a refusal. */
interface Told {
	/** The server's own, without what it repeats of the chat. */
	readonly words: string;
	readonly code: Failure["code"];
	/** What the server counted of the chat before, see `ModelRequest`. */
	readonly knownTokens: number | undefined;
}

type Teacher = (told: Told, refused: Refused) => Lesson | undefined;

/** Undefined when there is nothing to learn from it. */
export function lessonOf(
	{ code, detail, status }: Failure,
	refused: Refused,
	knownTokens?: number,
): Lesson | undefined {
	if (status === undefined || !detail) return undefined;
	const told = { code, words: withoutEchoes(detail), knownTokens };
	for (const teacher of teachersFor(status)) {
		const lesson = teacher(told, refused);
		if (lesson) return lesson;
	}
	return undefined;
}

const CONTEXT_LIMIT = new RegExp(
	`(?:${[
		"context (?:length|window|size)(?: (?:of|is))?(?: only)?:?\\s*\\(?",
		"model token limit\\s*:\\s*",
		"n_ctx\\D{0,4}", // llama.cpp
		"max_model_len\\D{0,4}", // vLLM
		"maximum model length of ", // older vLLM
		"max_seq_len\\D{0,4}", // SiliconFlow
		"`max_new_tokens` must be <= ", // TGI
		"context limit: \\d+ \\+ \\d+ > ", // Claude
		"(?<!\\w)tokens > ", // Claude
		"maximum number of tokens allowed \\(", // Gemini
		"maximum prompt length is ", // Grok
	].join("|")})(\\d[\\d,]*)`,
	"i",
);
const PROMPT_TOKENS =
	/(\d[\d,]*) (?:`?inputs?`? tokens|of text input|tokens from the input|(?:tokens )?in the (?:messages|prompt|input))|(?:input|request|decoder prompt|token count|prompt_tokens) \((?:length )?(\d[\d,]*)|context limit: (\d+) \+|request contains (\d+) tokens/i;
/** Smaller numbers near such words are something else. */
const LEAST_CONTEXT = 256;

/** The window, and whether a smaller answer would make the request fit. */
const contextLimit: Teacher = ({ code, words, knownTokens }, { body, capabilities }) => {
	const limit = numberIn(CONTEXT_LIMIT, words);
	const isOfBudget = /max_\w+/i.test(words);
	if (limit === undefined || limit < LEAST_CONTEXT || (code !== "context" && !isOfBudget)) return undefined;
	const known = capabilities.contextTokens;
	const facts: Facts = known === 0 || limit < known ? { contextTokens: limit } : {};
	const stated = numberIn(PROMPT_TOKENS, words);
	const room = limit - (stated ?? promptTokens(body, knownTokens)) - MARGIN_TOKENS;
	const least = leastRoom(capabilities, limit);
	const isSmaller = Math.max(room, least) < Number(body[capabilities.maxTokensField]);
	if (room >= least && isSmaller) return { facts, room };
	// vLLM looks at the budget before it looks at the prompt: only the next refusal tells of that.
	if (stated === undefined && isSmaller && /max_model_len/i.test(words)) return { facts, room: least };
	return code === "context" && room < least ? { facts, inVain: true } : undefined;
};

const OUTPUT_LIMIT =
	/max(?:_completion|_new|_output)?_tokens.{0,120}?(?:<=|less than or equal to|at most|must be below|maximum of|up to|valid range of max_tokens is \[\d+,)\D{0,4}(\d{3,7})|> (\d{3,7}),? (?:which is the maximum|is not supported)/is;
/** A smaller budget helps nobody. */
const LEAST_OUTPUT = 1024;

const outputLimit: Teacher = ({ words }, { capabilities }) => {
	const limit = numberIn(OUTPUT_LIMIT, words);
	if (limit === undefined || limit < LEAST_OUTPUT || limit >= capabilities.maxOutputTokens) return undefined;
	return { facts: { maxOutputTokens: limit } };
};

/** OpenAI's newer models, and servers that know the old name only. */
const budgetName: Teacher = ({ words }, { body }) => {
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

const shape: Teacher = ({ words }, { capabilities }) => {
	const row = structure.find((each) => each.words.test(words) && !each.known(capabilities));
	return row && { facts: row.facts };
};

/** How a refusal says that it does not know a field, or not with this value. */
const UNKNOWN =
	/unsupported|(?:is|are|do|does|was) not (?:support|permit|allow|recogni[sz]e)|not (?:supported|permitted|allowed)|unknown|unrecogni[sz]ed|unexpected|extra (?:inputs?|fields?|keys?|arguments?)|forbidden|\binvalid\b|only \S{1,20} (?:is|are) allowed|(?:may|can) only|cannot|can't|deprecated/i;

/** Fields that a request can do without, and how a refusal names them. */
const optional: readonly { readonly field: string; readonly words: RegExp }[] = (
	[
		["stream_options", "stream_options|include_usage"],
		["temperature", "\\btemperature\\b"],
		["top_p", "\\btop_p\\b"],
		["prompt_cache_key", "prompt_cache_key"],
		["session_id", "session_id"],
		["reasoning_effort", "reasoning[_.]effort"],
		["chat_template_kwargs", "chat_template_kwargs"],
		["thinking", "\\bthinking\\b"],
	] as const
).map(([field, name]) => ({ field, words: near(name, UNKNOWN.source) }));

/** Both in one breath, in any order. */
function near(a: string, b: string): RegExp {
	return new RegExp(`(?:${a}).{0,80}(?:${b})|(?:${b}).{0,80}(?:${a})`, "is");
}

/** Fields of messages that a request can do without. */
const inMessages = ["reasoning_content", "reasoning_details", "reasoning", "name", "extra_content"];

const refusedField: Teacher = ({ words }, { body, capabilities }) => {
	const fields = optional.filter((each) => each.field in body && each.words.test(words)).map(({ field }) => field);
	const inner = UNKNOWN.test(words)
		? inMessages.filter((field) => new RegExp(`messages.{0,80}\\b${field}\\b`, "i").test(words))
		: [];
	const refused = [...(fields.length > 0 ? fields : inner)].filter((field) => !capabilities.omit.includes(field));
	return refused.length === 0 ? undefined : { facts: { omit: refused } };
};

const SCHEMA = /schema|parameters|properties|grammar|function[. ]name|duplicated/i;

/** One bad tool spoils the whole request. It is counted from 0 in our list, or called by its name. */
const badTool: Teacher = ({ words }, { body }) => {
	const tools = (body["tools"] ?? []) as readonly WireTool[];
	if (tools.length === 0 || !SCHEMA.test(words)) return undefined;
	const names = tools.map((tool) => tool.function.name);
	const at = numberIn(/(?<!\w)tools[.[]\s*(\d+)/i, words);
	const called = (name: string) => new RegExp(`\\b(?:function|tool)(?: name)?:?\\s*["'\`“]?${name}(?![\\w-])`, "i");
	const found = at === undefined ? names.find((name) => called(name).test(words)) : names[at];
	return found === undefined ? undefined : { facts: {}, tool: found };
};

/** What the person wishes of providers, such as their privacy, stays: only our own wish goes. */
const noProvider: Teacher = ({ words }, { capabilities }) =>
	/no endpoints found.{0,80}(parameters|support)/i.test(words) && asksForAll(capabilities)
		? { facts: { anyProvider: true } }
		: undefined;

function asksForAll({ extra }: Capabilities): boolean {
	return asObject(extra["provider"])?.["require_parameters"] === true;
}

const NO_IMAGES =
	/(does(n't| not)|(is|are) not|cannot|can't|no) (support(ed)?|accept|take|handle|process).{0,20}(image|vision|multimodal)|not a multimodal model|mmproj|image.{0,20}not supported|no endpoints found that support image/i;

/** A chat with an image must not end with it: the model is told that there was one. */
const images: Teacher = ({ words, code }, { body, capabilities }) => {
	if (!capabilities.images) return undefined;
	if (NO_IMAGES.test(words)) return { facts: { images: false }, ...(!hasImages(body) && { inVain: true }) };
	// Too large, or of a kind that it does not read: the next one may be fine.
	return code === "image" && hasImages(body) ? { facts: {}, withoutImages: true } : undefined;
};

/** Of a request that is too large in bytes, images are most. */
const largeImages: Teacher = (_, { body, capabilities }) =>
	capabilities.images && hasImages(body) ? { facts: {}, withoutImages: true } : undefined;

/** In order: what names a thing exactly comes before what only mentions it. */
const ofRequests: readonly Teacher[] = [contextLimit, budgetName, outputLimit, shape, refusedField, badTool, images];
const ofSize: readonly Teacher[] = [contextLimit, images, largeImages];
/** Of a server in trouble, which may name anything: only what cannot be meant otherwise. */
const ofTrouble: readonly Teacher[] = [contextLimit, images];

function teachersFor(status: number): readonly Teacher[] {
	// OpenRouter's for parameters that no provider takes.
	if (status === 404) return [images, noProvider];
	if (status === 400 || status === 422) return ofRequests;
	if (status === 413) return ofSize;
	return status === 500 ? ofTrouble : [];
}

function numberIn(pattern: RegExp, words: string): number | undefined {
	const digits = pattern
		.exec(words)
		?.slice(1)
		.find((group) => group !== undefined);
	return digits === undefined ? undefined : Number(digits.replaceAll(",", ""));
}
