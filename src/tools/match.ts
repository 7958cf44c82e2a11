import { createMapper, dominantEol, type Eol, normalise } from "../agent/eol.ts";
import { countNear, findDeeper, findLoose, type Ignored, isTiny, type Place } from "./match/loose.ts";
import { merge } from "./match/merge.ts";
import { withoutNumbers } from "./match/numbers.ts";

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

/** An edit, by its number from 0, whose text stands in the file with these differences only. */
export interface Drift {
	readonly index: number;
	readonly ignored: readonly Ignored[];
}

/** Why edit number `index` (from 0) cannot be made; `lines` count from 1; `ignored` is what its matches differ in. */
export type EditTrouble =
	| { readonly kind: "missing" | "same" | "empty"; readonly index: number }
	| {
			readonly kind: "several";
			readonly index: number;
			readonly total: number;
			readonly lines: readonly number[];
			readonly ignored?: readonly Ignored[];
	  }
	| { readonly kind: "overlap"; readonly index: number; readonly other: number };

export type Applied =
	| {
			readonly ok: true;
			readonly text: string;
			readonly replaced: number;
			readonly regions: readonly Region[];
			/** Edits that were found by looking less strictly. */
			readonly drifts: readonly Drift[];
			/** Places that only look like what was to be replaced everywhere, and were left. */
			readonly near: number;
	  }
	| { readonly ok: false; readonly trouble: EditTrouble };

/** Most line numbers that an ambiguous match names. */
export const MAX_LINES = 10;

/** A place of the view, which is the text with `\n` only, and the edit that it belongs to. */
interface Span extends Place {
	readonly index: number;
}

interface Matches {
	readonly places: readonly Place[];
	readonly ignored: readonly Ignored[];
}

/**
 * All edits on one snapshot, or none: each `old` must be in the text exactly once (or `all`), no two may touch the same
 * stretch. Replacements are literal. An `old` that is not there as such is looked for less strictly: see `findLoose`.
 * What is inserted takes the line end of the stretch it replaces, else the file's. Where old and new are alike, the
 * bytes of the file stay.
 */
export function applyEdits(text: string, edits: readonly Edit[]): Applied {
	const view = normalise(text);
	const spans: Span[] = [];
	const drifts: Drift[] = [];
	let near = 0;
	for (const [index, edit] of edits.entries()) {
		const found = find(view, edit, index);
		if ("kind" in found) return { ok: false, trouble: found };
		for (const place of found.places) spans.push({ ...place, index });
		if (edit.all) near += countNear(view, wantedOf(edit), found.places);
		if (found.ignored.length > 0) drifts.push({ index, ignored: found.ignored });
	}
	spans.sort((a, b) => a.start - b.start || a.end - b.end);
	for (const [at, span] of spans.entries()) {
		const before = spans[at - 1];
		if (before && span.start < before.end) {
			const [other, index] = [before.index, span.index].sort((a, b) => a - b) as [number, number];
			return { ok: false, trouble: { kind: "overlap", index, other } };
		}
	}
	const after = splice(text, view, spans);
	// What was ignored to find the place was all that the edit would have changed.
	const [drift] = drifts;
	if (after.text === text && drift) return { ok: false, trouble: { kind: "same", index: drift.index } };
	return { ok: true, replaced: spans.length, ...after, drifts, near };
}

function find(view: string, edit: Edit, index: number): Matches | EditTrouble {
	const { old, insert } = wantedOf(edit);
	if (old === insert) return { kind: "same", index };
	// Nothing is everywhere: only an empty file has exactly one place for it.
	if (old === "") {
		const places = [{ start: 0, end: 0, old, insert }];
		return view === "" ? { places, ignored: [] } : { kind: "empty", index };
	}
	const found = findExact(view, old, insert, edit.all) ?? findLoosely(view, old, insert, edit.all);
	if (!found) return { kind: "missing", index };
	const { places, ignored } = found;
	if (places.length === 1 || (edit.all && isSafeForAll(ignored))) return found;
	const lines = lineNumbers(
		view,
		places.map(({ start }) => start),
	);
	return { kind: "several", index, total: places.length, lines, ...(ignored.length > 0 && { ignored }) };
}

