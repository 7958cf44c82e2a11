import * as z from "zod/mini";
import { planChange } from "../agent/change.ts";
import { count, numbered, splitLines } from "../agent/lines.ts";
import type { FileText, Place } from "../agent/ports.ts";
import type { Ctx, Refusal, Tool } from "../agent/tool.ts";
import description from "./edit.md";
import { explain, isPlace, locateToWrite, seenHash, unreadSecret } from "./locate.ts";
import { cautionOf, hint, noteOf, wordsOf } from "./match/words.ts";
import { applyEdits, type Edit, type EditTrouble, MAX_LINES, type Region } from "./match.ts";
import { isNotebook } from "./notebook/parse.ts";

const One = z.strictObject({
	old_string: z.string(),
	new_string: z.string(),
	replace_all: z.optional(z.boolean()),
});
const Input = z.strictObject({
	path: z.string().check(z.describe("File to change.")),
	old_string: z.optional(z.string().check(z.describe("Exact text to replace, unique in the file."))),
	new_string: z.optional(z.string().check(z.describe("Text to put in its place."))),
	replace_all: z.optional(z.boolean().check(z.describe("Replace every occurrence."))),
	edits: z.optional(z.array(One).check(z.describe("Several replacements at once, instead of the three above."))),
});
type Input = z.infer<typeof Input>;

export const editTool: Tool<Input> = {
	name: "Edit",
	description,
	input: Input,
	async plan(input, ctx) {
		const edits = editsOf(input);
		if (!Array.isArray(edits)) return edits;
		const place = await locateToWrite(ctx, input.path, "Edit");
		if (!isPlace(place)) return place;
		const title = `Edit ${place.name}`;
		const read = await ctx.files.read(place.path);
		if (!read.ok) {
			const [only] = edits;
			if (read.failure.code === "missing" && only?.old === "" && edits.length === 1)
				return create(ctx, place, only.new);
			return { refused: await explain(ctx.files, place, read.failure), title };
		}
		const secret = unreadSecret(ctx, place);
		if (secret !== undefined) return { refused: secret, title };
		const known = seenHash(ctx, place);
		if (known !== undefined && known !== read.value.hash)
			return { refused: `${place.name} has changed since you read it. Read it again, then edit.`, title };
		return change(ctx, place, read.value, edits);
	},
};

function editsOf(input: Input): Edit[] | Refusal {
	const { old_string, new_string, replace_all, edits } = input;
	if (edits !== undefined) {
		if (old_string !== undefined || new_string !== undefined || replace_all !== undefined)
			return { refused: "Give either `edits`, or `old_string` and `new_string`, not both." };
		if (edits.length === 0) return { refused: "`edits` is empty: give at least one replacement." };
		return edits.map((edit) => ({ old: edit.old_string, new: edit.new_string, all: edit.replace_all ?? false }));
	}
	if (old_string === undefined || new_string === undefined) {
		const missing = old_string === undefined ? "old_string" : "new_string";
		return { refused: `\`${missing}\` is missing: give \`old_string\` and \`new_string\`, or a list \`edits\`.` };
	}
	return [{ old: old_string, new: new_string, all: replace_all ?? false }];
}

function create(ctx: Ctx, place: Place, text: string) {
	if (text === "") return { refused: `${place.name} does not exist, and there is no text to create it with.` };
	const after = { text, encoding: "utf8", bom: false } as const;
	const done = `Created ${place.name} with ${count(splitLines(text).length, "line")}.`;
	return planChange(ctx.files, { place, before: null, after, done });
}

function change(ctx: Ctx, place: Place, before: FileText, edits: readonly Edit[]) {
	const applied = applyEdits(before.text, edits);
	if (!applied.ok)
		return { refused: sentence(applied.trouble, place, edits, before.text), title: `Edit ${place.name}` };
	const { text, replaced, regions, drifts, near } = applied;
	const notes = drifts.map(({ index, ignored }) => noteOf(ignored, edits.length === 1 ? "" : `edits[${index}]`));
	const head = `Edited ${place.name}: ${count(replaced, "replacement")}.${notes.join("")}${leftAs(near)} Now it reads:`;
	const ignored = drifts.flatMap((drift) => drift.ignored);
	const warning = cautionOf(ignored);
	return planChange(ctx.files, {
		place,
		before,
		after: { text, encoding: before.encoding, bom: before.bom },
		...(seenHash(ctx, place) === undefined && { unread: true }),
		...(warning !== undefined && { warning }),
		done: [head, ...around(text, regions)].join("\n"),
	});
}

function leftAs(near: number): string {
	if (near === 0) return "";
	const [places, left] = near === 1 ? ["place differs", "was"] : ["places differ", "were"];
	return ` ${near} more ${places} from old_string only in white space or look-alike characters, and ${left} left.`;
}

const CONTEXT = 2;
const MAX_REGIONS = 3;
const MAX_REGION_LINES = 16;

/** The changed stretches with a few lines about them, numbered as Read does. */
function around(text: string, regions: readonly Region[]): string[] {
	const lines = splitLines(text);
	const shown = regions.slice(0, MAX_REGIONS).flatMap((region, index) => {
		const from = Math.max(0, Math.min(region.from, lines.length) - CONTEXT);
		const to = Math.min(lines.length, region.to + CONTEXT);
		const last = Math.min(to, from + MAX_REGION_LINES);
		const rows = lines.slice(from, last).map((line, at) => numbered(from + at + 1, line));
		return [
			...(index === 0 ? [] : ["…"]),
			...rows,
			...(last < to ? [`… [${to - last} more lines of this change]`] : []),
		];
	});
	return regions.length > MAX_REGIONS ? [...shown, `… [${regions.length - MAX_REGIONS} more places]`] : shown;
}

function sentence(trouble: EditTrouble, place: Place, edits: readonly Edit[], text: string): string {
	const which = edits.length === 1 ? "" : `edits[${trouble.index}]: `;
	const nothing = edits.length === 1 ? "" : " No edit of the list was made.";
	switch (trouble.kind) {
		case "same":
			return `${which}old_string and new_string are the same: there is nothing to change.${nothing}`;
		case "empty":
			return `${which}old_string is empty, but ${place.name} has text. Give the text to replace, or use Write for the whole file.${nothing}`;
		case "overlap":
			return `edits[${trouble.other}] and edits[${trouble.index}] change the same text of ${place.name}. Join them into one.${nothing}`;
		case "several":
			return `${which}${severalPlaces(trouble, place, edits[trouble.index]?.all ?? false)}${nothing}`;
		case "missing":
			return `${which}old_string was not found in ${place.name}.${isNotebook(place.name) ? CELLS : hint(text, edits[trouble.index]?.old ?? "")}${nothing}`;
	}
}

const CELLS = " It is a notebook, whose text is JSON: change its cells with NotebookEdit.";

function severalPlaces(trouble: EditTrouble & { kind: "several" }, place: Place, all: boolean): string {
	const { total, ignored } = trouble;
	const more = trouble.lines.length < MAX_LINES ? "" : ", …";
	const lines = `${trouble.lines.length === 1 ? "line" : "lines"} ${trouble.lines.join(", ")}${more}`;
	if (!ignored)
		return `old_string occurs ${total} times in ${place.name} (${lines}). Give more surrounding lines to make it unique, or set replace_all.`;
	const found = `old_string is not in ${place.name} as it stands; ignoring ${wordsOf(ignored)}, it occurs ${total} times (${lines}).`;
	return all
		? `${found} replace_all needs the exact text: copy it from the file.`
		: `${found} Copy the exact text from the file, with more surrounding lines if it is not unique.`;
}
