import { normalise } from "../../agent/eol.ts";
import { numbered, splitLines } from "../../agent/lines.ts";
import { findSimilar } from "../similar.ts";
import type { Ignored } from "./loose.ts";
import { withoutNumbers } from "./numbers.ts";

const IGNORED: Readonly<Record<Ignored, string>> = {
	numbers: "the line numbers of Read",
	ends: "white space at line ends",
	indent: "indentation",
	looks: "look-alike characters",
};

/** `a`, `a and b`, `a, b and c`. */
export function wordsOf(ignored: readonly Ignored[]): string {
	const words = ignored.map((what) => IGNORED[what]);
	return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" and ");
}

/** For the model: where it had not copied the text exactly. `which`: what of its call that was. */
export function noteOf(ignored: readonly Ignored[], which = ""): string {
	const fitted = ignored.includes("indent") ? "; the new text was re-indented to fit" : "";
	return ` ${which === "" ? "Matched" : `${which} matched`} after ignoring ${wordsOf(ignored)}${fitted}.`;
}

/**
 * For the person: a place that was found so may be the wrong one. White space at line ends is no reason to doubt.
 */
export function cautionOf(ignored: readonly Ignored[]): string | undefined {
	const all = new Set(ignored);
	all.delete("ends");
	return all.size === 0 ? undefined : `The place was found by ignoring ${wordsOf([...all])}: check it.`;
}

/** What to do about a text that is not in a file; `text` is empty where it may not be quoted. */
export function hint(text: string, wanted: string): string {
	const old = withoutNumbers(normalise(wanted), "")?.old ?? wanted;
	const numbers = old === wanted ? "" : " Leave out the line number and the tab that Read puts before each line.";
	const similar = text === "" ? undefined : findSimilar(text, old);
	if (!similar) return `${numbers} Read the file and copy the text exactly, white space included.`;
	const rows = splitLines(text)
		.slice(similar.from, similar.to)
		.map((line, at) => numbered(similar.from + at + 1, line));
	const why = similar.onlySpaces ? " Only white space differs." : "";
	return `${numbers}${why} The nearest text there is:\n${rows.join("\n")}\n`;
}
