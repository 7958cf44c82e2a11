import { diffArrays } from "diff";

/** Lines of one side, counted from 0; `to` is exclusive. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** A stretch of lines that differs; an empty side says between which lines the other one stands. */
export interface Hunk {
	readonly before: Span;
	readonly after: Span;
}

/**
 * Edits up to which a stretch without a line in common is compared line by line; beyond, it counts as replaced. Myers'
 * algorithm is quadratic in this number, so it bounds the time: some 10 ms for the worst stretch.
 */
const MAX_EDITS = 400;
/** The same for all stretches together. */
const ALL_EDITS = 4000;

/**
 * The lines in which two texts differ, in order. Line ends are not compared. Bounded: first the lines that occur once in
 * both texts are matched (patience diff, n log n), and only what lies between them is searched for the shortest diff.
 */
export function hunksOf(before: string, after: string): readonly Hunk[] {
	if (before === after) return [];
	const bare = (line: string) => (line.endsWith("\r\n") ? `${line.slice(0, -2)}\n` : line);
	return hunksOfItems(linesOf(before).map(bare), linesOf(after).map(bare));
}

/** The same for items of any kind, such as the words of a line. */
export function hunksOfItems(before: readonly string[], after: readonly string[]): readonly Hunk[] {
	const names = new Map<string, number>();
	const nameOf = (item: string) => {
		const known = names.get(item);
		if (known !== undefined) return known;
		names.set(item, names.size);
		return names.size - 1;
	};
	const search = { old: before.map(nameOf), now: after.map(nameOf), left: ALL_EDITS, hunks: [] as Hunk[] };
	compare(search, { from: 0, to: search.old.length }, { from: 0, to: search.now.length });
	return joined(search.hunks);
}

/** Lines with their ends; a text of nothing has none. */
export function linesOf(text: string): string[] {
	const lines: string[] = [];
	let from = 0;
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
		lines.push(text.slice(from, at + 1));
		from = at + 1;
	}
	if (from < text.length) lines.push(text.slice(from));
	return lines;
}

/** `text` with the lines of one hunk taken from the other side. */
export function replaceLines(text: string, at: Span, other: string, from: Span): string {
	const lines = linesOf(text);
	return [...lines.slice(0, at.from), ...linesOf(other).slice(from.from, from.to), ...lines.slice(at.to)].join("");
}

interface Search {
	readonly old: readonly number[];
	readonly now: readonly number[];
	/** Edits that may still be looked for. */
	left: number;
	readonly hunks: Hunk[];
}

function compare(search: Search, before: Span, after: Span): void {
	const [old, now] = trimmed(search, before, after);
	if (old.from === old.to && now.from === now.to) return;
	const isLine = old.to - old.from === 1 && now.to - now.from === 1;
	// Most of what lies between anchors is a line that became another one: there is nothing to be found in it.
	if (isLine || old.from === old.to || now.from === now.to) {
		search.hunks.push({ before: old, after: now });
		return;
	}
	const anchors = anchorsOf(search, old, now);
	if (anchors.length === 0) {
		shortest(search, old, now);
		return;
	}
	let [a, b] = [old.from, now.from];
	for (const anchor of [...anchors, { old: old.to, now: now.to }]) {
		// Most lines of a file follow each other on both sides.
		if (a < anchor.old || b < anchor.now) compare(search, { from: a, to: anchor.old }, { from: b, to: anchor.now });
		[a, b] = [anchor.old + 1, anchor.now + 1];
	}
}

function trimmed({ old, now }: Search, before: Span, after: Span): [Span, Span] {
	let [a, b] = [before.from, after.from];
	let [x, y] = [before.to, after.to];
	while (a < x && b < y && old[a] === now[b]) {
		a++;
		b++;
	}
	while (x > a && y > b && old[x - 1] === now[y - 1]) {
		x--;
		y--;
	}
	return [
		{ from: a, to: x },
		{ from: b, to: y },
	];
}

interface Anchor {
	readonly old: number;
	readonly now: number;
}

/** Lines that occur once on each side, as many of them as stand in the same order on both. */
function anchorsOf({ old, now }: Search, before: Span, after: Span): readonly Anchor[] {
	const here = onlyOnce(old, before);
	const there = onlyOnce(now, after);
	const pairs: Anchor[] = [];
	for (const [name, at] of here) {
		const other = there.get(name);
		if (at >= 0 && other !== undefined && other >= 0) pairs.push({ old: at, now: other });
	}
	return longestRise(pairs.sort((a, b) => a.old - b.old));
}

/** Place by line; -1 where it occurs more than once. */
function onlyOnce(lines: readonly number[], { from, to }: Span): Map<number, number> {
	const places = new Map<number, number>();
	for (let at = from; at < to; at++) {
		const line = lines[at] ?? -1;
		places.set(line, places.has(line) ? -1 : at);
	}
	return places;
}

/** Longest subsequence with rising `now` (patience sorting). */
function longestRise(pairs: readonly Anchor[]): readonly Anchor[] {
	/** Index of the pair with which a rise of each length ends lowest. */
	const tops: number[] = [];
	const previous: number[] = [];
	for (const [index, pair] of pairs.entries()) {
		const isHighest = (pairs[tops.at(-1) ?? -1]?.now ?? -1) < pair.now;
		// Lines mostly stand in the same order on both sides: each makes the rise longer.
		const length = isHighest ? tops.length : firstAtLeast(tops, (top) => pairs[top]?.now ?? 0, pair.now);
		previous[index] = tops[length - 1] ?? -1;
		tops[length] = index;
	}
	const rise: Anchor[] = [];
	for (let pair = pairs[tops.at(-1) ?? -1], at = tops.at(-1) ?? -1; pair; pair = pairs[at]) {
		rise.push(pair);
		at = previous[at] ?? -1;
	}
	return rise.reverse();
}

/** Index of the first item, of items that rise, that is not below `least`. */
function firstAtLeast(items: readonly number[], of: (item: number) => number, least: number): number {
	let [low, high] = [0, items.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (of(items[middle] ?? 0) < least) low = middle + 1;
		else high = middle;
	}
	return low;
}

function shortest(search: Search, before: Span, after: Span): void {
	const most = Math.min(MAX_EDITS, search.left);
	const [old, now] = [search.old.slice(before.from, before.to), search.now.slice(after.from, after.to)];
	const here = new Set(old);
	if (!now.some((line) => here.has(line))) {
		// Most changes are of this kind, and there is nothing to be found in them.
		search.hunks.push({ before, after });
		return;
	}
	const found = most > 0 ? diffArrays(old, now, { maxEditLength: most }) : undefined;
	if (!found) {
		search.left -= most;
		search.hunks.push({ before, after });
		return;
	}
	let [a, b] = [before.from, after.from];
	for (const { added, removed, count } of found) {
		if (removed) search.hunks.push({ before: { from: a, to: a + count }, after: { from: b, to: b } });
		else if (added) search.hunks.push({ before: { from: a, to: a }, after: { from: b, to: b + count } });
		if (added || removed) search.left -= count;
		if (!added) a += count;
		if (!removed) b += count;
	}
}

/** Hunks that touch are one. */
function joined(hunks: readonly Hunk[]): readonly Hunk[] {
	const all: Hunk[] = [];
	for (const hunk of hunks) {
		const last = all.at(-1);
		if (last && last.before.to === hunk.before.from && last.after.to === hunk.after.from)
			all[all.length - 1] = {
				before: { from: last.before.from, to: hunk.before.to },
				after: { from: last.after.from, to: hunk.after.to },
			};
		else all.push(hunk);
	}
	return all;
}
