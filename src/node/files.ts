import { randomBytes } from "node:crypto";
import { constants, type PathLike, type Stats } from "node:fs";
import { access, chmod, chown, link, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Aside, FileFailure, FileStat, Files, FileText, Place, Result } from "../agent/ports.ts";
import { MAX_FILE_BYTES } from "../agent/ports.ts";
import { type Content, decode, encode, hashOf } from "./encoding.ts";
import { absolute, failureOf, isInside, nameOf, pathTrouble, resolveLinks } from "./place.ts";

/**
 * Files on disk. A host with open documents wraps it: `{ ...createFiles(root), read, write }`, no member uses `this`.
 * Reading, listing and writing resolve links once more and refuse what has come to lead outside since it was placed.
 */
export function createFiles(root: string | undefined): Files {
	const place = (path: string) => placeIn(root, path);
	const guarded = async <T>(path: string, use: (real: string) => Promise<Result<T, FileFailure>>) => {
		const placed = await place(path);
		if (!placed.ok) return placed;
		if (!placed.value.inside) return fail("outside", "It is outside the workspace.");
		return attempt(() => use(placed.value.path));
	};
	return {
		root,
		place,
		stat: (path) => attempt(async () => ({ ok: true, value: describe(await stat(path)) })),
		read: (path) => guarded(path, readText),
		write: (path, content, expected) => guarded(path, (real) => replace(real, content, expected)),
		remove: (path, expected) => guarded(path, (real) => remove(real, expected)),
		async aside(path) {
			const set = await guarded(path, setAside);
			return set.ok ? set.value : undefined;
		},
		move: (from, to, expected) => guarded(from, (real) => guarded(to, (target) => move(real, target, expected))),
		list: (path) => guarded(path, names),
	};
}

async function placeIn(root: string | undefined, path: string): Promise<Result<Place, FileFailure>> {
	const trouble = pathTrouble(path);
	if (trouble !== undefined) return fail("other", trouble);
	if (root === undefined) return fail("outside", "No folder is open.");
	const [top, real] = await Promise.all([resolveLinks(root), resolveLinks(absolute(path, root))]);
	if (!top.ok) return top;
	if (!real.ok) return real;
	const inside = isInside(top.value, real.value);
	return {
		ok: true,
		value: { path: real.value, name: inside ? nameOf(top.value, real.value) : real.value, inside },
	};
}

async function readText(path: string): Promise<Result<FileText, FileFailure>> {
	const bytes = await readBytes(path);
	if (!bytes.ok) return bytes;
	const content = decode(bytes.value);
	if (!content.ok) return content;
	return { ok: true, value: { ...content.value, hash: hashOf(bytes.value), dirty: false } };
}

