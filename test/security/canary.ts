import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A key that no pattern knows by its looks: only whoever knows the key itself can take it out of a text. */
export const canary = 'Canary+7f3Q/x9Zk"Tt_w=VulcanOnIce';

const points = (write: (code: number) => string) => [...canary].map((char) => write(char.charCodeAt(0))).join("");
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");
const base64 = (before: string) => Buffer.from(`${before}${canary}${before}`).toString("base64");

/** The key as servers, gateways and libraries write it on its way back. */
export const forms: readonly (readonly [how: string, text: string])[] = [
	["as it is", canary],
	["in capitals", canary.toUpperCase()],
	["in a URL", encodeURIComponent(canary)],
	["in a URL, every character", points((code) => `%${hex(code, 2)}`)],
	["in JSON", JSON.stringify(canary)],
	["in JSON inside of JSON", JSON.stringify(JSON.stringify(canary))],
	["in JSON, every character", points((code) => `\\u${hex(code, 4)}`)],
	["in HTML, decimal", points((code) => `&#${code};`)],
	["in HTML, hexadecimal", points((code) => `&#x${hex(code, 2).toUpperCase()};`)],
	["in hexadecimal", Buffer.from(canary).toString("hex")],
	["in Base64", base64("")],
	["in Base64 behind one byte", base64(":")],
	["in Base64 behind two", base64("u:")],
	["in Base64 for URLs", base64("Bearer ").replaceAll("+", "-").replaceAll("/", "_")],
	["in Base64 in a URL", encodeURIComponent(base64("user:"))],
];

/** Pieces of the key in any of these forms; long enough that no other text has one by accident. */
const PIECE = 10;
const pieces = [...new Set([canary, ...forms.map(([, text]) => text)])].flatMap((text) => {
	const lower = text.toLowerCase();
	// A form with many characters for each of the key's would share pieces with other texts: `%61`, `\u0061`.
	const step = Math.ceil(text.length / canary.length) * PIECE;
	return Array.from({ length: Math.max(1, lower.length - step) }, (_, at) => lower.slice(at, at + step));
});

/** The first piece of the key in a text, in whatever form; undefined when there is none. */
export function pieceIn(text: string): string | undefined {
	const lower = text.toLowerCase();
	return pieces.find((piece) => lower.includes(piece));
}

/** Enough of them to find each form as a whole: folders hold many megabytes. */
const rough = pieces.filter((_, at) => at % PIECE === 0);

/** Files below a folder that hold the key in any form, by their paths. */
export function filesWithKey(folder: string): readonly string[] {
	return filesWith(folder, (text) => rough.some((piece) => text.includes(piece)));
}

/** Files below a folder whose text, in small letters, is such; also where it is written in two bytes a character. */
export function filesWith(folder: string, isSuch: (text: string) => boolean): readonly string[] {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	return files
		.map(({ parentPath, name }) => join(parentPath, name))
		.filter((file) => isSuch(textOf(file, "latin1").toLowerCase()) || isSuch(textOf(file, "utf16le").toLowerCase()));
}

/** Empty for one that went meanwhile. */
function textOf(file: string, encoding: BufferEncoding): string {
	try {
		return readFileSync(file, encoding);
	} catch {
		return "";
	}
}
