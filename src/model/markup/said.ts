import type { ToolSpec } from "../../agent/ports.ts";
import type { CallPart, Repair } from "../../shared/message.ts";
import type { Found } from "./found.ts";
import { toParts } from "./resolve.ts";

/** Told what is new, as it may be shown. */
export interface SpeechListener {
	/** `meant`: what it is unless it turns out to be thinking, where it is shown as such until then. */
	grow(kind: "text" | "reasoning", piece: string, meant?: "text"): void;
	calling(calling: { readonly index: number; readonly tool: string; readonly bytes: number }): void;
}

/** What was said, cleared of leaked markup. */
export interface Spoken {
	readonly text: string;
	readonly reasoning: string;
	/** Calls that stood in the markup: those that were meant, in order. */
	readonly calls: readonly CallPart[];
	/** How the last of them ended: `cut` in its middle, or `open`, complete but without its end. */
	readonly unfinished?: "cut" | "open";
	readonly repairs: readonly Repair[];
}

/** What was said in both channels so far. */
export class Said {
	readonly #listener: SpeechListener;
	readonly #tools: readonly ToolSpec[];
	#text = "";
	#blank = "";
	#reasoning = "";
	#blankReasoning = "";
	/** Calls in the text, and calls at the end of a thinking so far. */
	#calls: Found[] = [];
	#drafts: Found[] = [];
	/** Said behind the calls in the text: no part of the answer if they are meant. */
	#rest = "";
	#found = 0;
	/** Thinking came in a field of its own. */
	fieldSpoke = false;
	stripped = false;
	#thinkTags = false;

	/** Without `tools` no call is meant. */
	constructor(listener: SpeechListener, tools: readonly ToolSpec[]) {
		this.#listener = listener;
		this.#tools = tools;
	}

	/** `shown`: the thinking for which this is taken until it is known to be text. */
	say(piece: string, shown: "text" | "reasoning"): void {
		if (this.#calls.length > 0) {
			this.#rest += piece;
			return;
		}
		// Blanks between calls are no text; blanks before a text belong to it.
		if (this.#text === "" && piece.trim() === "") {
			this.#blank += piece;
			return;
		}
		if (piece.trim() !== "") this.#drafts = [];
		const told = this.#blank + piece;
		this.#blank = "";
		this.#text += told;
		this.#listener.grow(shown, told, "text");
	}

	/** `exact`: from a field of its own, where blanks count. */
	think(piece: string, exact: boolean): void {
		const isBlank = piece.trim() === "";
		if (!exact && this.#reasoning === "" && isBlank) {
			this.#blankReasoning += piece;
			return;
		}
		if (!isBlank) this.#drafts = [];
		const told = this.#blankReasoning + piece;
		this.#blankReasoning = "";
		this.#reasoning += told;
		this.#listener.grow("reasoning", told);
	}

	get silent(): boolean {
		return this.#text === "" && this.#calls.length === 0;
	}

	/** Calls in a thinking that something followed. */
	dropDrafts(): void {
		this.#drafts = [];
	}

	/** Blanks before a tag are of the markup. */
	dropBlanks(): void {
		this.#blank = "";
	}

	/** What was taken for text was thinking. */
	relabel(): void {
		this.#reasoning += this.#text === "" ? "" : this.#blankReasoning + this.#text;
		this.#text = "";
		this.#blank = "";
		const rest = this.#rest;
		if (this.#calls.length > 0) this.#drafts = this.#calls;
		this.#calls = [];
		this.#rest = "";
		if (rest !== "") this.think(rest, false);
	}

	/** The calls in the text were not meant: what was said behind them is. */
	dropCalls(): void {
		const rest = this.#rest;
		this.#calls = [];
		this.#drafts = [];
		this.#rest = "";
		if (rest.trim() !== "") this.say(rest, "text");
	}

	found(call: Found, inThinking: boolean): void {
		this.#found++;
		if (this.#tools.length === 0) return;
		if (inThinking) this.#drafts.push(call);
		else this.#calls.push(call);
	}

	reading(id: string, bytes: number): void {
		const tool = id.replace(/:\d*$/, "").split(".").at(-1)?.trim() ?? "";
		this.#listener.calling({ index: this.#found, tool, bytes });
	}

	thinkTag(): void {
		this.#thinkTags = true;
	}

	result(): Spoken {
		const meant = this.#calls.length > 0 ? this.#calls : this.#drafts;
		// Of a call that was cut in its name there is nothing to show.
		const named = meant.filter((call) => call.ended !== "cut" || call.args !== "");
		const calls = toParts(named, this.#tools);
		const ended = meant.at(-1)?.ended ?? "marked";
		const repairs: Repair[] = [];
		if (calls.length > 0) repairs.push("recovered-calls");
		else if (this.stripped) repairs.push("leaked-markup");
		if (this.#thinkTags) repairs.push("think-tags");
		const spoken = { text: this.#text, reasoning: this.#reasoning, calls, repairs };
		return ended === "marked" ? spoken : { ...spoken, unfinished: ended };
	}
}
