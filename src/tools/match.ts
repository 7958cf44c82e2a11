import { createMapper, dominantEol, normalise, withEol } from "../agent/eol.ts";

/** Replaces `old` by `new`, both as the model wrote them; `all`: every occurrence instead of the only one. */
export interface Edit {
	readonly old: string;
	readonly new: string;
	readonly all: boolean;
}

/** A replaced stretch, in lines of the text as it is afterwards, counted from 0; `to` is exclusive. */
export interface Region {
	readonly from: number;
	readonly to: number;
}

/** Why edit number `index` (from 0) cannot be made; `lines` count from 1. */
export type EditTrouble =
	| { readonly kind: "missing" | "same" | "empty"; readonly index: number }
	| { readonly kind: "several"; readonly index: number; readonly total: number; readonly lines: readonly number[] }
	| { readonly kind: "overlap"; readonly index: number; readonly other: number };

export type Applied =
	| { readonly ok: true; readonly text: string; readonly replaced: number; readonly regions: readonly Region[] }
	| { readonly ok: false; readonly trouble: EditTrouble };

/** Most line numbers that an ambiguous match names. */
export const MAX_LINES = 10;

interface Span {
	/** Which edit it belongs to. */
	readonly index: number;
	/** Where in the view, end exclusive. */
	readonly start: number;
	readonly end: number;
	readonly insert: string;
}

/**
 * All edits on one snapshot, or none: each `old` must be in the text exactly once (or `all`), no two may touch the same
 * stretch. Replacements are literal. Line ends: `\n` matches `\r\n`, and what is inserted takes the line end of the
 * stretch it replaces, else the file's. Where old and new begin or end alike, the bytes of the file stay.
 */
export function applyEdits(text: string, edits: readonly Edit[]): Applied {
	const view = normalise(text);
	const spans: Span[] = [];
	for (const [index, edit] of edits.entries()) {
		const found = find(view, edit, index);
		if (!Array.isArray(found)) return { ok: false, trouble: found };
		for (const span of found) spans.push(span);
	}
	spans.sort((a, b) => a.start - b.start || a.end - b.end);
	for (const [at, span] of spans.entries()) {
		const before = spans[at - 1];
		if (before && span.start < before.end) {
			const [other, index] = [before.index, span.index].sort((a, b) => a - b) as [number, number];
			return { ok: false, trouble: { kind: "overlap", index, other } };
		}
	}
	return { ok: true, replaced: spans.length, ...splice(text, view, spans) };
}

function find(view: string, edit: Edit, index: number): Span[] | EditTrouble {
	const [old, insert] = [normalise(edit.old), normalise(edit.new)];
	if (old === insert) return { kind: "same", index };
	// Nothing is everywhere: only an empty file has exactly one place for it.
	if (old === "") return view === "" ? [{ index, start: 0, end: 0, insert }] : { kind: "empty", index };
	const starts = occurrences(view, old, edit.all ? old.length : 1);
	if (starts.length === 0) return { kind: "missing", index };
	if (starts.length > 1 && !edit.all)
		return { kind: "several", index, total: starts.length, lines: lineNumbers(view, starts) };
	return starts.map((start) => ({ index, start, end: start + old.length, insert }));
}

function occurrences(text: string, part: string, step: number): number[] {
	const starts: number[] = [];
	for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + step)) starts.push(at);
	return starts;
}

function lineNumbers(text: string, starts: readonly number[]): number[] {
	let line = 1;
	let at = 0;
	const lines = starts.map((start) => {
		line += countBreaks(text, at, start);
		at = start;
		return line;
	});
	return [...new Set(lines)].slice(0, MAX_LINES);
}

function countBreaks(text: string, from: number, to: number): number {
	let breaks = 0;
	for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) breaks++;
	return breaks;
}

function splice(text: string, view: string, spans: readonly Span[]): { text: string; regions: Region[] } {
	const fileEol = dominantEol(text) ?? "\n";
	const map = createMapper(text);
	const pieces: string[] = [];
	const regions: Region[] = [];
	let done = 0;
	let viewDone = 0;
	let line = 0;
	for (const span of spans) {
		const old = view.slice(span.start, span.end);
		const [head, tail] = alike(old, span.insert);
		const [start, from, to, end] = [span.start, span.start + head, span.end - tail, span.end].map(map) as Four;
		const eol = dominantEol(text.slice(start, end)) ?? fileEol;
		pieces.push(text.slice(done, from), withEol(span.insert.slice(head, span.insert.length - tail), eol));
		done = to;
		line += countBreaks(view, viewDone, span.start);
		viewDone = span.end;
		const height = countBreaks(span.insert, 0, span.insert.length);
		regions.push({ from: line, to: line + height + (span.insert.endsWith("\n") ? 0 : 1) });
		line += height;
	}
	return { text: pieces.join("") + text.slice(done), regions };
}

type Four = [number, number, number, number];

/** How many characters two texts share at their start and, besides, at their end. */
function alike(a: string, b: string): [head: number, tail: number] {
	const short = Math.min(a.length, b.length);
	let head = 0;
	while (head < short && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < short - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
	return [head, tail];
}
