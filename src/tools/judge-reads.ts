import { resolve } from "node:path";
import type { Known } from "../agent/commands/known.ts";
import { isWildcardPath } from "../agent/commands/wildcards.ts";
import { isSecret } from "../agent/policy.ts";
import { say } from "../shared/said.ts";
import { gitTrouble } from "./judge-git.ts";
import { placeTrouble } from "./judge-place.ts";
import { matchesOf } from "./judge-wildcards.ts";
import type { Looks } from "./looks.ts";

/** Files below a folder whose names are looked at. */
const MOST_FILES = 50_000;
/** How many at a time. */
const BATCH = 50;

/** Of asdf, mise, pyenv, rbenv, nodenv and proto by their folder; of volta and corepack by their names. */
const SHIM = /[\\/]shims[\\/]|[\\/]volta-shim(\.exe)?$|[\\/]corepack[\\/]/i;

type Reads = Exclude<Known, { readonly trouble: string }>;
type Trouble = string | undefined;

/** Why a command that only reads may read what it should not, in any of the folders that it may run in. */
export async function judgeReads(
	words: readonly string[],
	does: Reads,
	folders: readonly string[],
	looks: Looks,
): Promise<Trouble> {
	const foreign = await programTrouble(words[0] ?? "", looks);
	if (foreign !== undefined) return foreign;
	for (const folder of folders) {
		const trouble =
			(await pathsTrouble(folder, words, does, looks)) ??
			(does.git && (await gitTrouble(folder, words, does.deep === true, looks)));
		if (trouble) return trouble;
	}
	return undefined;
}

/** A program of the workspace may be anything, whatever its name, and a shim runs what the workspace chooses. */
async function programTrouble(name: string, looks: Looks): Promise<Trouble> {
	const program = await looks.once(`program ${name}`, () => looks.ports.shell.probe.program(name));
	// The shell's own; else it does not run at all.
	if (program === undefined) return undefined;
	if (SHIM.test(program.found) || SHIM.test(program.path))
		return `\`${name}\` is chosen by a version manager, which does as files of the workspace say.`;
	for (const path of new Set([program.found, program.path])) {
		const placed = await looks.place(path);
		if (!placed.ok || placed.value.inside) return say("`{0}` is a program of the workspace ({1}).", name, path);
	}
	return undefined;
}

async function pathsTrouble(folder: string, words: readonly string[], does: Reads, looks: Looks): Promise<Trouble> {
	const { paths, cd, deep, git } = does;
	const below = deep === true && !git;
	// Without paths a program that goes deep reads what is below the folder that it is in.
	const named = below && paths.length === 0 ? ["."] : [...paths, ...(cd === undefined ? [] : [cd])];
	for (const path of named) {
		const trouble =
			(await pathTrouble(resolve(folder, path), path, does, words, looks)) ??
			(isWildcardPath(path) ? await wildcardTrouble(path, folder, does, words, looks) : undefined);
		if (trouble !== undefined) return trouble;
	}
	return undefined;
}

async function pathTrouble(
	path: string,
	asWritten: string,
	{ deep, git, flat }: Reads,
	words: readonly string[],
	looks: Looks,
): Promise<Trouble> {
	if (looks.over !== undefined) return looks.over;
	const placed = await looks.place(path);
	if (!placed.ok) return `${asWritten}: ${placed.failure.message}`;
	const trouble = placeTrouble(placed.value);
	if (trouble !== undefined || git || !(deep || flat)) return trouble;
	// What a link leads to is what is read.
	const kind = await looks.kind(placed.value.path);
	if (kind === "missing" || kind === "file") return undefined;
	if (kind === "directory" && deep) return filesTrouble(placed.value.path, words, looks);
	return `It reads ${placed.value.name}, which is no file.`;
}

async function wildcardTrouble(pattern: string, folder: string, does: Reads, words: readonly string[], looks: Looks) {
	const found = await matchesOf(pattern, folder, looks);
	if ("trouble" in found) return found.trouble;
	// A folder is an error to what reads files.
	const read = found.paths.filter((path) => does.deep === true || !does.flat || !path.endsWith("/"));
	for (let at = 0; at < read.length; at += BATCH) {
		const batch = read.slice(at, at + BATCH).map((path) => pathTrouble(path, path, does, words, looks));
		const first = (await Promise.all(batch)).find((each) => each !== undefined);
		if (first !== undefined) return first;
	}
	return undefined;
}

/** rg leaves out hidden files and what ignore files name, others don't. Neither knows `.kimiignore`. */
async function filesTrouble(path: string, words: readonly string[], looks: Looks): Promise<Trouble> {
	if (await looks.hiding()) return "It looks at all files, also those that .kimiignore hides.";
	const endings = endingsOf(words);
	// A glob takes back what would be left out.
	const all = words[0] !== "rg" || endings.length > 0;
	const listed = await looks.once(`files ${all} ${path}`, () =>
		looks.ports.search.listing(path, { all, limit: MOST_FILES }, looks.signal),
	);
	if (!listed.ok) return `The files that it looks at can't be listed: ${listed.failure.message}`;
	if (listed.value.more) return "It looks at more files than can be checked for secrets.";
	const isRead = (name: string) =>
		endings.length === 0 || endings.some((ending) => name.toLowerCase().endsWith(ending));
	const secret = listed.value.lines.find((name) => isSecret(name) && isRead(name));
	return secret === undefined ? undefined : say("It looks at {0}, which may hold secrets.", secret);
}

/** Of the names that rg is told to read, as the reader lets them pass: `-g *.ts`, `--glob=*.ts`, `-g*.ts`. */
function endingsOf([program, ...words]: readonly string[]): readonly string[] {
	if (program !== "rg") return [];
	return words.flatMap((word) => /^(?:-\w*g=?|--i?glob=)?\*(\.[a-z\d]+)$/i.exec(word)?.[1]?.toLowerCase() ?? []);
}
