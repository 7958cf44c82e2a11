import { around, coreOf, type Row, rowAt, visitSpots } from "./core.ts";
import { reindent, unitOf } from "./indent.ts";
import { fold, isAscii, lastWhere, type Scale, scaleOf } from "./looks.ts";

/** What a stretch of the file and the text that the model gave for it may differ in. */
export type Ignored = "numbers" | "ends" | "indent" | "looks";

/** A stretch of the view (end exclusive), with the texts as they are to be compared with it and put in its place. */
export interface Place {
	readonly start: number;
	readonly end: number;
	readonly old: string;
	readonly insert: string;
}

export interface Found {
	readonly ignored: readonly Ignored[];
	/** All that match; at least one. */
	readonly places: readonly Place[];
}

export interface Wanted {
	readonly old: string;
	readonly insert: string;
	/** Only at the start of a line. */
	readonly atLineStart: boolean;
}

interface Stage {
	readonly ignored: readonly Ignored[];
	readonly fold: (text: string) => string;
	/** Turns positions in folded text back. */
	readonly scaleOf: (text: string) => Pick<Scale, "rawAt">;
	/** Lines count as a whole, indentation aside; else the first and the last one may be a part of theirs. */
	readonly whole: boolean;
}

const same = (text: string) => text;
const exactly = { fold: same, scaleOf: () => ({ rawAt: (at: number) => at }) };
const roughly = { fold, scaleOf };

/** Strictest first: only the first one that matches anything counts. */
const STAGES: readonly Stage[] = [
	{ ignored: ["ends"], ...exactly, whole: false },
	{ ignored: ["indent"], ...exactly, whole: true },
	{ ignored: ["looks"], ...roughly, whole: false },
	{ ignored: ["indent", "looks"], ...roughly, whole: true },
];

/** Fewer letters and digits are found in too many places to be meant by something that only looks alike. */
const MIN_LETTERS = 6;

export function isTiny(text: string): boolean {
	let letters = 0;
	for (const _ of text.matchAll(/[\p{L}\p{N}]/gu)) if (++letters >= MIN_LETTERS) return false;
	return true;
}

/** The file, with what is found out about it only once. */
interface Sheet {
	readonly view: string;
	readonly unit: () => string | undefined;
}

/** A wanted text in lines; `endsLine`: a line end follows the last one. */
interface Lines {
	readonly old: readonly string[];
	readonly insert: string;
	readonly endsLine: boolean;
	readonly atLineStart: boolean;
}

/** Where a text that is not in the view as such may be meant, by the strictest stage that finds any place. */
export function findLoose(view: string, wanted: Wanted): Found | undefined {
	const stages = stagesFor(view, wanted);
	let [best, places]: [number, readonly Place[]] = [stages.length - 1, []];
	const all = visitPlaces(view, wanted, stages, (rank, found) => {
		if (rank > best) return;
		places = rank < best ? found : [...places, ...found];
		best = rank;
	});
	const ignored = stages[best]?.ignored;
	return all && ignored && places.length > 0 ? { ignored, places } : undefined;
}

/** How many places a text may also be meant at, besides `known` ones in their order; where there are many, at least. */
export function countNear(view: string, wanted: Wanted, known: readonly Place[]): number {
	let [count, end] = [0, 0];
	visitPlaces(view, wanted, stagesFor(view, wanted), (_, found) => {
		for (const place of found) {
			const before = lastWhere(known, ({ start }) => start < place.end);
			if (place.start < end || (before && before.end > place.start)) continue;
			count++;
			end = place.end;
		}
	});
	return count;
}

function stagesFor(view: string, wanted: Wanted): readonly Stage[] {
	if (isTiny(wanted.old)) return [];
	const canDiffer = !isAscii(view) || !isAscii(wanted.old);
	return STAGES.filter((stage) => (stage.fold === same || canDiffer) && isChange(stage, wanted));
}

/**
 * Visits what each stretch of lines that may be meant has by the first stage that finds something there. False when the
 * search was given up.
 */
