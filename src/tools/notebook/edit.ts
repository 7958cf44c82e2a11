import {
	blankAfterComma,
	itemsOf,
	memberOf,
	membersOf,
	replaced,
	rootOf,
	type Span,
	withMore,
	without,
} from "./json.ts";
import { type Notebook, sourceOf } from "./parse.ts";

export type CellKind = "code" | "markdown";

export interface NewCell {
	readonly source: string;
	readonly kind: CellKind;
}

/*
 * Changes of one cell in the text of a notebook that was parsed: the bytes of everything else stay. Each finds its place
 * in the text as the one before left it.
 */

/** Another source, and another kind if that is given; what the old source put out goes. */
export function replaceCell(text: string, notebook: Notebook, index: number, source: string, kind?: CellKind): string {
	const cell = notebook.cells[index];
	if (!cell) return text;
	const isCode = (kind ?? cell.cell_type) === "code";
	let out = withSource(text, index, sourceOf(cell) === source ? undefined : source);
	if (kind !== undefined && kind !== cell.cell_type) {
		out = withValue(out, index, "cell_type", JSON.stringify(kind));
		for (const key of isCode ? ["attachments"] : ["outputs", "execution_count"]) out = withoutKey(out, index, key);
		if (isCode) out = withKey(withKey(out, index, "execution_count", "null"), index, "outputs", "[]");
	}
	return isCode ? withValue(withValue(out, index, "outputs", "[]"), index, "execution_count", "null") : out;
}

export function deleteCell(text: string, index: number): string {
	const cells = cellsOf(text);
	return without(text, cells, itemsOf(text, cells), index);
}

/** A new cell that is at `index` afterwards. */
export function insertCell(text: string, notebook: Notebook, index: number, { source, kind }: NewCell): string {
	const cells = cellsOf(text);
	const all = itemsOf(text, cells);
	const hasIds = (notebook.nbformat_minor ?? 0) >= 5;
	const cell = {
		cell_type: kind,
		...(kind === "code" && { execution_count: null }),
		...(hasIds && { id: newId(notebook, index, source) }),
		metadata: {},
		...(kind === "code" && { outputs: [] }),
		source: linesOf(source),
	};
	const [first] = all;
	if (first) return withMore(text, cells, all, index, written(text, cell, indentAt(text, first.from)));
	return replaced(text, cells, written(text, [cell], indentAt(text, cells.from)));
}

/** Equal calls give equal bytes: it is made of what the cell is. FNV-1a. */
function newId({ cells }: Notebook, index: number, source: string): string {
	const taken = new Set(cells.map(({ id }) => id));
	for (let salt = index; ; salt++) {
		let hash = 0x811c9dc5;
		for (const char of `${salt} ${source}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
		// Beginning with a letter, it can't be taken for a number.
		const id = `c${(hash >>> 0).toString(16).padStart(8, "0")}`;
		if (!taken.has(id)) return id;
	}
}

function cellsOf(text: string): Span {
	return memberOf(text, rootOf(text), "cells") ?? rootOf(text);
}

function cellAt(text: string, index: number): Span {
	return itemsOf(text, cellsOf(text))[index] ?? cellsOf(text);
}

function withSource(text: string, index: number, source: string | undefined): string {
	const member = memberOf(text, cellAt(text, index), "source");
	if (!member || source === undefined) return text;
	const isList = text[member.from] === "[";
	return replaced(text, member, isList ? sourceList(text, member, source) : JSON.stringify(source));
}

/** A list of lines, laid out as it was. Lines that stay keep their bytes, such as the way they escape a character. */
function sourceList(text: string, list: Span, source: string): string {
	const items = itemsOf(text, list);
	const [first, last] = [items[0], items.at(-1)];
	const lines = linesOf(source);
	if (!first || !last) return written(text, lines, indentAt(text, list.from));
	if (lines.length === 0) return "[]";
	const known = new Map(items.map(({ from, to }) => withoutEnd(text.slice(from, to))));
	const raw = (line: string) => {
		const kept = known.get(line.replace(/\n$/, ""));
		return kept === undefined ? JSON.stringify(line) : `"${kept}${line.endsWith("\n") ? "\\n" : ""}"`;
	};
	const open = text.slice(list.from + 1, first.from);
	const comma = `,${items.length > 1 ? blankAfterComma(text, items) : open || layoutOf(text).blank}`;
	return `[${open}${lines.map(raw).join(comma)}${text.slice(last.to, list.to)}`;
}

/** A line and how it is written, both without its line end: a line that others come after now is the same line. */
function withoutEnd(written: string): readonly [line: string, written: string] {
	const line = JSON.parse(written) as string;
	const hasEnd = line.endsWith("\n") && written.endsWith('\\n"');
	return hasEnd ? [line.slice(0, -1), written.slice(1, -3)] : [line, written.slice(1, -1)];
}

/** Each with its line end, but for the last one. */
function linesOf(source: string): readonly string[] {
	return source.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function withValue(text: string, index: number, key: string, value: string): string {
	const member = memberOf(text, cellAt(text, index), key);
	return member ? replaced(text, member, value) : text;
}

function withoutKey(text: string, index: number, key: string): string {
	const cell = cellAt(text, index);
	const members = membersOf(text, cell);
	const at = members.findIndex((member) => member.key === key);
	return at < 0 ? text : without(text, cell, members, at);
}

/** Where it stands in order, which is how Jupyter writes them. */
function withKey(text: string, index: number, key: string, value: string): string {
	const cell = cellAt(text, index);
	const members = membersOf(text, cell);
	if (members.some((member) => member.key === key)) return text;
	const after = members.findIndex((member) => member.key > key);
	const { colon } = layoutOf(text);
	return withMore(text, cell, members, after < 0 ? members.length : after, `${JSON.stringify(key)}${colon}${value}`);
}

/** How the file is laid out, by its first member: a notebook has some. */
interface Layout {
	/** Before a member of the root: a line break and one level of indentation; nothing where all is on one line. */
	readonly step: string;
	readonly colon: string;
	/** After a comma on one line. */
	readonly blank: string;
}

function layoutOf(text: string): Layout {
	const root = rootOf(text);
	const members = membersOf(text, root);
	const [first] = members;
	const step = text.slice(root.from + 1, first?.start);
	// From the quote that ends the name, which may be longer in the file than it is.
	const colon = first ? text.slice(text.lastIndexOf('"', first.from - 1) + 1, first.from) : ": ";
	return { step: step.includes("\n") ? step : "", colon, blank: step === "" ? blankAfterComma(text, members) : " " };
}

function indentAt(text: string, at: number): string {
	return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";
}

type Json = string | number | null | readonly Json[] | { readonly [key: string]: Json };

/** A value as the rest of the file is laid out, to stand at `indent`. */
function written(text: string, value: Json, indent: string, layout = layoutOf(text)): string {
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	const { step, colon, blank } = layout;
	const unit = step.slice(step.lastIndexOf("\n") + 1);
	const isList = isItems(value);
	const inner = indent + unit;
	const parts = isList
		? value.map((item) => written(text, item, inner, layout))
		: Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}${colon}${written(text, item, inner, layout)}`);
	const [open, close] = isList ? "[]" : "{}";
	if (parts.length === 0) return `${open}${close}`;
	if (step === "") return `${open}${parts.join(`,${blank}`)}${close}`;
	const eol = step.startsWith("\r\n") ? "\r\n" : "\n";
	return `${open}${eol}${inner}${parts.join(`,${eol}${inner}`)}${eol}${indent}${close}`;
}

function isItems(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
	return Array.isArray(value);
}
