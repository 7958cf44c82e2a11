import * as z from "zod/mini";
import { planProposals } from "../agent/change.ts";
import { normalise } from "../agent/eol.ts";
import { count, cutLine, splitLines } from "../agent/lines.ts";
import type { FileText, Place } from "../agent/ports.ts";
import type { Ctx, Refusal, Tool } from "../agent/tool.ts";
import { explain, isPlace, locateToWrite, seenHash } from "./locate.ts";
import { deleteCell, insertCell, replaceCell } from "./notebook/edit.ts";
import { findCell, isNotebook, type Notebook, parseNotebook, sourceOf } from "./notebook/parse.ts";
import { readable } from "./notebook/show.ts";
import description from "./notebook-edit.md";

const Input = z.strictObject({
	notebook_path: z.string(),
	cell_id: z.optional(
		z.string().check(z.describe("Id, or `cell-0` and so on; the new cell comes after it, without it first.")),
	),
	new_source: z.optional(z.string()),
	cell_type: z.optional(z.enum(["code", "markdown"])),
	edit_mode: z.optional(z.enum(["replace", "insert", "delete"])),
});
type Input = z.infer<typeof Input>;

export const notebookEditTool: Tool<Input> = {
	name: "NotebookEdit",
	description,
	input: Input,
	async plan(input, ctx) {
		const place = await locateToWrite(ctx, input.notebook_path, "Edit");
		if (!isPlace(place)) return place;
		const { name, path } = place;
		const title = `Edit ${name}`;
		if (!isNotebook(name)) return { refused: `${name} is no notebook (.ipynb): use Edit.`, title };
		const read = await readNotebook(ctx, place);
		if ("refused" in read) return { ...read, title };
		const { file, notebook } = read;
		const changed = change(file.text, notebook, input);
		if ("refused" in changed) return { refused: `${name}: ${changed.refused}`, title };
		const after = { text: changed.text, encoding: file.encoding, bom: file.bom };
		const done = `${changed.done} in ${name}${changed.note}`;
		const proposal = { path, name, before: file, after, done, readable };
		return planProposals(ctx.files, [proposal], `${changed.verb} in ${name}`);
	},
};

async function readNotebook(ctx: Ctx, place: Place): Promise<{ file: FileText; notebook: Notebook } | Refusal> {
	const { name } = place;
	const read = await ctx.files.read(place.path);
	if (!read.ok) return { refused: await explain(ctx.files, place, read.failure) };
	const known = seenHash(ctx, place);
	if (known === undefined) return { refused: `Read ${name} first: you have to know its cells.` };
	if (known !== read.value.hash) return { refused: `${name} has changed since you read it. Read it again, then edit.` };
	const parsed = parseNotebook(read.value.text);
	return parsed.ok ? { file: read.value, notebook: parsed.value } : { refused: `${name} ${parsed.failure}` };
}

interface Changed {
	readonly text: string;
	/** For the title, and for the model once it is written; `note` goes on after the file's name. */
	readonly verb: string;
	readonly done: string;
	readonly note: string;
}

function change(text: string, notebook: Notebook, input: Input): Changed | Refusal {
	const { cell_id, edit_mode = "replace" } = input;
	const index = cell_id === undefined ? -1 : findCell(notebook, cell_id);
	if (cell_id !== undefined && index < 0) return { refused: unknownCell(notebook, cell_id) };
	if (edit_mode === "insert") return insert(text, notebook, index + 1, input);
	if (index < 0) return { refused: `\`cell_id\` is missing: give the cell to ${edit_mode}.` };
	return edit_mode === "delete" ? remove(text, notebook, index) : replace(text, notebook, index, input);
}

function replace(text: string, notebook: Notebook, index: number, { new_source, cell_type }: Input): Changed | Refusal {
	const cell = notebook.cells[index];
	if (!cell || new_source === undefined)
		return { refused: "`new_source` is missing: give the whole text of the cell." };
	// The model can't say again what it was not shown.
	if (splitLines(sourceOf(cell)).some((line) => cutLine(line) !== line))
		return {
			refused: `cell-${index} has lines that are too long to be shown whole: change it with Edit, as the JSON that it is.`,
		};
	const source = normalise(new_source);
	const isOther = cell_type !== undefined && cell_type !== cell.cell_type;
	if (source === sourceOf(cell) && !isOther) return { refused: `cell-${index} has exactly this source already.` };
	const outputs = cell.outputs?.length ?? 0;
	const cleared = outputs > 0 ? ` Its ${count(outputs, "output")} went: they were the old source's.` : "";
	const now = isOther ? `, ${cell_type} now` : "";
	return {
		text: replaceCell(text, notebook, index, source, cell_type),
		verb: `Edit cell-${index}`,
		done: `Replaced cell-${index}`,
		note: `: ${count(splitLines(source).length, "line")}${now}.${cleared}`,
	};
}

function insert(text: string, notebook: Notebook, index: number, { new_source, cell_type }: Input): Changed | Refusal {
	if (new_source === undefined || cell_type === undefined) {
		const missing = new_source === undefined ? "new_source" : "cell_type";
		return { refused: `\`${missing}\` is missing: a new cell needs its text and its type.` };
	}
	const now = insertCell(text, notebook, index, { source: normalise(new_source), kind: cell_type });
	const parsed = parseNotebook(now);
	const id = parsed.ok ? parsed.value.cells[index]?.id : undefined;
	const later = index < notebook.cells.length ? " The numbers of later cells are one higher." : "";
	return {
		text: now,
		verb: `Insert cell-${index}`,
		done: `Inserted cell-${index}${id === undefined ? "" : ` (id ${id})`}`,
		note: `.${later}`,
	};
}

function remove(text: string, notebook: Notebook, index: number): Changed {
	const later = index < notebook.cells.length - 1 ? " The numbers of later cells are one lower." : "";
	return {
		text: deleteCell(text, index),
		verb: `Delete cell-${index}`,
		done: `Deleted cell-${index}`,
		note: `.${later}`,
	};
}

function unknownCell({ cells }: Notebook, name: string): string {
	const last = cells.length === 0 ? "it has no cells" : `its cells are cell-0 to cell-${cells.length - 1}`;
	return `There is no cell ${JSON.stringify(name.slice(0, 80))}: ${last}, or give an id that Read shows.`;
}
