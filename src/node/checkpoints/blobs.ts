import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { constants, deflate, deflateSync, inflate } from "node:zlib";
import { packNames, readPacked } from "./packs.ts";

/** What files were, by content: the objects of a git repository, written and read without git. */
export interface Blobs {
	/** Keeps bytes and returns their name (SHA-1 of a git blob, 40 hex digits); undefined when the disk refuses. */
	put(bytes: Uint8Array): Promise<string | undefined>;
	/** The bytes of that name, checked against it. Undefined: never kept, kept too long ago, or damaged. */
	get(id: string): Promise<Buffer | undefined>;
	/** They were used just now: pruning by age counts from here. */
	touch(ids: readonly string[]): Promise<void>;
}

/** Larger ones are compressed on another thread. */
const SMALL = 64 * 1024;
/** Something kept anew counts as used anew; once a day is enough for pruning by age. */
const FRESH_MS = 24 * 3600 * 1000;
const FAST = { level: constants.Z_BEST_SPEED };

/** @param folder the repository's folder, the one that holds `objects`; made when something is put */
export function createBlobs(folder: string): Blobs {
	const objects = join(folder, "objects");
	return {
		put: (bytes) => put(objects, bytes).catch(() => undefined),
		get: (id) => get(objects, id).catch(() => undefined),
		touch: (ids) => touch(objects, ids).catch(() => undefined),
	};
}

/** The name of content of so many bytes, to be fed with them. */
export function hashOfSize(size: number) {
	return createHash("sha1").update(headerOf(size));
}

export function idOf(bytes: Uint8Array): string {
	return hashOfSize(bytes.length).update(bytes).digest("hex");
}

function headerOf(size: number): string {
	return `blob ${size}\0`;
}

async function put(objects: string, bytes: Uint8Array): Promise<string> {
	const id = idOf(bytes);
	const folder = join(objects, id.slice(0, 2));
	const path = join(folder, id.slice(2));
	// One that a power cut left broken is written anew: what is put is often about to be overwritten.
	if ((await refresh(path)) && (await isWhole(path, id))) return id;
	const object = Buffer.concat([Buffer.from(headerOf(bytes.length)), bytes]);
	const packed = object.length <= SMALL ? deflateSync(object, FAST) : await promisify(deflate)(object, FAST);
	// Nothing is synced: after a power cut an object may be broken, which its name tells and the next `put` mends.
	const temporary = join(folder, `tmp_obj_${randomBytes(6).toString("hex")}`);
	try {
		await writeFile(temporary, packed, { mode: 0o600 }).catch(async () => {
			await mkdir(folder, { recursive: true, mode: 0o700 });
			await writeFile(temporary, packed, { mode: 0o600 });
		});
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
	return id;
}

async function isWhole(path: string, id: string): Promise<boolean> {
	const bytes = await readLoose(path).catch(() => undefined);
	return bytes !== undefined && idOf(bytes) === id;
}

/** Whether it is kept already, and then counts as used now. */
async function refresh(path: string): Promise<boolean> {
	const found = await stat(path).catch(() => undefined);
	if (!found?.size) return false;
	const now = Date.now();
	if (now - found.mtimeMs > FRESH_MS) await utimes(path, now / 1000, now / 1000);
	return true;
}

async function touch(objects: string, ids: readonly string[]): Promise<void> {
	let loose = 0;
	for (const id of ids) if (await refresh(join(objects, id.slice(0, 2), id.slice(2)))) loose++;
	if (loose === ids.length) return;
	// Which pack has the others takes longer to find out than to keep all packs.
	const packs = join(objects, "pack");
	for (const name of await packNames(packs)) await refresh(join(packs, `${name}.pack`));
}

async function get(objects: string, id: string): Promise<Buffer | undefined> {
	if (!/^[0-9a-f]{40}$/.test(id)) return undefined;
	const loose = await readLoose(join(objects, id.slice(0, 2), id.slice(2))).catch(() => undefined);
	if (loose && idOf(loose) === id) return loose;
	const packed = await readPacked(join(objects, "pack"), id);
	return packed && idOf(packed) === id ? packed : undefined;
}

async function readLoose(path: string): Promise<Buffer> {
	const object = await promisify<Buffer, Buffer>(inflate)(await readFile(path));
	return object.subarray(object.indexOf(0) + 1);
}
