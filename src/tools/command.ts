import { dirname, join, resolve, sep } from "node:path";
import type { CommandLine, SimpleCommand } from "../agent/commands/command-line.ts";
import { type Known, known } from "../agent/commands/known.ts";
import { readLine } from "../agent/commands/read-line.ts";
import { isWildcardPath } from "../agent/commands/wildcards.ts";
import { isSecret } from "../agent/policy.ts";
import type { Place } from "../agent/ports.ts";
import type { Ctx } from "../agent/tool.ts";

/** Folders that a line may be in at once, as each `cd` may have worked or not. */
const MOST_FOLDERS = 8;
/** Entries of a folder that a wildcard may stand for. */
const MOST_ENTRIES = 2000;
/** Files below a folder whose names are looked at. */
const MOST_FILES = 50_000;
const MOST_FOLDERS_BELOW = 1000;

/** Of asdf, mise, pyenv, rbenv, nodenv and proto by their folder; of volta by its name. */
const SHIM = /[\\/]shims[\\/]|[\\/]volta-shim(\.exe)?$/i;

type Looked = Pick<Ctx, "files" | "search" | "shell">;
type Reads = Exclude<Known, { readonly trouble: string }>;

/**
 * What is known of a command line before it runs: whether it only reads inside the workspace, no secrets and nothing
 * that is hidden from tools, with programs from outside of it. Looks at the disk, and may be wrong a moment later.
 */
export async function judgeLine(line: string, ctx: Looked, cwd: string, signal: AbortSignal): Promise<CommandLine> {
	const read = readLine(line, ctx.shell.kind);
	if ("trouble" in read) return read;
	let folders: readonly string[] = [cwd];
	const commands: SimpleCommand[] = [];
	for (const words of read.commands) {
		const does = known(words, ctx.shell.kind);
		const trouble = "trouble" in does ? does.trouble : await troubleOf(words, does, folders, ctx, signal);
		commands.push({ words, ...(trouble !== undefined && { trouble }) });
		// Where the rest of the line is no longer known to be, none of it is.
		if ("trouble" in does || does.cd === undefined) continue;
		const into = does.cd;
		// The most likely ones first: what they hold is what is said.
		folders = [...new Set([...folders.map((folder) => resolve(folder, into)), ...folders])];
		if (folders.length > MOST_FOLDERS) return { trouble: "It changes the folder too often." };
	}
	return { commands };
}

async function troubleOf(
	words: readonly string[],
	does: Reads,
	folders: readonly string[],
	ctx: Looked,
	signal: AbortSignal,
): Promise<string | undefined> {
	const foreign = await programTrouble(words[0] ?? "", ctx);
	if (foreign !== undefined) return foreign;
	for (const folder of folders) {
		const trouble = await troubleIn(folder, words, does, ctx, signal);
		if (trouble !== undefined) return trouble;
	}
	return undefined;
}

async function troubleIn(
	folder: string,
	words: readonly string[],
	does: Reads,
	ctx: Looked,
	signal: AbortSignal,
): Promise<string | undefined> {
	const { paths, cd, deep, git } = does;
	// Without paths a program that goes deep reads what is below the folder that it is in.
	const named = deep && paths.length === 0 ? ["."] : [...paths, ...(cd === undefined ? [] : [cd])];
	for (const path of named) {
		const at = resolve(folder, path);
		const isWildcard = isWildcardPath(path);
		const trouble = isWildcard ? await entriesTrouble(dirname(at), ctx) : await pathTrouble(at, path, ctx);
		if (trouble !== undefined) return trouble;
		const below = deep && !git && (await filesTrouble(isWildcard ? dirname(at) : at, words, ctx, signal));
		if (below) return below;
	}
	return git ? gitTrouble(folder, does, ctx) : undefined;
}

/** What git shows is not what lies in a folder but what it tracks, of old revisions as well. */
async function gitTrouble(
	folder: string,
	{ paths, deep }: Reads,
	{ files, shell }: Looked,
): Promise<string | undefined> {
	const found = await shell.probe.git(folder);
	if ("trouble" in found) return found.trouble;
	if (!deep) return undefined;
	const hiding = await files.stat(join(files.root ?? folder, ".kimiignore"));
	if (hiding.ok || found.tracked.some((name) => /(^|\/)\.kimiignore$/.test(name)))
		return "It may show files that .kimiignore hides.";
	const shown = paths.map((path) => resolve(folder, path));
	const isShown = (name: string) => {
		const path = join(found.top, name);
		return shown.some((at) => path === at || path.startsWith(at + sep));
	};
	const secret = found.tracked.find((name) => isSecret(name) && (shown.length === 0 || isShown(name)));
	return secret === undefined ? undefined : `It may show ${secret}, which may hold secrets.`;
}

