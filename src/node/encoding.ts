import { createHash } from "node:crypto";
import type { Encoding, FileFailure, FileText, Result } from "../agent/ports.ts";

/** A text file's content without what only a file system or an editor knows. */
export type Content = Pick<FileText, "text" | "encoding" | "bom">;

const UTF8_BOM = [0xef, 0xbb, 0xbf];
const UTF16LE_BOM = [0xff, 0xfe];
const UTF16BE_BOM = [0xfe, 0xff];

/**
 * Bytes of a file as text, such that `encode` gives the same bytes back: UTF-8, UTF-16 with a byte-order mark, else
 * Latin-1, which maps every byte. A file with NUL characters, or other control bytes outside of UTF-8, is binary.
 */
export function decode(bytes: Uint8Array): Result<Content, FileFailure> {
	const marked = (mark: readonly number[]) => mark.every((byte, index) => bytes[index] === byte);
	if (marked(UTF16LE_BOM)) return utf16(bytes, "utf16le");
	if (marked(UTF16BE_BOM)) return utf16(bytes, "utf16be");
	if (bytes.includes(0)) return binary;
	const bom = marked(UTF8_BOM);
	const text = strict("utf-8", bom ? bytes.subarray(3) : bytes);
	if (text !== undefined) return { ok: true, value: { text, encoding: "utf8", bom } };
	if (hasControls(bytes)) return binary;
	const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
	return { ok: true, value: { text: latin1, encoding: "latin1", bom: false } };
}

/** The bytes of a file; refuses text that the encoding cannot hold, rather than writing `?` or U+FFFD for it. */
export function encode({ text, encoding, bom }: Content): Result<Buffer, FileFailure> {
	if (encoding === "foreign") return foreign;
	const lost = encoding === "latin1" ? /[^\0-\xff]/u.exec(text)?.[0] : text.isWellFormed() ? undefined : "half a pair";
	if (lost !== undefined) {
		const name = { utf8: "UTF-8", utf16le: "UTF-16", utf16be: "UTF-16", latin1: "Latin-1" }[encoding];
		const what = encoding === "latin1" ? `${lost} (U+${hex(lost)})` : "a lone surrogate (half a character)";
		return {
			ok: false,
			failure: { code: "encoding", message: `The file is ${name}, which cannot hold ${what}. Nothing was written.` },
		};
	}
	return { ok: true, value: Buffer.concat([Buffer.from(bom ? marks[encoding] : []), toBytes(text, encoding)]) };
}

/** Equal bytes, equal hash: SHA-256, in hex. */
export function hashOf(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

const marks: Readonly<Record<Exclude<Encoding, "foreign">, readonly number[]>> = {
	utf8: UTF8_BOM,
	utf16le: UTF16LE_BOM,
	utf16be: UTF16BE_BOM,
	latin1: [],
};

const foreign: Result<Buffer, FileFailure> = {
	ok: false,
	failure: {
		code: "encoding",
		message: "Only the editor in which the file was open knows its encoding. Read it again. Nothing was written.",
	},
};

const binary: Result<Content, FileFailure> = {
	ok: false,
	failure: { code: "binary", message: "The file is binary, not text." },
};

function utf16(bytes: Uint8Array, encoding: "utf16le" | "utf16be"): Result<Content, FileFailure> {
	const text = strict(encoding === "utf16le" ? "utf-16le" : "utf-16be", bytes.subarray(2));
	if (text === undefined || text.includes("\0")) return binary;
	return { ok: true, value: { text, encoding, bom: true } };
}

function strict(label: string, bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

function toBytes(text: string, encoding: Exclude<Encoding, "foreign">): Buffer {
	if (encoding === "utf16be") return Buffer.from(text, "utf16le").swap16();
	return Buffer.from(text, encoding);
}

/** Control bytes that no text file uses: all of C0 but BEL to CR, SUB (DOS end of file) and ESC. */
function hasControls(bytes: Uint8Array): boolean {
	return bytes.some((byte) => byte < 0x20 && !(byte >= 7 && byte <= 13) && byte !== 0x1a && byte !== 0x1b);
}

function hex(char: string): string {
	return (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