function visitPlaces(
	view: string,
	wanted: Wanted,
	stages: readonly Stage[],
	visit: (rank: number, found: readonly Place[]) => void,
): boolean {
	const loosest = stages.at(-1);
	if (!loosest) return true;
	const lines = linesOf(wanted);
	const folded = lines.old.map(loosest.fold);
	const core = coreOf(view, isAscii(view), folded);
	if (!core) return true;
	const sheet = sheetOf(view);
	return visitSpots(view, core, folded, loosest.fold, (rows) => {
		for (const [rank, stage] of stages.entries()) {
			const found = matches(stage, sheet, rows, lines);
			if (found.length > 0) return visit(rank, found);
		}
	});
}

/**
 * What stands in the view as such, but behind its indentation or a part of it: taken for whole lines in another depth. It only
 * matters for the depth of further lines. Undefined where it is not that.
 */
export function findDeeper(view: string, start: number, wanted: Wanted): Place | undefined {
	const lines = linesOf(wanted);
	const row = rowAt(view, start);
	const isBlank = lines.old[0]?.trim() === "";
	if (isBlank || !isShallow(view.slice(row.start, row.end), start - row.start, lines)) return undefined;
	const rows = around(view, row, 0, lines.old.length - 1);
	return rows && wholeLines({ fold: same }, sheetOf(view), rows, lines)[0];
}

/** Whether a position is within the indentation of a line. */
function isCutIndent(line: string, at: number): boolean {
	return at > 0 && at < line.length && line.slice(0, at + 1).trim() === "";
}

/** Whether a text that begins there in a line of the file was written for less depth than that line has. */
function isShallow(line: string, at: number, lines: Lines): boolean {
	return isCutIndent(line, at) || (at > 0 && line.slice(0, at).trim() === "" && isAtEdge(lines));
}

/**
 * One line without indentation, for which several without any are given. A blank line sets off what is no part of it, and
 * a bracket may close what is further out.
 */
function isAtEdge({ old, insert }: Lines): boolean {
	const rows = insert.replace(/\n$/, "").split("\n");
	return old.length === 1 && rows.length > 1 && rows.every((row) => /^[^\s)\]}]/.test(row));
}

function linesOf({ old, insert, atLineStart }: Wanted): Lines {
	const lines = old.split("\n");
	const endsLine = lines.length > 1 && lines.at(-1) === "";
	return { old: endsLine ? lines.slice(0, -1) : lines, insert, endsLine, atLineStart };
}

function sheetOf(view: string): Sheet {
	return { view, unit: once(() => unitOf(view.split("\n", 5000))) };
}

/** A change of nothing but what a stage ignores can't have been found by ignoring it. */
function isChange({ fold, whole }: Stage, { old, insert }: Wanted): boolean {
	const plain = (text: string) =>
		fold(text)
			.split("\n")
			.map((line) => (whole ? line.trim() : line.trimEnd()))
			.join("\n");
	return plain(old) !== plain(insert);
}

function matches(stage: Stage, sheet: Sheet, rows: readonly Row[], lines: Lines): readonly Place[] {
	if (stage.whole) return wholeLines(stage, sheet, rows, lines);
	return lines.old.length === 1 ? inLine(stage, sheet, rows, lines) : acrossLines(stage, sheet, rows, lines);
}

function wholeLines(
	{ fold }: Pick<Stage, "fold">,
	{ view, unit }: Sheet,
	rows: readonly Row[],
	lines: Lines,
): readonly Place[] {
	const there = rows.map(({ start, end }) => view.slice(start, end));
	const alike = lines.old.every((line, at) => fold(line).trim() === fold(there[at] ?? "").trim());
	const fitted = alike ? reindent(lines.old, lines.insert.split("\n"), there, unit) : undefined;
	const [first, last] = [rows[0], rows.at(-1)];
	if (!fitted || !first || !last) return [];
	const [head, tail] = [there[0] ?? "", there.at(-1) ?? ""];
	const start = first.start + (fitted.partial ? head.length - head.trimStart().length : 0);
	return [
		finish(view, start, last.start + tail.trimEnd().length, last, {
			...lines,
			old: fitted.old,
			insert: fitted.insert.join("\n"),
		}),
	];
}

