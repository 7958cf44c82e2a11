import { type CallSink, type Found, MAX_NOISE, type Reader, STAY, type Step } from "./found.ts";
import { createJsonScan, type JsonScan } from "./json-scan.ts";
import type { Marker } from "./lexer.ts";

/** Ids are one word; servers are known to put line feeds into them. */
const MAX_ID_WORDS = 3;

/**
 * Reads calls in the markup of K2 to K2.7, from behind `first`:
 * `section-begin (call-begin ID argument-begin JSON call-end)* section-end`, or calls without their section.
 * Markers in a JSON string are data. Where a string never closes, the first marker that could end the call does.
 */
export function createK2Reader(first: "section-begin" | "call-begin", sink: CallSink): Reader {
	return new K2Reader(first, sink);
}

class K2Reader implements Reader {
	readonly #sink: CallSink;
	/** Between calls in a section words are noise; without one they are prose. */
	readonly #inSection: boolean;
	#state: "between" | "id" | "args";
	/** Text between two calls, or the id that is being read. */
	#words = "";
	#id = "";
	#args = "";
	#bytes = 0;
	#scan: JsonScan = createJsonScan();
	/** Where in `#args` the first marker in a string stands that could end the call; -1 for none. */
	#firstEnd = -1;
	#calls = 0;

	constructor(first: "section-begin" | "call-begin", sink: CallSink) {
		this.#inSection = first === "section-begin";
		this.#state = this.#inSection ? "between" : "id";
		this.#sink = sink;
	}

	text(piece: string): Step {
		if (this.#state === "args") return this.#addArgs(piece);
		this.#words += piece;
		return this.#isProse() ? this.#leave() : STAY;
	}

	marker(marker: Marker, spelled: string): Step {
		if (this.#state === "between") return this.#between(marker, spelled);
		if (this.#state === "id") return this.#inId(marker, spelled);
		return this.#scan.inString ? this.#inString(marker, spelled) : this.#inArgs(marker, spelled);
	}

	end(): Step {
		if (this.#state === "between") return this.#leave();
		if (this.#state === "id") {
			if (this.#words.trim().split(/\s+/).length > MAX_ID_WORDS) return this.#leave();
			this.#sink.found({ id: this.#words.trim(), args: "", ended: "cut" });
			return { over: true };
		}
		if (this.#scan.state !== "done" && this.#firstEnd !== -1) return this.#fallBack();
		this.#finish(this.#scan.state === "done" ? "open" : "cut");
		return { over: true };
	}

	#isProse(): boolean {
		if (this.#state === "between" && !this.#inSection) return this.#words.trim() !== "";
		return this.#words.length > MAX_NOISE && (this.#state === "id" || this.#calls === 0);
	}

	#between(marker: Marker, spelled: string): Step {
		if (marker === "section-end") return this.#leave();
		if (marker === "call-begin") this.#beginId();
		else if (marker === "argument-begin" && /^\s*\S+\s*$/.test(this.#words)) this.#beginArgs();
		else if (isOthers(marker)) return this.#leave(spelled);
		return STAY;
	}

	#inId(marker: Marker, spelled: string): Step {
		if (marker === "argument-begin") {
			this.#beginArgs();
			return STAY;
		}
		if (!isEnd(marker)) return isOthers(marker) ? this.#leave(spelled) : STAY;
		if (this.#words.trim() !== "") {
			this.#beginArgs();
			this.#finish("marked");
		}
		return this.#after(marker);
	}

	#inString(marker: Marker, spelled: string): Step {
		if (isEnd(marker) && this.#firstEnd === -1) this.#firstEnd = this.#args.length;
		return this.#addArgs(spelled);
	}

	#inArgs(marker: Marker, spelled: string): Step {
		if (isEnd(marker)) {
			this.#finish("marked");
			return this.#after(marker);
		}
		if (this.#scan.state !== "done") return this.#addArgs(spelled);
		if (!isOthers(marker)) return STAY;
		this.#finish("marked");
		return this.#leave(spelled);
	}

	/** Behind a marker that ended a call. */
	#after(marker: Marker): Step {
		this.#state = "between";
		this.#words = "";
		if (marker === "call-begin") this.#beginId();
		return marker === "section-end" ? { over: true } : STAY;
	}

	/** Back to prose. What stood here without any call or section was prose as well. */
	#leave(then = ""): Step {
		const words = this.#state === "id" || this.#calls === 0 || !this.#inSection ? this.#words : "";
		return { over: true, again: words + then };
	}

	#beginId(): void {
		this.#state = "id";
		this.#words = "";
	}

	#beginArgs(): void {
		this.#state = "args";
		this.#id = this.#words.trim();
		this.#args = "";
		this.#bytes = 0;
		this.#scan = createJsonScan();
		this.#firstEnd = -1;
		this.#sink.reading(this.#id, 0);
	}

	#addArgs(piece: string): Step {
		this.#args += piece;
		this.#bytes += Buffer.byteLength(piece);
		this.#scan.add(piece);
		if (this.#scan.state === "bad" && this.#firstEnd !== -1) return this.#fallBack();
		this.#sink.reading(this.#id, this.#bytes);
		return STAY;
	}

	/** The string with the marker in it was none: the call ended there, and the rest is read again. */
	#fallBack(): Step {
		const again = this.#args.slice(this.#firstEnd);
		this.#args = this.#args.slice(0, this.#firstEnd);
		this.#finish("marked");
		this.#state = "between";
		this.#words = "";
		return { again };
	}

	#finish(ended: Found["ended"]): void {
		this.#calls++;
		this.#sink.found({ id: this.#id, args: this.#args.trim(), ended });
	}
}

function isEnd(marker: Marker): boolean {
	return marker === "call-end" || marker === "section-end" || marker === "call-begin" || marker === "section-begin";
}

/** Markers that have nothing to do with K2's calls: the section is over, whether it says so or not. */
function isOthers(marker: Marker): boolean {
	return marker === "think" || marker === "think-end" || marker === "open" || marker === "close";
}
