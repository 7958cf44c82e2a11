import type { ModelRequest, ToolSpec } from "../agent/ports.ts";
import type { Failure, FailureCode } from "../shared/failure.ts";
import type { Capabilities } from "./capabilities.ts";
import { messageJson, serialise, type WireMessage } from "./serialise.ts";

/** The body of a chat completion request. */
export type Body = Readonly<Record<string, unknown>>;

/** Fields that a server refused, and a lower token limit that it named: learned from its answers. */
export interface Lessons {
	readonly omit: ReadonlySet<string>;
	readonly maxTokens: number;
}

export const noLessons: Lessons = { omit: new Set(), maxTokens: Number.POSITIVE_INFINITY };

/** Characters for a token, low on purpose (Chinese has 2.35): asking for less room than there is costs nothing. */
const CHARS_PER_TOKEN = 2.3;
const MARGIN_TOKENS = 1024;
const MIN_OUTPUT_TOKENS = 1024;

/** Makes the body. Its messages and tools depend on the request only, so that equal chats give equal bytes. */
export function buildBody(request: ModelRequest, model: string, capabilities: Capabilities, lessons: Lessons): Body {
	const { cacheKey, includeUsage, maxTokensField, omit, sampling } = capabilities;
	const messages = serialise(request.system, request.messages, capabilities);
	const tools = request.tools.map(wireTool);
	const bytes = messages.reduce((sum, message) => sum + messageJson(message).length, JSON.stringify(tools).length);
	const prompt = bytes / CHARS_PER_TOKEN;
	const fields: Record<string, unknown> = {
		model,
		messages,
		...(tools.length > 0 && { tools }),
		stream: true,
		...(includeUsage && { stream_options: { include_usage: true } }),
		[maxTokensField]: budget(capabilities, lessons, prompt),
		...sampling,
		...(cacheKey !== null && { [cacheKey]: request.chat }),
	};
	const without = [...omit, ...lessons.omit];
	return Object.fromEntries(Object.entries(fields).filter(([name]) => !without.includes(name)));
}

/** The body's JSON. Messages that were sent before are not encoded again: a long chat costs what is new in it. */
export function bodyJson(body: Body): string {
	const known = Object.entries(body).filter(([, value]) => value !== undefined);
	const fields = known.map(([name, value]) => {
		const json =
			name === "messages" ? `[${(value as WireMessage[]).map(messageJson).join(",")}]` : JSON.stringify(value);
		return `${JSON.stringify(name)}:${json}`;
	});
	return `{${fields.join(",")}}`;
}

function wireTool({ name, description, parameters }: ToolSpec) {
	return { type: "function", function: { name, description, parameters } };
}

function budget({ contextTokens, maxOutputTokens }: Capabilities, { maxTokens }: Lessons, prompt: number): number {
	const room = contextTokens === 0 ? Number.POSITIVE_INFINITY : contextTokens - Math.ceil(prompt) - MARGIN_TOKENS;
	return Math.max(Math.min(maxOutputTokens, maxTokens, room), Math.min(MIN_OUTPUT_TOKENS, maxOutputTokens));
}

/** Fields that a request can do without, and how a refusal names them. */
const optional: readonly { readonly fields: readonly string[]; readonly words: RegExp }[] = [
	{ fields: ["stream_options"], words: /stream_options|include_usage/i },
	{ fields: ["temperature"], words: /temperature/i },
	{ fields: ["top_p"], words: /top_p/i },
	{ fields: ["prompt_cache_key", "session_id"], words: /prompt_cache_key|session_id/i },
];

const TOKEN_LIMIT =
	/max(?:_completion)?_tokens\D{0,120}?(?:<=|less than or equal to|at most|must be below|maximum of)\s*(\d{3,7})/i;

const TEACHING: readonly FailureCode[] = ["rejected", "structure"];

/**
 * What a 400 teaches: the optional field that it names goes, or the token limit that it states holds. Undefined when
 * there is nothing new in it, and the same request would fail again.
 */
export function learn(failure: Failure, body: Body, lessons: Lessons): Lessons | undefined {
	if (!TEACHING.includes(failure.code) || (failure.status !== 400 && failure.status !== 422)) return undefined;
	const words = failure.detail ?? "";
	const limit = Number(TOKEN_LIMIT.exec(words)?.[1] ?? Number.NaN);
	if (limit >= MIN_OUTPUT_TOKENS && limit < lessons.maxTokens) return { ...lessons, maxTokens: limit };
	const named = optional
		.filter((each) => each.words.test(words))
		.flatMap((each) => each.fields)
		.filter((field) => field in body);
	return named.length === 0 ? undefined : { ...lessons, omit: new Set([...lessons.omit, ...named]) };
}
