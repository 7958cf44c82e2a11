import { randomBytes } from "node:crypto";
import { constants, type PathLike, type Stats } from "node:fs";
import { access, chmod, chown, link, lstat, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FileFailure, FileStat, Files, FileText, Result } from "../agent/ports.ts";
import { MAX_FILE_BYTES } from "../agent/ports.ts";
import { decode, encode, hashOf } from "./encoding.ts";
import { type Held, hold, moved } from "./hold.ts";
import { failureOf, isFolder } from "./place.ts";
import type { Places } from "./places.ts";

/**
 * Files on disk. A host with open documents wraps it: `{ ...createFiles(places), read, write }`, no member uses `this`.
 * A file is used in its folder, which is held open meanwhile: what takes the folder's name leads nowhere.
 */
export function createFiles(places: Places): Files {
	const guarded = async <T>(path: string, use: (real: string) => Promise<Result<T, FileFailure>>) => {
		const reached = await places.reach(path);
		return reached.ok ? attempt(() => use(reached.value.path)) : reached;
	};
	const inFolder = <T>(path: string, use: (file: Named) => Promise<Result<T, FileFailure>>, make = false) =>
		guarded(path, (real) => hold(dirname(real), (held) => use({ held, name: basename(real) }), { make }));
	return {
		root: places.root,
		home: places.home,
		place: places.place,
		grant: places.grant,
		stat: (path) => inFolder(path, describe),
		read: (path) => inFolder(path, readText),
		async write(path, content, expected) {
			const bytes = encode(content);
			if (!bytes.ok) return bytes;
			const written = await inFolder(path, (file) => replace(file, bytes.value, expected), expected === null);
			const isGone = !written.ok && written.failure.code === "missing" && expected !== null;
			return isGone ? { ok: false, failure: changed } : written;
		},
		remove: (path, expected) => inFolder(path, (file) => remove(file, expected)),
		async aside(path) {
			const set = await inFolder(path, setAside);
			if (!set.ok) return undefined;
			const other = set.value;
			const drop = async ({ held }: Named) => ({ ok: true, value: await rm(held.at(other), { force: true }) }) as const;
			return {
				back: () => inFolder(path, (file) => putBack(file, other)),
				end: async () => void (await inFolder(path, drop)),
			};
		},
		move: (from, to, expected) =>
			inFolder(from, async (file) => {
				const trouble = await notStill(file, expected, "The file changed on disk meanwhile. Nothing was renamed.");
				return trouble ?? inFolder(to, (target) => move(file, target), true);
			}),
		list: (path) => guarded(path, (real) => hold(real, async (held) => names(held, real, await places.ignoring()))),
	};
}

/** A file by its name in its folder. */
interface Named {
	readonly held: Held;
	readonly name: string;
}

async function readText(file: Named): Promise<Result<FileText, FileFailure>> {
	const bytes = await readBytes(file);
	if (!bytes.ok) return bytes;
	const content = decode(bytes.value);
	if (!content.ok) return content;
	return { ok: true, value: { ...content.value, hash: hashOf(bytes.value), dirty: false } };
}

/** O_NOFOLLOW: no link that came meanwhile. O_NONBLOCK: opening a named pipe must not wait for a writer. */
export const CAREFUL = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function readBytes({ held, name }: Named): Promise<Result<Buffer, FileFailure>> {
	const file = await open(held.at(name), CAREFUL);
	try {
		if (!(await held.isStill(file, name))) return moved();
		const found = await file.stat();
		if (found.isDirectory()) return fail("directory", "It is a folder.");
		if (!found.isFile()) return fail("other", "It is no regular file but a device, pipe or socket.");
		if (found.size > MAX_FILE_BYTES)
			return fail("too-large", `The file has ${found.size} bytes; at most ${MAX_FILE_BYTES} are read as text.`);
		return { ok: true, value: await file.readFile() };
	} finally {
		await file.close();
	}
}

async function names(held: Held, folder: string, isIgnored: (path: string) => boolean) {
	const entries = await readdir(held.folder, { withFileTypes: true });
	const seen = entries.filter((entry) => !isIgnored(join(folder, entry.name)));
	const named = seen.map(async (entry) => {
		const isBelow = entry.isSymbolicLink() ? await isFolder(held.at(entry.name)) : entry.isDirectory();
		return isBelow ? `${entry.name}/` : entry.name;
	});
	return { ok: true, value: (await Promise.all(named)).sort() } as const;
}

async function replace(file: Named, bytes: Buffer, expected: string | null): Promise<Result<string, FileFailure>> {
	const before = await look(file);
	if (before) {
		if (before.isSymbolicLink()) return moved();
		if (before.isDirectory()) return fail("directory", "It is a folder.");
		// A rename over a file asks for the folder's permission only: a read-only file would be replaced silently.
		await access(file.held.at(file.name), constants.W_OK);
	} else if (expected !== null) return { ok: false, failure: changed };
	const trouble = await write(file, bytes, before, () => isStill(file, expected));
	return trouble ?? { ok: true, value: hashOf(bytes) };
}

type Check = () => Promise<boolean>;
type Failed = { readonly ok: false; readonly failure: FileFailure };
const changed: FileFailure = { code: "changed", message: "The file changed on disk meanwhile. Nothing was written." };

/**
 * All or nothing: a full copy beside the file takes its place by a rename. A file with several hard links, or in a
 * folder where none can be made, is written in place.
 */
