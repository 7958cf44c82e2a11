import { STAY, type Step } from "./found.ts";
import { createJsonScan } from "./json-scan.ts";
import type { Marker } from "./lexer.ts";
import { MAX_TAG, parseTag } from "./xtml-tag.ts";

/** What one `argument` or `json` block of a call holds. */
export interface ValueReader {
	text(piece: string): Step;
	marker(marker: Marker, spelled: string): Step;
	/** Nothing follows. False: the value was cut. */
	end(): Step | false;
	/** The value, once its end came. */
	readonly value: string | undefined;
}

/**
 * Reads a value up to its own closing tag. In a string, examples of markup are data: an argument that opens in it must
 * close in it. In JSON, markers within its strings are. Where that leads to no end, the first closing tag was it: then
 * `flat` reading gives what such a value holds.
 */
export function createValueReader(tag: "argument" | "json", isString: boolean, flat: boolean): ValueReader {
	return new Value(tag, isString, flat);
}

interface Pending {
	readonly kind: "open" | "close";
	readonly from: number;
	/** Inside of a string, or of an argument in a string. */
	readonly isData: boolean;
	text: string;
}

class Value implements ValueReader {
	value: string | undefined;
	readonly #name: string;
	readonly #isString: boolean;
	readonly #flat: boolean;
	readonly #scan = createJsonScan();
	#raw = "";
	/** Arguments that are open in a string. */
	#depth = 0;
	/** The tag that is being read. */
	#tag: Pending | undefined;
	/** The first closing tag that was taken for data: from its marker to behind its end. */
	#first: { readonly from: number; readonly to: number } | undefined;

	constructor(name: string, isString: boolean, flat: boolean) {
		this.#name = name;
		this.#isString = isString;
		this.#flat = flat;
	}

	text(piece: string): Step {
		this.#raw += piece;
		if (!this.#tag) return this.#follow(piece);
		this.#tag.text += piece;
		return this.#tag.text.length > MAX_TAG ? this.#noTag(this.#tag) : STAY;
	}

	marker(marker: Marker, spelled: string): Step {
		const tag = this.#tag;
		this.#tag = undefined;
		const from = this.#raw.length;
		this.#raw += spelled;
		if (marker === "sep" && tag && parseTag(tag.text)?.name === this.#name) return this.#tagOver(tag);
		const step = tag ? this.#noTag(tag) : STAY;
		if (step !== STAY) return step;
		if (marker !== "open" && marker !== "close") return this.#follow(spelled);
		const isData = !this.#flat && (this.#isString ? this.#depth > 0 : this.#scan.inString);
		this.#tag = { kind: marker, from, isData, text: "" };
		return STAY;
	}

	end(): Step | false {
		return this.#first ? this.#fallBack(this.#first) : false;
	}

	/** A tag of this kind of value: `isData` was seen before its marker. */
	#tagOver(tag: Pending): Step {
		if (tag.kind === "close" && !tag.isData) {
			this.value = this.#raw.slice(0, tag.from);
			return STAY;
		}
		if (tag.kind === "open") this.#depth++;
		else {
			this.#first ??= { from: tag.from, to: this.#raw.length };
			this.#depth--;
		}
		return this.#noTag(tag);
	}

	/** What looked like a tag is part of the value. */
	#noTag(tag: Pending): Step {
		this.#tag = undefined;
		return this.#follow(`<${tag.text}`);
	}

	/** A closing tag was taken for a part of a string, and what follows is no JSON: it was the end. */
	#follow(piece: string): Step {
		if (this.#isString) return STAY;
		this.#scan.add(piece);
		return this.#scan.state === "bad" && this.#first ? this.#fallBack(this.#first) : STAY;
	}

	#fallBack({ from, to }: { from: number; to: number }): Step {
		this.value = this.#raw.slice(0, from);
		return { again: this.#raw.slice(to) };
	}
}
