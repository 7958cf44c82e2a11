import { join } from "node:path";

/*
 * A file name on Linux is bytes, and need not be UTF-8. A byte that is none becomes half a surrogate pair (U+DC80 to
 * U+DCFF), as Python does it: it survives JSON, and leads back to the byte.
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Names that git or the system gave, one string for all: UTF-8 and the ASCII between names stay as they are. */
export function decodeNames(bytes: Buffer): string {
	try {
		return strict.decode(bytes);
	} catch {
		let text = "";
		for (let at = 0; at < bytes.length; ) {
			const length = characterAt(bytes, at);
			text += length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString("utf8", at, at + length);
			at += length || 1;
		}
		return text;
	}
}

/** Bytes of the UTF-8 character that begins there; 0: none does. */
function characterAt(bytes: Buffer, at: number): number {
	const first = bytes[at] ?? 0;
	const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
	if (length < 2) return length;
	try {
		strict.decode(bytes.subarray(at, at + length));
		return length;
	} catch {
		return 0;
	}
}

export function encodeName(name: string): Buffer {
	if (name.isWellFormed()) return Buffer.from(name);
	const pieces = name.split(/([\udc80-\udcff])/);
	return Buffer.concat(
		pieces.map((piece, index) => (index % 2 === 1 ? Buffer.of(piece.charCodeAt(0) - 0xdc00) : Buffer.from(piece))),
	);
}

/** The path of a file of the workspace as the file system takes it. */
export function pathOf(root: string, name: string): string | Buffer {
	const path = join(root, name);
	return path.isWellFormed() ? path : encodeName(path);
}
