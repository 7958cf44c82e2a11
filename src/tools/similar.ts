import { splitLines } from "../agent/lines.ts";

/** Lines of a file where a text that was not found may have been meant; counted from 0, `to` exclusive. */
export interface Similar {
	readonly from: number;
	readonly to: number;
	/** The lines differ in white space only. */
	readonly onlySpaces: boolean;
}

/** Work is bounded: lines looked at one by one, and characters of each. */
const MAX_LINES = 20_000;
const MAX_WIDTH = 200;
const MAX_SHOWN = 12;
/** Share of letter pairs that two lines must have in common. */
const ALIKE = 0.5;

/** The stretch with the most lines in common, white space aside; else the one line most like the longest wanted one. */
export function findSimilar(text: string, wanted: string): Similar | undefined {
	const lines = splitLines(text).map((line) => line.trim());
	const parts = splitLines(wanted).map((line) => line.trim());
	return commonLines(lines, parts) ?? oneAlike(lines, parts);
}

function commonLines(lines: readonly string[], parts: readonly string[]): Similar | undefined {
	const places = Map.groupBy(parts.keys(), (index) => parts[index] ?? "");
	const votes = new Map<number, number>();
	for (const [at, line] of lines.entries()) {
		// A lone brace is in every file; only lines with a word in them say where.
		if (!/\w/.test(line)) continue;
		for (const index of (places.get(line) ?? []).slice(0, 8)) votes.set(at - index, (votes.get(at - index) ?? 0) + 1);
	}
	let best: number | undefined;
	for (const [start, found] of votes) if (best === undefined || found > (votes.get(best) ?? 0)) best = start;
	if (best === undefined) return undefined;
	const start = best;
	const from = Math.max(0, start);
	const onlySpaces = parts.every((part, index) => lines[start + index] === part);
	return { from, to: Math.min(lines.length, start + parts.length, from + MAX_SHOWN), onlySpaces };
}

function oneAlike(lines: readonly string[], parts: readonly string[]): Similar | undefined {
	const longest = parts.reduce((a, b) => (b.length > a.length ? b : a), "");
	const index = parts.indexOf(longest);
	const pairs = pairsOf(longest);
	let best = { at: -1, score: ALIKE };
	for (const [at, line] of lines.slice(0, MAX_LINES).entries()) {
		const score = likeness(pairs, line);
		if (score > best.score) best = { at, score };
	}
	if (best.at < 0) return undefined;
	const from = Math.max(0, best.at - Math.min(index, MAX_SHOWN - 1));
	return { from, to: Math.min(lines.length, from + Math.min(parts.length, MAX_SHOWN)), onlySpaces: false };
}

function pairsOf(line: string): Set<string> {
	const text = line.slice(0, MAX_WIDTH);
	return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
}

/** Dice's coefficient over letter pairs. */
function likeness(wanted: ReadonlySet<string>, line: string): number {
	// Too short or too long to reach the mark: no need to look.
	if (Math.min(line.length, MAX_WIDTH) * 3 < wanted.size || wanted.size === 0) return 0;
	const pairs = pairsOf(line);
	let common = 0;
	for (const pair of pairs) if (wanted.has(pair)) common++;
	return (2 * common) / (wanted.size + pairs.size);
}
