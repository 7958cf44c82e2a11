import { printable } from "../../agent/contained.ts";
import { count, numbered, splitLines } from "../../agent/lines.ts";
import { middleOut } from "../../agent/middle-out.ts";
import {
	type Cell,
	languageOf,
	type Notebook,
	type Output,
	parseNotebook,
	sourceOf,
	textOf,
	uniqueIds,
} from "./parse.ts";

/** Characters of one output, and outputs of one cell, that are shown. */
const MAX_OUTPUT = 2000;
const MAX_OUTPUTS = 10;

/** As the model reads it: each cell with its names, its source with the numbers of lines, and its outputs. */
export function cellLines(name: string, notebook: Notebook): readonly string[] {
	const { cells } = notebook;
	const language = languageOf(notebook);
	const head = `Notebook ${name}${language === undefined ? "" : `, ${language}`}: ${count(cells.length, "cell")}. NotebookEdit changes them.`;
	const ids = uniqueIds(cells);
	const shown = cells.flatMap((cell, index) => {
		const id = cell.id !== undefined && ids.has(cell.id) ? `, id ${cell.id}` : "";
		const source = splitLines(sourceOf(cell)).map((line, at) => numbered(at + 1, line));
		return [
			"",
			`[cell-${index}] ${kindOf(cell, language)}${id}${runOf(cell)}`,
			...(source.length === 0 ? ["(empty)"] : source),
			...outputLines(cell),
		];
	});
	return [head, ...shown];
}

/** As a person compares two versions of one: without the JSON about it. A text that is no notebook stays as it is. */
export function readable(text: string): string {
	const parsed = parseNotebook(text);
	if (!parsed.ok) return text;
	const language = languageOf(parsed.value);
	const cells = parsed.value.cells.map((cell) => {
		const source = sourceOf(cell);
		return [`── ${kindOf(cell, language)} ──`, ...(source === "" ? [] : [source]), ...outputLines(cell)].join("\n");
	});
	return `${cells.join("\n\n")}\n`;
}

function kindOf({ cell_type: kind, metadata }: Cell, language: string | undefined): string {
	if (kind !== "code") return kind;
	const own = metadata?.vscode?.languageId ?? language;
	return own === undefined ? kind : `${kind} (${own})`;
}

function runOf({ execution_count: run }: Cell): string {
	return typeof run === "number" ? `, run ${run}` : "";
}

/** Marked, so that no output can pass for a cell. */
function outputLines({ outputs = [] }: Cell): readonly string[] {
	if (outputs.length === 0) return [];
	const shown = outputs.slice(0, MAX_OUTPUTS).flatMap((output) => linesOf(output));
	const more = outputs.length > MAX_OUTPUTS ? [`[${count(outputs.length - MAX_OUTPUTS, "more output")}]`] : [];
	return ["Output:", ...[...shown, ...more].map((line) => `> ${line}`)];
}

function linesOf(output: Output): readonly string[] {
	if (output.output_type === "stream") return plain(textOf(output.text ?? ""));
	if (output.output_type === "error") {
		const { ename = "Error", evalue = "", traceback = [] } = output;
		return plain([`${ename}: ${evalue}`, ...traceback].join("\n"));
	}
	const { data = {} } = output;
	const text = TEXTS.map((type) => data[type]).find((each) => isText(each));
	const named = Object.keys(data).filter((type) => !TEXTS.includes(type) && (text === undefined || !isMarkup(type)));
	return [...named.map((type) => `[${printable(type)}, not shown]`), ...(isText(text) ? plain(textOf(text)) : [])];
}

/** Forms in which an output may be read, the plainest first. */
const TEXTS: readonly string[] = ["text/plain", "text/markdown", "text/latex"];

/** The same in another form. */
function isMarkup(type: string): boolean {
	return type.startsWith("text/") || type.startsWith("application/");
}

function isText(value: unknown): value is string | readonly string[] {
	return typeof value === "string" || (Array.isArray(value) && value.every((each) => typeof each === "string"));
}

/** What colours a terminal's text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin with
const COLOURS = /\x1b\[[0-?]*[ -/]*[@-~]/g;

function plain(text: string): readonly string[] {
	return splitLines(middleOut(printable(text.replace(COLOURS, "")).trimEnd(), MAX_OUTPUT).toWellFormed());
}
