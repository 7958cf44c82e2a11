import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import type { FileChange } from "../../shared/event.ts";
import type { Blobs } from "./blobs.ts";
import { decodeNames, encodeName, pathOf } from "./names.ts";
import type { Repository } from "./repository.ts";

/** What leaves files out of a snapshot besides the ignore files in it. */
export const Rules = z.object({
	/** As `Repository.prefix`. */
	prefix: z.string(),
	/** Ignore files between the top of the person's repository and the workspace: folder (empty for the top), text. */
	above: z.array(z.tuple([z.string(), z.string()])),
	/** The shadow repository's `info/exclude`. */
	exclude: z.string(),
});
export type Rules = z.infer<typeof Rules>;

/** A tree, and by what files were left out of it. */
interface Ruled {
	readonly id: string;
	readonly rules: Rules;
}

export async function readRules({ top, prefix, folder }: Repository): Promise<Rules> {
	const segments = prefix.split("/").slice(0, -1);
	const above: [string, string][] = [];
	for (const length of segments.keys()) {
		const name = segments.slice(0, length).join("/");
		const text = await textOf(join(top, name, ".gitignore"));
		if (text !== "") above.push([name, text]);
	}
	return { prefix, above, exclude: await textOf(join(folder, "info/exclude")) };
}

function textOf(path: string): Promise<string> {
	// As Latin-1, so that every byte comes back.
	return readFile(path, "latin1").catch(() => "");
}

/**
 * Files that seem new and may have been there all the time: what leaves files out was changed itself, and left them out
 * before. git is asked over a folder with nothing but the ignore files as they were.
 */
export async function ignoredBefore(
	{ repository, blobs }: { repository: Repository; blobs: Blobs },
	[before, after]: readonly [Ruled, Ruled],
	changes: readonly FileChange[],
): Promise<ReadonlySet<string> | string> {
	const fresh = changes.filter(({ before }) => before === null).map(({ path }) => path);
	const isSame = JSON.stringify(before.rules) === JSON.stringify(after.rules);
	if (fresh.length === 0 || (isSame && !changes.some(({ path }) => isRule(path)))) return new Set();
	const listed = await repository.run(["ls-tree", "-r", "-z", before.id]);
	if (!listed.ok) return listed.error;
	const inTree = decodeNames(listed.output)
		.split("\0")
		.map((entry) => entry.split("\t", 2))
		.flatMap(([facts = "", path = ""]) => (isRule(path) ? [{ path, id: facts.split(" ")[2] ?? "" }] : []));
	const { prefix, above, exclude } = before.rules;
	const folder = await mkdtemp(join(repository.folder, "ignore-"));
	const write = async (path: string, bytes: Buffer) => {
		await mkdir(pathOf(folder, dirname(path)), { recursive: true });
		await writeFile(pathOf(folder, path), bytes);
	};
	try {
		// A repository of its own, since only there `info/exclude` is what it was.
		await mkdir(join(folder, "git/objects"), { recursive: true });
		await mkdir(join(folder, "git/refs"));
		for (const name of ["config", "HEAD"]) await copyFile(join(repository.folder, name), join(folder, "git", name));
		await write("git/info/exclude", Buffer.from(exclude, "latin1"));
		await mkdir(pathOf(folder, join("work", prefix)), { recursive: true });
		for (const [name, text] of above) await write(join("work", name, ".gitignore"), Buffer.from(text, "latin1"));
		for (const { path, id } of inTree)
			await write(join("work", prefix, path), (await blobs.get(id)) ?? Buffer.alloc(0));
		return await ignoredOf(repository, { folder, prefix }, fresh);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function isRule(path: string): boolean {
	return path === ".gitignore" || path.endsWith("/.gitignore");
}

async function ignoredOf(
	repository: Repository,
	{ folder, prefix }: { folder: string; prefix: string },
	paths: readonly string[],
) {
	// `./`: a name may begin like one of git's own patterns, `:(top)`.
	const start = `./${prefix}`;
	const work = join(folder, "work");
	const found = await repository.run(["check-ignore", "--no-index", "-z", "--stdin"], {
		input: encodeName(paths.map((path) => `${start}${path}`).join("\0")),
		cwd: work,
		env: { GIT_DIR: join(folder, "git"), GIT_WORK_TREE: work },
	});
	// 1: none of them is.
	if (!found.ok) return found.code === 1 ? new Set<string>() : found.error;
	const names = decodeNames(found.output).split("\0").filter(Boolean);
	return new Set(names.map((name) => name.slice(start.length)));
}
