import { type Hunk, hunksOfItems, linesOf, type Span } from "./hunks.ts";

/**
 * Makes on `base` the change that leads from `now` to `current`: what the person typed into a file that the agent had
 * changed, without what the agent changed. Undefined where both changed the same lines.
 *
 * Undoing the agent's change in an edited file is the same with other names: `rebase(current, now, base)`.
 */
export function rebase(base: string, now: string, current: string): string | undefined {
	if (now === current) return base;
	const [baseLines, nowLines, currentLines] = [linesOf(base), linesOf(now), linesOf(current)];
	// With their ends: a change of line ends alone is a change as well, and must not be lost.
	const agent = hunksOfItems(baseLines, nowLines);
	const person = hunksOfItems(nowLines, currentLines);
	const pieces: string[] = [];
	let done = 0;
	for (const hunk of person) {
		const place = placeIn(agent, hunk.before);
		if (!place) return undefined;
		pieces.push(...baseLines.slice(done, place.from), ...currentLines.slice(hunk.after.from, hunk.after.to));
		done = place.to;
	}
	return [...pieces, ...baseLines.slice(done)].join("");
}

/** Where lines of the text after `hunks` stand in the text before; undefined where a hunk touches them. */
function placeIn(hunks: readonly Hunk[], span: Span): Span | undefined {
	let shift = 0;
	for (const { before, after } of hunks) {
		if (after.from > span.to) break;
		// Lines side by side count as touched as well: which of them came first can't be told.
		if (after.to >= span.from) return undefined;
		shift = before.to - after.to;
	}
	return { from: span.from + shift, to: span.to + shift };
}
