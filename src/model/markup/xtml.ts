import { type CallSink, type Found, MAX_NOISE, type Reader, STAY, type Step } from "./found.ts";
import type { Marker } from "./lexer.ts";
import { MAX_TAG, parseTag, type Tag } from "./xtml-tag.ts";
import { createValueReader, type ValueReader } from "./xtml-value.ts";

/** What tags outside of calls mean. */
export interface XtmlSink extends CallSink {
	/** `<|open|>think` */
	think(): void;
	/** `<|close|>think` */
	thinkEnd(): void;
	/** `<|open|>response` */
	respond(): void;
	/** `<|open|>tools`, or a call without it. */
	calls(): void;
}

/**
 * Reads the markup of K3, from behind the `<|open|>` or `<|close|>` that began it: tags `<|open|>name key="value"<|sep|>`
 * and `<|close|>name<|sep|>`. It is over behind one tag, unless that opens `tools` or a call.
 */
export function createXtmlReader(first: "open" | "close", sink: XtmlSink): Reader {
	return new XtmlReader(first, sink);
}

class XtmlReader implements Reader {
	readonly #sink: XtmlSink;
	/** The tag that is being read, and which kind it is; undefined between tags. */
	#tag: "open" | "close" | undefined;
	#words = "";
	#inTools = false;
	#called = false;
	#call: { readonly tool: string; readonly args: Argument[]; json?: string; bytes: number } | undefined;
	#value: ValueReader | undefined;
	#valueTag: Tag | undefined;
	/** A value that led to no end was read again as far as its first closing tag: all others are read so, too. */
	#flat = false;

	constructor(first: "open" | "close", sink: XtmlSink) {
		this.#tag = first;
		this.#sink = sink;
	}

