import { constants, createReadStream, type Stats } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import { dirname } from "node:path/posix";
import type { FileState } from "../../shared/event.ts";
import { pathTrouble } from "../place.ts";
import { hashOfSize, idOf } from "./blobs.ts";
import { decodeNames, pathOf } from "./names.ts";

/** What is at a path of the workspace. */
export type Found =
	/** No file: nothing, a folder, or behind a link, where it is a file of another name if any. */
	| { readonly kind: "none" }
	/** `bytes` are left out of a file over the limit. */
	| { readonly kind: "file"; readonly state: FileState; readonly bytes?: Buffer }
	/** Not to be read: a device, a path that leads out, no right to read it; in words. */
	| { readonly kind: "unfit"; readonly why: string };

/** Largest file whose bytes are kept for its own sake, in bytes. */
const KEEP_LIMIT = 64 * 1024 * 1024;

type LiveBytes = (path: string) => Promise<Buffer | undefined>;

/** Reads what is there now; an open document's unsaved bytes win over the disk. Never throws. */
export async function look(root: string, name: string, live?: LiveBytes): Promise<Found> {
	try {
		const trouble = nameTrouble(name);
		if (trouble !== undefined) return { kind: "unfit", why: trouble };
		if ((await linkAbove(root, name)) !== undefined) return { kind: "none" };
		const path = pathOf(root, name);
		const found = await statOf(root, name);
		if (found?.isSymbolicLink()) return linkOf(path);
		if (found && !found.isFile() && !found.isDirectory()) return { kind: "unfit", why: "It is a device or a pipe." };
		const unsaved = typeof path === "string" && !found?.isDirectory() ? await live?.(path) : undefined;
		if (unsaved) return fileOf(unsaved, found);
		return found?.isFile() ? await readFound(path) : { kind: "none" };
	} catch (error) {
		return { kind: "unfit", why: whyOf(error) };
	}
}

/** Files and links in a folder and the folders in it: none where it is no folder. Never throws. */
export async function filesBelow(root: string, folder: string): Promise<readonly string[]> {
	const found: string[] = [];
	const isFolder =
		nameTrouble(folder) === undefined && (await statOf(root, folder).catch(() => undefined))?.isDirectory();
	const folders = isFolder ? [folder] : [];
	for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
		const path = pathOf(root, next);
		const entries = await readdir(path, { withFileTypes: true, encoding: "buffer" }).catch(() => []);
		for (const entry of entries) (entry.isDirectory() ? folders : found).push(`${next}/${decodeNames(entry.name)}`);
	}
	return found;
}

/**
 * Why nothing may be written at a recorded path, in words. It may not lead through a link: our names have none, so
 * somebody put it there since, and it may lead anywhere.
 */
export async function pathTroubleOf(root: string, name: string): Promise<string | undefined> {
	const trouble = nameTrouble(name);
	if (trouble !== undefined) return trouble;
	const link = await linkAbove(root, name);
	return link && `${link} is a link now, so nothing was written through it.`;
}

function nameTrouble(name: string): string | undefined {
	const leadsOut = name.split("/").some((segment) => segment === "" || segment === "." || segment === "..");
	return leadsOut ? "The path leads out of the workspace." : pathTrouble(name);
}

/** The first folder on the way that is a link. */
async function linkAbove(root: string, name: string): Promise<string | undefined> {
	for (let end = name.indexOf("/"); end >= 0; end = name.indexOf("/", end + 1)) {
		const folder = name.slice(0, end);
		const found = await lstat(pathOf(root, folder)).catch(missing);
		if (!found) return undefined;
		if (found.isSymbolicLink()) return folder;
	}
	return undefined;
}

/** Undefined where nothing of exactly that name is there. */
export async function statOf(root: string, name: string): Promise<Stats | undefined> {
	const found = await lstat(pathOf(root, name)).catch(missing);
	if (!found || (process.platform !== "win32" && process.platform !== "darwin")) return found;
	const folder = dirname(name);
	const names = await readdir(pathOf(root, folder));
	return isOtherCase(names, name.slice(folder === "." ? 0 : folder.length + 1)) ? undefined : found;
}

/** Whether a folder that folds case has the name in other letters only, so that it is another file's. */
export function isOtherCase(names: readonly string[], name: string): boolean {
	return !names.includes(name) && names.some((other) => other.toLowerCase() === name.toLowerCase());
}

function missing(error: NodeJS.ErrnoException): undefined {
	if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}

async function linkOf(path: string | Buffer): Promise<Found> {
	const bytes = await readlink(path, { encoding: "buffer" });
	return { kind: "file", state: { id: idOf(bytes), mode: "link" }, bytes };
}

async function readFound(path: string | Buffer): Promise<Found> {
	// O_NOFOLLOW: no link that came meanwhile. O_NONBLOCK: opening a named pipe must not wait for a writer.
	const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
	const file = await open(path, flags);
	try {
		const found = await file.stat();
		if (!found.isFile()) return { kind: "unfit", why: "It is a device or a pipe." };
		if (found.size <= KEEP_LIMIT) return fileOf(await file.readFile(), found);
	} finally {
		await file.close();
	}
	return { kind: "file", state: await hashLarge(path) };
}

function fileOf(bytes: Buffer, found: Stats | undefined): Found {
	return { kind: "file", state: { id: idOf(bytes), mode: found ? modeOf(found) : "file" }, bytes };
}

/** As git tells it: by the owner's right to run it. */
export function modeOf({ mode }: Stats): "file" | "executable" {
	return mode & 0o100 ? "executable" : "file";
}

/** The state of a file of any size, in bounded memory. */
export async function hashLarge(path: string | Buffer): Promise<FileState> {
	const found = await lstat(path);
	const hash = hashOfSize(found.size);
	for await (const chunk of createReadStream(path)) hash.update(chunk);
	return { id: hash.digest("hex"), mode: modeOf(found) };
}

const WHY: Readonly<Record<string, string>> = {
	EACCES: "You have no right to change it.",
	EDQUOT: "The disk is full.",
	EFBIG: "The system allows no file of that size.",
	EISDIR: "A folder of that name is there now.",
	ENOSPC: "The disk is full.",
	ENOTDIR: "A file is in the place of its folder.",
	ENOTEMPTY: "A folder of that name is there now.",
	EEXIST: "A file is in the place of its folder.",
	EPERM: "The system does not allow it.",
	EROFS: "The disk is read-only.",
};

/** The system's error as a sentence for the person. */
export function whyOf(error: unknown): string {
	const { code = "", message } = error as NodeJS.ErrnoException;
	return WHY[code] ?? `The system said: ${message}`;
}
