import { lstat, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { findGit, gitEnvironment, runGit } from "./git.ts";
import { namesInPack, packNames } from "./packs.ts";

const DAY_MS = 24 * 3600 * 1000;

/**
 * Deletes what nobody kept or used for so long, and what killed processes left. What an index in use names stays however
 * old it is: git does not write it again, and a file that has not changed for a year may change today. Never throws.
 */
export async function pruneCheckpoints(folder: string, { olderThanDays }: { olderThanDays: number }): Promise<void> {
	const limits = { used: Date.now() - olderThanDays * DAY_MS, made: Date.now() - DAY_MS };
	const names = await readdir(folder).catch((): string[] => []);
	const old = await Promise.all(names.map((name) => isOlder(join(folder, name), limits.used)));
	const indexes = names.filter((name) => name.startsWith("index-"));
	for (const name of indexes) if (old[names.indexOf(name)]) await remove(join(folder, name));
	const needed = await namedBy(
		folder,
		indexes.filter((name) => !old[names.indexOf(name)]),
	);
	await pruneLoose(join(folder, "objects"), needed, limits);
	await prunePacks(join(folder, "objects", "pack"), needed, limits);
	for (const name of names.filter((one) => one.startsWith("ignore-") || one.endsWith(".tmp")))
		if (await isOlder(join(folder, name), limits.made)) await remove(join(folder, name));
}

interface Limits {
	/** Milliseconds since 1970 before which something was last used to be deleted. */
	readonly used: number;
	/** The same for what should have been there for a moment only. */
	readonly made: number;
}

/** Without git no index is in use. */
async function namedBy(folder: string, indexes: readonly string[]): Promise<ReadonlySet<string>> {
	const needed = new Set<string>();
	const git = await findGit();
	if (git === undefined) return needed;
	for (const index of indexes.filter((name) => !name.endsWith(".lock"))) {
		const env = { ...gitEnvironment(folder), GIT_DIR: folder, GIT_INDEX_FILE: join(folder, index) };
		const listed = await runGit(git, ["ls-files", "-s", "-z"], { cwd: folder, env });
		if (!listed.ok) continue;
		for (const [id] of listed.output.toString("latin1").matchAll(/(?<=(^|\0)\d{6} )[0-9a-f]{40}/g)) needed.add(id);
	}
	return needed;
}

async function pruneLoose(objects: string, needed: ReadonlySet<string>, limits: Limits): Promise<void> {
	for (const folder of await readdir(objects).catch(() => [])) {
		if (!/^[0-9a-f]{2}$/.test(folder)) continue;
		for (const name of await readdir(join(objects, folder)).catch(() => [])) {
			const path = join(objects, folder, name);
			const limit = name.startsWith("tmp_obj_") ? limits.made : limits.used;
			if (!needed.has(folder + name) && (await isOlder(path, limit))) await remove(path);
		}
	}
}

async function prunePacks(folder: string, needed: ReadonlySet<string>, limits: Limits): Promise<void> {
	for (const name of await packNames(folder)) {
		if (!(await isOlder(join(folder, `${name}.pack`), limits.used))) continue;
		const ids = (await namesInPack(folder, name)).toString("hex").match(/.{40}/g) ?? [];
		if (ids.some((id) => needed.has(id))) continue;
		await remove(join(folder, `${name}.idx`));
		await remove(join(folder, `${name}.pack`));
	}
	for (const name of (await readdir(folder).catch(() => [])).filter((one) => one.startsWith("tmp_")))
		if (await isOlder(join(folder, name), limits.made)) await remove(join(folder, name));
}

async function isOlder(path: string, limit: number): Promise<boolean> {
	return ((await stat(path).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY) < limit;
}

async function remove(path: string): Promise<void> {
	await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/** Bytes on disk of a folder and all in it; 0 where there is none. */
export async function sizeOf(folder: string): Promise<number> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	let bytes = 0;
	for (const entry of entries) {
		const found = await lstat(join(entry.parentPath, entry.name)).catch(() => undefined);
		// Windows does not tell blocks.
		bytes += found?.blocks ? found.blocks * 512 : (found?.size ?? 0);
	}
	return bytes;
}
