import { basename, dirname, join } from "node:path";
import * as z from "zod/mini";
import { planProposals } from "../../agent/change.ts";
import type { Place } from "../../agent/ports.ts";
import { inStretches } from "../../agent/stretch.ts";
import type { Ctx, Proposal, Refusal, Tool } from "../../agent/tool.ts";
import { isPlace, locateToWrite } from "../locate.ts";
import type { FilePatch } from "./hunk.ts";
import { parsePatch } from "./parse.ts";
import { isUpdate, type Located, propose, type Update } from "./propose.ts";

const Input = z.strictObject({ patch: z.string(), path: z.optional(z.string()) });

/** Takes what models send as patches, out of habit. No model is told of it: it costs nothing in the prompt. */
export const patchTool: Tool<z.infer<typeof Input>> = {
	name: "apply_patch",
	description: "",
	input: Input,
	async plan({ patch, path }, ctx) {
		const parsed = parsePatch(patch, path);
		if (!parsed.ok) return { refused: parsed.failure, title: TITLE };
		const located = await Promise.all(parsed.value.map((file) => locateFile(ctx, file)));
		const lost = located.filter((each): each is Refusal => "refused" in each);
		if (lost.length > 0) return refusal(lost);
		const files = joined(located.filter((each): each is Located => !("refused" in each)));
		if ("refused" in files) return files;
		const pause = inStretches();
		const made: (readonly Proposal[] | Refusal)[] = [];
		for (const file of files) {
			await pause();
			made.push(await propose(ctx, file));
		}
		const refused = made.filter((each): each is Refusal => "refused" in each);
		if (refused.length > 0) return refusal(refused);
		const proposals = made.flatMap((each) => ("refused" in each ? [] : each));
		await pause();
		return planProposals(ctx.files, proposals);
	},
};

const TITLE = "Patch";
const MAX_SENTENCES = 5;

function refusal(all: readonly Refusal[]): Refusal {
	const sentences = all.slice(0, MAX_SENTENCES).map(({ refused }) => refused);
	return { refused: [...sentences, "Nothing of the patch was made."].join("\n"), title: TITLE };
}

async function locateFile(ctx: Ctx, patch: FilePatch): Promise<Located | Refusal> {
	const place = await locateToWrite(ctx, patch.path, "Edit");
	if (!isPlace(place)) return place;
	const isMoved = patch.kind === "delete" || (patch.kind === "change" && patch.to !== undefined);
	if (isMoved && (await isLink(ctx, patch.path, place))) {
		const refused = `${patch.path} is a link to ${place.name}. Delete or rename links with Bash (rm, mv), or name the file itself.`;
		return { refused };
	}
	if (patch.kind !== "change") return { patch, place };
	const target = patch.to === undefined ? place : await locateToWrite(ctx, patch.to, "Edit");
	if (!isPlace(target)) return target;
	return target.path === place.path ? { patch, place } : { patch, place, target };
}

/** Whether the last part of a path is a link: what it leads to would be deleted in its place. */
async function isLink(ctx: Ctx, path: string, place: Place): Promise<boolean> {
	const folder = await ctx.files.place(dirname(path));
	return folder.ok && join(folder.value.path, basename(path)) !== place.path;
}

/** Updates of one file in several sections are one: all hunks are for the file as it is now. */
function joined(all: readonly Located[]): readonly Located[] | Refusal {
	const files = new Map<string, Located>();
	for (const next of all) {
		const { path, name } = next.place;
		const last = files.get(path);
		const both = last && isUpdate(last) && isUpdate(next) ? together(last, next) : undefined;
		if (last && !both) return twice(name, "and not only to be updated. To replace a file use Write.");
		files.set(path, both ?? next);
	}
	const targets = [...files.values()].flatMap((file) => (isUpdate(file) && file.target ? [file.target] : []));
	const clash = targets.find(
		({ path }, at) => files.has(path) || targets.some((each, n) => n < at && each.path === path),
	);
	return clash ? twice(clash.name, "so another file can't be renamed to it.") : [...files.values()];
}

function together(first: Update, next: Update): Update {
	const hunks = [...first.patch.hunks, ...next.patch.hunks];
	return { ...first, ...next, patch: { ...first.patch, ...next.patch, hunks } };
}

function twice(name: string, so: string): Refusal {
	return refusal([{ refused: `${name} is in the patch more than once, ${so}` }]);
}
