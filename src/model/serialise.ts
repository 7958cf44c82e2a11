import { IMAGE_TOKENS } from "../shared/attached-text.ts";
import type { Picture } from "../shared/attachments.ts";
import type { CallPart, Message, Part } from "../shared/message.ts";
import { isJson } from "./json.ts";
import { wireName } from "./tools.ts";
import type { Traits } from "./traits.ts";

/** A chat message as it goes over the wire. The order of the fields is part of the bytes, and so of the cache. */
export type WireMessage =
	| { readonly role: "system"; readonly content: string }
	| { readonly role: "user"; readonly content: string | readonly WirePart[] }
	| {
			readonly role: "assistant";
			readonly content?: string;
			readonly reasoning_content?: string;
			readonly reasoning?: string;
			readonly reasoning_details?: readonly unknown[];
			readonly tool_calls?: readonly WireCall[];
	  }
	| { readonly role: "tool"; readonly tool_call_id: string; readonly name?: string; readonly content: string };

/** Of a message with images. */
export type WirePart =
	| { readonly type: "image_url"; readonly image_url: { readonly url: string } }
	| { readonly type: "text"; readonly text: string };

interface WireCall {
	readonly id: string;
	readonly type: "function";
	readonly function: { readonly name: string; readonly arguments: string };
	readonly extra_content?: Readonly<Record<string, unknown>>;
}

type Rules = Pick<
	Traits,
	"contentRequired" | "ids" | "images" | "omit" | "reasoningKey" | "reasoningReplay" | "reasoningRequired"
>;

/** What the model reads where a call has no result in the history. */
const NO_RESULT = "This call has no result: it was interrupted.";
/** And where the result is empty: some servers refuse the whole history for a message without content. */
const EMPTY_RESULT = "(no output)";

/**
 * A chat as messages. What was sent before comes out the same whatever follows, so that servers find it in their
 * cache. Each call gets exactly one result, right behind its message and in its order; results of no call, and
 * messages without content, are left out.
 */
export function serialise(system: string, messages: readonly Message[], traits: Rules): WireMessage[] {
	const wire: WireMessage[] = system === "" ? [] : [{ role: "system", content: system }];
	let callsBefore = 0;
	for (const [at, message] of messages.entries()) {
		if (message.role === "user") {
			wire.push(...person(message, traits));
		} else if (message.role === "assistant") {
			const exchange = exchanged(message.parts, callsBefore, resultsAfter(messages, at), traits);
			wire.push(...exchange.wire);
			callsBefore += exchange.calls;
		}
	}
	return wire;
}

type Said = Extract<Message, { role: "user" }>;

/** Images are large: what was made of them is kept by their list, which stays the same. */
const pictured = new WeakMap<readonly Picture[], { readonly text: string; readonly message: WireMessage }>();

function person({ text, images = [] }: Said, { images: areRead }: Rules): readonly WireMessage[] {
	if (images.length === 0) return text.trim() === "" ? [] : [{ role: "user", content: text }];
	if (!areRead) return [{ role: "user", content: [text, unread(images.length)].join("\n\n").trim() }];
	const known = pictured.get(images);
	if (known?.text === text) return [known.message];
	const urls = images.map(({ mime, data }) => `data:${mime};base64,${data}`);
	const shown = urls.map((url): WirePart => ({ type: "image_url", image_url: { url } }));
	const content: WirePart[] = text.trim() === "" ? shown : [...shown, { type: "text", text }];
	const message: WireMessage = { role: "user", content };
	pictured.set(images, { text, message });
	return [message];
}

function unread(count: number): string {
	const what = count === 1 ? "One image was" : `${count} images were`;
	return `[Note from the editor: ${what} not sent, since this model reads no images here. Say so where it matters.]`;
}

/** An answer of the model and the results of its calls, as they go over the wire. */
interface Exchange {
	readonly callsBefore: number;
	readonly found: ReadonlyMap<string, string>;
	readonly traits: Rules;
	readonly wire: readonly WireMessage[];
	readonly calls: number;
}

/** Past exchanges stay as they are: the same parts give the same objects, whose JSON is made once. */
const exchanges = new WeakMap<readonly Part[], Exchange>();

function exchanged(
	parts: readonly Part[],
	callsBefore: number,
	found: ReadonlyMap<string, string>,
	traits: Rules,
): Exchange {
	const known = exchanges.get(parts);
	if (known && known.callsBefore === callsBefore && known.traits === traits && isEqual(known.found, found))
		return known;
	const calls = parts.filter((part) => part.kind === "call");
	const ids = calls.map((call, n) => wireId(call, callsBefore + n, traits.ids));
	const said = assistant(parts, calls, ids, traits);
	const wire = [...(said ? [said] : []), ...results(calls, ids, found, traits)];
	const exchange = { callsBefore, found, traits, wire, calls: calls.length };
	exchanges.set(parts, exchange);
	return exchange;
}

