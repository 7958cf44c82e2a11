import { type Hunk, sideOf } from "./hunk.ts";

/** A hunk, what it replaces, and the lines of the file (from 0) at which just that stands. */
export interface Placing {
	readonly hunk: Hunk;
	readonly old: readonly string[];
	readonly places: readonly number[];
}

/** Finds the old lines of each hunk in a file's lines, both without line ends. */
export function findPlaces(lines: readonly string[], hunks: readonly Hunk[]): readonly Placing[] {
	return hunks.map((hunk) => {
		const old = sideOf(hunk, "old");
		return { hunk, old, places: placesOf(lines, old, hunk.atEnd) };
	});
}

export function placesOf(lines: readonly string[], old: readonly string[], atEnd = false): readonly number[] {
	// Nothing is everywhere: it has a place in an empty file only, or where the hunk says that it is the end.
	if (old.length === 0) return lines.length === 0 || atEnd ? [lines.length] : [];
	const places: number[] = [];
	for (let at = lines.indexOf(old[0] ?? ""); at >= 0; at = lines.indexOf(old[0] ?? "", at + 1))
		if (old.every((line, index) => lines[at + index] === line)) places.push(at);
	return places;
}

/** The one place of each hunk, or the first hunk that has several left. */
export type Chosen =
	| { readonly ok: true; readonly places: readonly number[] }
	| { readonly ok: false; readonly index: number; readonly places: readonly number[] };

/**
 * Chooses among the places of each hunk; each has at least one. What counts: the line numbers, if each hunk stands just
 * where they say; the lines after `@@` and the end of the file; then that hunks stand in the file as in the patch.
 */
export function choose(lines: readonly string[], all: readonly Placing[]): Chosen {
	const told = all.map(({ hunk, places }) => (hunk.line === undefined ? -1 : places.indexOf(hunk.line - 1)));
	if (told.every((index) => index >= 0))
		return { ok: true, places: all.map(({ places }, at) => places[told[at] ?? -1] ?? 0) };
	const near = all.map((each) => ({ ...each, places: narrowed(lines, each) }));
	const places = inOrder(near) ?? near.map((each) => each.places);
	const index = places.findIndex((each) => each.length > 1);
	if (index >= 0) return { ok: false, index, places: places[index] ?? [] };
	return { ok: true, places: places.flat() };
}

function narrowed(lines: readonly string[], { hunk, old, places }: Placing): readonly number[] {
	if (places.length === 1) return places;
	const last = hunk.atEnd ? places.filter((at) => at + old.length === lines.length) : [];
	if (last.length > 0) return last;
	const heads = headsOf(lines, hunk.anchors);
	const inside = places.filter((at) => heads.some((head) => holds(lines, head, at, at + old.length)));
	return inside.length > 0 ? inside : places;
}

/** Lines that the last anchor names, each inside of what the anchors before it name. */
function headsOf(lines: readonly string[], anchors: readonly string[]): readonly number[] {
	let heads: readonly number[] | undefined;
	for (const anchor of anchors) {
		const outer = heads;
		const found = [...lines.keys()].filter((at) => lines[at]?.trim() === anchor);
		// Git cuts long ones.
		const here = found.length > 0 ? found : [...lines.keys()].filter((at) => lines[at]?.trim().startsWith(anchor));
		heads = outer ? here.filter((at) => outer.some((head) => holds(lines, head, at, at + 1))) : here;
	}
	return heads ?? [];
}

/** Whether the lines from `from` to `to` begin in the block of the line `head`, or have that line among them. */
function holds(lines: readonly string[], head: number, from: number, to: number): boolean {
	if (head >= from) return head < to;
	const depth = depthOf(lines[head] ?? "");
	return lines.slice(head + 1, from + 1).every((line) => depthOf(line) > depth || /^\s*(?:[[\](){}]|$)/.test(line));
}

function depthOf(line: string): number {
	return /^\s*/.exec(line)?.[0].length ?? 0;
}

/** Of the places of each hunk those from which all can stand in order; undefined where they can't. */
function inOrder(all: readonly Placing[]): readonly (readonly number[])[] | undefined {
	const starts: number[] = [];
	let free = 0;
	for (const { hunk, places } of all) {
		const core = coreOf(hunk);
		const first = places.find((at) => at + core.from >= free);
		if (first === undefined) return undefined;
		starts.push(first);
		free = first + core.to;
	}
	let end = Number.POSITIVE_INFINITY;
	const kept: (readonly number[])[] = [];
	for (const [index, { hunk, places }] of [...all.entries()].reverse()) {
		const core = coreOf(hunk);
		const fit = places.filter((at) => at >= (starts[index] ?? 0) && at + core.to <= end);
		kept.unshift(fit);
		end = (fit.at(-1) ?? 0) + core.from;
	}
	return kept;
}

/** The part of a hunk's old lines between the context at its start and at its end: hunks may share context. */
function coreOf({ lines }: Hunk): { readonly from: number; readonly to: number } {
	const old = lines.filter(({ kind }) => kind !== "add").length;
	const head = lines.findIndex(({ kind }) => kind !== "keep");
	const tail = lines.length - 1 - lines.findLastIndex(({ kind }) => kind !== "keep");
	return head < 0 ? { from: 0, to: 0 } : { from: head, to: old - tail };
}
