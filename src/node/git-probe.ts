import { lstat, readdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Repository, ShownNames } from "../agent/probe.ts";
import { type GitRun, runGit } from "./checkpoints/git.ts";
import { QUIET_ARGS } from "./git-quiet.ts";
import { entriesOf, riskIn } from "./git-risks.ts";
import { failureOf } from "./place.ts";

/** Absolute path of git, and what its commands are begun with. */
export interface Git {
	readonly path: string;
	readonly env: NodeJS.ProcessEnv;
}

/** Mode of an entry of the index that is a repository of its own. */
const NESTED = "160000 ";

/** Not what git itself reads: of hooks the one that a look may run is looked for by its name. */
const FOREIGN = new Set(["hooks", "lfs"]);
/** Files and folders that a repository keeps: beyond that nobody waits for the look. */
const MOST_KEPT = 100_000;

function run({ path, env }: Git, folder: string, args: readonly string[], signal: AbortSignal): Promise<GitRun> {
	const quiet = { ...env, GIT_NO_LAZY_FETCH: "1", GIT_OPTIONAL_LOCKS: "0" };
	return runGit(path, [...QUIET_ARGS, ...args], { cwd: folder, env: quiet, signal });
}

/**
 * Whether git, when it only shows something, may run a program that the repository names, ask a server, or tell what its
 * configuration keeps. Takes three processes of git and 10 to 50 ms.
 */
export async function lookAtRepository(git: Git, folder: string, signal: AbortSignal): Promise<Repository> {
	// First and alone: what it says may make any other command run something.
	const config = await run(git, folder, ["config", "--list", "--includes", "--show-scope", "-z"], signal);
	if (!config.ok) return { trouble: `git can't say how it is configured here: ${wordsOf(config)}` };
	const risk = riskIn(entriesOf(config.output.toString()));
	if (risk !== undefined) return { trouble: risk };
	const asked = ["rev-parse", "--absolute-git-dir", "--git-common-dir", "--show-toplevel"];
	const places = await run(git, folder, asked, signal);
	if (!places.ok && /not a git repository/i.test(places.error)) return { isNone: true };
	// A bare repository has no files, and one of somebody else's git refuses.
	if (!places.ok) return { trouble: `git can't look at this repository: ${wordsOf(places)}` };
	const [own = "", common = "", top = ""] = places.output.toString().split("\n");
	const kept = [...new Set([own, resolve(folder, common)])];
	const odd = await oddIn(kept);
	if (odd !== undefined) return { trouble: odd };
	const index = await run(git, folder, ["ls-files", "--stage", "-z", ":/"], signal);
	if (!index.ok) return { trouble: `git can't look at this repository: ${wordsOf(index)}` };
	if (
		index.output
			.toString("latin1")
			.split("\0")
			.some((entry) => entry.startsWith(NESTED))
	)
		return { trouble: "It holds other repositories as submodules, and what they configure counts as well." };
	return { top, kept };
}

/** Hooks that a look may run, objects from elsewhere, and links: what git keeps is its own, unless somebody made it so. */
async function oddIn(folders: readonly string[]): Promise<string | undefined> {
	for (const folder of folders) {
		if ((await realpath(folder).catch(() => "")) !== folder) return "Its .git leads elsewhere.";
		// git writes what it found out into the index.
		if (await isThere(join(folder, "hooks", "post-index-change")))
			return "The repository has a hook, post-index-change, that a look at it may run.";
		for (const name of ["alternates", "http-alternates"])
			if (await isThere(join(folder, "objects", "info", name))) return "It takes objects from another repository.";
		const odd = await linkIn(folder);
		if (odd !== undefined) return odd;
	}
	return undefined;
}

