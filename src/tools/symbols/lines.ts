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

/** A file, as it is told of. */
interface File {
	readonly name: string;
	readonly inside: boolean;
	readonly path: string;
}

interface Told<T> {
	readonly spot: T;
	readonly file: File;
}

/** What may be told, in an order that does not depend on the service; `left`: some of it may not. */
async function tellable<T extends Spot>(files: Files, spots: readonly T[], asked: string | undefined) {
	const placed = new Map<string, File | undefined>();
	for (const path of new Set(spots.map((spot) => spot.path))) placed.set(path, await fileAt(files, path, asked));
	const told = new Map<string, Told<T>>();
	for (const spot of spots) {
		const file = placed.get(spot.path);
		const place = `${file?.name}:${spot.line}`;
		if (file && !told.has(place)) told.set(place, { spot, file });
	}
	return { found: [...told.values()].sort(order), left: [...placed.values()].includes(undefined) };
}

/** Undefined: nothing is told of it. The person was asked about the file that was named. */
async function fileAt(files: Files, path: string, asked: string | undefined): Promise<File | undefined> {
	if (/^[a-z][\w+.-]+:\/\//i.test(path)) return { name: path, inside: false, path };
	const placed = await files.place(path);
	if (!placed.ok || placed.value.ignored !== undefined) return undefined;
	const { name } = placed.value;
	return name !== asked && isSecret(name) ? undefined : placed.value;
}

function order({ file: a, spot: one }: Told<Spot>, { file: b, spot: other }: Told<Spot>): number {
	if (a.inside !== b.inside) return a.inside ? -1 : 1;
	return a.name === b.name ? one.line - other.line : a.name < b.name ? -1 : 1;
}

const LEFT = "[Places in files that `.kimiignore` names or that may hold secrets are left out.]";

/** `path:line: text` of each; those beyond the first hundred as their files with a count. */
export async function spotLines(files: Files, spots: readonly Spot[], asked: string): Promise<readonly string[]> {
	const { found, left } = await tellable(files, spots, asked);
	const texts = new Map<string, readonly string[]>();
	const lines: string[] = [];
	for (const { spot, file } of found.slice(0, MOST)) {
		const known = texts.get(file.path) ?? (await textOf(files, file));
		texts.set(file.path, known);
		const text = known[spot.line - 1]?.trim();
		lines.push(`${file.name}:${spot.line}${text === undefined ? "" : `: ${cutLine(text, MAX_WIDTH)}`}`);
	}
	const rest = Map.groupBy(found.slice(MOST), ({ file }) => file.name);
	const counted = [...rest].slice(0, MOST_FILES).map(([name, all]) => `${name}: ${all.length} more`);
	const cut = rest.size > MOST_FILES ? [`[and in ${count(rest.size - MOST_FILES, "more file")}]`] : [];
	const more = rest.size > 0 ? [`[The first ${MOST} of ${found.length} are shown.]`, ...counted, ...cut] : [];
	return [...lines, ...more, ...(left ? [LEFT] : [])];
}

/** None of one that is outside. */
async function textOf(files: Files, { inside, path }: File): Promise<readonly string[]> {
	const read = inside ? await files.read(path) : undefined;
	return read?.ok ? linesOf(read.value.text) : [];
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
	const lines = sorted
		.slice(0, MOST)
		.map(({ spot, file }) => `${file.name}:${spot.line}: ${labelOf(spot, spot.within)}`);
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