/** A program of the workspace may be anything, whatever its name, and a shim runs what the workspace chooses. */
async function programTrouble(name: string, { files, shell }: Looked): Promise<string | undefined> {
	const program = await shell.probe.program(name);
	// The shell's own; else it does not run at all.
	if (program === undefined) return undefined;
	if (SHIM.test(program.found) || SHIM.test(program.path))
		return `\`${name}\` is chosen by a version manager, which does as files of the workspace say.`;
	const placed = await files.place(program.path);
	return placed.ok && !placed.value.inside ? undefined : `\`${name}\` is a program of the workspace (${program.path}).`;
}

async function pathTrouble(path: string, asWritten: string, { files }: Looked): Promise<string | undefined> {
	const placed = await files.place(path);
	return placed.ok ? placeTrouble(placed.value) : `${asWritten}: ${placed.failure.message}`;
}

function placeTrouble({ name, inside, ignored }: Place): string | undefined {
	if (!inside) return `It looks at ${name}, which is outside the workspace.`;
	if (ignored) return `It looks at ${name}, which .kimiignore hides.`;
	return isSecret(name) ? `It looks at ${name}, which may hold secrets.` : undefined;
}

/** Any entry may be what the wildcard stands for, and a link may lead anywhere. */
async function entriesTrouble(folder: string, ctx: Looked): Promise<string | undefined> {
	const own = await pathTrouble(folder, folder, ctx);
	if (own !== undefined) return own;
	const listed = await ctx.files.list(folder);
	// Nothing there: the wildcard stays as it is written.
	if (!listed.ok) return listed.failure.code === "missing" ? undefined : listed.failure.message;
	if (listed.value.length > MOST_ENTRIES) return `${folder} holds too many files to look at each.`;
	for (const name of listed.value) {
		const trouble = await pathTrouble(join(folder, name), name, ctx);
		if (trouble !== undefined) return trouble;
	}
	return undefined;
}

async function filesTrouble(
	path: string,
	[program]: readonly string[],
	{ files, search }: Looked,
	signal: AbortSignal,
): Promise<string | undefined> {
	const found = await files.stat(path);
	if (!found.ok || found.value.kind !== "directory") return undefined;
	// rg leaves out hidden files and what ignore files name, others don't.
	const isCareful = program === "rg";
	const query = { path, includeIgnored: !isCareful };
	const hiding = await search.files({ ...query, glob: "**/.kimiignore", limit: 1 }, signal);
	const ownHiding = await files.stat(join(files.root ?? path, ".kimiignore"));
	if (!hiding.ok || hiding.value.lines.length > 0 || ownHiding.ok)
		return "It looks at all files, also those that .kimiignore hides.";
	const listed = await search.files({ ...query, glob: "**", limit: MOST_FILES }, signal);
	if (!listed.ok) return `The files that it looks at can't be listed: ${listed.failure.message}`;
	if (listed.value.more) return "It looks at more files than can be checked for secrets.";
	const secret = listed.value.lines.find(isSecret);
	if (secret !== undefined) return `It looks at ${secret}, which may hold secrets.`;
	return isCareful ? undefined : repositoryTrouble(path, listed.value.lines, files);
}

/** Our search leaves out `.git`, where the address of a server may hold a token. */
async function repositoryTrouble(
	path: string,
	names: readonly string[],
	files: Ctx["files"],
): Promise<string | undefined> {
	const folders = new Set([path, ...names.map((name) => resolve(files.root ?? path, dirname(name)))]);
	if (folders.size > MOST_FOLDERS_BELOW) return "It looks at more folders than can be checked for secrets.";
	for (const folder of folders) {
		const git = await files.stat(join(folder, ".git"));
		if (git.ok) return "It looks at .git as well, which may hold passwords or tokens.";
	}
	return undefined;
}
