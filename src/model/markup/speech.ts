import type { ToolSpec } from "../../agent/ports.ts";
import { type Channel, createChannel } from "./channel.ts";
import { Said, type SpeechListener, type Spoken } from "./said.ts";

export interface SpeechOptions {
	/** Offered with the request; without any, leaked calls are taken out and never run. */
	readonly tools?: readonly ToolSpec[];
	/** This server is known to send thinking inside of the text, up to `</think>` and often without a `<think>`. */
	readonly thinkTags?: boolean;
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
 * no part of the answer; where none is meant, as the server sent calls as such or no tools were offered, only the markup
 * goes.
 */
export function createSpeech(options: SpeechOptions, listener: SpeechListener): Speech {
	const said = new Said(listener, options.tools ?? []);
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
				if (native) said.dropCalls();
			}
			over = true;
			return said.result();
		},
	};
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
