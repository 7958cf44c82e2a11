import { createCodeWatch } from "./code-watch.ts";
import type { Marker } from "./lexer.ts";

/** Where prose goes. */
export interface ProseSink {
	text(piece: string): void;
	/** A marker that stands in the open and is not of the message's end. */
	marker(marker: Marker): void;
	/** Markers were taken out and said nothing. */
	stripped(): void;
	/** To be read once more. */
	again(text: string): void;
	/** A thinking that tags set off is open: its end is what it looks like even in code. */
	readonly inTags: boolean;
}

/**
 * Passes prose on, and the markers that stand in it. Markers in code are text: within a fence at once, behind a
 * back-tick when its partner comes on the same line. Marks of the message's end are text if text follows; if the next
 * turn follows, the model was not stopped and plays the other side as well: nothing of that is said.
 */
export class Prose {
	readonly #sink: ProseSink;
	#watch = createCodeWatch();
	/** Said since the watch last looked: it looks only where a marker stands. */
	#unwatched = "";
	/** Marks of the end, and the blanks behind them. */
	#ends = "";
	#over = false;
	/** From a marker behind an open back-tick on, and how many back-ticks it ends with. */
	#suspect = "";
	#ticks = 0;

	constructor(sink: ProseSink) {
		this.#sink = sink;
	}

	text(piece: string): void {
		if (this.#over) return;
		if (this.#suspect !== "") {
			this.#suspect += piece;
			this.#settle(piece, false);
		} else if (this.#ends !== "" && piece.trim() === "") this.#ends += piece;
		else {
			this.#sayEnds();
			this.#say(piece);
		}
	}

	marker(marker: Marker, spelled: string): void {
		if (this.#over) return;
		const unprotected = this.#sink.inTags && (marker === "think-end" || marker === "close");
		if (this.#suspect !== "") {
			this.#suspect += spelled;
			if (unprotected) this.#notCode();
			else this.#settle(spelled, false);
			return;
		}
		this.#watch.add(this.#unwatched);
		this.#unwatched = "";
		if (unprotected) this.#inTheOpen(marker, spelled);
		else if (this.#watch.inFence()) {
			this.#sayEnds();
			this.#say(spelled);
		} else if (this.#watch.openRun() > 0) this.#suspect = spelled;
		else this.#inTheOpen(marker, spelled);
	}

	/** Nothing follows. True when it gave something to read again. */
	end(): boolean {
		if (this.#suspect !== "") {
			this.#settle("", true);
			return true;
		}
		if (this.#ends !== "") this.#sink.stripped();
		this.#ends = "";
		return false;
	}

	/** Another text begins: what was open in the one before is not in this one. */
	restart(): void {
		this.#watch = createCodeWatch();
		this.#unwatched = "";
	}

	#say(piece: string): void {
		this.#unwatched += piece;
		this.#sink.text(piece);
	}

	#sayEnds(): void {
		if (this.#ends === "") return;
		const told = this.#ends;
		this.#ends = "";
		this.#say(told);
	}

	#inTheOpen(marker: Marker, spelled: string): void {
		if (marker === "end") {
			this.#ends += spelled;
			return;
		}
		if (marker === "turn" && this.#ends === "") {
			this.#say(spelled);
			return;
		}
		if (this.#ends !== "") this.#sink.stripped();
		this.#ends = "";
		this.#over = marker === "turn";
		if (!this.#over) this.#sink.marker(marker);
	}

	/** Looks for the partner of the open run in `piece`, the end of the suspect; `final`: nothing follows. */
	#settle(piece: string, final: boolean): void {
		const open = this.#watch.openRun();
		const before = this.#suspect.length - piece.length;
		for (let at = 0; at < piece.length; at++) {
			const char = piece[at];
			if (char === "`") this.#ticks++;
			else if (this.#ticks === open) {
				this.#wasCode(before + at);
				return;
			} else if (char === "\n") {
				this.#notCode();
				return;
			} else this.#ticks = 0;
		}
		if (!final) return;
		if (this.#ticks === open) this.#wasCode(this.#suspect.length);
		else this.#notCode();
	}

	#notCode(): void {
		this.#watch.giveUpRun();
		this.#sink.again(this.#takeSuspect());
	}

	#wasCode(length: number): void {
		const text = this.#takeSuspect();
		this.#say(text.slice(0, length));
		this.#sink.again(text.slice(length));
	}

	#takeSuspect(): string {
		const taken = this.#suspect;
		this.#suspect = "";
		this.#ticks = 0;
		return taken;
	}
}
