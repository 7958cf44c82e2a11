import { finishedUpTo, plain, type References, renderPiece } from "./markdown.ts";

/** A part of the message that is finished: its HTML changes only when a later definition gives one of its links a target. */
export interface Piece {
	readonly source: string;
	readonly html: string;
}

/** What to show of a message: the HTML of all pieces and then the tail is the message. */
export interface Shown {
	readonly pieces: readonly Piece[];
	readonly tail: string;
}

/** Characters of an unfinished block that are rendered, and searched for its end, again and again. */
const TAIL = 50_000;

/** Renders a message that grows. Each finished block is rendered once; an update costs as much as the last block. */
export interface MarkdownStream {
	/** `source` is the whole message so far. `done`: nothing follows, and nothing stays in the tail. */
	update(source: string, done: boolean): Shown;
}

export function createStream(): MarkdownStream {
	let state = empty;
	return {
		update(source, done) {
			const goesOn = continues(state, source) && !(state.closed && source.length !== state.taken);
			state = grow(goesOn ? state : empty, source, done);
			const { pieces, rest, references } = state;
			return { pieces, tail: rest.length > TAIL ? plain(rest) : renderPiece(rest, { ...references }, false) };
		},
	};
}

interface Progress {
	/** Characters of the message that were taken in, and the last few of them. */
	readonly taken: number;
	readonly end: string;
	/** The part of it that is not finished, with `\n` line ends. */
	readonly rest: string;
	readonly references: References;
	readonly pieces: readonly Piece[];
	readonly closed: boolean;
}

const empty: Progress = { taken: 0, end: "", rest: "", references: {}, pieces: [], closed: false };

/** Characters that tell one message from another: comparing all of it would cost more with each update. */
const END_LENGTH = 64;

function continues({ taken, end }: Progress, source: string): boolean {
	return source.length >= taken && source.startsWith(end, taken - end.length);
}

function grow(state: Progress, source: string, done: boolean): Progress {
	// A carriage return at the end may be half of a line end.
	const taken = !done && source.endsWith("\r") ? source.length - 1 : source.length;
	const fresh = source.slice(state.taken, taken);
	const rest = state.rest + fresh.replace(/\r\n?/g, "\n");
	const end = source.slice(Math.max(0, taken - END_LENGTH), taken);
	const next = { ...state, taken, end, rest, closed: done };
	// Only a whole line can finish a block.
	const whole = done ? rest.length : fresh.includes("\n") ? finishedUpTo(rest.slice(0, TAIL)) : 0;
	return whole === 0 ? next : { ...next, rest: rest.slice(whole), ...freeze(state, rest.slice(0, whole)) };
}

function freeze(state: Progress, source: string): Pick<Progress, "pieces" | "references"> {
	const references = { ...state.references };
	const html = renderPiece(source, references, true);
	const defined = Object.keys(references).length > Object.keys(state.references).length;
	const pieces = defined ? state.pieces.map((piece) => again(piece, references)) : state.pieces;
	return { references, pieces: html === "" ? pieces : [...pieces, { source, html }] };
}

function again(piece: Piece, references: References): Piece {
	if (!piece.source.includes("[")) return piece;
	const html = renderPiece(piece.source, { ...references }, true);
	return html === piece.html ? piece : { ...piece, html };
}