/** A link among all that a repository keeps, however deep. Also what can't be listed may hold one. */
async function linkIn(top: string): Promise<string | undefined> {
	let left = MOST_KEPT;
	let trouble: string | undefined;
	const look = async (folder: string): Promise<void> => {
		const entries = await readdir(join(top, folder), { withFileTypes: true }).catch((error: unknown) => {
			// git tidies up while we look.
			if (failureOf(error).code !== "missing")
				trouble ??= `Its .git has a folder that can't be listed, ${folder.slice(0, 200)}.`;
			return [];
		});
		left -= entries.length;
		if (left < 0) trouble ??= "Its .git holds too many files to look at each.";
		const link = entries.find((entry) => entry.isSymbolicLink());
		if (link) trouble ??= `Its .git has a link in it, ${join(folder, link.name)}.`;
		if (trouble !== undefined) return;
		const below = entries.filter((entry) => entry.isDirectory() && !(folder === "" && FOREIGN.has(entry.name)));
		await Promise.all(below.map(({ name }) => look(join(folder, name))));
	};
	await look("");
	return trouble;
}

/** Commands that show patches, which name their files when they are asked to. */
const SHOWS = new Set(["diff", "show", "log"]);
/** After what the line says: the last one counts. Of two names that a file had, both. */
const NAMES =
	"--name-only -z -m --format= --no-renames --no-ext-diff --no-textconv --submodule=short --no-relative --no-color --line-prefix=";
/** Before the command; they change nothing of what it shows. */
const WITHOUT = new Set(["--no-pager", "--no-optional-locks"]);
/** They show text of other files, or put something before the names. */
const UNSURE =
	/^(-L.*|--follow|--graph|--line-prefix.*|--output.*|-O.*|--no-index|-C.*|--find-copies.*|--diff-filter.*)$/;
/** A long history is not waited for, in milliseconds. */
const PATIENCE = 3000;

/** Which files the patches of such a line are about, with the same words. To be asked where `lookAtRepository` found no trouble. */
export async function namesShown(
	git: Git,
	folder: string,
	line: readonly string[],
	signal: AbortSignal,
): Promise<ShownNames> {
	const [, command = "", ...rest] = line.filter((word, at) => at === 0 || !WITHOUT.has(word));
	if (!SHOWS.has(command)) return { trouble: `\`git ${command}\` may show any file of the repository.` };
	const cut = rest.indexOf("--");
	const [words, paths] = cut < 0 ? [rest, []] : [rest.slice(0, cut), rest.slice(cut)];
	const unsure = words.find((word) => UNSURE.test(word));
	if (unsure !== undefined)
		return { trouble: `\`git ${[command, unsure].join(" ")}\` may show any file of the repository.` };
	const soon = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
	for (const word of words.filter((each) => !each.startsWith("-")))
		if (word.includes(":") || (await isContent(git, folder, word, soon)))
			return { trouble: `\`${word}\` may be the content of any file of the repository.` };
	const named = await run(git, folder, [command, ...words, ...NAMES.split(" "), ...paths], soon);
	if (!named.ok) return { trouble: `It can't be told which files \`git ${command}\` shows: ${wordsOf(named)}` };
	return {
		names: named.output
			.toString()
			.split(/[\0\n]/)
			.filter((name) => name !== ""),
	};
}

/** A blob or a tree, by whatever name: then its text is shown, and no name. Of a range, either end. */
async function isContent(git: Git, folder: string, word: string, signal: AbortSignal): Promise<boolean> {
	for (const part of word.split(/\.{2,3}/).filter((each) => each !== "")) {
		const type = await run(git, folder, ["cat-file", "-t", part.replace(/^\^/, "")], signal);
		if (type.ok && /^(blob|tree)/.test(type.output.toString())) return true;
		// An annotated tag may stand for one.
		if (type.ok && /^tag/.test(type.output.toString()) && !(await isCommit(git, folder, part, signal))) return true;
	}
	return false;
}

async function isCommit(git: Git, folder: string, word: string, signal: AbortSignal): Promise<boolean> {
	return (await run(git, folder, ["rev-parse", "--verify", "--quiet", `${word}^{commit}`], signal)).ok;
}

function isThere(path: string): Promise<boolean> {
	return lstat(path).then(
		() => true,
		() => false,
	);
}

function wordsOf(failed: GitRun): string {
	return failed.ok ? "" : failed.error.trim().slice(0, 200);
}
