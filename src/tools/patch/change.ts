import { dominantEol, type Eol } from "../../agent/eol.ts";
import { linesOf } from "../../agent/hunks.ts";
import { inStretches } from "../../agent/stretch.ts";
import { fold } from "../match/looks.ts";
import type { Ignored } from "../match/loose.ts";
import { applyEdits } from "../match.ts";
import { type Hunk, sideOf } from "./hunk.ts";
import { type Chosen, choose, findPlaces, type Placing } from "./place.ts";
import { Sheet } from "./sheet.ts";

interface Places<K> {
	readonly kind: K;
	readonly index: number;
	/** The first ones of `total`. */
	readonly lines: readonly number[];
	readonly total: number;
}

/** Why hunk number `index` (from 0) can't be made; `lines` count from 1. */
export type HunkTrouble =
	| { readonly kind: "missing" | "made" | "placeless"; readonly index: number }
	| Places<"several">
	/** Its lines stand only where its anchors do not lead: those are at `heads`. */
	| (Places<"misplaced"> & { readonly heads: readonly number[] })
	| { readonly kind: "overlap"; readonly index: number; readonly other: number };

export type Patched =
	| {
			readonly ok: true;
			readonly text: string;
			readonly regions: readonly Region[];
			/** What some hunk and the file differ in, where that hunk was found by looking less strictly. */
			readonly ignored: readonly Ignored[];
			/** Lines after `@@` that are not in the file. */
			readonly unknown: readonly string[];
	  }
	| { readonly ok: false; readonly trouble: HunkTrouble };

/** A changed stretch in lines of the text as it is afterwards, counted from 0; `to` is exclusive. */
interface Region {
	readonly from: number;
	readonly to: number;
}

/** Lines of a file that are replaced, counted from 0; `to` is exclusive. */
interface Splice extends Region {
	/** Which hunk it belongs to. */
	readonly index: number;
	/** With their line ends. */
	readonly lines: readonly string[];
}

interface Found extends Placing {
	/** Made already, where the old lines stand but for what is ignored. */
	readonly drift?: Splice & { readonly ignored: readonly Ignored[] };
}

/**
 * All hunks on one snapshot of a text, or none. Each is made where its context and removed lines stand, or where Edit
 * would find them; line numbers are hints. Context keeps the bytes of the file, added lines take the line ends about
 * them.
 */
export async function applyHunks(text: string, hunks: readonly Hunk[]): Promise<Patched> {
	// There may be thousands of hunks, and each that has drifted is looked for in all of the text.
	const pause = inStretches();
	const lines = linesOf(text);
	const sheet = new Sheet(lines.map(withoutEnd));
	const placings: Found[] = [];
	for (const [index, hunk] of hunks.entries()) {
		const placing = findPlaces(sheet, hunk);
		const found = placing.places.length > 0 ? placing : findDrifted(text, sheet, placing, index);
		if ("kind" in found) return { ok: false, trouble: found };
		placings.push(found);
		await pause();
	}
	const chosen = choose(sheet, placings);
	if (!chosen.ok) return unplaced(chosen);
	await pause();
	const fileEol = dominantEol(text) ?? "\n";
	const splices = placings
		.flatMap(({ hunk, drift }, at) => drift ?? splicesOf(lines, hunk, chosen.places[at] ?? 0, at, fileEol))
		.sort((a, b) => a.from - b.from || a.to - b.to);
	const clash = splices.findIndex((splice, at) => splice.from < (splices[at - 1]?.to ?? 0));
	if (clash > 0) return overlap(splices[clash - 1]?.index ?? 0, splices[clash]?.index ?? 0);
	await pause();
	const last = placings.find(({ old }, at) => (chosen.places[at] ?? 0) + old.length === lines.length);
	const hasLastBreak = last?.hunk.lastBreak ?? (text === "" || text.endsWith("\n"));
	const ignored = new Set(placings.flatMap(({ drift }) => drift?.ignored ?? []));
	return { ok: true, ...joined(lines, splices, hasLastBreak, fileEol), ignored: [...ignored], unknown: chosen.unknown };
}

