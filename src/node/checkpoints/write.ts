import { constants, type Stats } from "node:fs";
import { access, chmod, mkdir, open, rename, rm, rmdir, symlink, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path/posix";
import type { FileState } from "../../shared/event.ts";
import { keepOwner, temporaryName } from "../files.ts";
import type { Folders } from "./folders.ts";
import { modeOf, pathTroubleOf, statOf } from "./look.ts";
import { pathOf } from "./names.ts";

/** Whether the file is still what the restore was planned for. */
type Check = () => Promise<boolean>;

export const CHANGED = "It changed since it was looked at, so it was left alone.";

/**
 * Makes a file what it was: a whole copy beside it takes its place. Returns why it was not written, in words; rejects
 * with the system's error. Never writes through a link.
 */
export async function writeState(
	root: string,
	name: string,
	{ to, bytes, isStill }: { to: FileState; bytes: Buffer; isStill: Check },
): Promise<string | undefined> {
	const trouble = await pathTroubleOf(root, name);
	if (trouble !== undefined) return trouble;
	const folder = dirname(name);
	if (folder !== ".") await mkdir(pathOf(root, folder), { recursive: true });
	const path = pathOf(root, name);
	const before = await statOf(root, name);
	if (before?.isFile()) await access(path, constants.W_OK);
	if (before?.isFile() && before.nlink > 1 && to.mode !== "link") {
		// A file of several names stays one.
		const changed = await refusal(root, name, isStill);
		if (changed !== undefined) return changed;
		await writeFile(path, bytes);
		await setMode(root, name, to);
		return undefined;
	}
	const temporary = pathOf(root, join(folder, temporaryName()));
	try {
		await copyBeside(temporary, { to, bytes, before });
		const changed = await refusal(root, name, isStill);
		if (changed !== undefined) return changed;
		if (before?.isDirectory()) await rmdir(path);
		await rename(temporary, path);
		return undefined;
	} finally {
		await rm(temporary, { force: true });
	}
}

async function copyBeside(
	path: string | Buffer,
	{ to, bytes, before }: { to: FileState; bytes: Buffer; before: Stats | undefined },
): Promise<void> {
	if (to.mode === "link") return symlink(bytes, path);
	// From the start no more open than the file it replaces.
	const mode = before?.isFile() ? before.mode & 0o777 : to.mode === "executable" ? 0o777 : 0o666;
	const file = await open(path, "wx", mode);
	try {
		await file.writeFile(bytes);
		await file.datasync();
	} finally {
		await file.close();
	}
	if (!before?.isFile()) return;
	await keepOwner(path, before);
	if (modeOf(before) !== to.mode) await chmod(path, withMode(before, to));
}

/** Deletes a file. Otherwise as `writeState`. */
export async function deleteFile(root: string, name: string, isStill: Check): Promise<string | undefined> {
	const changed = await refusal(root, name, isStill);
	if (changed !== undefined) return changed;
	await unlink(pathOf(root, name));
	return undefined;
}

/** Removes folders above that are empty, as far as they came with what is undone. */
export async function removeEmptyAbove(
	root: string,
	name: string,
	ours: Pick<Folders, "has" | "forget">,
): Promise<void> {
	for (let folder = dirname(name); folder !== "." && (await ours.has(folder)); folder = dirname(folder)) {
		const gone = await rmdir(pathOf(root, folder)).then(
			() => true,
			() => false,
		);
		if (!gone) return;
		await ours.forget(folder);
	}
}

async function refusal(root: string, name: string, isStill: Check): Promise<string | undefined> {
	return (await pathTroubleOf(root, name)) ?? ((await isStill()) ? undefined : CHANGED);
}

/** Gives or takes the right to run it; other rights stay. */
export async function setMode(root: string, name: string, to: FileState): Promise<void> {
	const found = await statOf(root, name);
	if (found?.isFile() && modeOf(found) !== to.mode) await chmod(pathOf(root, name), withMode(found, to));
}

function withMode({ mode }: Stats, to: FileState): number {
	// Who may read it may run it.
	return to.mode === "executable" ? (mode & 0o7777) | ((mode & 0o444) >> 2) : mode & 0o7777 & ~0o111;
}
