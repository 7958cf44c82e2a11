import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { createBlobs } from "./blobs.ts";
import { findGit, type GitRun, gitEnvironment, runGit } from "./git.ts";
import { freshIndex } from "./indexes.ts";

/** The shadow repository: git's own on the objects, with our index, over the person's files. */
export interface Repository {
	/** Paths that go in and come out are relative to the workspace folder, unless git is run elsewhere. */
	run(
		args: readonly string[],
		more?: { readonly input?: Buffer; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv },
	): Promise<GitRun>;
	/** Where git's ignore files begin to count: the workspace folder, or the person's repository that it is in. */
	readonly top: string;
	/** Path of the workspace folder below `top`, with `/` behind; empty for the same. */
	readonly prefix: string;
	readonly folder: string;
	/** Begins anew, so that the next snapshot reads everything. */
	forget(): Promise<void>;
}

const TOO_OLD = /^git version (0|1|2\.([0-9]|1[0-7]))\./;

const CONFIG = (platform: NodeJS.Platform) => {
	const folds = platform === "win32" || platform === "darwin";
	return `[core]
	repositoryformatversion = 0
	bare = false
	autocrlf = false
	safecrlf = false
	fsmonitor = false
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
	fileMode = ${platform !== "win32"}
	symlinks = ${platform !== "win32"}
	ignoreCase = ${folds}
	precomposeUnicode = ${platform === "darwin"}
	longPaths = true
	protectNTFS = ${platform === "win32"}
	protectHFS = ${platform === "darwin"}
	compression = 1
	looseCompression = 1
	preloadIndex = true
	fsync = none
	quotePath = false
[index]
	version = 4
[gc]
	auto = 0
[pack]
	compression = 1
`;
};

/** Over every .gitattributes: bytes stay as they are, no program is started for them. */
const ATTRIBUTES = "* -text -filter -ident !eol !working-tree-encoding\n";

/** Big folders that tools make, where no .gitignore says so. A .gitignore that takes one back (`!node_modules`) wins. */
const EXCLUDES =
	`.bzr .hg .jj .svn .gradle .mypy_cache .next .nox .nuxt .parcel-cache .pnpm-store .pytest_cache .ruff_cache
	.svelte-kit .terraform .tox .turbo .venv .yarn/cache __pycache__ bower_components node_modules`.split(/\s+/);

/** The repository, or the sentence why there is none. */
export async function openRepository(
	root: string,
	folder: string,
	options: { git?: string; signal: AbortSignal },
): Promise<Repository | string> {
	const trouble = await unfit(root);
	if (trouble !== undefined) return trouble;
	const git = options.git ?? (await findGit());
	if (git === undefined) return "git was not found on this computer.";
	try {
		return await open(root, folder, { git, signal: options.signal });
	} catch (error) {
		return `The folder for checkpoints can't be used: ${error instanceof Error ? error.message : String(error)}.`;
	}
}

async function unfit(root: string): Promise<string | undefined> {
	if (dirname(root) === root) return "The workspace is a whole drive.";
	const home = await realpath(homedir()).catch(homedir);
	if (root === home || home.startsWith(root + sep)) return "The workspace is the home folder.";
	const found = await stat(root).catch(() => undefined);
	return found?.isDirectory() ? undefined : "The workspace folder is not there.";
}

async function open(root: string, folder: string, { git, signal }: { git: string; signal: AbortSignal }) {
	const base = gitEnvironment(folder);
	const version = await runGit(git, ["version"], { cwd: root, env: base, signal });
	if (!version.ok) return `git does not start: ${version.error}`;
	const name = version.output.toString().trim();
	if (TOO_OLD.test(name)) return `${name} is too old: checkpoints need 2.18 or newer.`;
	await prepare(folder);
	const key = createHash("sha1").update(root).digest("hex").slice(0, 8);
	const index = await freshIndex(folder, key);
	const inside = (top: string): NodeJS.ProcessEnv => ({
		...base,
		GIT_DIR: folder,
		GIT_WORK_TREE: top,
		GIT_INDEX_FILE: index.path,
	});
	const above = (await repositoryAbove(root)) ?? root;
	await exclude(folder, above);
	const top = above !== root && (await isIgnored(git, above, root, inside(above))) ? root : above;
	if (top !== above) await exclude(folder, top);
	const env = inside(top);
	return {
		run: (args, more) => runGit(git, args, { cwd: root, signal, ...more, env: { ...env, ...more?.env } }),
		top,
		prefix: top === root ? "" : `${relative(top, root).split(sep).join("/")}/`,
		folder,
		forget: index.forget,
	} satisfies Repository;
}

/** The person's repository around the workspace, by its top folder. */
async function repositoryAbove(folder: string): Promise<string | undefined> {
	const found = await stat(join(folder, ".git")).catch(() => undefined);
	if (found) return folder;
	const parent = dirname(folder);
	return parent === folder ? undefined : repositoryAbove(parent);
}

/** Then all in it would be: such as a scratch folder of a repository, opened by itself. */
async function isIgnored(git: string, top: string, root: string, env: NodeJS.ProcessEnv): Promise<boolean> {
	const found = await runGit(git, ["check-ignore", "-q", "--no-index", root], { cwd: top, env });
	return found.ok;
}

/** Made without git, so that no template and no configuration has a say. */
async function prepare(folder: string): Promise<void> {
	for (const name of ["info", "objects/pack", "refs"])
		await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
	await replace(join(folder, "config"), CONFIG(process.platform));
	await replace(join(folder, "info/attributes"), ATTRIBUTES);
	await replace(join(folder, "HEAD"), "ref: refs/heads/none\n");
	// What stands in repositories within the workspace (`SEED`).
	await createBlobs(folder).put(Buffer.alloc(0));
}

/** What is left out besides what ignore files name: our own list, our own storage, and the person's own list. */
async function exclude(folder: string, top: string): Promise<void> {
	const own = relative(top, folder);
	const inside = own !== "" && !own.startsWith("..") ? [`/${own.split(sep).join("/")}/`] : [];
	const theirs = await readFile(join(top, ".git/info/exclude"), "utf8").catch(() => "");
	await replace(join(folder, "info/exclude"), [...EXCLUDES.map((name) => `${name}/`), ...inside, theirs].join("\n"));
}

/** Another window may read it at the same time. */
async function replace(path: string, text: string): Promise<void> {
	if ((await readFile(path, "utf8").catch(() => undefined)) === text) return;
	const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
	await writeFile(temporary, text);
	await rename(temporary, path);
}