/** Most places that a failure names. */
export const MAX_LINES = 10;

function unplaced(chosen: Chosen & { readonly ok: false }): Patched {
	const { index, places } = chosen;
	const numbers = (all: readonly number[]) => all.slice(0, MAX_LINES).map((at) => at + 1);
	const found = { index, lines: numbers(places), total: places.length };
	if (chosen.kind === "several") return { ok: false, trouble: { kind: "several", ...found } };
	return { ok: false, trouble: { kind: "misplaced", ...found, heads: numbers(chosen.heads) } };
}

function withoutEnd(line: string): string {
	if (!line.endsWith("\n")) return line;
	return line.slice(0, line.endsWith("\r\n") ? -2 : -1);
}

function overlap(a: number, b: number): Patched {
	return { ok: false, trouble: { kind: "overlap", index: Math.max(a, b), other: Math.min(a, b) } };
}

/** Where Edit would find lines that do not stand in the file as they are: whole lines only. */
function findDrifted(text: string, sheet: Sheet, placing: Placing, index: number): Found | HunkTrouble {
	const { hunk, old } = placing;
	const { lines } = sheet;
	if (old.length === 0) return { kind: "placeless", index };
	const insert = sideOf(hunk, "new");
	const whole = text.endsWith("\n") ? text : `${text}\n`;
	const applied = applyEdits(whole, [{ old: block(old), new: block(insert), all: false }]);
	if (!applied.ok && applied.trouble.kind === "several") return { ...applied.trouble, index };
	const [region] = applied.ok ? applied.regions : [];
	if (applied.ok && region) {
		const now = linesOf(applied.text);
		const to = region.to - (now.length - lines.length);
		const there = lines.slice(region.from, to);
		const isWhole = there.length === old.length && there.every((line, at) => squeeze(line) === squeeze(old[at] ?? ""));
		const ignored = applied.drifts.flatMap((drift) => drift.ignored);
		const drift = { index, from: region.from, to, lines: now.slice(region.from, region.to), ignored };
		if (isWhole) return { ...placing, places: [region.from], drift };
	}
	const isMade = insert.length > 0 && sheet.find(insert).length > 0;
	return { kind: isMade ? "made" : "missing", index };
}

function block(lines: readonly string[]): string {
	return lines.map((line) => `${line}\n`).join("");
}

function squeeze(line: string): string {
	return fold(line).replace(/\s+/g, "");
}

/** The changed stretches of a hunk whose old lines stand at `place`. */
function splicesOf(
	lines: readonly string[],
	hunk: Hunk,
	place: number,
	index: number,
	fileEol: Eol,
): readonly Splice[] {
	const splices: { index: number; from: number; to: number; lines: string[] }[] = [];
	const height = sideOf(hunk, "old").length;
	const eol = dominantEol(lines.slice(place, place + height).join("")) ?? fileEol;
	let at = place;
	let open: (typeof splices)[number] | undefined;
	for (const { kind, text } of hunk.lines) {
		if (kind === "keep") {
			open = undefined;
			at++;
			continue;
		}
		if (!open) {
			open = { index, from: at, to: at, lines: [] };
			splices.push(open);
		}
		if (kind === "drop") open.to = ++at;
		else open.lines.push(text + eol);
	}
	return splices;
}

function joined(lines: readonly string[], splices: readonly Splice[], hasLastBreak: boolean, eol: Eol) {
	const pieces: (readonly string[])[] = [];
	const regions: Region[] = [];
	let done = 0;
	let shift = 0;
	for (const { from, to, lines: added } of splices) {
		pieces.push(lines.slice(done, from), added);
		regions.push({ from: from + shift, to: from + shift + added.length });
		shift += added.length - (to - from);
		done = to;
	}
	pieces.push(lines.slice(done));
	// A last line without a line break may be followed by another one now.
	const text = pieces.flatMap((piece) => piece.map((line) => (line.endsWith("\n") ? line : line + eol))).join("");
	return { text: hasLastBreak ? text : text.replace(/\r?\n$/, ""), regions };
}