function isEqual(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
	return a.size === b.size && [...a].every(([id, text]) => b.get(id) === text);
}

const encoded = new WeakMap<WireMessage, string>();

export function messageJson(message: WireMessage): string {
	const known = encoded.get(message);
	if (known !== undefined) return known;
	const json = JSON.stringify(message);
	encoded.set(message, json);
	return json;
}

/** Bytes of UTF-8 for a token of Kimi's: 4.3 of code and English, 7 of Chinese; 2 of lock files and base64. */
export const BYTES_PER_TOKEN = 4;

const bytes = new WeakMap<WireMessage, number>();

/** Of its JSON, in UTF-8; of an image what its tokens are worth, since no model reads its bytes. */
export function messageBytes(message: WireMessage): number {
	const known = bytes.get(message);
	if (known !== undefined) return known;
	const { content } = message;
	const texts = Array.isArray(content) ? (content as readonly WirePart[]).filter(({ type }) => type === "text") : [];
	const images = Array.isArray(content) ? content.length - texts.length : 0;
	const json = images === 0 ? messageJson(message) : JSON.stringify({ ...message, content: texts });
	const counted = Buffer.byteLength(json) + images * IMAGE_TOKENS * BYTES_PER_TOKEN;
	bytes.set(message, counted);
	return counted;
}

/** Not like ours, which would then come twice. */
const PLAIN = /^(?!call-\d+$)[\w-]{1,40}$/;

/** `n` counts all calls of the chat. */
function wireId(call: CallPart, n: number, rule: Rules["ids"]): string {
	if (rule === "native") return `functions.${wireName(call.tool)}:${n}`;
	return rule === "unique" || PLAIN.test(call.id) ? call.id : `call-${n}`;
}

function assistant(
	parts: readonly Part[],
	calls: readonly CallPart[],
	ids: readonly string[],
	traits: Rules,
): WireMessage | undefined {
	const content = parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
	if (content.trim() === "" && calls.length === 0) return undefined;
	const tool_calls = calls.map((call, n): WireCall => {
		const body = { name: wireName(call.tool), arguments: safeArguments(call.args) };
		const extra = call.extra && !traits.omit.includes("extra_content") ? { extra_content: call.extra } : {};
		return { id: ids[n] ?? call.id, type: "function", function: body, ...extra };
	});
	// No `content` at all beside calls: empty strings and empty text parts are refused or printed by some servers.
	const said = content.trim() !== "" ? { content } : traits.contentRequired ? { content: "" } : {};
	return {
		role: "assistant",
		...reasoningFields(parts, calls.length > 0, traits),
		...said,
		...(calls.length === 0 ? {} : { tool_calls }),
	};
}

function reasoningFields(parts: readonly Part[], withCalls: boolean, traits: Rules): Record<string, unknown> {
	const { omit, reasoningKey, reasoningReplay, reasoningRequired } = traits;
	const isNeeded = reasoningRequired && withCalls;
	const part = parts.find((each) => each.kind === "reasoning");
	if (!part) return isNeeded ? { [reasoningKey]: "" } : {};
	if (reasoningReplay === "own") return { [reasoningKey]: part.text };
	// Details alone: the server sent no plain text, so none goes back.
	const isPlain = isNeeded || part.key !== undefined || !part.details;
	const received = isNeeded || reasoningReplay === "known" ? reasoningKey : (part.key ?? reasoningKey);
	const key = [received, reasoningKey].find((each) => !omit.includes(each));
	return {
		...(isPlain && key !== undefined && { [key]: part.text }),
		...(part.details && !omit.includes("reasoning_details") && { reasoning_details: part.details }),
	};
}

/**
 * Arguments as received while they are JSON. Broken ones are wrapped, since many servers parse the history; the model
 * sees what it wrote, and why it failed in the result.
 */
function safeArguments(args: string): string {
	if (args.trim() === "") return "{}";
	return isJson(args) ? args : JSON.stringify({ _malformed: args });
}

/** The tool messages between this message and the next that is not one, by call; the first of each counts. */
function resultsAfter(messages: readonly Message[], at: number): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (let n = at + 1; n < messages.length; n++) {
		const message = messages[n];
		if (message?.role !== "tool") break;
		if (!found.has(message.callId)) found.set(message.callId, message.text);
	}
	return found;
}

function results(
	calls: readonly CallPart[],
	ids: readonly string[],
	found: ReadonlyMap<string, string>,
	{ omit }: Rules,
): readonly WireMessage[] {
	return calls.map((call, n) => ({
		role: "tool",
		tool_call_id: ids[n] ?? call.id,
		...(!omit.includes("name") && { name: wireName(call.tool) }),
		content: shown(found.get(call.id)),
	}));
}

function shown(result: string | undefined): string {
	if (result === undefined) return NO_RESULT;
	return result.trim() === "" ? EMPTY_RESULT : result;
}
