import { say } from "../../shared/said.ts";
import { type Kind, kindOf, pathsIn } from "./values.ts";

/** What one program may be told so that it only reads. Whatever is not listed is unknown, abbreviations too. */
export interface Row {
	/**
	 * Parted by white space: `-abc` are flags of one letter, `--all` one flag. `-n:number` and `--lines:number` need a
	 * value, in the same word or the next; `--sort=word` in the same; `--color?word` may have one in the same. Absent: a
	 * word with a dash is an operand like others.
	 */
	readonly options?: string;
	/** Kinds of the operands in order; a `*` behind the last repeats it. Absent: none. */
	readonly operands?: string;
	/** Options in whose place the first operand is left out. */
	readonly instead?: string;
	/** At least one of them must be there: for any operands, or at all. */
	readonly operandsWith?: string;
	readonly requires?: string;
	/** It shows text of files below the paths: with one of these options, or if there is a `*` by default. */
	readonly deep?: string;
	/** With one of these it shows names and numbers by default. */
	readonly shallow?: string;
	/** It opens each path and reads what is in it, unless it goes deep. */
	readonly flat?: true;
	/** `-5` counts something. */
	readonly numeric?: true;
	/** Options are options behind operands too, on every system. */
	readonly permutes?: true;
}

type Form = "separate" | "attached" | "optional";

interface Value {
	readonly kind: Kind;
	readonly form: Form;
}

/** A row, read. */
export interface Spec
	extends Omit<Row, "options" | "operands" | "instead" | "operandsWith" | "requires" | "deep" | "shallow"> {
	/** Flags by name, and the others with their value; undefined: no word is an option. */
	readonly options: ReadonlyMap<string, Value | undefined> | undefined;
	readonly operands: readonly Kind[];
	readonly repeats: boolean;
	readonly instead: readonly string[];
	readonly operandsWith: readonly string[];
	readonly requires: readonly string[];
	readonly deep: readonly string[];
	readonly shallow: readonly string[];
}

/** What a program with these words reads, or what of them is not known, to be put behind its name. */
export type Reading =
	| { readonly paths: readonly string[]; readonly deep?: true; readonly flat?: true }
	| { readonly unknown: string };

const words = (text = "") => text.split(/\s+/).filter((word) => word !== "");
const FORMS: Readonly<Record<string, Form>> = { ":": "separate", "=": "attached", "?": "optional" };

function optionsOf(text: string): ReadonlyMap<string, Value | undefined> {
	const options = new Map<string, Value | undefined>();
	for (const word of words(text)) {
		const [, name = word, sign = "", kind = ""] = /^(--?[\w-]+?)([:=?])(\w+)$/.exec(word) ?? [];
		const form = FORMS[sign];
		if (form) options.set(name, { kind: kindOf(kind), form });
		else if (name.startsWith("--")) options.set(name, undefined);
		else for (const letter of name.slice(1)) options.set(`-${letter}`, undefined);
	}
	return options;
}

function specOf(row: Row): Spec {
	const kinds = words(row.operands);
	return {
		...row,
		options: row.options === undefined ? undefined : optionsOf(row.options),
		operands: kinds.map((kind) => kindOf(kind.replace("*", ""))),
		repeats: kinds.at(-1)?.endsWith("*") ?? false,
		instead: words(row.instead),
		operandsWith: words(row.operandsWith),
		requires: words(row.requires),
		deep: words(row.deep),
		shallow: words(row.shallow),
	};
}

/** Rows by the names of the programs that share them, parted by a comma. */
export function tableOf(rows: Readonly<Record<string, Row>>): ReadonlyMap<string, Spec> {
	return new Map(
		Object.entries(rows).flatMap(([names, row]) => {
			const spec = specOf(row);
			return names.split(/,\s*/).map((name): [string, Spec] => [name, spec]);
		}),
	);
}

/** The words behind the program's name as they are read. */
interface Walk {
	readonly rest: string[];
	readonly used: string[];
	readonly paths: string[];
	readonly operands: string[];
}

