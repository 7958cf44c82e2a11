import type { ToolSpec } from "../../agent/ports.ts";
import type { CallPart, Repair } from "../../shared/message.ts";
import { type Channel, createChannel } from "./channel.ts";
import type { Found } from "./found.ts";
import { toParts } from "./resolve.ts";

export interface SpeechOptions {
	/** Offered with the request; without any, leaked calls are taken out and never run. */
	readonly tools?: readonly ToolSpec[];
	/** This server is known to send thinking inside of the text, up to `</think>` and often without a `<think>`. */
	readonly thinkTags?: boolean;
}

/** Told what is new, as it may be shown. */
export interface SpeechListener {
	grow(kind: "text" | "reasoning", piece: string): void;
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

/** What a server sends as text and as thinking, sorted anew. */
export interface Speech {
	content(piece: string): void;
	reasoning(piece: string): void;
	/** Ends it. `native`: the server sent calls as such; then those in the markup are the same ones, and none is meant. */
	end(native: boolean): Spoken;
}

/**
 * Sorts text, thinking and calls of one answer by the markup that a server left in them. Where there is none, all goes
 * through as it comes.
 *
 * Thinking ends with `</think>` (K3: `<|close|>think`). If none was opened and none came in a field of its own, what
 * was said before it was thinking; it may have been shown as text meanwhile. A call in a thinking is meant if nothing
 * follows it, since models end their thinking with a call; else it was a draft. What follows a call in the text is
 * no part of the answer.
 */
export function createSpeech(options: SpeechOptions, listener: SpeechListener): Speech {
	const said = new Said(listener);
	const tools = options.tools ?? [];
	const content = new Voice(said, "opening", options.thinkTags === true);
	const reasoning = new Voice(said, "thinking", false);
	let over = false;
	return {
		content: (piece) => content.add(piece),
		reasoning(piece) {
			if (!said.fieldSpoke && piece.trim() !== "") said.fieldSpoke = true;
			reasoning.add(piece);
		},
		end(native) {
			if (!over) {
				reasoning.end();
				if (!said.silent) said.dropDrafts();
				content.end();
			}
			over = true;
			return said.result(tools, native);
		},
	};
}

/** What was said in both channels so far. */
class Said {
	readonly #listener: SpeechListener;
	#text = "";
	#blank = "";
	#reasoning = "";
	#blankReasoning = "";
	/** Calls in the text, and calls at the end of a thinking so far. */
	#calls: Found[] = [];
	#drafts: Found[] = [];
	#spokeAfterCalls = false;
	#found = 0;
	/** Thinking came in a field of its own. */
	fieldSpoke = false;
	stripped = false;
	#thinkTags = false;

	constructor(listener: SpeechListener) {
		this.#listener = listener;
	}

	/** `shown`: the thinking for which this is taken until it is known to be text. */
	say(piece: string, shown: "text" | "reasoning"): void {
		if (this.#calls.length > 0) {
			this.#spokeAfterCalls ||= piece.trim() !== "";
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
		this.#listener.grow(shown, told);
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
		if (this.#calls.length > 0) this.#drafts = this.#spokeAfterCalls ? [] : this.#calls;
		this.#calls = [];
		this.#spokeAfterCalls = false;
	}

	found(call: Found, inThinking: boolean): void {
		this.#found++;
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

	result(tools: readonly ToolSpec[], native: boolean): Spoken {
		const meant = native || tools.length === 0 ? [] : this.#calls.length > 0 ? this.#calls : this.#drafts;
		// Of a call that was cut in its name there is nothing to show.
		const named = meant.filter((call) => call.ended !== "cut" || call.args !== "");
		const calls = toParts(named, tools);
		const ended = meant.at(-1)?.ended ?? "marked";
		const repairs: Repair[] = [];
		if (calls.length > 0) repairs.push("recovered-calls");
		else if (this.stripped) repairs.push("leaked-markup");
		if (this.#thinkTags) repairs.push("think-tags");
		const spoken = { text: this.#text, reasoning: this.#reasoning, calls, repairs };
		return ended === "marked" ? spoken : { ...spoken, unfinished: ended };
	}
}

/** One of the two streams of text that a server sends. */
class Voice {
	readonly #said: Said;
	/** `opening`: whether this is thinking shows when its end comes, or does not. */
	#phase: "opening" | "thinking" | "speaking";
	/** From a field for thinking. */
	readonly #isField: boolean;
	readonly #expectsThinking: boolean;
	readonly #channel: Channel;
	#skipBlanks = false;

	constructor(said: Said, phase: "opening" | "thinking", expectsThinking: boolean) {
		this.#said = said;
		this.#phase = phase;
		this.#isField = phase === "thinking";
		this.#expectsThinking = expectsThinking;
		const inTags = () => (this.#phase === "thinking" && !this.#isField) || this.#mayThink();
		this.#channel = createChannel({
			text: (piece) => this.#text(piece),
			think: () => this.#think(),
			thinkEnd: () => this.#thinkEnd(),
			respond: () => this.#respond(),
			calls: () => this.#calls(),
			found: (call) => said.found(call, this.#phase === "thinking"),
			reading: (id, bytes) => said.reading(id, bytes),
			stripped: () => {
				said.stripped = true;
			},
			get inTags() {
				return inTags();
			},
		});
	}

	add(piece: string): void {
		if (piece !== "") this.#channel.add(piece);
	}

	end(): void {
		this.#channel.end();
	}

	/** Undecided, and the server is known for it. */
	#mayThink(): boolean {
		return this.#phase === "opening" && this.#expectsThinking && !this.#said.fieldSpoke;
	}

	#text(piece: string): void {
		if (this.#phase === "thinking") {
			this.#said.think(piece, this.#isField);
			return;
		}
		const told = this.#skipBlanks ? piece.trimStart() : piece;
		if (told === "") return;
		this.#skipBlanks = false;
		this.#said.say(told, this.#mayThink() ? "reasoning" : "text");
	}

	#think(): void {
		if (this.#phase === "thinking" || !this.#said.silent) {
			this.#said.stripped = true;
			return;
		}
		this.#said.dropBlanks();
		this.#said.thinkTag();
		this.#phase = "thinking";
	}

	#thinkEnd(): void {
		this.#skipBlanks ||= this.#said.silent;
		if (this.#phase === "speaking" || (this.#phase === "opening" && this.#said.fieldSpoke)) {
			this.#said.stripped = true;
			return;
		}
		if (this.#phase === "opening") this.#said.relabel();
		this.#said.dropBlanks();
		this.#said.thinkTag();
		this.#phase = "speaking";
		this.#skipBlanks = true;
		this.#channel.restart();
	}

	/** K3 says all that is no thinking in a response: what came before was thinking, even if its end is missing. */
	#respond(): void {
		if (this.#phase === "speaking" || (this.#phase === "opening" && this.#said.silent)) this.#phase = "speaking";
		else this.#thinkEnd();
	}

	/** Of K3: calls that no response came before stand behind the thinking. */
	#calls(): void {
		if (this.#phase !== "opening" || this.#said.silent || this.#said.fieldSpoke) return;
		this.#said.relabel();
		this.#said.thinkTag();
		this.#phase = "thinking";
	}
}
