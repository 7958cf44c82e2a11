import * as z from "zod/mini";
import { count } from "../agent/lines.ts";
import type { FileStat, Place } from "../agent/ports.ts";
import { type NamedProblem, problemLine, tellable } from "../agent/problem-lines.ts";
import type { Problems } from "../agent/problems.ts";
import { type Ctx, failed, type Outcome, type Tool } from "../agent/tool.ts";
import { explain, isPlace, locate } from "./locate.ts";
import description from "./problems.md";

/** Lines of one result. */
const MOST = 50;

const Input = z.strictObject({
	path: z.optional(z.string().check(z.describe("File or folder, the workspace by default."))),
});
type Input = z.infer<typeof Input>;

/** Only where an editor is. */
export const problemsTool: Tool<Input> = {
	name: "Problems",
	description,
	input: Input,
	async plan({ path = "." }, ctx) {
		const { problems } = ctx;
		if (!problems) return { refused: "No editor is here to report problems: run the project's own checks." };
		const place = await locate(ctx, path, "Problems in");
		if (!isPlace(place)) return place;
		if (!place.inside)
			return { refused: `${path} is outside the workspace: problems are known of what is in it only.` };
		return {
			title: `Problems in ${place.name === "." ? "the workspace" : place.name}`,
			effects: [{ read: place.name }],
			run: () => run(ctx, problems, place),
		};
	},
};

async function run({ files }: Ctx, problems: Problems, place: Place): Promise<Outcome> {
	const stat = await files.stat(place.path);
	if (!stat.ok) return failed(await explain(files, place, stat.failure));
	const isFile = stat.value.kind === "file";
	const watch = isFile ? await problems.watch([place.path]) : undefined;
	watch?.end();
	const all = await tellable(files, problems.now(), place.name);
	const found = all.filter(({ name }) => isIn(name, place.name, stat.value)).sort(order);
	const note = isFile ? (watch?.known.has(place.path) ? "" : NOT_LOOKED_AT) : OPEN_ONLY;
	const where = place.name === "." ? "the workspace" : place.name;
	if (found.length === 0) return { text: `No errors or warnings are reported in ${where}.${note}` };
	const errors = found.filter(({ severity }) => severity === "error").length;
	const head = `${count(errors, "error")} and ${count(found.length - errors, "warning")} in ${where}.${note}`;
	const more = found.length > MOST ? [`[The first ${MOST} are shown, errors first: fix some, or give a path.]`] : [];
	return { text: [head, ...found.slice(0, MOST).map(problemLine), ...more].join("\n") };
}

const NOT_LOOKED_AT = " But no language service said a word on this file: run the project's own checks.";
const OPEN_ONLY = " Files that are not open may not have been looked at.";

function isIn(name: string, place: string, { kind }: FileStat): boolean {
	if (kind === "file") return name === place;
	return place === "." ? true : name.startsWith(`${place}/`);
}

function order(a: NamedProblem, b: NamedProblem): number {
	if (a.severity !== b.severity) return a.severity === "error" ? -1 : 1;
	return a.name === b.name ? a.line - b.line : a.name < b.name ? -1 : 1;
}
