import type { Endpoint } from "./endpoint.ts";
import { mayBeSecret } from "./secrets.ts";

/** A shorter one is found as a word of its own only: its letters stand in many others. */
const WORD_CHARS = 8;
/** Shorter ones keep nobody out, and "a" is in every sentence. */
const LEAST_CHARS = 3;

/**
 * Takes the key, headers that look like one, and whatever else does, out of a text; also where they were encoded. It
 * keeps a key out of records where a server or a gateway repeats it, and cannot where one means to hide it.
 */
export function scrub(text: string, endpoint: Pick<Endpoint, "key" | "headers">): string {
	return secretsOf(endpoint)
		.reduce((clear, secret) => clear.replace(patternOf(secret), "[key]"), text)
		.replace(/\bBearer\s+[^\s"',;]+/gi, "Bearer [key]")
		.replace(/\b(sk|hf|gsk|xai)[-_](?=\S*[\d*]|\S{20})[\w*.-]{8,}/gi, "[key]");
}

/** The longest first: one may be a part of another. */
export function secretsOf({ key = "", headers = {} }: Pick<Endpoint, "key" | "headers">): readonly string[] {
	const values = Object.entries(headers).flatMap(([name, value]) => {
		if (!mayBeSecret(name, value)) return [];
		// Without its scheme, such as Basic: servers repeat the rest alone.
		return [value.trim(), value.trim().replace(/^\S+\s+/, "")];
	});
	const secrets = [key.trim(), ...values].filter(({ length }) => length >= LEAST_CHARS);
	return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

export function patternOf(secret: string): RegExp {
	const pattern = [...secret].map(anyForm).join("");
	if (secret.length < WORD_CHARS) return new RegExp(`(?<!\\w)${pattern}(?!\\w)`, "g");
	const encoded = [0, 1, 2].map((at) => base64(secret, at));
	return new RegExp([pattern, Buffer.from(secret).toString("hex"), ...encoded].join("|"), "gi");
}

/** A character as it is, as a URL, HTML and JSON have it, also in a URL inside of a URL and JSON inside of JSON. */
function anyForm(char: string): string {
	const code = char.codePointAt(0) ?? 0;
	const percent = code < 0x80 ? `%${hex(code, 2)}` : encodeURIComponent(char.toWellFormed());
	const inUrl = percent.replaceAll("%", "%(?:25){0,3}");
	const itself = /\w/.test(char) ? char : `\\\\{0,15}\\${char}`;
	return `(?:${itself}|\\\\{1,15}u${hex(code, 4)}|${inUrl}|&#(?:0*${code}|x0*${hex(code, 1)});)`;
}

/**
 * Base64 of whatever holds the secret so many bytes behind a multiple of three: the characters that depend on nothing
 * else. Of the first and last byte some bits stay.
 */
function base64(secret: string, at: number): string {
	const bytes = Buffer.from(`${"-".repeat(at)}${secret}`);
	const own = bytes.toString("base64").slice(Math.ceil((at * 8) / 6), Math.floor((bytes.length * 8) / 6));
	return own.replaceAll("+", "(?:[+-]|%2b)").replaceAll("/", "(?:[/_]|%2f)");
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
