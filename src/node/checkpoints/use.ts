import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/*
 * Two windows may share a store, and what one deletes by its age the other may be about to count on. So each says that
 * it is there before it looks whether somebody deletes, and whoever deletes says so before it looks who is there.
 */

type Role = "live" | "pruning";
/** The process that wrote it, and a word to tell two of a process apart. */
const NAME = /^(live|pruning)-(\d+)-[0-9a-f]+$/;
/** No deletion takes longer: the number of a process that is gone may be another one's by now. */
const LONGEST_MS = 10 * 60_000;
const WAIT_MS = 50;
const DAY_MS = 24 * 3600 * 1000;

/** Path of the mark; undefined when the disk refuses. */
async function mark(folder: string, role: Role): Promise<string | undefined> {
	const path = join(folder, `${role}-${process.pid}-${randomBytes(4).toString("hex")}`);
	return mkdir(folder, { recursive: true, mode: 0o700 })
		.then(() => writeFile(path, "", { mode: 0o600 }))
		.then(
			() => path,
			() => undefined,
		);
}

async function unmark(path: string | undefined): Promise<void> {
	if (path !== undefined) await rm(path, { force: true }).catch(() => undefined);
}

/** Whether a process that runs has left such a mark since (ms since 1970). Marks of others are deleted. */
async function isMarked(folder: string, role: Role, since: number): Promise<boolean> {
	const names = await readdir(folder).catch(() => []);
	let found = false;
	for (const name of names) {
		const [, kind, pid] = NAME.exec(name) ?? [];
		if (kind !== role) continue;
		const path = join(folder, name);
		const at = (await stat(path).catch(() => undefined))?.mtimeMs;
		if (at !== undefined && at >= since && isAlive(Number(pid))) found = true;
		else await unmark(path);
	}
	return found;
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// Somebody else's process is one, too.
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}

/** Does the work unless a window used the store since; windows that come meanwhile wait for its end. */
export async function unlessInUse(folder: string, since: number, work: () => Promise<void>): Promise<void> {
	const path = await mark(folder, "pruning");
	try {
		if (path !== undefined && !(await isMarked(folder, "live", since))) await work();
	} finally {
		await unmark(path);
	}
}

/** That a window uses the store. */
export interface Use {
	/** To be waited for before anything is kept. */
	begin(): Promise<void>;
	end(): void;
}

/** @param first done before, once. It never rejects. */
export function createUse(folder: string, first: () => Promise<void>): Use {
	const stop = new AbortController();
	let begun: Promise<string | undefined> | undefined;
	let touched = Date.now();
	const enter = async () => {
		await first();
		const path = await mark(folder, "live");
		while (!stop.signal.aborted && (await isMarked(folder, "pruning", Date.now() - LONGEST_MS))) await sleep(WAIT_MS);
		return path;
	};
	return {
		async begin() {
			begun ??= enter();
			const path = await begun;
			const now = Date.now();
			if (path === undefined || now - touched < DAY_MS) return;
			touched = now;
			await utimes(path, now / 1000, now / 1000).catch(() => undefined);
		},
		end() {
			stop.abort();
			void begun?.then(unmark);
		},
	};
}
