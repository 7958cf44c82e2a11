import type { ModelRequest, ToolSpec } from "../../agent/ports.ts";
import type { Message } from "../../shared/message.ts";
import { type Capabilities, type Known, resolveCapabilities } from "../capabilities.ts";
import { type Endpoint, isLoopback } from "../endpoint.ts";
import type { Facts } from "../facts.ts";
import type { Body } from "../request.ts";
import { serialise } from "../serialise.ts";
import * as texts from "./texts.ts";

/** Whom the probes ask, without anything that was learned before: that is to be found out anew. */
export interface Target extends Omit<Known, "endpoint" | "facts"> {
	readonly endpoint: Endpoint;
}

/** What a request is made of, as far as it is known by then. */
interface State {
	readonly target: Target;
	readonly capabilities: Capabilities;
	/** As `contextTold` says. */
	readonly contextTold: number;
}

/** A request that one or several probes need; it is sent once, whoever needs it first. */
interface Question {
	/** Tokens that the answer itself takes; thinking comes on top. */
	readonly answer: number;
	readonly messages: readonly Message[];
	/** The same, for a model that thinks. */
	readonly thoughtful?: readonly Message[];
	readonly tools?: readonly ToolSpec[];
	/** Put over the fields of the usual body. */
	readonly fields?: (state: State) => Body;
	/** Hang up with the first piece of the answer. */
	readonly leave?: true;
	/** A refusal is what the probe is after: it is not mended, and nothing is learned. */
	readonly asItIs?: true;
}

export type QuestionName =
	| "hello"
	| "hello again"
	| "not thinking"
	| "nested"
	| "nested again"
	| "parallel"
	| "plain"
	| "history"
	| "history again"
	| "history without thinking"
	| "large"
	| "hostile"
	| "leave"
	| "too many tokens"
	| "too long"
	| "image"
	| "untyped";

const tools = [texts.planRelease, texts.readFile, texts.writeFile];

/** The thinking that the made-up history carries, where the model thinks at all. */
const thought = { kind: "reasoning", text: "I read the files first, one after the other.\n" } as const;
const past = texts.history(undefined);
const thoughtful = texts.history(thought);

export const questions: Readonly<Record<QuestionName, Question>> = {
	hello: { answer: 64, messages: texts.hello },
	"hello again": { answer: 64, messages: texts.hello },
	"not thinking": { answer: 64, messages: texts.hello, asItIs: true, fields: thinkingOff },
	nested: { answer: 256, messages: texts.nested, tools },
	"nested again": { answer: 4096, messages: texts.nested, tools: [texts.planRelease] },
	parallel: { answer: 256, messages: texts.parallel, tools },
	plain: { answer: 64, messages: texts.plain, tools },
	history: { answer: 2048, messages: past, thoughtful, tools },
	"history again": { answer: 2048, messages: past, thoughtful, tools },
	"history without thinking": { answer: 512, messages: past, tools, asItIs: true, fields: withoutThinking },
	large: { answer: 6144, messages: texts.large, tools },
	hostile: { answer: 512, messages: texts.hostile, tools },
	leave: { answer: 1024, messages: texts.longList, leave: true },
	"too many tokens": {
		answer: 64,
		messages: texts.hello,
		asItIs: true,
		fields: ({ capabilities }) => ({ [capabilities.maxTokensField]: TOO_MANY_TOKENS }),
	},
	"too long": { answer: 64, messages: [], asItIs: true, fields: tooLong },
	image: { answer: 64, messages: [], asItIs: true, fields: () => ({ messages: image }) },
	untyped: { answer: 64, messages: texts.plain, asItIs: true, fields: () => ({ tools: [texts.untyped] }) },
};

const TOO_MANY_TOKENS = 99_999_999;

const image = [
	{
		role: "user",
		content: [
			{ type: "image_url", image_url: { url: texts.redSquare } },
			{ type: "text", text: texts.imageQuestion },
		],
	},
];

/** Longer prompts would cost time on servers that cut silently, and say nothing more. */
const MAX_OVERLONG_TOKENS = 40_000;

/**
 * Tokens of context of which the server told, in its list or in a refusal; 0: of none. The person's own limit and our
 * table say nothing about the server.
 */
export function contextTold({ server }: Target, facts: Facts): number {
	const told = [server?.contextTokens, facts.contextTokens].filter((tokens) => tokens !== undefined && tokens > 0);
	return told.length === 0 ? 0 : Math.min(...told.map(Number));
}

/** A prompt over the context is sent only where it costs nothing and is soon read. */
export function canBeTooLong({ target, contextTold: tokens }: Pick<State, "target" | "contextTold">): boolean {
	return isLoopback(target.endpoint.baseUrl) && tokens > 0 && tokens <= MAX_OVERLONG_TOKENS;
}

function tooLong({ contextTold: tokens }: State): Body {
	// A word and its blank are a token at least.
	return { messages: [{ role: "user", content: "word ".repeat(tokens + 1000) }] };
}

/** The fields with which a person would turn thinking off here. */
function thinkingOff({ target, capabilities }: State): Body {
	const off = resolveCapabilities({ ...target, wishes: { ...target.wishes, thinking: "off" } });
	return { ...off.extra, ...(capabilities.sampling && off.sampling) };
}

/** Also where the client would put an empty thought in. */
function withoutThinking({ capabilities }: State): Body {
	return { messages: serialise(texts.SYSTEM, past, { ...capabilities, reasoningRequired: false }) };
}

/**
 * Tokens that a model may think before it answers. K3 took 5,000 and more on its lowest setting; the others need some
 * hundred for questions like these.
 */
function thinkingTokens({ dialect }: Capabilities): number {
	return dialect === "k3" ? 8192 : 2048;
}

/** The request to a question; equal ones give equal bytes. */
export function requestOf(name: QuestionName, thinks: boolean): ModelRequest {
	const { messages, thoughtful: other = messages, tools: offered = [] } = questions[name];
	return { system: texts.SYSTEM, tools: offered, messages: thinks ? other : messages, chat: "verify" };
}

/** What the budget of a question's request is. */
export function budgetOf(name: QuestionName, capabilities: Capabilities): number {
	return Math.min(questions[name].answer + thinkingTokens(capabilities), capabilities.maxOutputTokens);
}
