import { constants, type Stats } from "node:fs";
import { access, chmod, mkdir, open, realpath, rename, rm, rmdir, symlink, unlink, writeFile } from "node:fs/promises";
import { join as nativeJoin } from "node:path";
import { basename, dirname, join } from "node:path/posix";
import type { FileState } from "../../shared/event.ts";
import { keepOwner, temporaryName } from "../files.ts";
import { type Held, hold } from "../hold.ts";
import type { Folders } from "./folders.ts";
import { modeOf, pathTroubleOf, statOf } from "./look.ts";
import { encodeName, pathOf } from "./names.ts";

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
	state: { to: FileState; bytes: Buffer; isStill: Check },
): Promise<string | undefined> {
	const trouble = await pathTroubleOf(root, name);
	return trouble ?? inFolder(root, name, (at) => putState(root, name, at, state), true);
}

async function putState(
	root: string,
	name: string,
	at: PathIn,
	{ to, bytes, isStill }: { to: FileState; bytes: Buffer; isStill: Check },
): Promise<string | undefined> {
	const path = at(basename(name));
	const before = await statOf(root, name);
	if (before?.isFile()) await access(path, constants.W_OK);
	if (before?.isFile() && before.nlink > 1 && to.mode !== "link") {
		// A file of several names stays one.
		const changed = await refusal(root, name, isStill);
		if (changed !== undefined) return changed;
		await writeFile(path, bytes, { flag: constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0) });
		await setMode(root, name, to);
		return undefined;
	}
	const temporary = at(temporaryName());
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

/** The path of a name in a folder. */
type PathIn = (name: string) => string | Buffer;

/** Holds the file's folder open: no link that takes its place meanwhile leads elsewhere. */
async function inFolder(
	root: string,
	name: string,
	use: (at: PathIn) => Promise<string | undefined>,
	make = false,
): Promise<string | undefined> {
	const folder = dirname(name);
	if (!folder.isWellFormed()) {
		if (make) await mkdir(pathOf(root, folder), { recursive: true });
		return use((each) => pathOf(root, join(folder, each)));
	}
	const real = nativeJoin(await realpath(root), folder);
	const at =
		(held: Held): PathIn =>
		(each) =>
			each.isWellFormed() ? held.at(each) : encodeName(held.at(each));
	const done = await hold(real, async (held) => ({ ok: true, value: await use(at(held)) }), { make });
	return done.ok ? done.value : done.failure.message;
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
	return inFolder(root, name, async (at) => {
		await unlink(at(basename(name)));
		return undefined;
	});
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
