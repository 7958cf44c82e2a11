import { type Hunk, hunksOf, hunksOfItems, linesOf, type Span } from "../../agent/hunks.ts";
import { withPlainEnds } from "../plain.ts";
import { shortHash } from "./drafts.ts";

/** A hunk that the person may have accepted. */
export interface MarkedHunk extends Hunk {
	/** Named by its lines: wherever it moves to, it is the same hunk. */
	readonly key: string;
	readonly accepted: boolean;
}

/** A hunk as it was before; without its place where the left side may have been another one. */
type Mark = Pick<MarkedHunk, "key" | "accepted"> & { readonly before?: Span };

/** What differs between two texts. Hunks whose lines are as before keep their marks. */
export function markedHunks(left: string, right: string, known: readonly Mark[]): readonly MarkedHunk[] {
	const hunks = hunksOf(left, right);
	if (hunks.length === 0) return [];
	const keys = keysOf(left, right, hunks);
	const hasPlaces = known.every((mark) => mark.before !== undefined);
	const marks = hasPlaces ? placed(known, hunks, keys) : carried(known, keys);
	return hunks.map((hunk, index) => ({ ...hunk, key: keys[index] ?? "", accepted: marks[index] ?? false }));
}

/** Names of hunks by the lines of both sides. */
export function keysOf(left: string, right: string, hunks: readonly Hunk[]): readonly string[] {
	const [before, after] = [linesOf(left), linesOf(right)];
	return hunks.map((hunk) => {
		const gone = before.slice(hunk.before.from, hunk.before.to).join("");
		return keyOf(withPlainEnds(`${gone}\0${after.slice(hunk.after.from, hunk.after.to).join("")}`));
	});
}

/** Most hunks are a few lines, which are their own name: thousands of hashes would take longer than the diff. */
function keyOf(lines: string): string {
	return lines.length < 200 ? lines : shortHash(lines);
}

/** As long as the left side is the same, a hunk's place there tells it from others with the same lines. */
function placed(known: readonly Mark[], hunks: readonly Hunk[], keys: readonly string[]): readonly boolean[] {
	const marks = new Map(known.map((mark) => [mark.before?.from, mark]));
	return hunks.map(({ before }, index) => {
		const mark = marks.get(before.from);
		return mark?.key === keys[index] && mark?.accepted === true;
	});
}

/** Hunks with the same lines are told apart by their order: from both ends as far as all is as before, then between. */
function carried(known: readonly Mark[], keys: readonly string[]): readonly boolean[] {
	const most = Math.min(known.length, keys.length);
	let start = 0;
	while (start < most && known[start]?.key === keys[start]) start++;
	let end = 0;
	while (end < most - start && known[known.length - 1 - end]?.key === keys[keys.length - 1 - end]) end++;
	let next = start;
	return keys.map((key, index) => {
		if (index < start) return known[index]?.accepted ?? false;
		if (index >= keys.length - end) return known[index - keys.length + known.length]?.accepted ?? false;
		const found = known.findIndex((mark, at) => at >= next && at < known.length - end && mark.key === key);
		if (found < 0) return false;
		next = found + 1;
		return known[found]?.accepted ?? false;
	});
}

/**
 * A text as VS Code's document gave it, with the line ends that its lines have in the texts they come from: a file that
 * mixes them must not be turned over by a change elsewhere. Earlier sources win.
 */
export function withEndsOf(text: string, sources: readonly string[]): string {
	const lines = shownLinesOf(text);
	const bare = lines.map(withPlainEnds);
	const own = [...lines];
	for (const source of [...sources].reverse()) {
		const others = shownLinesOf(source);
		const hunks = hunksOfItems(others.map(withPlainEnds), bare);
		let [from, at] = [0, 0];
		for (const { before, after } of [...hunks, { before: END, after: END }]) {
			while (from < Math.min(before.from, others.length) && at < Math.min(after.from, lines.length)) {
				own[at++] = others[from++] ?? "";
			}
			from = before.to;
			at = after.to;
		}
	}
	return own.join("");
}

/** Lines as VS Code has them, to which a carriage return alone is an end as well; with their ends. */
function shownLinesOf(text: string): readonly string[] {
	return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+/g) ?? [];
}

const END = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY };
