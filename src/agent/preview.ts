import { structuredPatch } from "diff";
import type { Preview } from "../shared/event.ts";
import { normalise } from "./eol.ts";
import { splitLines } from "./lines.ts";

/** Beyond these the shortest diff takes too long to find: then the whole file is shown as replaced. */
const TIMEOUT_MS = 120;
const MAX_EDITS = 1000;
/** Characters of hunks that go to the card and into the log; the diff editor always shows all. */
const MAX_CHARS = 60_000;

type Diff = Extract<Preview, { kind: "diff" }>;

interface Hunk {
	readonly oldStart: number;
	readonly newStart: number;
	/** Each begins with a blank, `+`, `-` or `\`. */
	readonly lines: readonly string[];
}

/** A change as a person reads it; `before` is null for a new file. Line ends are not compared. */
export function diffPreview(
	path: string,
	before: string | null,
	after: string,
	cautions: readonly string[] = [],
): Diff {
	const [old, now] = [normalise(before ?? ""), normalise(after)];
	const hunks = shortest(old, now) ?? wholeFile(old, now);
	const all = hunks.flatMap((hunk) => hunk.lines);
	const { diff, cut } = render(hunks);
	const warnings = [
		...cautions,
		...(before !== null && before !== after && all.length === 0 ? ["Only line ends change."] : []),
		...(cut ? ["The diff is too long to show here in full: open it in the editor."] : []),
	];
	return {
		kind: "diff",
		path,
		diff,
		added: all.filter((line) => line.startsWith("+")).length,
		removed: all.filter((line) => line.startsWith("-")).length,
		...(before === null ? { created: true } : {}),
		...(warnings.length > 0 ? { warning: warnings.join(" ") } : {}),
	};
}

function shortest(old: string, now: string): readonly Hunk[] | undefined {
	const patch = structuredPatch("", "", old, now, undefined, undefined, {
		context: 3,
		timeout: TIMEOUT_MS,
		maxEditLength: MAX_EDITS,
	});
	return patch?.hunks;
}

function wholeFile(old: string, now: string): readonly Hunk[] {
	const lines = [...splitLines(old).map((line) => `-${line}`), ...splitLines(now).map((line) => `+${line}`)];
	return [{ oldStart: old === "" ? 0 : 1, newStart: now === "" ? 0 : 1, lines }];
}

function render(hunks: readonly Hunk[]): { diff: string; cut: boolean } {
	const shown: string[] = [];
	let chars = 0;
	for (const hunk of hunks) {
		const lines: string[] = [];
		for (const line of hunk.lines) {
			chars += line.length + 1;
			if (chars > MAX_CHARS) break;
			lines.push(line);
		}
		if (lines.length > 0) shown.push(header(hunk, lines), ...lines);
		if (chars > MAX_CHARS) return { diff: shown.join("\n"), cut: true };
	}
	return { diff: shown.join("\n"), cut: false };
}

function header(hunk: Hunk, lines: readonly string[]): string {
	const old = lines.filter((line) => /^[ -]/.test(line)).length;
	const now = lines.filter((line) => /^[ +]/.test(line)).length;
	// A side without lines is named by the line before it.
	const [from, to] = [old === 0 ? 0 : hunk.oldStart, now === 0 ? 0 : hunk.newStart];
	return `@@ -${from},${old} +${to},${now} @@`;
}
