import type { Preview } from "../shared/preview.ts";
import { normalise } from "./eol.ts";
import { type Hunk, hunksOfItems, linesOf } from "./hunks.ts";

/** Lines that stay, shown before and after those that change. */
const CONTEXT = 3;
/** Characters of hunks that go to the card and into the log; the diff editor always shows all. */
const MAX_CHARS = 60_000;

type Diff = Extract<Preview, { kind: "diff" }>;

/** Two texts line by line, with the lines in which they differ. */
interface Compared {
	readonly old: readonly string[];
	readonly now: readonly string[];
	readonly hunks: readonly Hunk[];
}

/** For `diffPreview`: the half of its work that others may come after. */
export function compared(before: string | null, after: string): Compared {
	const [old, now] = [linesOf(normalise(before ?? "")), linesOf(normalise(after))];
	return { old, now, hunks: hunksOfItems(old, now) };
}

/** A change as a person reads it; `before` is null for a new file. Line ends are not compared. */
export function diffPreview(
	path: string,
	before: string | null,
	after: string,
	cautions: readonly string[] = [],
	{ old, now, hunks } = compared(before, after),
): Diff {
	const { diff, cut } = render(grouped(hunks), old, now);
	const warnings = [
		...cautions,
		...(before !== null && before !== after && hunks.length === 0 ? ["Only line ends change."] : []),
		...(cut ? ["The diff is too long to show here in full: open it in the editor."] : []),
	];
	return {
		kind: "diff",
		path,
		diff,
		added: hunks.reduce((sum, hunk) => sum + hunk.after.to - hunk.after.from, 0),
		removed: hunks.reduce((sum, hunk) => sum + hunk.before.to - hunk.before.from, 0),
		...(before === null ? { created: true } : {}),
		...(warnings.length > 0 ? { warning: warnings.join(" ") } : {}),
	};
}

/** Hunks whose lines around them meet are shown as one. */
function grouped(hunks: readonly Hunk[]): readonly (readonly [Hunk, ...Hunk[]])[] {
	const groups: [Hunk, ...Hunk[]][] = [];
	for (const hunk of hunks) {
		const group = groups.at(-1);
		const last = group?.at(-1);
		if (group && last && hunk.before.from - last.before.to <= 2 * CONTEXT) group.push(hunk);
		else groups.push([hunk]);
	}
	return groups;
}

function render(
	groups: readonly (readonly [Hunk, ...Hunk[]])[],
	old: readonly string[],
	now: readonly string[],
): { diff: string; cut: boolean } {
	const shown: string[] = [];
	let chars = 0;
	for (const group of groups) {
		const lines: string[] = [];
		for (const line of shownLines(group, old, now)) {
			chars += line.length + 1;
			if (chars > MAX_CHARS) break;
			lines.push(line);
		}
		if (lines.length > 0) shown.push(header(group[0], lines), ...lines);
		if (chars > MAX_CHARS) return { diff: shown.join("\n"), cut: true };
	}
	return { diff: shown.join("\n"), cut: false };
}

/** Made one by one: of a long diff only the beginning is shown. */
function* shownLines(group: readonly [Hunk, ...Hunk[]], old: readonly string[], now: readonly string[]) {
	let at = Math.max(0, group[0].before.from - CONTEXT);
	for (const { before, after } of group) {
		yield* marked(" ", old, at, before.from);
		yield* marked("-", old, before.from, before.to);
		yield* marked("+", now, after.from, after.to);
		at = before.to;
	}
	yield* marked(" ", old, at, Math.min(old.length, at + CONTEXT));
}

function* marked(mark: string, lines: readonly string[], from: number, to: number) {
	for (let at = from; at < to; at++) {
		const line = lines[at] ?? "";
		yield mark + (line.endsWith("\n") ? line.slice(0, -1) : line);
		if (!line.endsWith("\n")) yield "\\ No newline at end of file";
	}
}

function header({ before, after }: Hunk, lines: readonly string[]): string {
	const old = lines.filter((line) => /^[ -]/.test(line)).length;
	const now = lines.filter((line) => /^[ +]/.test(line)).length;
	const above = Math.min(before.from, CONTEXT);
	// A side without lines is named by the line before it.
	const from = before.from - above + (old === 0 ? 0 : 1);
	const to = after.from - above + (now === 0 ? 0 : 1);
	return `@@ -${from},${old} +${to},${now} @@`;
}
