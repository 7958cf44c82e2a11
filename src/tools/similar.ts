import { splitLines } from "../agent/lines.ts";

/** Lines of a file where a text that was not found may have been meant; counted from 0, `to` exclusive. */
export interface Similar {
	readonly from: number;
	readonly to: number;
	/** The lines differ in white space only. */
	readonly onlySpaces: boolean;
}

/** Work is bounded: words that are looked for, how often each, and places that are compared in full. */
const MAX_WORDS = 16;
const MAX_COUNT = 300;
const MAX_PLACES = 8;
/** Lines of the wanted text that are compared, characters of a line, and lines that are shown. */
const MAX_LINES = 60;
const MAX_WIDTH = 200;
const MAX_SHOWN = 12;
/** Share of letter pairs that two texts must have in common. */
const ALIKE = 0.4;

/** The stretch most like a text: of those with its rarest words, the one with most letters in common. */
export function findSimilar(text: string, wanted: string): Similar | undefined {
	const lines = splitLines(text);
	const parts = splitLines(wanted);
	const likeness = createMeter(parts.slice(0, MAX_LINES));
	const named = byWords(text, parts);
	let best = { start: Number.NaN, score: 0 };
	for (const start of named.length > 0 ? named : byPairs(lines, parts)) {
		const there = lines.slice(Math.max(0, start), start + Math.min(parts.length, MAX_LINES));
		const score = likeness(there);
		if (score > best.score) best = { start, score };
	}
	if (best.score < ALIKE) return undefined;
	const from = Math.max(0, best.start);
	const onlySpaces = parts.every((part, at) => bare(lines[best.start + at] ?? "") === bare(part));
	return { from, to: Math.min(lines.length, best.start + parts.length, from + MAX_SHOWN), onlySpaces };
}

function bare(line: string): string {
	return line.replace(/\s+/g, "");
}

/** A few words of a language without blanks are as good as one of ours. */
const WORD = /[A-Za-z0-9_]{3,}|\p{Script=Han}{2,4}|[\p{L}\p{N}]{3,}/gu;

/** First lines of the stretches that have the words where the wanted text has them; those with the rarest ones first. */
function byWords(text: string, parts: readonly string[]): number[] {
	const rows = new Map<string, number[]>();
	for (const [row, part] of parts.slice(0, MAX_LINES).entries())
		for (const [word] of part.matchAll(WORD)) rows.set(word, [...(rows.get(word) ?? []), row]);
	const words = [...rows].sort(([a], [b]) => b.length - a.length).slice(0, MAX_WORDS);
	const lineAt = createLineCounter(text);
	const votes = new Map<number, number>();
	for (const [word, places] of words) {
		const found = occurrences(text, word);
		for (const at of found)
			for (const row of new Set(places.slice(0, 4))) {
				const start = lineAt(at) - row;
				votes.set(start, (votes.get(start) ?? 0) + 1 / found.length);
			}
	}
	return [...votes]
		.sort((a, b) => b[1] - a[1] || a[0] - b[0])
		.slice(0, MAX_PLACES)
		.map(([start]) => start);
}

/** None when there are too many to say where. */
function occurrences(text: string, word: string): number[] {
	const found: number[] = [];
	for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length))
		if (found.push(at) > MAX_COUNT) return [];
	return found;
}

function createLineCounter(text: string): (at: number) => number {
	const starts: number[] = [0];
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
	return (at) => {
		let [low, high] = [0, starts.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((starts[middle] ?? 0) <= at) low = middle + 1;
			else high = middle;
		}
		return low - 1;
	};
}

/** Where the line stands that is most like the longest wanted one. */
function byPairs(lines: readonly string[], parts: readonly string[]): number[] {
	const longest = parts.reduce((a, b) => (b.trim().length > a.trim().length ? b : a), "");
	const likeness = createMeter([longest]);
	let best = { at: -1, score: ALIKE };
	for (const [at, line] of lines.entries()) {
		// Too short to reach the mark: no need to look.
		if (line.length * 4 < Math.min(longest.trim().length, MAX_WIDTH)) continue;
		const score = likeness([line]);
		if (score > best.score) best = { at, score };
	}
	return best.at < 0 ? [] : [best.at - parts.indexOf(longest)];
}

/**
 * Says how much lines have in common with the wanted ones: Dice's coefficient over pairs of neighbouring characters,
 * white space and letter case aside.
 */
function createMeter(wanted: readonly string[]): (lines: readonly string[]) => number {
	/** In which round each pair was seen last; rounds count up, so that nothing needs to be cleared. */
	const seen = new Uint32Array(1 << 16);
	const isWanted = new Uint8Array(1 << 16);
	let round = 0;
	const count = (lines: readonly string[], onPair: (pair: number) => void) => {
		round++;
		let size = 0;
		for (const line of lines) {
			let before = 0;
			for (let at = 0; at < line.length && at < MAX_WIDTH; at++) {
				if (line.charCodeAt(at) <= 32) continue;
				const code = line.charCodeAt(at) | 32;
				const pair = ((before << 8) ^ code) & 0xffff;
				if (before > 0 && seen[pair] !== round) {
					seen[pair] = round;
					size++;
					onPair(pair);
				}
				before = code;
			}
		}
		return size;
	};
	const size = count(wanted, (pair) => {
		isWanted[pair] = 1;
	});
	return (lines) => {
		let common = 0;
		const there = count(lines, (pair) => {
			common += isWanted[pair] ?? 0;
		});
		return size + there === 0 ? 0 : (2 * common) / (size + there);
	};
}
