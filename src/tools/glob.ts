import * as z from "zod/mini";
import type { Place } from "../agent/ports.ts";
import { type Ctx, failed, type Outcome, type Tool } from "../agent/tool.ts";
import description from "./glob.md";
import { explain, isPlace, locate } from "./locate.ts";

const MAX_FILES = 200;

const Input = z.strictObject({
	pattern: z.string().check(z.describe("Such as `src/**/*.ts` or `*.{yml,yaml}`.")),
	path: z.optional(z.string().check(z.describe("Folder to search, the workspace by default."))),
	include_ignored: z.optional(z.boolean().check(z.describe("Also files that .gitignore leaves out."))),
});
type Input = z.infer<typeof Input>;

export const globTool: Tool<Input> = {
	name: "Glob",
	description,
	input: Input,
	async plan(input, ctx) {
		const trouble = patternTrouble(input.pattern);
		if (trouble !== undefined) return { refused: trouble };
		const place = await locate(ctx, input.path ?? ".", "Find");
		if (!isPlace(place)) return place;
		return {
			title: `Find ${input.pattern}${place.name === "." ? "" : ` in ${place.name}`}`,
			effects: [{ read: place.name }],
			run: (signal) => run(input, ctx, place, signal),
		};
	},
};

function patternTrouble(pattern: string): string | undefined {
	if (pattern.trim() === "") return "`pattern` is empty: give a glob such as `**/*.ts`.";
	if (/^(\/|[A-Za-z]:|~)/.test(pattern) || /(^|\/)\.\.(\/|$)/.test(pattern))
		return "`pattern` must be relative and without `..`: give the folder as `path` instead.";
	return undefined;
}

async function run(input: Input, ctx: Ctx, place: Place, signal: AbortSignal): Promise<Outcome> {
	const stat = await ctx.files.stat(place.path);
	if (!stat.ok) return failed(await explain(ctx.files, place, stat.failure));
	if (stat.value.kind !== "directory")
		return failed(`${place.name} is no folder: leave \`path\` out or name a folder.`);
	const { pattern, include_ignored = false } = input;
	const query = { glob: pattern, path: place.path, includeIgnored: include_ignored, limit: MAX_FILES };
	const found = await ctx.search.files(query, signal);
	if (!found.ok) return failed(found.failure.message);
	if (found.value.lines.length === 0) {
		const where = place.name === "." ? "the workspace" : place.name;
		const wider = include_ignored ? "" : " Ignored files were left out (include_ignored).";
		return { text: `No file matches ${pattern} in ${where}.${wider}` };
	}
	const more = found.value.more ? [`[The ${MAX_FILES} newest; there are more. Narrow the pattern or the path.]`] : [];
	return { text: [...found.value.lines, ...more].join("\n") };
}
