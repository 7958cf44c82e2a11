import type { Result } from "../agent/ports.ts";
import { runGit } from "./checkpoints/git.ts";
import type { Git } from "./git-probe.ts";
import { QUIET_ARGS } from "./git-quiet.ts";

/** A file that is not committed as it is. Names are relative to the folder that was asked of, with `/`. */
export interface Uncommitted {
	readonly name: string;
	/** What it was called before it was renamed. */
	readonly from?: string;
	/** git does not know it yet, so there is no patch of it. */
	readonly isNew?: true;
}

type Staged = boolean | "both";

export interface Changes {
	/** These are staged; else nothing is, and they are all that is changed in the working tree. `both`: since the last commit. */
	readonly staged: Staged;
	readonly files: readonly Uncommitted[];
}

/** Only shows: nothing of the repository's own choice runs but what cleans files on their way into it. */
const SHOW = ["--no-color", "--no-ext-diff", "--no-textconv", "--submodule=short", "--find-renames", "--relative"];

/** What a commit would hold: what is staged, else everything. */
export async function changesToCommit(git: Git, top: string, signal: AbortSignal): Promise<Result<Changes>> {
	const staged = await run(git, top, ["diff", "--cached", "--name-status", "-z", ...SHOW], signal);
	if (!staged.ok) return staged;
	const files = entriesOf(staged.value);
	if (files.length > 0) return { ok: true, value: { staged: true, files } };
	const changed = await run(git, top, ["diff", "--name-status", "-z", ...SHOW], signal);
	return changed.ok ? withNew(git, top, { staged: false, files: entriesOf(changed.value) }, signal) : changed;
}

/** Everything that is changed and not committed, staged or not. Before the first commit what the first one would hold. */
export async function changesSinceCommit(git: Git, top: string, signal: AbortSignal): Promise<Result<Changes>> {
	const changed = await run(git, top, ["diff", "HEAD", "--name-status", "-z", ...SHOW], signal);
	if (!changed.ok) return changesToCommit(git, top, signal);
	return withNew(git, top, { staged: "both", files: entriesOf(changed.value) }, signal);
}

/** And what git does not know yet. */
async function withNew(
	git: Git,
	top: string,
	{ staged, files }: Changes,
	signal: AbortSignal,
): Promise<Result<Changes>> {
	const others = await run(git, top, ["ls-files", "--others", "--exclude-standard", "-z"], signal);
	if (!others.ok) return others;
	const fresh = fields(others.value).map((name): Uncommitted => ({ name, isNew: true }));
	return { ok: true, value: { staged, files: [...files, ...fresh] } };
}

/** The patch of one of these files and of no other; undefined where that can't be had. */
export async function patchOf(
	git: Git,
	top: string,
	{ file, staged }: { readonly file: Uncommitted; readonly staged: Staged },
	signal: AbortSignal,
): Promise<string | undefined> {
	if (file.isNew) return undefined;
	const names = file.from === undefined ? [file.name] : [file.from, file.name];
	const where = staged === "both" ? ["HEAD"] : staged ? ["--cached"] : [];
	const patch = await run(git, top, ["diff", ...where, ...SHOW, "--", ...names], signal);
	// A name may be that of a folder too by now, and then what is in there would come along.
	const isAlone = patch.ok && patch.value.match(/^diff --git /gm)?.length === 1;
	return isAlone ? patch.value : undefined;
}

/** The first lines of the last commits, newest first; none where there is no commit yet. */
export async function lastSubjects(git: Git, top: string, signal: AbortSignal): Promise<readonly string[]> {
	const log = await run(git, top, ["log", "--no-merges", `--max-count=${SUBJECTS}`, "--format=%s", "-z"], signal);
	return log.ok ? fields(log.value) : [];
}

const SUBJECTS = 10;

/** Names as they are, whatever a pathspec could mean by them. */
async function run(git: Git, top: string, args: readonly string[], signal: AbortSignal): Promise<Result<string>> {
	const env = { ...git.env, GIT_NO_LAZY_FETCH: "1", GIT_OPTIONAL_LOCKS: "0" };
	const done = await runGit(git.path, [...QUIET_ARGS, "--literal-pathspecs", ...args], { cwd: top, env, signal });
	if (done.ok) return { ok: true, value: done.output.toString() };
	// There `git diff` compares any two files, and answers with the hundred options that it has for that.
	const error = done.error.includes("git diff --no-index") ? "not a git repository" : done.error;
	return { ok: false, failure: { code: signal.aborted ? "aborted" : "internal", message: `git: ${error}` } };
}

/** `--name-status -z`: a status and a name, or with `R` two. */
function entriesOf(output: string): readonly Uncommitted[] {
	const found: Uncommitted[] = [];
	const left = fields(output)[Symbol.iterator]();
	for (const status of left) {
		const first: string | undefined = left.next().value;
		if (first === undefined) break;
		const second: string | undefined = status.startsWith("R") ? left.next().value : undefined;
		found.push(second === undefined ? { name: first } : { name: second, from: first });
	}
	return found;
}

function fields(output: string): readonly string[] {
	return output.split("\0").filter((field) => field !== "");
}
