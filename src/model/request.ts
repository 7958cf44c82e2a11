import type { ModelRequest } from "../agent/ports.ts";
import type { Capabilities } from "./capabilities.ts";
import { messageJson, serialise, type WireMessage } from "./serialise.ts";
import { offerOf, toolsJson, type WireTool } from "./tools.ts";

/** The body of a chat completion request. */
export type Body = Readonly<Record<string, unknown>>;

/** Characters for a token, low on purpose (Chinese has 2.35): asking for less room than there is costs nothing. */
const CHARS_PER_TOKEN = 2.3;
const MARGIN_TOKENS = 1024;
const MIN_OUTPUT_TOKENS = 1024;

/** Makes the body. Its messages and tools depend on the request only, so that equal chats give equal bytes. */
export function buildBody(request: ModelRequest, model: string, capabilities: Capabilities): Body {
	const { cacheKeys, extra, maxTokensField, omit, sampling } = capabilities;
	const messages = serialise(request.system, request.messages, capabilities);
	const { tools } = offerOf(request.tools);
	const bytes = messages.reduce((sum, message) => sum + messageJson(message).length, toolsJson(tools).length);
	const fields: Record<string, unknown> = {
		...extra,
		model,
		messages,
		...(tools.length > 0 && { tools }),
		stream: true,
		stream_options: { include_usage: true },
		[maxTokensField]: budget(capabilities, bytes / CHARS_PER_TOKEN),
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

function budget({ contextTokens, maxOutputTokens }: Capabilities, prompt: number): number {
	const room = contextTokens === 0 ? Number.POSITIVE_INFINITY : contextTokens - Math.ceil(prompt) - MARGIN_TOKENS;
	return Math.max(Math.min(maxOutputTokens, room), Math.min(MIN_OUTPUT_TOKENS, maxOutputTokens));
}
