import { createJsonScan, type JsonScan } from "./json-scan.ts";
import type { Marker } from "./lexer.ts";
import { parseTag } from "./xtml-tag.ts";

/** How far a suspect was code; `none`: it was no code. Undefined while that is not known. */
export type Verdict = { readonly code: number } | "none" | undefined;

/**
 * What stands behind an open back-tick, from a marker on: inline code, if a partner of that back-tick follows on the
 * line. A back-tick in the value of a call's argument is data and no partner: a call with one is meant, since as code it
 * would be torn.
 */
export class Suspect {
	text = "";
	readonly #open: number;
	readonly #atOnce: boolean;
	/** Back-ticks that it ends with so far. */
	#ticks = 0;
	#call: "none" | "id" | "args" = "none";
	#data = false;
	/** Of K3: the tag that is being read, the call it stands in, and whether a value of that. */
	#tag: { readonly marker: Marker; readonly from: number } | undefined;
	#inCall = false;
	#inValue = false;
	#scan: JsonScan = createJsonScan();
	#thoughts = 0;

	/** `open`: length of the run of back-ticks before it. `atOnce`: the partner must follow the first marker directly. */
	constructor(open: number, atOnce: boolean) {
		this.#open = open;
		this.#atOnce = atOnce;
	}

	add(piece: string): Verdict {
		const before = this.text.length;
		this.text += piece;
		for (let at = 0; at < piece.length; at++) {
			const char = piece.charAt(at);
			const isData = this.#inString || this.#inValue;
			if (this.#call === "args") this.#scan.add(char);
			if (char === "`" && isData) this.#data = true;
			else if (char === "`") this.#ticks++;
			else if (this.#ticks === this.#open) return { code: before + at };
			else if (this.#atOnce || char === "\n") return "none";
			else this.#ticks = 0;
		}
		return undefined;
	}

	marker(marker: Marker, spelled: string): Verdict {
		if (this.#inString) return this.add(spelled);
		const before = this.text.length;
		this.text += spelled;
		if (before > 0 && this.#ticks === this.#open) return { code: before };
		if (before > 0 && this.#atOnce) return "none";
		this.#followTag(marker, before);
		const valueOver = !this.#inValue && (this.#call !== "args" || this.#scan.state === "done");
		if (this.#data && valueOver) return "none";
		this.#ticks = 0;
		this.#thoughts += thoughts(marker);
		this.#follow(marker);
		return undefined;
	}

	/** Nothing follows. */
	end(): Verdict {
		return this.#ticks === this.#open ? { code: this.text.length } : "none";
	}

	/** Opening tags are quoted in it that the next closing tag may belong to. */
	get quotesThinking(): boolean {
		return this.#thoughts > 0;
	}

	get #inString(): boolean {
		return this.#call === "args" && this.#scan.inString;
	}

	#followTag(marker: Marker, before: number): void {
		const tag = this.#tag;
		this.#tag = marker === "open" || marker === "close" ? { marker, from: this.text.length } : undefined;
		if (marker !== "sep" || !tag) return;
		const name = parseTag(this.text.slice(tag.from, before))?.name ?? "";
		const opens = tag.marker === "open";
		if (name === "call") this.#inCall = opens;
		else if (name === "argument" || name === "json") this.#inValue = opens && this.#inCall;
	}

	#follow(marker: Marker): void {
		if (marker === "section-begin" || marker === "call-begin") this.#call = "id";
		else if (marker === "argument-begin" && this.#call === "id") {
			this.#call = "args";
			this.#scan = createJsonScan();
		} else this.#call = "none";
	}
}

/** 1 for what may open a thinking, -1 for what may close one, in either dialect. */
export function thoughts(marker: Marker): number {
	if (marker === "think" || marker === "open") return 1;
	return marker === "think-end" || marker === "close" ? -1 : 0;
}