/** The words are those behind the program's name. */
export function readWords(spec: Spec, given: readonly string[]): Reading {
	const walk: Walk = { rest: [...given], used: [], paths: [], operands: [] };
	for (let word = walk.rest.shift(); word !== undefined; word = walk.rest.shift()) {
		const unknown = readWord(spec, word, walk);
		if (unknown) return { unknown };
	}
	const has = (names: readonly string[]) => names.some((name) => walk.used.includes(name));
	const [first] = walk.operands;
	if (first !== undefined && spec.operandsWith.length > 0 && !has(spec.operandsWith)) return { unknown: quoted(first) };
	const unknown = readOperands(spec, walk, has(spec.instead));
	if (unknown) return { unknown };
	if (spec.requires.length > 0 && !has(spec.requires)) return { unknown: say("without `{0}`", spec.requires[0] ?? "") };
	const deep = has(spec.deep) || (spec.deep.includes("*") && !has(spec.shallow));
	return { paths: walk.paths, ...(deep ? { deep } : spec.flat && { flat: true }) };
}

/** A wildcard may become several words, the first of them in this place and the others in the next. */
const quoted = (word: string) => say("with `{0}`", word);

/** What is unknown of a word. */
function readWord(spec: Spec, word: string, walk: Walk): string | undefined {
	if (!spec.options || !word.startsWith("-") || word === "-") walk.operands.push(word);
	else if (word === "--") walk.operands.push(...walk.rest.splice(0));
	else if (spec.numeric && /^-\d{1,7}$/.test(word)) return undefined;
	else if (word.startsWith("--")) return readLong(spec, spec.options, word, walk);
	else return readCluster(spec, spec.options, word, walk);
	return undefined;
}

type Options = NonNullable<Spec["options"]>;

function readLong(spec: Spec, options: Options, word: string, walk: Walk): string | undefined {
	const [, name = word, attached] = /^(--[^=]*)=(.*)$/s.exec(word) ?? [];
	if (!options.has(name)) return quoted(name);
	walk.used.push(name);
	const value = options.get(name);
	if (value) return readValue(spec, name, value, attached, walk);
	return attached === undefined ? undefined : quoted(word);
}

/** `-abn5`: flags, and at most one option with a value, which is the rest or the next word. */
function readCluster(spec: Spec, options: Options, word: string, walk: Walk): string | undefined {
	for (let at = 1; at < word.length; at++) {
		const name = `-${word[at]}`;
		if (!options.has(name)) return quoted(word);
		walk.used.push(name);
		const value = options.get(name);
		if (value) return readValue(spec, name, value, word.slice(at + 1) || undefined, walk);
	}
	return undefined;
}

function readValue(
	spec: Spec,
	name: string,
	{ kind, form }: Value,
	attached: string | undefined,
	walk: Walk,
): string | undefined {
	if (attached === undefined && form === "optional") return undefined;
	if (attached === undefined && form === "attached") return quoted(name);
	const value = attached ?? walk.rest.shift();
	// Behind an operand some systems take an option for an operand too, and so its value for a path.
	const doubtful =
		attached === undefined &&
		kind !== "number" &&
		kind !== "size" &&
		(value?.startsWith("-") || (walk.operands.length > 0 && !spec.permutes));
	const paths = value === undefined || doubtful ? undefined : pathsIn(kind, value);
	if (!paths) return `with \`${name}\` and \`${value ?? ""}\``;
	walk.paths.push(...paths);
	return undefined;
}

function readOperands(spec: Spec, walk: Walk, instead: boolean): string | undefined {
	const kinds = instead ? spec.operands.slice(1) : spec.operands;
	for (const [at, operand] of walk.operands.entries()) {
		const kind = kinds[at] ?? (spec.repeats ? kinds.at(-1) : undefined);
		const paths = kind && pathsIn(kind, operand);
		if (!paths) return quoted(operand);
		walk.paths.push(...paths);
	}
	return undefined;
}
