import { count, cutLine } from "../../agent/lines.ts";
import { isSecret } from "../../agent/policy.ts";
import type { Files } from "../../agent/ports.ts";
import type { NamedSymbol, Spot } from "../../agent/symbols.ts";
import { linesOf } from "./at.ts";

/** Places that are shown with their line, declarations of an outline, and files that are only counted. */
const MOST = 100;
const MOST_DECLARED = 300;
const MOST_FILES = 30;
/** Characters of one line. */
const MAX_WIDTH = 200;

/** What may be told, in an order that does not depend on the service; `left`: some of it may not. */
async function tellable<T extends Spot>(files: Files, spots: readonly T[], asked: string | undefined) {
	const names = new Map<string, { readonly name: string; readonly inside: boolean } | undefined>();
	for (const path of new Set(spots.map((spot) => spot.path))) names.set(path, await nameOf(files, path, asked));
	const told = new Map<string, { readonly spot: T; readonly at: { name: string; inside: boolean } }>();
	for (const spot of spots) {
		const at = names.get(spot.path);
		if (at) told.set(`${at.name}:${spot.line}`, told.get(`${at.name}:${spot.line}`) ?? { spot, at });
	}
	const found = [...told.values()].sort((a, b) =>
		order({ ...a.at, line: a.spot.line }, { ...b.at, line: b.spot.line }),
	);
	return { found, left: [...names.values()].includes(undefined) };
}

/** Undefined: nothing is told of it. The person was asked about the file that was named. */
async function nameOf(files: Files, path: string, asked: string | undefined) {
	if (/^[a-z][\w+.-]+:\/\//i.test(path)) return { name: path, inside: false };
	const placed = await files.place(path);
	if (!placed.ok || placed.value.ignored !== undefined) return undefined;
	const { name, inside } = placed.value;
	return name !== asked && isSecret(name) ? undefined : { name, inside };
}

function order(a: { name: string; inside: boolean; line: number }, b: { name: string; inside: boolean; line: number }) {
	if (a.inside !== b.inside) return a.inside ? -1 : 1;
	return a.name === b.name ? a.line - b.line : a.name < b.name ? -1 : 1;
}

const LEFT = "[Places in files that `.kimiignore` names or that may hold secrets are left out.]";

/** `path:line: text` of each; those beyond the first hundred as their files with a count. */
export async function spotLines(files: Files, spots: readonly Spot[], asked: string): Promise<readonly string[]> {
	const { found, left } = await tellable(files, spots, asked);
	const texts = new Map<string, readonly string[]>();
	const lines: string[] = [];
	for (const { spot, at } of found.slice(0, MOST)) {
		const known = texts.get(spot.path) ?? (at.inside ? await textOf(files, spot.path) : []);
		texts.set(spot.path, known);
		const text = known[spot.line - 1]?.trim();
		lines.push(`${at.name}:${spot.line}${text === undefined ? "" : `: ${cutLine(text, MAX_WIDTH)}`}`);
	}
	const rest = Map.groupBy(found.slice(MOST), ({ at }) => at.name);
	const counted = [...rest].slice(0, MOST_FILES).map(([name, all]) => `${name}: ${all.length} more`);
	const cut = rest.size > MOST_FILES ? [`[and in ${count(rest.size - MOST_FILES, "more file")}]`] : [];
	const more = rest.size > 0 ? [`[The first ${MOST} of ${found.length} are shown.]`, ...counted, ...cut] : [];
	return [...lines, ...more, ...(left ? [LEFT] : [])];
}

async function textOf(files: Files, path: string): Promise<readonly string[]> {
	const placed = await files.place(path);
	const read = placed.ok ? await files.read(placed.value.path) : placed;
	return read.ok ? linesOf(read.value.text) : [];
}

/** `path:line: kind Container.name` of each: those with just this name first. */
export async function symbolLines(
	files: Files,
	query: string,
	symbols: readonly NamedSymbol[],
	asked: string | undefined,
): Promise<readonly string[]> {
	const { found, left } = await tellable(files, symbols, asked);
	const isExact = ({ spot }: { spot: NamedSymbol }) => spot.name === query;
	const sorted = [...found.filter(isExact), ...found.filter((each) => !isExact(each))];
	const lines = sorted.slice(0, MOST).map(({ spot, at }) => `${at.name}:${spot.line}: ${labelOf(spot, spot.within)}`);
	const more = found.length > MOST ? [`[The first ${MOST} of ${found.length} are shown: give more of the name.]`] : [];
	return [...lines, ...more, ...(left ? [LEFT] : [])];
}

/** `line: kind name`, indented by what it is in. Of a long outline the deepest levels are left out. */
export function outlineLines(name: string, symbols: readonly NamedSymbol[]): readonly string[] {
	if (symbols.length === 0) return [`The language service finds no declarations in ${name}.`];
	let depth = Math.max(...symbols.map(({ within }) => within.length));
	const upTo = (most: number) => symbols.filter(({ within }) => within.length <= most);
	while (depth > 0 && upTo(depth).length > MOST_DECLARED) depth--;
	const shown = upTo(depth).slice(0, MOST_DECLARED);
	const lines = shown.map((each) => `${each.line}: ${"  ".repeat(each.within.length)}${labelOf(each, [])}`);
	const left = symbols.length - shown.length;
	return [
		`Outline of ${name}, by line:`,
		...lines,
		...(left > 0 ? [`[${left} more, deeper inside, are left out.]`] : []),
	];
}

function labelOf({ kind, name }: NamedSymbol, within: readonly string[]): string {
	const words = [...within, name].join(".").replace(/\s+/g, " ");
	return `${kind} ${cutLine(words, MAX_WIDTH)}`;
}
