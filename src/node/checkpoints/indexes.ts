import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "./use.ts";

/** Names of indexes: `index-`, the workspace, the process that owns it, and a word to tell two of a process apart. */
const NAME = /^index-([0-9a-f]+)-(\d+)-[0-9a-f]+$/;

/** git's index, which remembers what every file was when it was last read, so that only others are read again. */
export interface Index {
	readonly path: string;
	/** Deletes it, and the lock that a killed git leaves. */
	forget(): Promise<void>;
}

/**
 * An index that belongs to this process alone, so that two windows never wait for each other and a lock left behind is
 * in nobody's way. Begins as a copy of the newest one. Those of processes that are gone are deleted.
 */
export async function freshIndex(folder: string, workspace: string): Promise<Index> {
	const path = join(folder, `index-${workspace}-${process.pid}-${randomBytes(4).toString("hex")}`);
	const others = await indexesOf(folder, workspace);
	const newest = others.at(-1);
	const known = newest && (await readWhole(newest.path));
	if (known) {
		await writeFile(path, known);
		// git doubts files that changed in the second in which the index was written, or later.
		await utimes(path, newest.mtime / 1000, newest.mtime / 1000);
	}
	for (const other of others) if (!isAlive(other.pid)) await remove(other.path);
	return { path, forget: () => remove(path) };
}

/** Undefined for one that a power cut left broken: its last 20 bytes are the SHA-1 of the others, and git does not look. */
async function readWhole(path: string): Promise<Buffer | undefined> {
	const bytes = await readFile(path).catch(() => undefined);
	const sum = bytes && createHash("sha1").update(bytes.subarray(0, -20)).digest();
	return bytes && sum?.equals(bytes.subarray(-20)) ? bytes : undefined;
}

async function remove(path: string): Promise<void> {
	await rm(`${path}.lock`, { force: true }).catch(() => undefined);
	await rm(path, { force: true }).catch(() => undefined);
}

/** Deletes the indexes of a store that is not in use. */
export async function removeIndexes(folder: string): Promise<void> {
	for (const { path } of await indexesOf(folder)) await remove(path);
}

/** Oldest first; of one workspace, or all. */
async function indexesOf(folder: string, workspace?: string) {
	const all = (await readdir(folder)).map(async (name) => {
		const [, key, pid] = NAME.exec(name) ?? [];
		const path = join(folder, name);
		const isMeant = key !== undefined && (workspace === undefined || key === workspace);
		const mtime = isMeant ? (await stat(path).catch(() => undefined))?.mtimeMs : undefined;
		return mtime === undefined ? [] : [{ path, pid: Number(pid), mtime }];
	});
	return (await Promise.all(all)).flat().sort((a, b) => a.mtime - b.mtime);
}
