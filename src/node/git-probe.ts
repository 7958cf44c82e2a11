import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type GitRun, runGit } from "./checkpoints/git.ts";

/** Of git's `config --show-scope`. */
interface Entry {
	readonly scope: string;
	/** Lower case but for its middle part. */
	readonly key: string;
	readonly value: string;
}

/** Configuration that makes commands run programs, or ask servers, that only show something. */
interface Risk {
	readonly key: RegExp;
	/** What it does, as the end of a sentence. */
	readonly does: string;
	/** Values that are harmless. */
	readonly unless?: RegExp;
	/** The person's own configuration may say so: the program is their choice whatever the repository. */
	readonly own?: true;
}

const NO = /^(false|0|no|off|)$/i;
/** As `git lfs install` writes it. */
const LFS = /^git-lfs (clean|smudge|filter-process)( --skip)?( -- %f)?$/;

const RISKS: readonly Risk[] = [
	// As a yes or no it is git's own daemon; else a program.
	{ key: /^core\.fsmonitor$/, does: "runs a program for each status", unless: /^(false|0|no|off||true|1|yes|on)$/i },
	{ key: /^diff\.external$|^diff\..+\.command$/, does: "runs a program for each diff" },
	{ key: /^diff\..+\.textconv$/, does: "runs a program on files that it shows" },
	{ key: /^filter\..+\.(clean|smudge|process)$/, does: "runs a program on files that it compares", unless: LFS },
	{ key: /^core\.hookspath$/, does: "says where its hooks are", own: true },
	{ key: /^core\.worktree$/, does: "points to another folder" },
	{ key: /^core\.(alternaterefscommand|gitproxy)$/, does: "runs a program" },
	{ key: /^gpg\.(.+\.)?program$/, does: "runs a program for signatures", own: true },
	{ key: /^log\.showsignature$/, does: "runs a program for signatures", unless: NO },
	{ key: /^extensions\.partialclone$/, does: "fetches what is missing from a server" },
	{ key: /^remote\..+\.promisor$/, does: "fetches what is missing from a server", unless: NO },
];

/** Mode of an entry of the index that is a repository of its own. */
const REPOSITORY = "160000 ";

/**
 * Why a git command that only shows something may run a program that the repository names, or ask a server, as a
 * sentence; undefined: it does neither. Of no repository: undefined as well. Takes two processes of git and 10 to 50 ms.
 * @param git absolute path
 * @param env of the command
 */
export async function gitTrouble(git: string, folder: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
	const run = (...args: readonly string[]) =>
		runGit(git, ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", ...args], { cwd: folder, env });
	const [config, index, places] = await Promise.all([
		// Without our own two, which would hide those that it looks for.
		runGit(git, ["config", "--list", "--includes", "--show-scope", "-z"], { cwd: folder, env }),
		run("ls-files", "--stage", "-z", ":/"),
		run("rev-parse", "--absolute-git-dir", "--git-common-dir"),
	]);
	const isNone = !places.ok && /not a git repository/i.test(places.error);
	if (!config.ok) return `git can't say how it is configured here: ${config.error.trim().slice(0, 200)}`;
	const found = troubleIn(entries(config.output.toString()));
	if (found !== undefined || isNone) return found;
	// In a bare repository there are no files to list, and in one of somebody else's git refuses.
	if (!index.ok || !places.ok) return `git can't look at this repository: ${wordsOf(index, places)}`;
	if (index.output.includes(`\0${REPOSITORY}`) || index.output.toString("latin1", 0, 7) === REPOSITORY)
		return "It holds other repositories as submodules, and what they configure counts as well.";
	return hookIn(places.output.toString().split("\n"), folder);
}

function entries(listed: string): readonly Entry[] {
	const fields = listed.split("\0");
	const found: Entry[] = [];
	for (let at = 0; at + 1 < fields.length; at += 2) {
		const [scope = "", pair = ""] = [fields[at], fields[at + 1]];
		const cut = pair.indexOf("\n");
		// A key without a value means yes.
		const [key, value] = cut < 0 ? [pair, "true"] : [pair.slice(0, cut), pair.slice(cut + 1)];
		found.push({ scope, key, value });
	}
	return found;
}

function troubleIn(configured: readonly Entry[]): string | undefined {
	for (const { scope, key, value } of configured) {
		const isOwn = scope === "global" || scope === "system";
		const risk = RISKS.find((each) => each.key.test(key) && !each.unless?.test(value) && !(each.own && isOwn));
		if (risk) return `git is configured with ${key} here, which ${risk.does}.`;
	}
	return undefined;
}

/** The one hook that a command which only looks may run: git writes what it found out into the index. */
async function hookIn([own = "", common = ""]: readonly string[], folder: string): Promise<string | undefined> {
	const places = [own, resolve(folder, common)].map((place) => join(place, "hooks", "post-index-change"));
	const there = await Promise.all(
		places.map((path) =>
			stat(path).then(
				() => true,
				() => false,
			),
		),
	);
	return there.includes(true) ? "The repository has a hook, post-index-change, that a look at it may run." : undefined;
}

function wordsOf(...runs: readonly GitRun[]): string {
	const failed = runs.find((run) => !run.ok);
	return failed && !failed.ok ? failed.error.trim().slice(0, 200) : "";
}