	text(piece: string): Step {
		if (this.#value) return this.#ofValue(this.#value.text(piece), piece);
		this.#words += piece;
		if (this.#tag) return this.#words.length > MAX_TAG ? this.#prose() : STAY;
		return this.#words.length > MAX_NOISE && !this.#called ? this.#prose() : STAY;
	}

	marker(marker: Marker, spelled: string): Step {
		if (this.#value) return this.#ofValue(this.#value.marker(marker, spelled), spelled);
		if (this.#tag) {
			const step = this.#tagOver(this.#tag, this.#words);
			return marker === "sep" ? step : { ...step, again: (step.again ?? "") + spelled };
		}
		if (marker === "open" || marker === "close") {
			this.#tag = marker;
			this.#words = "";
			return STAY;
		}
		return marker === "think-end" ? this.#leave(spelled) : STAY;
	}

	end(): Step {
		if (this.#value) {
			const step = this.#value.end();
			if (step) {
				this.#flat = true;
				return this.#ofValue(step, "");
			}
		}
		const name = /^\s*(\w*)/.exec(this.#words)?.[1] ?? "";
		const opening = this.#tag === "open" && (this.#inTools || CALLING.has(name));
		if (this.#call || opening) this.#finish("cut");
		else if (this.#tag && ![...TAGS].some((tag) => tag.startsWith(this.#words.trim()))) return this.#prose();
		return { over: true };
	}

	#tagOver(kind: "open" | "close", words: string): Step {
		this.#tag = undefined;
		this.#words = "";
		const tag = parseTag(words);
		if (!tag) return this.#inTools ? STAY : { over: true, again: words };
		if (kind === "open") return this.#opened(tag, words);
		return this.#closed(tag, words);
	}

	#opened(tag: Tag, words: string): Step {
		switch (tag.name) {
			case "tools":
				this.#begin();
				return STAY;
			case "call":
				this.#begin();
				this.#finish("marked");
				this.#call = { tool: tag.attributes.get("tool") ?? "", args: [], bytes: 0 };
				this.#called = true;
				this.#sink.reading(this.#call.tool, 0);
				return STAY;
			case "argument":
			case "json":
				if (!this.#call) return this.#inTools ? STAY : { over: true };
				this.#valueTag = tag;
				this.#value = createValueReader(tag.name, tag.name === "argument" && isString(tag), this.#flat);
				return STAY;
		}
		if (this.#inTools) return this.#leave(`<|open|>${words}<|sep|>`);
		if (tag.name === "think") this.#sink.think();
		else if (tag.name === "response") this.#sink.respond();
		else if (tag.name !== "message") return { over: true, again: words };
		return { over: true };
	}

	#closed(tag: Tag, words: string): Step {
		if (!this.#inTools) {
			if (tag.name === "think") this.#sink.thinkEnd();
			else if (!TAGS.has(tag.name)) return { over: true, again: words };
			return { over: true };
		}
		if (tag.name === "call") this.#finish("marked");
		else if (tag.name === "think") return this.#leave(`<|close|>${words}<|sep|>`);
		else if (tag.name === "tools" || tag.name === "message") return this.#leave("");
		return STAY;
	}

	#begin(): void {
		if (!this.#inTools) this.#sink.calls();
		this.#inTools = true;
	}

	/** Back to prose, and first to `then`. */
	#leave(then: string): Step {
		this.#finish("marked");
		return { over: true, again: then };
	}

	#prose(): Step {
		return { over: true, again: this.#words };
	}

	#ofValue(step: Step, piece: string): Step {
		const { value } = this.#value ?? {};
		if (this.#call) {
			this.#call.bytes += Buffer.byteLength(piece);
			this.#sink.reading(this.#call.tool, this.#call.bytes);
		}
		if (value === undefined) return step;
		if (this.#valueTag?.name === "json") Object.assign(this.#call ?? {}, { json: value });
		else if (this.#valueTag) this.#call?.args.push(toArgument(this.#valueTag, value));
		this.#value = undefined;
		this.#valueTag = undefined;
		return step;
	}

	#finish(ended: Found["ended"]): void {
		if (!this.#call && ended === "marked") return;
		const { tool = "", args, json } = this.#call ?? {};
		this.#call = undefined;
		this.#sink.found({ id: tool, args: json?.trim() ?? (args ? argsJson(args) : ""), ended });
	}
}

const CALLING: ReadonlySet<string> = new Set(["call", "argument", "json"]);
const TAGS: ReadonlySet<string> = new Set([...CALLING, "message", "think", "response", "tools"]);

interface Argument {
	readonly key: string;
	readonly type: string;
	/** JSON text, unless `valid` is false. */
	readonly value: string;
	readonly valid: boolean;
}

function isString(tag: Tag): boolean {
	return (tag.attributes.get("type") ?? "string") === "string";
}

function toArgument(tag: Tag, raw: string): Argument {
	const type = tag.attributes.get("type") ?? "string";
	const key = tag.attributes.get("key") ?? "";
	if (isString(tag)) return { key, type, value: JSON.stringify(raw), valid: true };
	const value = raw.trim();
	return { key, type, value, valid: fits(type, value) };
}

function fits(type: string, text: string): boolean {
	try {
		const value: unknown = JSON.parse(text);
		if (type === "null") return value === null;
		if (type === "array") return Array.isArray(value);
		if (type === "integer") return Number.isInteger(value);
		return typeof value === type || !JSON_TYPES.has(type);
	} catch {
		return false;
	}
}

const JSON_TYPES: ReadonlySet<string> = new Set(["number", "boolean", "object"]);

/** Values that are not of their type make the whole no JSON, so that it can't run; the words tell the model why. */
function argsJson(args: readonly Argument[]): string {
	const wrong = args.filter((arg) => !arg.valid).map(({ key, type, value }) => `${key}: not of type ${type}: ${value}`);
	if (wrong.length > 0) return `Invalid arguments. ${wrong.join("; ")}`;
	return `{${args.map(({ key, value }) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}
