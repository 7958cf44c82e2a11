import * as z from "zod/mini";
import { count, numbered, splitLines } from "../agent/lines.ts";
import type { FileText, Place } from "../agent/ports.ts";
import { type Ctx, failed, type Outcome, type Tool } from "../agent/tool.ts";
import { explain, isPlace, locate } from "./locate.ts";
import { isNotebook, parseNotebook } from "./notebook/parse.ts";
import { cellLines } from "./notebook/show.ts";
import description from "./read.md";

const DEFAULT_LINES = 2000;
/** Characters of one result: some 25,000 tokens. */
const MAX_CHARS = 100_000;
const MAX_ENTRIES = 100;

const Input = z.strictObject({
	path: z.string().check(z.describe("File to read.")),
	offset: z.optional(z.int().check(z.minimum(1), z.describe("First line to read, counted from 1."))),
	limit: z.optional(z.int().check(z.minimum(1), z.describe("Number of lines, 2000 by default."))),
});
type Input = z.infer<typeof Input>;

export const readTool: Tool<Input> = {
	name: "Read",
	description,
	input: Input,
	async plan(input, ctx) {
		const place = await locate(ctx, input.path, "Read");
		if (!isPlace(place)) return place;
		return {
			title: `Read ${place.name}${range(input)}`,
			effects: [{ read: place.name }],
			run: () => run(input, ctx, place),
		};
	},
};

function range({ offset = 1, limit }: Input): string {
	if (limit !== undefined) return `:${offset}-${offset + limit - 1}`;
	return offset === 1 ? "" : `:${offset}`;
}

async function run(input: Input, ctx: Ctx, place: Place): Promise<Outcome> {
	const read = await ctx.files.read(place.path);
	if (read.ok) return show(read.value, input, place);
	if (read.failure.code === "directory") return listFolder(ctx, place);
	return failed(await explain(ctx.files, place, read.failure));
}

function show(file: FileText, { offset = 1, limit = DEFAULT_LINES }: Input, place: Place): Outcome {
	const details = { seen: { [place.name]: file.hash } };
	const { lines, shape, note } = linesOf(file, place);
	if (lines.length === 0) return { text: `${place.name} is empty.`, details };
	if (offset > lines.length)
		return failed(`${place.name} has only ${count(lines.length, "line")}: offset ${offset} is past its end.`);
	const shown: string[] = [];
	let chars = 0;
	for (const line of lines.slice(offset - 1, offset - 1 + limit)) {
		const text = shape(line, offset + shown.length);
		chars += text.length + 1;
		if (chars > MAX_CHARS && shown.length > 0) break;
		shown.push(text);
	}
	return { text: [...shown, ...notes(file, offset, shown.length, lines.length), ...note].join("\n"), details };
}

interface Lines {
	readonly lines: readonly string[];
	shape(line: string, number: number): string;
	readonly note: readonly string[];
}

/** A notebook as its cells; one that is not understood as the text that it is, to be mended. */
function linesOf({ text }: FileText, { name }: Place): Lines {
	const plain = { lines: splitLines(text), shape: (line: string, number: number) => numbered(number, line), note: [] };
	if (!isNotebook(name) || plain.lines.length === 0) return plain;
	const notebook = parseNotebook(text);
	if (!notebook.ok) return { ...plain, note: [`[This is its text: ${name} ${notebook.failure}]`] };
	return { lines: cellLines(name, notebook.value), shape: (line) => line, note: [] };
}

function notes(file: FileText, offset: number, shown: number, total: number): string[] {
	const last = offset + shown - 1;
	const unsaved = file.dirty ? ["[The editor has unsaved changes; this is the text with them.]"] : [];
	if (shown === total) return unsaved;
	const next = last < total ? ` Go on with offset ${last + 1}.` : "";
	return [...unsaved, `[Lines ${offset} to ${last} of ${total}.${next}]`];
}

async function listFolder(ctx: Ctx, place: Place): Promise<Outcome> {
	const listed = await ctx.files.list(place.path);
	if (!listed.ok) return failed(await explain(ctx.files, place, listed.failure));
	const names = listed.value.slice(0, MAX_ENTRIES);
	const more = listed.value.length > names.length ? [`[${listed.value.length - names.length} more]`] : [];
	const what = place.name === "." ? "This is the workspace folder" : `${place.name} is a folder`;
	const head = `${what}, not a file. Use Glob to search below it. In it (${listed.value.length}):`;
	return failed([head, ...names, ...more].join("\n"));
}