async function write(
	file: Named,
	bytes: Buffer,
	before: Stats | undefined,
	unchanged: Check,
): Promise<Failed | undefined> {
	const { held, name } = file;
	const temporary = temporaryName();
	const copied = before && before.nlink > 1 ? "can't" : await copyBeside({ held, name: temporary }, bytes, before);
	try {
		if (copied === "moved") return moved();
		if (!(await unchanged())) return { ok: false, failure: changed };
		if (copied === "can't") return await writeInPlace(file, bytes);
		await rename(held.at(temporary), held.at(name));
		return undefined;
	} finally {
		if (copied !== "can't") await rm(held.at(temporary), { force: true });
	}
}

async function writeInPlace({ held, name }: Named, bytes: Buffer): Promise<Failed | undefined> {
	const file = await open(held.at(name), constants.O_WRONLY | CAREFUL);
	try {
		if (!(await held.isStill(file, name))) return moved();
		await file.truncate(0);
		await file.writeFile(bytes);
		return undefined;
	} finally {
		await file.close();
	}
}

/** Short, whatever the file is called: a name of 255 bytes leaves no room for more. */
export function temporaryName(): string {
	return `.kimi-${randomBytes(6).toString("hex")}.tmp`;
}

async function copyBeside(
	{ held, name }: Named,
	bytes: Buffer,
	before: Stats | undefined,
): Promise<"done" | "moved" | "can't"> {
	const path = held.at(name);
	try {
		// From the start no more open than the file it replaces: its text is in it before `keepOwner`.
		const file = await open(path, "wx", before ? before.mode & 0o777 : undefined);
		try {
			if (!(await held.isStill(file, name))) return "moved";
			await file.writeFile(bytes);
			await file.datasync();
		} finally {
			await file.close();
		}
		if (before) await keepOwner(path, before);
		return "done";
	} catch (error) {
		await rm(path, { force: true });
		const code = failureOf(error).code;
		if (before && code === "denied") return "can't";
		throw error;
	}
}

/** Gives a file the owner, where that is allowed, and the rights of the one whose place it takes. */
export async function keepOwner(path: PathLike, before: Stats): Promise<void> {
	const now = await stat(path);
	// Before the mode: a change of owner clears the set-id bits.
	if (now.uid !== before.uid || now.gid !== before.gid) await chown(path, before.uid, before.gid).catch(() => {});
	await chmod(path, before.mode & 0o7777);
}

async function remove(file: Named, expected: string): Promise<Result<void, FileFailure>> {
	const trouble = await notStill(file, expected, "The file changed on disk meanwhile. Nothing was deleted.");
	if (trouble) return trouble;
	const path = file.held.at(file.name);
	// Like a rename over it, this would ask for the folder's permission only.
	await access(path, constants.W_OK);
	await rm(path);
	return { ok: true, value: undefined };
}

/** Its folder is found again at each step: it is not held open for as long as the file may be wanted back. */
async function setAside({ held, name }: Named): Promise<Result<string, FileFailure>> {
	const other = temporaryName();
	await link(held.at(name), held.at(other));
	return { ok: true, value: other };
}

async function putBack({ held, name }: Named, other: string): Promise<Result<void, FileFailure>> {
	// Unlike a rename it takes nobody's place.
	const failure = await link(held.at(other), held.at(name)).then(() => undefined, failureOf);
	if (failure) return fail(failure.code, `${failure.message} What it was is in ${other} beside it.`);
	await rm(held.at(other), { force: true });
	return { ok: true, value: undefined };
}

async function move(from: Named, to: Named): Promise<Result<void, FileFailure>> {
	const target = to.held.at(to.name);
	if (await look(to)) return fail("changed", `There is a file ${to.name} already. Nothing was renamed.`);
	await rename(from.held.at(from.name), target);
	return { ok: true, value: undefined };
}

async function notStill(file: Named, expected: string, message: string): Promise<Failed | undefined> {
	const there = await lstat(file.held.at(file.name));
	if (there.isSymbolicLink()) return moved();
	if (there.isDirectory()) return fail("directory", "It is a folder.");
	if (await isStill(file, expected)) return undefined;
	return fail("changed", message);
}

async function isStill(file: Named, expected: string | null): Promise<boolean> {
	const there = await look(file);
	if (!there || expected === null) return !there && expected === null;
	const bytes = await readBytes(file);
	return bytes.ok && hashOf(bytes.value) === expected;
}

/** What is there by that name, were it a link; undefined: nothing. */
async function look({ held, name }: Named): Promise<Stats | undefined> {
	try {
		return await lstat(held.at(name));
	} catch (error) {
		if (failureOf(error).code === "missing") return undefined;
		throw error;
	}
}

async function describe({ held, name }: Named): Promise<Result<FileStat, FileFailure>> {
	const found = await lstat(held.at(name));
	if (found.isSymbolicLink()) return moved();
	const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
	return { ok: true, value: { kind, size: found.size, mtime: found.mtimeMs } };
}

async function attempt<T>(use: () => Promise<Result<T, FileFailure>>): Promise<Result<T, FileFailure>> {
	try {
		return await use();
	} catch (error) {
		return { ok: false, failure: failureOf(error) };
	}
}

function fail(code: FileFailure["code"], message: string): Failed {
	return { ok: false, failure: { code, message } };
}
