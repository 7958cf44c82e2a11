import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Repository } from "../agent/ports.ts";
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
	/** The person's own configuration may say so: it is their choice whatever the repository. */
	readonly own?: true;
	/** Only with such a value. */
	readonly when?: RegExp;
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
	// What can't be read of it is quoted in an error.
	{
		key: /^(blame\.ignorerevsfile|mailmap\.(file|blob)|diff\.orderfile)$/,
		does: "reads a file of its choice",
		own: true,
	},
	{ key: /^remote\..+\.(push)?url$/, does: "holds a password", when: /:\/\/([^/\s@]*:[^/\s]*|[^/\s@]{12,})@/ },
	{ key: /^url\..*:\/\/[^/\s@]+@.*\.(push)?insteadof$/, does: "holds a password" },
];

/** Mode of an entry of the index that is a repository of its own. */
const REPOSITORY = "160000 ";

/**
 * Whether a git command that only shows something may run a program that the repository names, ask a server, or show a
 * password of its configuration. Takes four processes of git and 10 to 50 ms.
 * @param git absolute path
 * @param env of the command
 */
export async function lookAtRepository(git: string, folder: string, env: NodeJS.ProcessEnv): Promise<Repository> {
	const run = (...args: readonly string[]) =>
		runGit(git, ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", ...args], { cwd: folder, env });
	const [config, index, places] = await Promise.all([
		// Without our own two, which would hide those that it looks for.
		runGit(git, ["config", "--list", "--includes", "--show-scope", "-z"], { cwd: folder, env }),
		run("ls-files", "--stage", "--full-name", "-z", ":/"),
		run("rev-parse", "--absolute-git-dir", "--git-common-dir", "--show-toplevel"),
	]);
	if (!config.ok) return { trouble: `git can't say how it is configured here: ${config.error.trim().slice(0, 200)}` };
	const found = troubleIn(entries(config.output.toString()));
	if (found !== undefined) return { trouble: found };
	if (!places.ok && /not a git repository/i.test(places.error)) return { top: folder, tracked: [] };
	// In a bare repository there are no files to list, and one of somebody else's git refuses.
	if (!index.ok || !places.ok) return { trouble: `git can't look at this repository: ${wordsOf(index, places)}` };
	const tracked = index.output.toString().split("\0");
	if (tracked.some((entry) => entry.startsWith(REPOSITORY)))
		return { trouble: "It holds other repositories as submodules, and what they configure counts as well." };
	const [own = "", common = "", top = folder] = places.output.toString().split("\n");
	const trouble = await hookIn([own, resolve(folder, common)]);
	// `MODE ID STAGE<tab>NAME`
	return (
		trouble ?? {
			top,
			tracked: tracked.filter((entry) => entry !== "").map((entry) => entry.slice(entry.indexOf("\t") + 1)),
		}
	);
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
		const risk = RISKS.find(
			(each) =>
				each.key.test(key) && !each.unless?.test(value) && (each.when?.test(value) ?? true) && !(each.own && isOwn),
		);
		if (risk) return `git is configured with ${plain(key)} here, which ${risk.does}.`;
	}
	return undefined;
}

/** The one hook that a command which only looks may run: git writes what it found out into the index. */
async function hookIn(folders: readonly string[]): Promise<{ readonly trouble: string } | undefined> {
	const places = folders.map((folder) => join(folder, "hooks", "post-index-change"));
	const there = await Promise.all(
		places.map((path) =>
			stat(path).then(
				() => true,
				() => false,
			),
		),
	);
	return there.includes(true)
		? { trouble: "The repository has a hook, post-index-change, that a look at it may run." }
		: undefined;
}

/** Without the address that a key may have in its middle. */
function plain(key: string): string {
	return key.replace(/^url\..*\./, "url.….");
}

function wordsOf(...runs: readonly GitRun[]): string {
	const failed = runs.find((run) => !run.ok);
	return failed && !failed.ok ? failed.error.trim().slice(0, 200) : "";
}
