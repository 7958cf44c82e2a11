import * as z from "zod/mini";
import { count, cutLine } from "../agent/lines.ts";
import type { Place } from "../agent/ports.ts";
import { type Ctx, failed, type Outcome, type Tool } from "../agent/tool.ts";
import description from "./grep.md";
import { explain, isPlace, locate } from "./locate.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const MAX_CONTEXT = 20;
/** Characters of one line, and of one result. */
const MAX_WIDTH = 600;
const MAX_CHARS = 60_000;

const Input = z.strictObject({
	pattern: z.string().check(z.describe("Regular expression in Rust syntax.")),
	path: z.optional(z.string().check(z.describe("File or folder to search, the workspace by default."))),
	glob: z.optional(z.string().check(z.describe("Only files like this, such as `*.ts`."))),
	output_mode: z.optional(
		z
			.enum(["content", "files", "count"])
			.check(z.describe("Matching lines (default), only file names, or lines per file.")),
	),
	case_insensitive: z.optional(z.boolean()),
	multiline: z.optional(z.boolean().check(z.describe("Let a match span lines; `.` matches line ends too."))),
	context: z.optional(z.int().check(z.minimum(0), z.maximum(MAX_CONTEXT), z.describe("Lines around each match."))),
	head_limit: z.optional(
		z.int().check(z.minimum(1), z.maximum(MAX_LIMIT), z.describe("Most lines or files, 100 by default, up to 1000.")),
	),
	offset: z.optional(z.int().check(z.minimum(0), z.describe("Lines or files to skip, for the next page."))),
	include_ignored: z.optional(z.boolean().check(z.describe("Also files that .gitignore leaves out."))),
});
type Input = z.infer<typeof Input>;

export const grepTool: Tool<Input> = {
	name: "Grep",
	description,
	input: Input,
	async plan(input, ctx) {
		if (input.pattern === "") return { refused: "`pattern` is empty: give a regular expression." };
		if (input.pattern.includes("\0")) return { refused: "`pattern` has a NUL character: text files have none." };
		const place = await locate(ctx, input.path ?? ".", "Search");
		if (!isPlace(place)) return place;
		const where = [place.name === "." ? "" : ` in ${place.name}`, input.glob === undefined ? "" : ` (${input.glob})`];
		return {
			title: `Search ${JSON.stringify(input.pattern)}${where.join("")}`,
			effects: [{ read: place.name }],
			run: (signal) => run(input, ctx, place, signal),
		};
	},
};

async function run(input: Input, ctx: Ctx, place: Place, signal: AbortSignal): Promise<Outcome> {
	const stat = await ctx.files.stat(place.path);
	if (!stat.ok) return failed(await explain(ctx.files, place, stat.failure));
	const { offset = 0, head_limit: limit = DEFAULT_LIMIT, context = 0 } = input;
	const found = await ctx.search.grep(
		{
			pattern: input.pattern,
			path: place.path,
			...(input.glob === undefined ? {} : { glob: input.glob }),
			ignoreCase: input.case_insensitive ?? false,
			multiline: input.multiline ?? false,
			before: context,
			after: context,
			mode: input.output_mode ?? "content",
			includeIgnored: input.include_ignored ?? false,
			limit,
			offset,
		},
		signal,
	);
	if (!found.ok) return failed(`The search failed: ${found.failure.message}`);
	const { lines, more } = found.value;
	if (lines.length === 0) return { text: nothing(input, place) };
	const shown = capped(lines);
	// Separators between groups count for nothing.
	const counted = shown.filter((line) => line !== "--").length;
	const noun = input.output_mode === undefined || input.output_mode === "content" ? "line" : "file";
	const rest = more || shown.length < lines.length;
	const page = `[${count(counted, noun)} shown; there are more. Go on with offset ${offset + counted}, or narrow the search.]`;
	return { text: [...shown, ...(rest ? [page] : [])].join("\n") };
}

function capped(lines: readonly string[]): readonly string[] {
	let chars = 0;
	const cut = lines.map((line) => cutLine(line, MAX_WIDTH));
	const end = cut.findIndex((line) => {
		chars += line.length + 1;
		return chars > MAX_CHARS;
	});
	return end < 0 ? cut : cut.slice(0, end);
}

function nothing({ offset = 0, glob, include_ignored }: Input, place: Place): string {
	if (offset > 0) return `There is nothing beyond offset ${offset}.`;
	const where = place.name === "." ? "the workspace" : place.name;
	const files = glob === undefined ? "" : `, in files like ${glob}`;
	return `No match in ${where}${files}.${include_ignored ? "" : " Ignored files were left out (include_ignored)."}`;
}
