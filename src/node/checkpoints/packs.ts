import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inflate } from "node:zlib";

/*
 * git puts many new files at once into one pack (`snapshots.ts` asks it to). Those packs hold whole objects, no deltas,
 * so that a binary search and an inflate read them, where starting git for each file of a restore would take seconds.
 * Formats: git's gitformat-pack(5), index version 2.
 */

const FANOUT = 8;
const NAMES = FANOUT + 256 * 4;
const BLOB = 3;

/** The bytes of a blob in one of the packs of the folder, not checked; undefined where none has it. */
export async function readPacked(folder: string, id: string): Promise<Buffer | undefined> {
	for (const name of await packNames(folder)) {
		const offset = await withFile(join(folder, `${name}.idx`), (file) => offsetOf(file, Buffer.from(id, "hex")));
		if (offset === undefined) continue;
		const bytes = await withFile(join(folder, `${name}.pack`), (file) => blobAt(file, offset));
		if (bytes) return bytes;
	}
	return undefined;
}

/** Names without extension of the packs that are whole: git writes the index last. */
export async function packNames(folder: string): Promise<readonly string[]> {
	const names = await readdir(folder).catch(() => []);
	return names.filter((name) => name.endsWith(".idx")).map((name) => name.slice(0, -".idx".length));
}

async function offsetOf(file: FileHandle, id: Buffer): Promise<number | undefined> {
	const fanout = await read(file, FANOUT, 256 * 4);
	const first = id[0] ?? 0;
	const count = fanout.readUInt32BE(255 * 4);
	const from = first === 0 ? 0 : fanout.readUInt32BE((first - 1) * 4);
	const names = await read(file, NAMES + from * 20, (fanout.readUInt32BE(first * 4) - from) * 20);
	const found = search(names, id);
	if (found === undefined) return undefined;
	// After the names a checksum of four bytes for each object, then its offset.
	const offsets = NAMES + count * 24;
	const offset = (await read(file, offsets + (from + found) * 4, 4)).readUInt32BE();
	if (offset < 0x80000000) return offset;
	const long = await read(file, offsets + count * 4 + (offset - 0x80000000) * 8, 8);
	return Number(long.readBigUInt64BE());
}

function search(names: Buffer, id: Buffer): number | undefined {
	let [low, high] = [0, names.length / 20];
	while (low < high) {
		const middle = (low + high) >> 1;
		const order = names.compare(id, 0, 20, middle * 20, middle * 20 + 20);
		if (order === 0) return middle;
		if (order < 0) low = middle + 1;
		else high = middle;
	}
	return undefined;
}

async function blobAt(file: FileHandle, offset: number): Promise<Buffer | undefined> {
	const header = await read(file, offset, 10);
	const first = header[0] ?? 0;
	if (((first >> 4) & 7) !== BLOB) return undefined;
	let [size, factor, at] = [first & 15, 16, 1];
	for (let byte = first; byte & 0x80; at++) {
		byte = header[at] ?? 0;
		size += (byte & 0x7f) * factor;
		factor *= 128;
	}
	// Deflated data grows by some bytes in each 16 KB at most; what stands behind it is not looked at.
	const packed = await read(file, offset + at, size + (size >> 10) + 64);
	return promisify<Buffer, Buffer>(inflate)(packed);
}

/** Fewer bytes where the file ends. */
async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
}

/** Undefined where the file is gone or is not as it should be. */
async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
	const file = await open(path).catch(() => undefined);
	try {
		return file && (await use(file));
	} catch {
		return undefined;
	} finally {
		await file?.close();
	}
}
