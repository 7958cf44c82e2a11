import { createCodeWatch } from "./code-watch.ts";
import type { Marker } from "./lexer.ts";
import { Suspect, thoughts, type Verdict } from "./suspect.ts";

/** Where prose goes. */
export interface ProseSink {
	text(piece: string): void;
	/** A marker that stands in the open and is not of the message's end. */
	marker(marker: Marker): void;
	/** Markers were taken out and said nothing. */
	stripped(): void;
	/** To be read once more. */
	again(text: string): void;
	/** A thinking that tags set off is open, or may be. */
	readonly inTags: boolean;
}

/** What directly follows markers that are mentioned and not meant: `<think> is a tag`, `<|im_user|> begins a turn`. */
const MENTIONED = { think: /^( [a-z]|[,.;:)](\s|$))/, turn: /^[^\w\n]./s } as const;
/** So many characters behind them tell. */
const TELLING = 2;
/** Behind these, words in brackets are of code or of a sentence. */
const BEFORE_WORD = /[\s=([{<,+:|&/-]$/;
const INDENTED = /^(\t| {4})/;

/**
 * Passes prose on, and the markers that stand in it. Markers in code are text: within a fence at once, behind a
 * back-tick when its partner comes on the same line. The end of a thinking that tags set off may cut code, though: there
 * it is text only if its beginning stands in the same code, or back-ticks enclose nothing else.
 *
 * `<think>` is a word within a line, and where a sentence goes on behind it. Marks of the message's end are text if text
 * follows; those in brackets count only directly behind text or on a line of their own. If the next turn follows, the
 * model was not stopped and plays the other side as well: nothing of that is said.
 */
export class Prose {
	readonly #sink: ProseSink;
	#watch = createCodeWatch();
	/** Said since the watch last looked: it looks only where a marker stands. */
	#unwatched = "";
	/** The last character that was said behind the last marker that was meant. */
	#last = "";
	/** Marks of the end, and the blanks behind them. */
	#ends = "";
	#over = false;
	#suspect: Suspect | undefined;
	/** A marker in the open whose meaning shows by what follows, and what of that has come. */
	#held: { readonly marker: "think" | "turn"; readonly spelled: string; follows: string } | undefined;
	/** Thinking that is open in the fence of this number. */
	#quoted = { fence: 0, thoughts: 0 };

	constructor(sink: ProseSink) {
		this.#sink = sink;
	}

	text(piece: string): void {
		if (this.#over) return;
		if (this.#suspect) this.#settle(this.#suspect, this.#suspect.add(piece));
		else if (this.#held) {
			this.#held.follows += piece;
			if (this.#held.follows.length >= TELLING) this.#decide();
		} else if (this.#ends !== "" && piece.trim() === "") this.#ends += piece;
		else this.#say(piece);
	}

	marker(marker: Marker, spelled: string): void {
		this.#decide();
		if (this.#over) return;
		const endsThinking = this.#sink.inTags && (marker === "think-end" || marker === "close");
		if (this.#suspect) {
			const cuts = endsThinking && !this.#suspect.quotesThinking;
			const verdict = this.#suspect.marker(marker, spelled);
			this.#settle(this.#suspect, cuts ? (verdict ?? "none") : verdict);
			return;
		}
		this.#watch.add(this.#unwatched);
		this.#unwatched = "";
		const open = this.#watch.openRun();
		if (this.#isFenced(marker, endsThinking)) this.#say(spelled);
		else if (this.#quoted.fence === 0 && open > 0 && (!endsThinking || this.#last === "`")) {
			this.#suspect = new Suspect(open, endsThinking);
			this.#suspect.marker(marker, spelled);
		} else this.#inTheOpen(marker, spelled);
	}

	/** Nothing follows. True when it gave something to read again. */
	end(): boolean {
		if (this.#suspect) {
			this.#settle(this.#suspect, this.#suspect.end());
			return true;
		}
		this.#decide();
		if (this.#ends !== "") this.#sink.stripped();
		this.#ends = "";
		return false;
	}

	/** Another text begins: what was open in the one before is not in this one. */
	restart(): void {
		this.#watch = createCodeWatch();
		this.#unwatched = "";
	}

	/** Marks of the end that something follows are text. */
	#say(piece: string): void {
		const told = this.#ends + piece;
		this.#ends = "";
		this.#unwatched += told;
		this.#last = told.at(-1) ?? this.#last;
		this.#sink.text(told);
	}

	#isFenced(marker: Marker, endsThinking: boolean): boolean {
		const fence = this.#watch.fence();
		if (fence !== this.#quoted.fence) this.#quoted = { fence, thoughts: 0 };
		if (fence === 0 || (endsThinking && this.#quoted.thoughts === 0)) return false;
		this.#quoted.thoughts = Math.max(0, this.#quoted.thoughts + thoughts(marker));
		return true;
	}

	#inTheOpen(marker: Marker, spelled: string): void {
		if (this.#isWord(marker, spelled)) this.#say(spelled);
		else if (marker === "end") this.#ends += spelled;
		else if (marker === "think" || marker === "turn") this.#held = { marker, spelled, follows: "" };
		else this.#mean(marker);
	}

	/** By what stands before it. */
	#isWord(marker: Marker, spelled: string): boolean {
		if (this.#ends !== "") return false;
		const line = this.#watch.line();
		const begins = this.#last === "" || line.trim() === "";
		if (marker === "end" && spelled.startsWith("["))
			return INDENTED.test(line) || (!begins && BEFORE_WORD.test(this.#last));
		return marker === "turn" || (marker === "think" && !begins);
	}

	/** By what stands behind it, as far as that has come. */
	#decide(): void {
		const held = this.#held;
		if (!held) return;
		this.#held = undefined;
		if (MENTIONED[held.marker].test(held.follows)) this.#say(held.spelled);
		else this.#mean(held.marker);
		if (held.follows !== "") this.text(held.follows);
	}

	#mean(marker: Marker): void {
		if (this.#ends !== "") this.#sink.stripped();
		this.#ends = "";
		this.#last = "";
		this.#over = marker === "turn";
		if (!this.#over) this.#sink.marker(marker);
	}

	#settle(suspect: Suspect, verdict: Verdict): void {
		if (verdict === undefined) return;
		this.#suspect = undefined;
		const code = verdict === "none" ? 0 : verdict.code;
		if (verdict === "none") this.#watch.giveUpRun();
		else this.#say(suspect.text.slice(0, code));
		this.#sink.again(suspect.text.slice(code));
	}
}
