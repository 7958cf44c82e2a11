/** The special tokens of Kimi's two dialects and of thinking, as they look when a server leaks them. */
export type Marker =
	| "section-begin"
	| "section-end"
	| "call-begin"
	| "argument-begin"
	| "call-end"
	| "open"
	| "close"
	| "sep"
	| "think"
	| "think-end"
	| "end"
	| "turn";

/** Servers and templates spell the section in two ways. The ends of a message mean something at its end only. */
const spellings: Readonly<Record<string, Marker>> = {
	"<|tool_calls_section_begin|>": "section-begin",
	"<|tool_call_section_begin|>": "section-begin",
	"<|tool_calls_section_end|>": "section-end",
	"<|tool_call_section_end|>": "section-end",
	"<|tool_call_begin|>": "call-begin",
	"<|tool_call_argument_begin|>": "argument-begin",
	"<|tool_call_end|>": "call-end",
	"<|open|>": "open",
	"<|close|>": "close",
	"<|sep|>": "sep",
	"<think>": "think",
	"</think>": "think-end",
	"<|im_end|>": "end",
	"<|end_of_msg|>": "end",
	"[EOS]": "end",
	"[EOT]": "end",
	"<|im_user|>": "turn",
	"<|im_assistant|>": "turn",
	"<|im_system|>": "turn",
};

const texts = Object.keys(spellings);
const anyMarker = new RegExp(texts.map((text) => text.replace(/[[\]|]/g, "\\$&")).join("|"), "g");
const LONGEST = Math.max(...texts.map((text) => text.length));
/** Input is taken in slices of this size, so that what is read twice is never copied whole. */
const SLICE = 4096;

/** Takes what the lexer finds. It may call `again` on the lexer at any time. */
export interface Listener {
	text(piece: string): void;
	marker(marker: Marker, spelled: string): void;
}

export interface Lexer {
	/** Takes a piece of a stream, cut anywhere. Holds back no more than what may still become a marker. */
	add(piece: string): void;
	/** Reads `text` once more, before all that has not been read yet. For listeners. */
	again(text: string): void;
	/** Reads what is left; what was held back is text, since nothing follows. May be called again after `again`. */
	end(): void;
}

/** Tells text and markers apart. Pure, and O(length) over all pieces. */
export function createLexer(listener: Listener): Lexer {
	let held = "";
	/** Not read yet; the last one comes first. */
	const pending: string[] = [];

	const later = (piece: string, from: number): void => {
		if (from < piece.length) pending.push(piece.slice(from));
	};
	/** Reads to the first thing that the listener may answer with `again`. */
	const readOne = (piece: string): void => {
		anyMarker.lastIndex = 0;
		const hit = anyMarker.exec(piece);
		const end = hit ? hit.index : piece.length - partialAtEnd(piece);
		if (end > 0) {
			later(piece, end);
			listener.text(piece.slice(0, end));
		} else if (hit) {
			const [spelled] = hit;
			later(piece, spelled.length);
			listener.marker(spellings[spelled] ?? "end", spelled);
		} else held = piece;
	};
	const drain = (): void => {
		for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
			const piece = held + next;
			held = "";
			readOne(piece);
		}
	};

	return {
		add(piece) {
			if (held === "" && !piece.includes("<") && !piece.includes("[")) {
				listener.text(piece);
				drain();
				return;
			}
			for (let at = 0; at < piece.length; at += SLICE) {
				pending.push(piece.slice(at, at + SLICE));
				drain();
			}
		},
		again(text) {
			if (text !== "") pending.push(text);
		},
		end() {
			drain();
			while (held !== "") {
				const text = held;
				held = "";
				listener.text(text);
				drain();
			}
		},
	};
}

/** Length of the longest end of `text` with which a marker begins. */
function partialAtEnd(text: string): number {
	for (let at = Math.max(0, text.length - LONGEST + 1); at < text.length; at++) {
		const first = text[at];
		if (first !== "<" && first !== "[") continue;
		const end = text.slice(at);
		if (texts.some((each) => each.startsWith(end))) return end.length;
	}
	return 0;
}
