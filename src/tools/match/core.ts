/** A line of a text; `end` is where its line feed stands. */
export interface Row {
	readonly start: number;
	readonly end: number;
}

/** A part of line `row` of the wanted text that stands in the file letter by letter wherever the text may be meant. */
interface Core {
	readonly text: string;
	readonly row: number;
}

/** Parts that are compared, and occurrences up to which each is counted, to find the rarest. */
const MAX_CORES = 8;
const MAX_COUNT = 200;
/** Lines of the wanted text that are looked at. */
const MAX_LINES = 400;

/**
 * The rarest part that occurs; undefined when nothing can match. `lines` are folded. In a file of ASCII whole lines are
 * the same but for white space around them; elsewhere only words are.
 */
export function coreOf(view: string, ascii: boolean, lines: readonly string[]): Core | undefined {
	const parts = (line: string) => (ascii ? [line.trim()] : stableWords(line)).filter((part) => part !== "");
	const cores = lines
		.slice(0, MAX_LINES)
		.flatMap((line, row) => parts(line).map((text): Core => ({ text, row })))
		.sort((a, b) => b.text.length - a.text.length);
	let best: { core: Core; count: number } | undefined;
	for (const core of cores.slice(0, MAX_CORES)) {
		if (best?.count === 1) break;
		const count = countUpTo(view, core.text, best?.count ?? MAX_COUNT);
		// In other files something that can't be seen may stand within.
		if (count === 0 && ascii) return undefined;
		if (count > 0 && count < (best?.count ?? Number.POSITIVE_INFINITY)) best = { core, count };
	}
	return best?.core;
}

const WORD =
	/[A-Za-z0-9_]+|\p{Script=Han}+|\p{Script=Hangul}+|\p{Script=Hiragana}+|\p{Script=Katakana}+|[\p{L}\p{N}]+/gu;

/** Words that no composing or decomposing of letters changes. */
function stableWords(line: string): string[] {
	return [...line.matchAll(WORD)].flatMap(([word]) => {
		const stable = word.normalize("NFD") === word || /^\p{Script=Hangul}/u.test(word);
		return stable ? [word] : [];
	});
}

function countUpTo(text: string, part: string, most: number): number {
	let count = 0;
	for (let at = text.indexOf(part); at >= 0 && count < most; at = text.indexOf(part, at + part.length)) count++;
	return count;
}

/** Places of the core beyond which it says nothing, and lines that are compared around them: then the search is given up. */
const MAX_SPOTS = 4000;
const MAX_COMPARED = 50_000;
/** Characters of a line that is looked at. Node's regular expressions run out of stack at about 10 million. */
const MAX_LINE = 3_000_000;

/**
 * Visits every stretch of as many lines as are wanted with the core in its line, that line being alike already. False
 * when the search was given up, since it took too long: then there may be more.
 */
export function visitSpots(
	view: string,
	core: Core,
	wanted: readonly string[],
	fold: (text: string) => string,
	visit: (rows: readonly Row[]) => void,
): boolean {
	const want = wanted[core.row]?.trim() ?? "";
	let [spots, compared] = [0, 0];
	for (let at = view.indexOf(core.text); at >= 0; ) {
		const row = rowAt(view, at);
		if (++spots > MAX_SPOTS || compared > MAX_COMPARED || isHuge(row)) return false;
		if (isAlike(fold(view.slice(row.start, row.end)).trim(), want, core.row, wanted.length)) {
			const rows = around(view, row, core.row, wanted.length - core.row - 1);
			compared += wanted.length;
			if (rows?.some(isHuge)) return false;
			if (rows) visit(rows);
		}
		at = view.indexOf(core.text, row.end);
	}
	return true;
}

function isHuge({ start, end }: Row): boolean {
	return end - start > MAX_LINE;
}

/** The first line of several may be the end of its line, the last one the start; a single one any part. */
function isAlike(text: string, want: string, row: number, rows: number): boolean {
	if (rows === 1) return text.includes(want);
	if (row === 0) return text.endsWith(want);
	return row === rows - 1 ? text.startsWith(want) : text === want;
}

/** The line that a position is on. */
export function rowAt(view: string, at: number): Row {
	return { start: lineStart(view, at), end: lineEnd(view, at) };
}

/** A line with those above and below; undefined where there are not so many. */
export function around(view: string, row: Row, above: number, below: number): readonly Row[] | undefined {
	const rows = [row];
	for (let { start } = row; rows.length <= above; ) {
		if (start === 0) return undefined;
		const end = start - 1;
		start = lineStart(view, end);
		rows.push({ start, end });
	}
	rows.reverse();
	for (let { end } = row; rows.length <= above + below; ) {
		if (end === view.length) return undefined;
		const start = end + 1;
		end = lineEnd(view, start);
		rows.push({ start, end });
	}
	return rows;
}

function lineStart(view: string, at: number): number {
	return at === 0 ? 0 : view.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(view: string, at: number): number {
	const end = view.indexOf("\n", at);
	return end < 0 ? view.length : end;
}
