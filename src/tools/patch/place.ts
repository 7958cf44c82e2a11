import { type Hunk, sideOf } from "./hunk.ts";
import type { Sheet } from "./sheet.ts";

/** A hunk, what it replaces, and the lines of the file (from 0) at which just that stands. */
export interface Placing {
	readonly hunk: Hunk;
	readonly old: readonly string[];
	readonly places: readonly number[];
}

export function findPlaces(sheet: Sheet, hunk: Hunk): Placing {
	const old = sideOf(hunk, "old");
	if (old.length > 0) return { hunk, old, places: sheet.find(old) };
	// Nothing is everywhere: it has a place in an empty file only, or where the hunk says that it is the end.
	const end = sheet.lines.length;
	return { hunk, old, places: end === 0 || hunk.atEnd ? [end] : [] };
}

/** The one place of each hunk, or the first hunk that has several left, or none that its anchors allow. */
export type Chosen =
	| {
			readonly ok: true;
			readonly places: readonly number[];
			/** Anchors that are not in the file, and so could not say anything. */
			readonly unknown: readonly string[];
	  }
	| { readonly ok: false; readonly kind: "several"; readonly index: number; readonly places: readonly number[] }
	| {
			readonly ok: false;
			readonly kind: "misplaced";
			readonly index: number;
			readonly places: readonly number[];
			/** Where the anchors lead. */
			readonly heads: readonly number[];
	  };

/**
 * Chooses among the places of each hunk; each has at least one. What counts: the end of the file and the lines after
 * `@@`; the line numbers, if each hunk stands just where they say; then that hunks stand in the file as in the patch.
 */
export function choose(sheet: Sheet, all: readonly Placing[]): Chosen {
	const near: Narrowed[] = [];
	for (const [index, each] of all.entries()) {
		const held = narrowed(sheet, each);
		if (held.places.length === 0)
			return { ok: false, kind: "misplaced", index, places: each.places, heads: held.heads };
		near.push(held);
	}
	const unknown = [...new Set(near.flatMap((each) => (each.isUnknown ? [each.hunk.anchors.join(" ")] : [])))];
	const told = near.flatMap(({ line, places }) => places.filter((at) => at + 1 === line));
	if (told.length === near.length) return { ok: true, places: told, unknown };
	const places = inOrder(near) ?? near.map((each) => each.places);
	const index = places.findIndex((each) => each.length > 1);
	if (index >= 0) return { ok: false, kind: "several", index, places: places[index] ?? [] };
	return { ok: true, places: places.flat(), unknown };
}

interface Narrowed extends Placing {
	/** The line that it says it begins at, where nothing else it says is against that. */
	readonly line: number | undefined;
	readonly heads: readonly number[];
	readonly isUnknown: boolean;
}

function narrowed(sheet: Sheet, placing: Placing): Narrowed {
	const { hunk, old, places: all } = placing;
	const last = hunk.atEnd ? all.filter((at) => at + old.length === sheet.lines.length) : [];
	const places = last.length > 0 ? last : all;
	const blocks = sheet.blocksOf(hunk.anchors);
	const heads = (blocks ?? []).map(({ head }) => head);
	const plain = { ...placing, places, line: hunk.line, heads, isUnknown: blocks?.length === 0 };
	if (!blocks || blocks.length === 0) return plain;
	const inside = places.filter((at) => blocks.some(({ head, end }) => head < at + old.length && at < end));
	if (hunk.line === undefined) return { ...plain, places: inside };
	// Beside numbers there may be the function before: what git found above the hunk.
	if (inside.length === 0) return plain;
	const isAgainst = places.includes(hunk.line - 1) && !inside.includes(hunk.line - 1);
	return isAgainst ? { ...plain, line: undefined } : { ...plain, places: inside };
}

/** Of the places of each hunk those from which all can stand in order; undefined where they can't. */
function inOrder(all: readonly Placing[]): readonly (readonly number[])[] | undefined {
	const starts: number[] = [];
	const cores = all.map(({ hunk }) => coreOf(hunk));
	let free = 0;
	for (const [index, { places }] of all.entries()) {
		const { from, to } = cores[index] ?? NO_CORE;
		const first = places.find((at) => at + from >= free);
		if (first === undefined) return undefined;
		starts.push(first);
		free = first + to;
	}
	let end = Number.POSITIVE_INFINITY;
	const kept: (readonly number[])[] = [];
	for (let index = all.length - 1; index >= 0; index--) {
		const { from, to } = cores[index] ?? NO_CORE;
		const fit = (all[index]?.places ?? []).filter((at) => at >= (starts[index] ?? 0) && at + to <= end);
		kept.push(fit);
		end = (fit.at(-1) ?? 0) + from;
	}
	return kept.reverse();
}

const NO_CORE = { from: 0, to: 0 };

/** The part of a hunk's old lines between the context at its start and at its end: hunks may share context. */
function coreOf({ lines }: Hunk): { readonly from: number; readonly to: number } {
	const old = lines.filter(({ kind }) => kind !== "add").length;
	const head = lines.findIndex(({ kind }) => kind !== "keep");
	const tail = lines.length - 1 - lines.findLastIndex(({ kind }) => kind !== "keep");
	return head < 0 ? NO_CORE : { from: head, to: old - tail };
}
