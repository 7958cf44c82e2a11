import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readlink, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FileFailure, Result } from "../agent/ports.ts";
import { failureOf } from "./place.ts";

/** It came between the look at a path and its use. */
const MOVED: FileFailure = {
	code: "changed",
	message: "A folder or link took its place since the path was looked at. Nothing was touched.",
};

export function moved(): { readonly ok: false; readonly failure: FileFailure } {
	return { ok: false, failure: MOVED };
}

/**
 * A folder held open: whatever takes its name meanwhile, names in it lead into this very folder. Only Linux gives paths
 * through an open folder; elsewhere `isStill` has to be asked after a file was opened and before it is used.
 */
export interface Held {
	/** The path of a file or folder in it, for the calls of `node:fs`. */
	at(name: string): string;
	/** The path of the folder itself. */
	readonly folder: string;
	/** Whether the file that was opened by that name is the one at the path that was looked at, and no link's target. */
	isStill(file: FileHandle, name: string): Promise<boolean>;
}

/** Finds a folder without reading it: it need only be passed through. Linux; not among Node's constants. */
const O_PATH = 0o10000000;
const O_DIRECTORY = constants.O_DIRECTORY ?? 0;

/**
 * Uses a folder that has this real path, and no other. `make`: it and those above it are made if they are missing.
 * Failures of the system reject.
 * @param how by default as the system allows
 */
export async function hold<T>(
	folder: string,
	use: (held: Held) => Promise<Result<T, FileFailure>>,
	{ make = false, how }: { make?: boolean; how?: "open" | "path" } = {},
): Promise<Result<T, FileFailure>> {
	if ((how ?? (await usual())) === "path") return holdPath(folder, use, make);
	const handle = make ? await makeFolder(folder).catch(unlessFile) : await openFolder(folder);
	if (handle === "file")
		return { ok: false, failure: { code: "other", message: "A file is in the place of its folder." } };
	if (!handle) return moved();
	try {
		const through = throughOf(handle);
		return await use({ at: (name) => `${through}/${name}`, folder: through, isStill: async () => true });
	} finally {
		await handle.close();
	}
}

let known: Promise<"open" | "path"> | undefined;

/** A Linux in a sandbox may come without `/proc`. */
function usual(): Promise<"open" | "path"> {
	const look = () => lstat("/proc/self/fd").then(() => "open" as const);
	known ??= process.platform === "linux" ? look().catch(() => "path") : Promise.resolve("path");
	return known;
}

const throughOf = ({ fd }: FileHandle) => `/proc/self/fd/${fd}`;

/** Undefined: a link is on the way. */
async function openFolder(folder: string): Promise<FileHandle | undefined> {
	const handle = await open(folder, O_PATH | O_DIRECTORY);
	const path = await readlink(throughOf(handle)).catch(() => undefined);
	if (path === folder) return handle;
	await handle.close();
	return undefined;
}

async function makeFolder(folder: string): Promise<FileHandle | undefined> {
	try {
		return await openFolder(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
	}
	const above = await makeFolder(dirname(folder));
	if (!above) return undefined;
	try {
		await mkdir(`${throughOf(above)}/${basename(folder)}`).catch(unlessThere);
	} finally {
		await above.close();
	}
	return openFolder(folder);
}

function unlessFile(error: NodeJS.ErrnoException): "file" {
	if (error.code !== "ENOTDIR") throw error;
	return "file";
}

function unlessThere(error: NodeJS.ErrnoException): void {
	if (error.code !== "EEXIST") throw error;
}

async function holdPath<T>(
	folder: string,
	use: (held: Held) => Promise<Result<T, FileFailure>>,
	make: boolean,
): Promise<Result<T, FileFailure>> {
	const isHere = async () => (await realpath(folder).catch(() => undefined)) === folder;
	if (make && !(await isHere())) {
		const above = dirname(folder);
		const made = await holdPath(
			above,
			async () => ({ ok: true, value: await mkdir(folder).catch(unlessThere) }),
			above !== folder,
		);
		if (!made.ok) return made;
	}
	if (!(await isHere())) {
		const there = await lstat(folder).catch(failureOf);
		return "message" in there ? { ok: false, failure: there } : moved();
	}
	const at = (name: string) => join(folder, name);
	const isStill = async (file: FileHandle, name: string) => {
		const [opened, found] = await Promise.all([file.stat(), lstat(at(name)).catch(() => undefined)]);
		return found !== undefined && isSame(opened, found) && (await isHere());
	};
	return use({ at, folder, isStill });
}

function isSame(one: Stats, other: Stats): boolean {
	return one.dev === other.dev && one.ino === other.ino;
}