function inLine({ fold, scaleOf }: Stage, { view }: Sheet, rows: readonly Row[], lines: Lines): readonly Place[] {
	const [row, line] = [rows[0], lines.old[0]];
	if (!row || line === undefined) return [];
	const there = view.slice(row.start, row.end);
	const [text, want] = [fold(there), fold(line).trimEnd()];
	const scale = scaleOf(there);
	const places: Place[] = [];
	for (let at = text.indexOf(want); at >= 0; at = text.indexOf(want, at + 1)) {
		if (lines.atLineStart && at > 0) break;
		if (isShallow(text, at, lines)) continue;
		const end = at + want.length;
		if (mustEndLine(lines, fold) && text.trimEnd().length !== end) continue;
		const [from, to] = [scale.rawAt(at, "start"), scale.rawAt(end, "end")];
		if (from !== undefined && to !== undefined) places.push(finish(view, row.start + from, row.start + to, row, lines));
	}
	return places;
}

function acrossLines({ fold, scaleOf }: Stage, { view }: Sheet, rows: readonly Row[], lines: Lines): readonly Place[] {
	const [first, last] = [rows[0], rows.at(-1)];
	if (!first || !last) return [];
	const there = rows.map(({ start, end }) => view.slice(start, end));
	const texts = there.map(fold);
	const wants = lines.old.map(fold);
	const end = wants.length - 1;
	for (let at = 1; at < end; at++) if (texts[at]?.trimEnd() !== wants[at]?.trimEnd()) return [];
	const from = headAt(texts[0]?.trimEnd() ?? "", wants[0] ?? "", lines.atLineStart);
	const to = tailAt(texts[end] ?? "", wants[end] ?? "", mustEndLine(lines, fold));
	if (from === undefined || to === undefined) return [];
	const start = scaleOf(there[0] ?? "").rawAt(from, "start");
	const stop = scaleOf(there[end] ?? "").rawAt(to, "end");
	if (start === undefined || stop === undefined) return [];
	return [finish(view, first.start + start, last.start + stop, last, lines)];
}

/** Where in its line the first one begins. */
function headAt(text: string, want: string, atLineStart: boolean): number | undefined {
	const head = want.trimEnd();
	// White space that is all of a line stands for an empty one.
	const isWhole = atLineStart || (want !== "" && head === "");
	if (isWhole ? text !== head : !text.endsWith(head)) return undefined;
	const at = text.length - head.length;
	// In another depth further lines would be as well: that is for a stage that knows of indentation.
	return isCutIndent(text, at) ? undefined : at;
}

/** Where in its line the last one ends. */
function tailAt(text: string, want: string, mustEnd: boolean): number | undefined {
	if (!mustEnd) return text.startsWith(want) ? want.length : undefined;
	const tail = text.trimEnd();
	return tail === want.trimEnd() ? tail.length : undefined;
}

/** White space at the end was ignored, so the line must end there: `total = 1 ` is not found in `total = 10`. */
function mustEndLine({ old, endsLine }: Lines, fold: (text: string) => string): boolean {
	const last = fold(old.at(-1) ?? "");
	return endsLine || last.trimEnd() !== last;
}

function finish(view: string, start: number, end: number, last: Row, lines: Lines): Place {
	const [old, insert] = [lines.old.join("\n"), lines.insert];
	if (!lines.endsLine) {
		// White space that the line does not end with after all.
		const line = lines.old.at(-1) ?? "";
		const trail = line.slice(line.trimEnd().length);
		const bare = insert.endsWith(trail) ? insert.slice(0, insert.length - trail.length) : insert;
		return { start, end, old: old.slice(0, old.length - trail.length), insert: bare };
	}
	if (last.end < view.length) return { start, end: last.end + 1, old: `${old}\n`, insert };
	// The file has no line end there, and does not get one.
	return { start, end: view.length, old, insert: insert.endsWith("\n") ? insert.slice(0, -1) : insert };
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}
