import { dirname, relative } from "node:path";
import { isBelowAny, isOfSystem } from "../agent/outside.ts";
import type { FileFailure, Files, Place } from "../agent/ports.ts";
import { secretReason } from "../agent/protected.ts";
import type { Ctx, Refusal } from "../agent/tool.ts";
import { say } from "../shared/said.ts";
import { nearest } from "./nearest.ts";

export const NO_FOLDER =
	"No folder is open: tools on files and commands need one. Ask the person to open a folder; you can still talk.";

/** A path of the model's as a place that policies may decide on, or the sentence that refuses it. `verb`: what was to be done. */
export async function locate(ctx: Ctx, path: string, verb: string): Promise<Place | Refusal> {
	const title = `${verb} ${path}`;
	if (ctx.files.root === undefined) return { refused: NO_FOLDER };
	const placed = await ctx.files.place(path);
	if (!placed.ok) return { refused: `${JSON.stringify(path)}: ${placed.failure.message}`, title };
	if (placed.value.ignored !== undefined)
		return {
			refused: `${path} ${placed.value.ignored}: no tool reads or changes it. Work without it, or ask the person.`,
			title,
		};
	return placed.value;
}

/** Likewise for a file to change, which is read to plan that: outside only where the person opened the folder. */
export async function locateToWrite(ctx: Ctx, path: string, verb: string): Promise<Place | Refusal> {
	const place = await locate(ctx, path, verb);
	if (!isPlace(place) || place.inside) return place;
	if (!isBelowAny(ctx.folders ?? [], place.path) || isOfSystem(place.path))
		return {
			refused: `${path} is outside the workspace (${ctx.files.root}), and files are changed inside of it only. Use a path relative to the workspace.`,
			title: `${verb} ${path}`,
		};
	return place;
}

export function isPlace(found: Place | Refusal): found is Place {
	return "inside" in found;
}

/** Largest number of names that a message lists. */
const MAX_NAMES = 5;

/** Why a file could not be used, with what to do instead. */
export async function explain(files: Files, place: Place, failure: FileFailure): Promise<string> {
	switch (failure.code) {
		case "missing":
			return `${place.name} does not exist.${await suggest(files, place)}`;
		case "directory":
			return `${place.name} is a folder. Use Glob to list what is in it.`;
		case "too-large":
			return `${place.name} is too large: ${failure.message} Look at a part of it with Grep, or with Bash: head, tail, sed -n '1,200p'.`;
		case "binary":
			return `${place.name} is a binary file, not text. Bash can inspect it (file, xxd | head).`;
		default:
			return `${place.name}: ${failure.message}`;
	}
}

/** Names the model may have meant: alike ones in the same folder, else what the nearest existing folder holds. */
async function suggest(files: Files, place: Place): Promise<string> {
	let folder = dirname(place.path);
	let missing = place.path;
	for (let depth = 0; depth < 50; depth++) {
		const listed = await files.list(folder);
		if (listed.ok) return suggestFrom(files, folder, missing, listed.value);
		if (folder === files.root || dirname(folder) === folder) return "";
		missing = folder;
		folder = dirname(folder);
	}
	return "";
}

async function suggestFrom(files: Files, folder: string, missing: string, names: readonly string[]): Promise<string> {
	const placed = await files.place(folder);
	const at = placed.ok && placed.value.name !== "." ? `${placed.value.name}/` : "";
	const wanted = relative(folder, missing);
	const close = nearest(
		wanted,
		names.map((name) => name.replace(/\/$/, "")),
		MAX_NAMES,
	);
	if (close.length > 0) return ` Did you mean ${close.map((name) => at + name).join(", ")}?`;
	return names.length === 0 ? "" : ` Use Glob to find the right path.`;
}

/**
 * Why a file can't be changed before it was read, which asks: what fits in it and what does not would tell what is in
 * it, guess by guess. Undefined where it can.
 */
export function unreadSecret(ctx: Ctx, place: Place): string | undefined {
	const reason = seenHash(ctx, place) === undefined ? secretReason(place.name) : undefined;
	return reason && `${say(reason, place.name)}. Read it first, which asks the person.`;
}

/** The file's hash when the model last saw it. A file may be called `constructor`: only own keys count. */
export function seenHash(ctx: Ctx, place: Place): string | undefined {
	return Object.hasOwn(ctx.seen, place.name) ? ctx.seen[place.name] : undefined;
}
