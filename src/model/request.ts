import type { ModelRequest } from "../agent/ports.ts";
import type { Capabilities } from "./capabilities.ts";
import { BYTES_PER_TOKEN, messageBytes, messageJson, serialise, type WireMessage } from "./serialise.ts";
import { offerOf, toolsJson, type WireTool } from "./tools.ts";

/** The body of a chat completion request. */
export type Body = Readonly<Record<string, unknown>>;

/** Tokens between a prompt and its answer that an estimate may be wrong by. */
export const MARGIN_TOKENS = 1024;
/** Thinking shares the budget with the answer: with less a thinking model ends before it has said anything. */
const LEAST_THINKING = 16_000;
const LEAST_ANSWER = 4096;

/**
 * Makes the body. Its messages and tools depend on the request only, so that equal chats give equal bytes. `room`: tokens
 * that this answer may have at most, where a server told.
 */
export function buildBody(
	request: ModelRequest,
	model: string,
	capabilities: Capabilities,
	room = Number.POSITIVE_INFINITY,
): Body {
	const { cacheKeys, extra, maxTokensField, omit, sampling } = capabilities;
	const messages = serialise(request.system, request.messages, capabilities);
	const { tools } = offerOf(request.tools);
	const fields: Record<string, unknown> = {
		...extra,
		model,
		messages,
		...(tools.length > 0 && { tools }),
		stream: true,
		stream_options: { include_usage: true },
		[maxTokensField]: Math.min(budget(capabilities, promptTokens({ messages, tools }, request.knownTokens)), room),
		...sampling,
		...Object.fromEntries(cacheKeys.map((field) => [field, request.chat])),
	};
	return Object.fromEntries(Object.entries(fields).filter(([name]) => !omit.includes(name) || NEEDED.has(name)));
}

/** Without these it is no request, whatever a server seems to refuse. */
const NEEDED: ReadonlySet<string> = new Set(["model", "messages", "stream"]);

/** The body's JSON. What was sent before is not encoded again: a long chat costs what is new in it. */
export function bodyJson(body: Body): string {
	const known = Object.entries(body).filter(([, value]) => value !== undefined);
	return `{${known.map(([name, value]) => `${JSON.stringify(name)}:${fieldJson(name, value)}`).join(",")}}`;
}

function fieldJson(name: string, value: unknown): string {
	if (name === "messages") return `[${(value as WireMessage[]).map(messageJson).join(",")}]`;
	return name === "tools" ? toolsJson(value as readonly WireTool[]) : JSON.stringify(value);
}

/** Whether there is an image in it. */
export function hasImages({ messages }: Body): boolean {
	return (messages as readonly WireMessage[]).some(({ role, content }) => role === "user" && Array.isArray(content));
}

/**
 * An estimate of a request's tokens. `known`: what the server counted up to the last answer; then only what follows is
 * estimated.
 */
export function promptTokens({ messages, tools }: Body, known: number | undefined): number {
	const wire = messages as readonly WireMessage[];
	const from = known === undefined ? 0 : wire.findLastIndex(({ role }) => role === "assistant") + 1;
	const counted = from === 0 ? 0 : (known ?? 0);
	const fixed = from === 0 && tools ? Buffer.byteLength(toolsJson(tools as readonly WireTool[])) : 0;
	const bytes = wire.slice(from).reduce((sum, message) => sum + messageBytes(message), fixed);
	return counted + Math.ceil(bytes / BYTES_PER_TOKEN);
}

/**
 * What the window has room for. Where that looks like too little it is not asked for: the estimate may be wrong, and a
 * server that says so makes the chat shorter, while an answer that is cut ends the turn.
 */
function budget(capabilities: Capabilities, prompt: number): number {
	const { contextTokens, maxOutputTokens } = capabilities;
	if (contextTokens === 0) return maxOutputTokens;
	const room = contextTokens - prompt - MARGIN_TOKENS;
	return Math.min(maxOutputTokens, Math.max(room, leastRoom(capabilities, contextTokens)));
}

/** Tokens without which an answer is not worth asking for: the chat is to become shorter. A small window has less. */
export function leastRoom({ maxOutputTokens, thinking }: Capabilities, contextTokens: number): number {
	const least = thinking === "none" ? LEAST_ANSWER : LEAST_THINKING;
	return Math.min(least, Math.floor(contextTokens / 4), maxOutputTokens);
}

/** Whether a request asks for less than it would, since the chat leaves no room for more. */
export function isNarrow(body: Body, { maxOutputTokens, maxTokensField }: Capabilities): boolean {
	return Number(body[maxTokensField]) < maxOutputTokens;
}
