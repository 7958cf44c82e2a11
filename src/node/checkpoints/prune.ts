import { lstat, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { FOLDERS } from "./folders.ts";
import { isHeld } from "./held.ts";
import { removeIndexes } from "./indexes.ts";
import { unlessInUse } from "./use.ts";

const DAY_MS = 24 * 3600 * 1000;

/**
 * Deletes what nobody kept, or needed for an undo, for so long, and what killed processes left. Does nothing while a
 * snapshot may be in use, in this window or another one, or is held for a command that was cut off. Never throws.
 */
export async function pruneCheckpoints(folder: string, { olderThanDays }: { olderThanDays: number }): Promise<void> {
	const limits = { used: Date.now() - olderThanDays * DAY_MS, made: Date.now() - DAY_MS };
	const names = await namesIn(folder);
	if (names.length > 0) await unlessInUse(folder, limits.used, () => prune(folder, names, limits));
}

async function prune(folder: string, names: readonly string[], limits: { used: number; made: number }): Promise<void> {
	for (const name of names.filter(isHeld)) {
		// What a command changed that was cut off is still to be found out.
		if (!(await removeOlder(join(folder, name), limits.used))) return;
	}
	for (const name of names.filter((one) => one.startsWith("ignore-") || one.endsWith(".tmp")))
		await removeOlder(join(folder, name), limits.made);
	await removeOlder(join(folder, FOLDERS), limits.used);
	let removed = false;
	for (const path of await objectsIn(join(folder, "objects"))) {
		const isLeft = /[\\/]tmp_[^\\/]*$/.test(path);
		removed = (await removeOlder(path, isLeft ? limits.made : limits.used)) || removed;
	}
	// An index counts on its objects: without it, the next snapshot reads all files and keeps again what it needs.
	if (removed) await removeIndexes(folder);
}

/** A pack and its index are as old as the pack: that is the file which use makes younger. */
async function objectsIn(objects: string): Promise<readonly string[]> {
	const paths: string[] = [];
	for (const folder of (await namesIn(objects)).filter((name) => /^([0-9a-f]{2}|pack)$/.test(name)))
		for (const name of await namesIn(join(objects, folder))) paths.push(join(objects, folder, name));
	return paths.filter((path) => !path.endsWith(".idx"));
}

/** Whether it was, and is gone. */
async function removeOlder(path: string, limit: number): Promise<boolean> {
	const found = await stat(path).catch(() => undefined);
	if (!found || found.mtimeMs >= limit) return false;
	// First the index: it says that the pack is there.
	const paths = path.endsWith(".pack") ? [path.replace(/pack$/, "idx"), path] : [path];
	for (const one of paths) await rm(one, { recursive: true, force: true }).catch(() => undefined);
	return true;
}

async function namesIn(folder: string): Promise<readonly string[]> {
	return readdir(folder).catch(() => []);
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