async function readBytes(path: string): Promise<Result<Buffer, FileFailure>> {
	// O_NONBLOCK: opening a named pipe must not wait for a writer.
	const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	try {
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

async function names(path: string): Promise<Result<readonly string[], FileFailure>> {
	const entries = await readdir(path, { withFileTypes: true });
	const named = entries.map(async (entry) => {
		const folder = entry.isSymbolicLink() ? await isFolder(join(path, entry.name)) : entry.isDirectory();
		return folder ? `${entry.name}/` : entry.name;
	});
	return { ok: true, value: (await Promise.all(named)).sort() };
}

async function replace(path: string, content: Content, expected: string | null): Promise<Result<string, FileFailure>> {
	const bytes = encode(content);
	if (!bytes.ok) return bytes;
	const before = await statIfThere(path);
	if (before) {
		if (before.isDirectory()) return fail("directory", "It is a folder.");
		// A rename over a file asks for the folder's permission only: a read-only file would be replaced silently.
		await access(path, constants.W_OK);
	} else if (expected === null) await mkdir(dirname(path), { recursive: true });
	else return { ok: false, failure: changed };
	const trouble = await write(path, bytes.value, before, () => isStill(path, expected));
	return trouble ? { ok: false, failure: trouble } : { ok: true, value: hashOf(bytes.value) };
}

type Check = () => Promise<boolean>;
const changed: FileFailure = { code: "changed", message: "The file changed on disk meanwhile. Nothing was written." };

/**
 * All or nothing: a full copy beside the file takes its place by a rename. A file with several hard links, or in a
 * folder where none can be made, is written in place.
 */
async function write(
	path: string,
	bytes: Buffer,
	before: Stats | undefined,
	unchanged: Check,
): Promise<FileFailure | undefined> {
	const temporary = join(dirname(path), temporaryName());
	const copied = before && before.nlink > 1 ? false : await copyBeside(temporary, bytes, before);
	try {
		if (!(await unchanged())) return changed;
		if (copied) await rename(temporary, path);
		else await writeFile(path, bytes);
		return undefined;
	} finally {
		if (copied) await rm(temporary, { force: true });
	}
}

/** Short, whatever the file is called: a name of 255 bytes leaves no room for more. */
export function temporaryName(): string {
	return `.kimi-${randomBytes(6).toString("hex")}.tmp`;
}

async function copyBeside(path: string, bytes: Buffer, before: Stats | undefined): Promise<boolean> {
	try {
		// From the start no more open than the file it replaces: its text is in it before `keepOwner`.
		const file = await open(path, "wx", before ? before.mode & 0o777 : undefined);
		try {
			await file.writeFile(bytes);
			await file.datasync();
		} finally {
			await file.close();
		}
		if (before) await keepOwner(path, before);
		return true;
	} catch (error) {
		await rm(path, { force: true });
		const code = failureOf(error).code;
		if (before && code === "denied") return false;
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

async function remove(path: string, expected: string): Promise<Result<void, FileFailure>> {
	const trouble = await notStill(path, expected, "deleted");
	if (trouble) return trouble;
	// Like a rename over it, this would ask for the folder's permission only.
	await access(path, constants.W_OK);
	await rm(path);
	return { ok: true, value: undefined };
}

async function setAside(path: string): Promise<Result<Aside, FileFailure>> {
	const other = join(dirname(path), temporaryName());
	await link(path, other);
	const back = async (): Promise<Result<void, FileFailure>> => {
		// Unlike a rename it takes nobody's place.
		const failure = await link(other, path).then(() => undefined, failureOf);
		if (failure) return fail(failure.code, `${failure.message} What it was is in ${basename(other)} beside it.`);
		await rm(other, { force: true });
		return { ok: true, value: undefined };
	};
	return { ok: true, value: { back, end: () => rm(other, { force: true }).catch(() => undefined) } };
}

async function move(from: string, to: string, expected: string): Promise<Result<void, FileFailure>> {
	const trouble = await notStill(from, expected, "renamed");
	if (trouble) return trouble;
	if (await statIfThere(to)) return fail("changed", `There is a file ${basename(to)} already. Nothing was renamed.`);
	await mkdir(dirname(to), { recursive: true });
	await rename(from, to);
	return { ok: true, value: undefined };
}

async function notStill(path: string, expected: string, verb: string) {
	const there = await stat(path);
	if (there.isDirectory()) return fail("directory", "It is a folder.");
	if (await isStill(path, expected)) return undefined;
	return fail("changed", `The file changed on disk meanwhile. Nothing was ${verb}.`);
}

async function isStill(path: string, expected: string | null): Promise<boolean> {
	const there = await statIfThere(path);
	if (!there || expected === null) return !there && expected === null;
	const bytes = await readBytes(path);
	return bytes.ok && hashOf(bytes.value) === expected;
}

async function statIfThere(path: string): Promise<Stats | undefined> {
	try {
		return await stat(path);
	} catch (error) {
		if (failureOf(error).code === "missing") return undefined;
		throw error;
	}
}

async function isFolder(path: string): Promise<boolean> {
	return stat(path).then(
		(found) => found.isDirectory(),
		() => false,
	);
}

function describe(found: Stats): FileStat {
	const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
	return { kind, size: found.size, mtime: found.mtimeMs };
}

async function attempt<T>(use: () => Promise<Result<T, FileFailure>>): Promise<Result<T, FileFailure>> {
	try {
		return await use();
	} catch (error) {
		return { ok: false, failure: failureOf(error) };
	}
}

function fail(code: FileFailure["code"], message: string): { ok: false; failure: FileFailure } {
	return { ok: false, failure: { code, message } };
}
