import { finishedUpTo, type References, renderPiece } from "./markdown.ts";

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

/** Renders a message that grows. Each finished block is rendered once; an update costs as much as the last block. */
export interface MarkdownStream {
	/** `source` is the whole message so far. `done`: nothing follows, and nothing stays in the tail. */
	update(source: string, done: boolean): Shown;
}

export function createStream(): MarkdownStream {
	let state = empty;
	return {
		update(source, done) {
			const goesOn = source.startsWith(state.raw) && !(state.closed && source !== state.raw);
			state = grow(goesOn ? state : empty, source, done);
			const { pieces, rest, references } = state;
			return { pieces, tail: rest === "" ? "" : renderPiece(rest, { ...references }, false) };
		},
	};
}

interface Progress {
	/** What was taken in of the message. */
	readonly raw: string;
	/** The part of it that is not finished, with `\n` line ends. */
	readonly rest: string;
	readonly references: References;
	readonly pieces: readonly Piece[];
	readonly closed: boolean;
}

const empty: Progress = { raw: "", rest: "", references: {}, pieces: [], closed: false };

function grow(state: Progress, source: string, done: boolean): Progress {
	// A carriage return at the end may be half of a line end.
	const fresh = source.slice(state.raw.length, !done && source.endsWith("\r") ? -1 : undefined);
	const rest = state.rest + fresh.replace(/\r\n?/g, "\n");
	const next = { ...state, raw: state.raw + fresh, rest, closed: done };
	// Only a whole line can finish a block.
	const end = done ? rest.length : fresh.includes("\n") ? finishedUpTo(rest) : 0;
	return end === 0 ? next : { ...next, rest: rest.slice(end), ...freeze(state, rest.slice(0, end)) };
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
