import { count, cutLine } from "../../agent/lines.ts";
import type { Files, Place } from "../../agent/ports.ts";
import type { NamedSymbol, Said, Spot, Symbols } from "../../agent/symbols.ts";

interface Asked {
	readonly files: Files;
	readonly symbols: Symbols;
	readonly signal: AbortSignal;
}

interface File {
	readonly place: Place;
	readonly text: string;
}

/** Places of a name in one file that are looked at, and those that a sentence lists. */
const MAX_LOOKS = 20;
const MAX_NAMED = 10;

/**
 * Where a name stands: on a line, else where the file declares it, else where it is used in the file. Models are bad at
 * columns, so they give none; several places that mean different things are told instead.
 */
export async function symbolAt(asked: Asked, file: File, symbol: string, line?: number): Promise<Said<Spot>> {
	const parts = partsOf(symbol);
	const name = parts.at(-1);
	if (name === undefined) return fail("`symbol` is empty: give a name.");
	const lines = linesOf(file.text);
	if (line !== undefined) return onLine(asked, { file, lines, name }, line);
	const outline = await asked.symbols.outline(file.place.path, asked.signal);
	const declared = outline.ok ? outline.value.filter((each) => isCalled(each, name, parts.slice(0, -1))) : [];
	const spots = unique(declared.map((each) => nameIn(lines, each, name)));
	const [only] = spots;
	if (only && spots.length === 1) return { ok: true, value: only };
	if (only) return fail(severalDeclared(file.place, declared, symbol));
	const used = lines.flatMap((text, at) => spotsOn(text, at + 1, file.place.path, name));
	if (used.length === 0) return fail(`\`${name}\` does not stand in ${file.place.name}.`);
	return sameOf(asked, { file, lines, name }, used);
}

