import * as z from "zod/mini";
import { planChange } from "../agent/change.ts";
import { dominantEol, withEol } from "../agent/eol.ts";
import { count, splitLines } from "../agent/lines.ts";
import type { FileText, Place } from "../agent/ports.ts";
import type { Ctx, Tool } from "../agent/tool.ts";
import { explain, isPlace, locateToWrite, seenHash } from "./locate.ts";
import { isNotebook, parseNotebook } from "./notebook/parse.ts";
import description from "./write.md";

const Input = z.strictObject({
	path: z.string().check(z.describe("File to create or replace.")),
	content: z.string().check(z.describe("The whole text of the file.")),
});

export const writeTool: Tool<z.infer<typeof Input>> = {
	name: "Write",
	description,
	input: Input,
	async plan({ path, content }, ctx) {
		const place = await locateToWrite(ctx, path, "Write");
		if (!isPlace(place)) return place;
		const title = `Write ${place.name}`;
		const read = await ctx.files.read(place.path);
		if (read.ok) return replace(ctx, place, read.value, content);
		if (read.failure.code !== "missing") return { refused: await explain(ctx.files, place, read.failure), title };
		const marked = content.startsWith("\ufeff");
		return planChange(ctx.files, {
			place,
			before: null,
			after: { text: marked ? content.slice(1) : content, encoding: "utf8", bom: marked },
			done: `Created ${place.name} with ${count(splitLines(content).length, "line")}.`,
		});
	},
};

function replace(ctx: Ctx, place: Place, before: FileText, content: string) {
	const title = `Write ${place.name}`;
	const known = seenHash(ctx, place);
	// An empty file has nothing to lose.
	if (known === undefined && before.text !== "") {
		const refused = `${place.name} exists and you have not read it. Read it first so that nothing is lost, or change a part of it with Edit.`;
		return { refused, title };
	}
	if (known !== undefined && known !== before.hash)
		return { refused: `${place.name} has changed since you read it. Read it again before you replace it.`, title };
	// Read shows no more than the cells: the rest would be lost.
	if (isNotebook(place.name) && parseNotebook(before.text).ok)
		return { refused: `${place.name} is a notebook: change its cells with NotebookEdit.`, title };
	const unmarked = content.startsWith("\ufeff") ? content.slice(1) : content;
	const eol = dominantEol(before.text);
	const text = eol === undefined ? unmarked : withEol(unmarked, eol);
	if (text === before.text) return { refused: `${place.name} has exactly this text already: nothing to write.`, title };
	return planChange(ctx.files, {
		place,
		before,
		after: { text, encoding: before.encoding, bom: before.bom },
		done: `Replaced ${place.name}: ${count(splitLines(text).length, "line")} now, ${splitLines(before.text).length} before.`,
	});
}
