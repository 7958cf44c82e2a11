import type { Hunk, Span } from "../../agent/hunks.ts";
import { type Current, type ReviewedFile, type Side, textOf } from "./changed-file.ts";

/** Characters from which on a whole diff is felt while the person types. */
const HUGE = 200_000;

/** A text with what it is compared with. */
interface Compared {
	readonly before: string;
	readonly text: string;
	readonly hunks: readonly Hunk[];
}

/** A huge file in which the person typed since it was looked at. Undefined: it is to be looked at as a whole. */
export function reviewedAgain(known: ReviewedFile, now: Side, current: Current): ReviewedFile | undefined {
	const { before, text, hunks, edits } = known;
	const [left, is] = [textOf(now), textOf(current.side)];
	if (before === undefined || text === undefined || is === undefined || is.length < HUGE) return undefined;
	if (edits === "mixed" || is === left || !isSameForm(known.current, current)) return undefined;
	const again = retyped({ before, text, hunks }, is);
	return again && { ...known, ...again, current, edits: "apart" };
}

function isSameForm(a: Current, b: Current): boolean {
	if (a.side.kind !== "text" || b.side.kind !== "text") return false;
	const [was, is] = [a.side.content, b.side.content];
	return a.state?.mode === b.state?.mode && was.encoding === is.encoding && was.bom === is.bom;
}

/**
 * The same for a text that the person typed in, away from all hunks: they moved at most, and what was typed is on both
 * sides. A diff of a huge file after each pause would take too long. Undefined where they typed in or beside a hunk.
 */
export function retyped({ before, text, hunks }: Compared, next: string): Compared | undefined {
	const [start, end] = changedPart(text, next);
	const lines: Span = { from: linesIn(text, 0, start), to: linesIn(text, 0, end.old) };
	const added = linesIn(next, start, end.now) - (lines.to - lines.from);
	let shift = 0;
	for (const hunk of hunks) {
		if (hunk.after.from > lines.to) break;
		if (hunk.after.to >= lines.from) return undefined;
		shift = hunk.before.to - hunk.after.to;
	}
	const [from, to] = [offsetOf(before, lines.from + shift), offsetOf(before, lines.to + shift)];
	const moved = ({ from: first, to: last }: Span): Span => ({ from: first + added, to: last + added });
	return {
		before: before.slice(0, from) + next.slice(start, end.now) + before.slice(to),
		text: next,
		hunks: hunks.map((hunk) =>
			hunk.after.from > lines.to ? { before: moved(hunk.before), after: moved(hunk.after) } : hunk,
		),
	};
}

/** Whole lines: where they begin in both texts, and where they end in each. */
function changedPart(old: string, now: string): [number, { old: number; now: number }] {
	const most = Math.min(old.length, now.length);
	let start = 0;
	while (start < most && old.charCodeAt(start) === now.charCodeAt(start)) start++;
	start = start === 0 ? 0 : old.lastIndexOf("\n", start - 1) + 1;
	let same = 0;
	while (same < most - start && old.charCodeAt(old.length - 1 - same) === now.charCodeAt(now.length - 1 - same)) same++;
	// From the first line end in what is the same on: the lines after it are the same as a whole.
	const rest = old.indexOf("\n", old.length - same);
	const after = rest < 0 ? 0 : old.length - rest - 1;
	return [start, { old: old.length - after, now: now.length - after }];
}

/** Lines that begin between these places, which are beginnings of lines or the end. */
function linesIn(text: string, from: number, to: number): number {
	let count = 0;
	let at = from;
	while (at < to) {
		count++;
		const end = text.indexOf("\n", at);
		at = end < 0 ? to : end + 1;
	}
	return count;
}

function offsetOf(text: string, line: number): number {
	let at = 0;
	for (let n = 0; n < line && at < text.length; n++) {
		const end = text.indexOf("\n", at);
		at = end < 0 ? text.length : end + 1;
	}
	return at;
}
