import { type Eol, withEol } from "../../agent/eol.ts";
import { type Hunk, hunksOf, hunksOfItems, linesOf } from "../../agent/hunks.ts";
import { fold, scaleOf } from "./looks.ts";

/** Words, white space, and every other sign by itself; dots together, since `…` stands for three. */
const TOKEN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]\p{M}*|[\p{L}\p{N}\p{M}_]+|\s+|\.+|./gsu;

/**
 * What a stretch of the file becomes. `old` is the same stretch as the model sees it: line for line alike, but for line
 * ends, trailing white space and look-alikes. Only what differs between `old` and `insert` is written; the rest stays as
 * the file has it.
 */
export function merge(stretch: string, old: string, insert: string, eol: Eol): string {
	if (stretch === old) return withEol(insert, eol);
	const [there, lines, wanted] = [linesOf(stretch), linesOf(old), linesOf(insert)];
	return patched(there, hunksOf(old, insert), ({ before, after }) => {
		const tokens = lines
			.slice(before.from, before.to)
			.flatMap((line, at) => align(line, there[before.from + at] ?? ""));
		const words = wanted.slice(after.from, after.to).flatMap(tokensOf);
		const hunks = hunksOfItems(
			tokens.map(({ text }) => text),
			words,
		);
		return patched(
			tokens.map(({ raw }) => raw),
			hunks,
			(hunk) => withEol(words.slice(hunk.after.from, hunk.after.to).join(""), eol),
		);
	});
}

function patched(items: readonly string[], hunks: readonly Hunk[], replace: (hunk: Hunk) => string): string {
	const pieces: string[] = [];
	let done = 0;
	for (const hunk of hunks) {
		for (const item of items.slice(done, hunk.before.from)) pieces.push(item);
		pieces.push(replace(hunk));
		done = hunk.before.to;
	}
	return pieces.join("") + items.slice(done).join("");
}

/** A word as the model wrote it, and what the file has in its place. */
interface Token {
	readonly text: string;
	readonly raw: string;
}

function align(line: string, there: string): Token[] {
	const [body, end] = parts(line);
	const [bodyThere, endThere] = parts(there);
	const tokens = alignBodies(body, bodyThere);
	return end === "" && endThere === "" ? tokens : [...tokens, { text: end, raw: endThere }];
}

/** White space at the end of a line belongs to its line end: nowhere else does it count for nothing. */
function parts(line: string): readonly [body: string, end: string] {
	const body = line.trimEnd();
	return [body, line.slice(body.length)];
}

function alignBodies(body: string, there: string): Token[] {
	const words = tokensOf(body);
	if (body === there) return words.map((text) => ({ text, raw: text }));
	if (fold(body) !== fold(there)) return [{ text: body, raw: there }];
	const [scale, scaleThere] = [scaleOf(body), scaleOf(there)];
	const tokens: Token[] = [];
	let [from, fromThere, at] = [0, 0, 0];
	for (const word of words) {
		at += word.length;
		const folded = scale.foldedAt(at);
		const to = at === body.length ? there.length : folded === undefined ? undefined : scaleThere.rawAt(folded, "end");
		// In the midst of something that only changes as a whole: goes with the next word.
		if (to === undefined) continue;
		tokens.push({ text: body.slice(from, at), raw: there.slice(fromThere, to) });
		[from, fromThere] = [at, to];
	}
	return tokens;
}

function tokensOf(line: string): string[] {
	return [...line.matchAll(TOKEN)].map(([token]) => token);
}