function wantedOf(edit: Edit) {
	return { old: normalise(edit.old), insert: normalise(edit.new), atLineStart: false };
}

function findExact(view: string, old: string, insert: string, all: boolean): Matches | undefined {
	const starts = occurrences(view, old, all ? old.length : 1);
	if (starts.length === 0) return undefined;
	const [only] = starts;
	if (only !== undefined && starts.length === 1 && /\n.*\S/.test(insert)) {
		const place = findDeeper(view, only, { old, insert, atLineStart: false });
		if (place) return { places: [place], ignored: ["indent"] };
	}
	return { places: starts.map((start) => ({ start, end: start + old.length, old, insert })), ignored: [] };
}

/** Only line ends and what trails before them say nothing about which place is meant. */
function isSafeForAll(ignored: readonly Ignored[]): boolean {
	return ignored.every((what) => what === "ends");
}

function findLoosely(view: string, old: string, insert: string, all: boolean): Matches | undefined {
	const found = findLoose(view, { old, insert, atLineStart: false }) ?? findUnnumbered(view, old, insert);
	if (!found || !all || !isSafeForAll(found.ignored)) return found;
	const places = found.places.toSorted((a, b) => a.start - b.start);
	return { ...found, places: places.filter((place, at) => place.start >= (places[at - 1]?.end ?? 0)) };
}

function findUnnumbered(view: string, numbered: string, insertion: string): Matches | undefined {
	const bare = withoutNumbers(numbered, insertion);
	if (!bare || bare.old === bare.insert || isTiny(bare.old)) return undefined;
	const { old, insert, line } = bare;
	const exact = findExact(view, old, insert, false);
	const starting = exact?.places.filter(({ start }) => start === 0 || view[start - 1] === "\n") ?? [];
	const found =
		exact && starting.length > 0 ? { ...exact, places: starting } : findLoose(view, { old, insert, atLineStart: true });
	const [only, ...more] = found?.places ?? [];
	if (!found || !only) return undefined;
	// What stands at another line may be something else: the model has another file in mind, or this one as it was.
	if (more.length === 0 && countBreaks(view, 0, only.start) + 1 !== line) return undefined;
	return { places: found.places, ignored: ["numbers", ...found.ignored] };
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
	// Not searched for in the whole text: where a line is long, each search would go to its end.
	const part = text.slice(from, to);
	let breaks = 0;
	for (let at = part.indexOf("\n"); at >= 0; at = part.indexOf("\n", at + 1)) breaks++;
	return breaks;
}

function splice(text: string, view: string, spans: readonly Span[]): { text: string; regions: Region[] } {
	let fileEol: Eol | undefined;
	const eolOf = (stretch: string, insert: string) => {
		const own = insert.includes("\n") ? dominantEol(stretch) : "\n";
		if (own === undefined) fileEol ??= dominantEol(text) ?? "\n";
		return own ?? fileEol ?? "\n";
	};
	const map = createMapper(text);
	const pieces: string[] = [];
	const regions: Region[] = [];
	let done = 0;
	let viewDone = 0;
	let line = 0;
	for (const span of spans) {
		const [start, end] = [map(span.start), map(span.end)];
		const stretch = text.slice(start, end);
		const now = merge(stretch, span.old, span.insert, eolOf(stretch, span.insert));
		pieces.push(text.slice(done, start), now);
		done = end;
		line += countBreaks(view, viewDone, span.start);
		viewDone = span.end;
		const height = countBreaks(now, 0, now.length);
		regions.push({ from: line, to: line + height + (now.endsWith("\n") ? 0 : 1) });
		line += height;
	}
	return { text: pieces.join("") + text.slice(done), regions };
}
