import type { Around } from "./completion-prompt.ts";

/** Longest piece of the text after the cursor that is looked for at the end of an answer, in characters. */
const MAX_REPEATED = 2000;

/** What of an answer is worth suggesting; empty: nothing. */
export function trimSuggestion(
	text: string,
	around: Around,
	{ maxLines, stop }: { readonly maxLines: number; readonly stop: readonly string[] },
): string {
	const lines = cutAt(text, stop).split("\n").slice(0, maxLines);
	const whole = inTheMiddle(around) ? (lines[0] ?? "") : lines.join("\n");
	const kept = withoutRepeats(whole.trimEnd(), around);
	return kept.trim() === "" ? "" : kept;
}

/** Text follows on the cursor's own line: only the gap is to be filled. */
export function inTheMiddle({ after }: Around): boolean {
	return lineOf(after).trim() !== "";
}

/** Before the first of `stop`, also where a server does not know how to stop. */
export function cutAt(text: string, stop: readonly string[]): string {
	const places = stop.map((each) => text.indexOf(each)).filter((at) => at >= 0);
	return text.slice(0, Math.min(text.length, ...places));
}

/** Without what stands after the cursor already. */
export function withoutRepeats(text: string, around: Around): string {
	return withoutOverlap(withoutNextLine(text, around), around.after);
}

/** Models go on past the gap: the first line of theirs that is the next one of the text ends it. */
function withoutNextLine(text: string, { after }: Around): string {
	const next = after
		.slice(lineOf(after).length)
		.split("\n")
		.find((line) => line.trim() !== "")
		?.trimEnd();
	if (next === undefined) return text;
	for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) {
		const line = lineOf(text.slice(end + 1));
		const upTo = text.slice(0, end + 1 + line.length);
		if (line.trimEnd() === next && opened(text.slice(0, end)) <= opened(upTo)) return text.slice(0, end);
	}
	return text;
}

function withoutOverlap(text: string, after: string): string {
	for (let length = Math.min(text.length, after.length, MAX_REPEATED); length > 0; length--) {
		if (!text.endsWith(after.slice(0, length))) continue;
		const kept = text.slice(0, text.length - length);
		const isWhole = !splitsWord(text, kept.length) && !splitsWord(after, length);
		if (isWhole && opened(kept) <= opened(text)) return kept;
	}
	return text;
}

/** A bracket that the text opened itself is its own to close. */
function opened(text: string): number {
	let depth = 0;
	for (const char of text) {
		if ("([{".includes(char)) depth++;
		else if (")]}".includes(char) && depth > 0) depth--;
	}
	return depth;
}

function splitsWord(text: string, at: number): boolean {
	return /\w/.test(text[at - 1] ?? "") && /\w/.test(text[at] ?? "");
}

function lineOf(text: string): string {
	const end = text.indexOf("\n");
	return end < 0 ? text : text.slice(0, end);
}
