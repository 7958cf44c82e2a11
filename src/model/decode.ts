import { createParser } from "eventsource-parser";
import type { Assembler } from "./assemble.ts";
import { asObject, parseJson } from "./json.ts";

/** What a body turned out to be: judged by its first character, since servers mislabel errors and whole answers. */
type BodyKind = "unknown" | "stream" | "json" | "html";

export interface Decoder {
	/** Takes bytes as they come, cut anywhere. */
	add(bytes: Uint8Array): void;
	/** The body is over. */
	end(): void;
	/** `[DONE]` came. */
	readonly done: boolean;
	readonly kind: BodyKind;
	/** An event was no JSON although it began like it: the answer has a hole. */
	readonly damaged: boolean;
	/** The body so far where it is no stream. */
	readonly body: string;
}

/** Bytes of an answer into `assembler`, whether it is a stream of events or one JSON object. */
export function createDecoder(assembler: Pick<Assembler, "add">): Decoder {
	const utf8 = new TextDecoder();
	const state = { done: false, kind: "unknown" as BodyKind, damaged: false, body: "" };
	const take = (data: string, event: string | undefined): void => {
		// What follows [DONE] is no answer, whether or not it came in the same packet.
		if (state.done) return;
		if (data.trim() === "[DONE]") {
			state.done = true;
			return;
		}
		// Nothing else is worth the price of failing to parse it.
		if (!data.trimStart().startsWith("{")) return;
		const chunk = asObject(parseJson(data));
		if (!chunk) state.damaged = true;
		// `event: error` may come with the bare error object.
		else if (event === "error" && chunk["error"] === undefined) assembler.add({ error: chunk });
		else assembler.add(chunk);
	};
	const parser = createParser({
		onEvent({ event, data }) {
			// Servers that leave out the blank lines make one event of many.
			const many = data.includes("\n") && parseJson(data) === undefined;
			for (const each of many ? data.split("\n") : [data]) take(each, event);
		},
	});
	const feed = (text: string): void => {
		if (state.kind === "unknown") state.kind = kindOf(text);
		if (state.kind === "stream") parser.feed(text);
		else if (state.kind !== "unknown") state.body += text;
	};
	return Object.assign(state, {
		add: (bytes: Uint8Array) => feed(utf8.decode(bytes, { stream: true })),
		end() {
			feed(utf8.decode());
			// Some servers leave out the blank line after the last event.
			if (state.kind === "stream") parser.feed("\n\n");
			if (state.kind !== "json") return;
			const whole = parseJson(state.body);
			assembler.add(asObject(whole) ?? {});
			state.damaged = whole === undefined;
		},
	});
}

/** Blanks are padding that keeps the connection alive while the server has nothing to say yet. */
function kindOf(text: string): BodyKind {
	const first = text.trimStart()[0];
	if (first === undefined) return "unknown";
	if (first === "{" || first === "[") return "json";
	return first === "<" ? "html" : "stream";
}