/** `Cart.total`, `Cart::total`, `Cart#total`, `total()`; but `#total` is a name. */
export function partsOf(symbol: string): readonly string[] {
	const parts = symbol.replace(/\(\s*\)$/, "").split(/\.|::|(?<=.)#/);
	return parts.map((part) => part.trim()).filter((part) => part !== "");
}

interface Named {
	readonly file: File;
	readonly lines: readonly string[];
	readonly name: string;
}

function onLine(asked: Asked, named: Named, line: number): Promise<Said<Spot>> {
	const { file, lines, name } = named;
	const text = lines[line - 1];
	const spots = text === undefined ? [] : spotsOn(text, line, file.place.path, name);
	if (spots.length > 0) return sameOf(asked, named, spots);
	const there = lines.flatMap((each, at) => (spotsOn(each, at + 1, "", name).length > 0 ? [at + 1] : []));
	const where =
		there.length === 0
			? "It is not in the file at all."
			: `It is on ${listed("line", there.map(String), there.length)}.`;
	const reads =
		text === undefined ? `${file.place.name} has ${count(lines.length, "line")}.` : `That reads: ${quoted(text)}`;
	return Promise.resolve(fail(`\`${name}\` is not on line ${line} of ${file.place.name}. ${reads} ${where}`));
}

/** Places that mean the same, by the first of them. */
interface Meaning {
	readonly spot: Spot;
	/** Where it is declared, as sentences name it, with the column. */
	readonly defined: readonly string[];
}

/** The place, where all of them mean the same; on one line also the one that is declared there. */
async function sameOf(asked: Asked, named: Named, spots: readonly Spot[]): Promise<Said<Spot>> {
	const [first] = spots;
	if (first && spots.length === 1) return { ok: true, value: first };
	const meanings = await meaningsOf(asked, spots);
	if (!meanings.ok) return meanings;
	const [only, ...others] = meanings.value;
	if (others.length === 0 && first) return { ok: true, value: only?.spot ?? first };
	const isOneLine = spots.every(({ line }) => line === first?.line);
	const { name } = named.file.place;
	const here = meanings.value.flatMap(({ defined }) => spots.filter((spot) => defined.includes(key(name, spot))));
	const [declared] = here;
	if (isOneLine && declared && here.length === 1) return { ok: true, value: declared };
	return fail(severalMeant(named, meanings.value));
}

/** In a comment or a text a name means nothing. */
async function meaningsOf(
	{ files, symbols, signal }: Asked,
	spots: readonly Spot[],
): Promise<Said<readonly Meaning[]>> {
	const meanings = new Map<string, Meaning>();
	for (const spot of spots.slice(0, MAX_LOOKS)) {
		const found = await symbols.definitions(spot, signal);
		if (!found.ok) return found;
		const defined = (await Promise.all(found.value.map((each) => keyOf(files, each)))).sort();
		const all = defined.join(" ");
		if (all !== "" && !meanings.has(all)) meanings.set(all, { spot, defined });
	}
	return { ok: true, value: [...meanings.values()] };
}

async function keyOf(files: Files, spot: Spot): Promise<string> {
	const placed = await files.place(spot.path);
	return key(placed.ok ? placed.value.name : spot.path, spot);
}

function key(name: string, { line, column }: Spot): string {
	return `${name}:${line}:${column}`;
}

function severalDeclared({ name: file }: Place, declared: readonly NamedSymbol[], symbol: string): string {
	const places = declared.map(
		({ line, kind, within, name }) => `${file}:${line} ${kind} ${[...within, name].join(".")}`,
	);
	return `${file} declares \`${symbol}\` ${declared.length} times: give the \`line\` of the one you mean. ${listed("", places, places.length)}`;
}

function severalMeant({ file, name }: Named, all: readonly Meaning[]): string {
	const places = all.map(({ spot, defined }) => {
		const declared = defined.map((each) => each.replace(/:\d+$/, "")).join(" and ");
		return `${file.place.name}:${spot.line} (declared at ${declared})`;
	});
	return `\`${name}\` means ${all.length} different things there: give path and \`line\` of the declaration that you mean. ${listed("", places, places.length)}`;
}

function listed(noun: string, all: readonly string[], total: number): string {
	const more = total > MAX_NAMED ? `, and ${total - MAX_NAMED} more` : "";
	const what = noun === "" ? "" : `${noun}${total === 1 ? "" : "s"} `;
	return `${what}${all.slice(0, MAX_NAMED).join(", ")}${more}`;
}

/** Characters of a line that a sentence quotes. */
const MAX_QUOTED = 120;

function quoted(text: string): string {
	return `\`${cutLine(text.trim(), MAX_QUOTED)}\`.`;
}

/** Whether a declaration has the name, inside of what was named before it. Services may show parameters with it. */
function isCalled(symbol: NamedSymbol, name: string, within: readonly string[]): boolean {
	if (bare(symbol.name) !== name) return false;
	const outer = symbol.within.map(bare).slice(-within.length);
	return within.length === 0 || within.join(".") === outer.join(".");
}

function bare(name: string): string {
	return name.replace(/\([^()]*\)$/, "").trim();
}

/** Lines below the beginning of a declaration on which its name is looked for: comments may come before it. */
const REACH = 10;

/** Some services give the beginning of the whole declaration. */
function nameIn(lines: readonly string[], { path, line, column }: NamedSymbol, name: string): Spot {
	for (let at = line; at < line + REACH && at <= lines.length; at++) {
		const from = at === line ? column : 0;
		const found = spotsOn(lines[at - 1] ?? "", at, path, name).find((spot) => spot.column >= from);
		if (found) return found;
	}
	return { path, line, column };
}

function unique(spots: readonly Spot[]): readonly Spot[] {
	return [...new Map(spots.map((spot) => [`${spot.line}:${spot.column}`, spot])).values()];
}

/** Where the name stands as a word of its own; not in a path or a quoted text where it stands elsewhere as well. */
function spotsOn(text: string, line: number, path: string, name: string): readonly Spot[] {
	if (!text.includes(name)) return [];
	const word = new RegExp(`(?<![\\p{ID_Continue}$])${escaped(name)}(?![\\p{ID_Continue}$])`, "gu");
	const all = [...text.matchAll(/^[#$\p{ID_Start}_]/u.test(name) ? word : new RegExp(escaped(name), "gu"))];
	const plain = all.filter(({ index }) => !/["'`/\\@-]/.test(text.charAt(index - 1)));
	return (plain.length > 0 ? plain : all).map(({ index }) => ({ path, line, column: index }));
}

function escaped(name: string): string {
	return name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** As an editor counts them. */
export function linesOf(text: string): readonly string[] {
	return text.split(/\r\n|\r|\n/);
}

export function fail(failure: string): Said<never> {
	return { ok: false, failure };
}
