import type { Endpoint } from "./endpoint.ts";
import { mayBeSecret } from "./secrets.ts";

/** A shorter one is found as a word of its own only: its letters stand in many others. */
const WORD_CHARS = 8;
/** Shorter ones keep nobody out, and "a" is in every sentence. */
const LEAST_CHARS = 3;

/** Takes the key, headers that look like one, and whatever else does, out of a text; also where they were encoded. */
export function scrub(text: string, endpoint: Pick<Endpoint, "key" | "headers">): string {
	return secretsOf(endpoint)
		.reduce((clear, secret) => clear.replace(patternOf(secret), "[key]"), text)
		.replace(/\bBearer\s+[^\s"',;]+/gi, "Bearer [key]")
		.replace(/\b(sk|hf|gsk|xai)[-_](?=\S*[\d*]|\S{20})[\w*.-]{8,}/gi, "[key]");
}

/** The longest first: one may be a part of another. */
function secretsOf({ key = "", headers = {} }: Pick<Endpoint, "key" | "headers">): readonly string[] {
	const values = Object.entries(headers).flatMap(([name, value]) => {
		if (!mayBeSecret(name, value)) return [];
		// Without its scheme, such as Basic: servers repeat the rest alone.
		return [value.trim(), value.trim().replace(/^\S+\s+/, "")];
	});
	const secrets = [key.trim(), ...values].filter(({ length }) => length >= LEAST_CHARS);
	return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

function patternOf(secret: string): RegExp {
	const pattern = [...secret].map(anyForm).join("");
	return secret.length < WORD_CHARS ? new RegExp(`(?<!\\w)${pattern}(?!\\w)`, "g") : new RegExp(pattern, "gi");
}

/** A character as it is, as a URL has it, and as JSON has it, also inside of JSON that is a string of another. */
function anyForm(char: string): string {
	if (/\w/.test(char)) return char;
	const code = char.codePointAt(0) ?? 0;
	const inUrl = code < 0x80 ? `%${hex(code, 2)}` : encodeURIComponent(char.toWellFormed());
	return `(?:\\\\{0,4}\\${char}|\\\\{1,4}u${hex(code, 4)}|${inUrl})`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
