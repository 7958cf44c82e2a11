import { isBounded } from "./jq.ts";
import { isWildcardPath } from "./wildcards.ts";

/** The paths that a value makes a program read, or undefined if it is none of its kind. */
type Reads = (value: string) => readonly string[] | undefined;

const fits =
	(pattern: RegExp): Reads =>
	(value) =>
		pattern.test(value) ? [] : undefined;

const inText = (): readonly string[] => [];

/**
 * `$?` is a number by then. A device of PowerShell (`env:`), an alternate stream, a host and a home folder are nothing that
 * a path check knows.
 */
const ODD_PATH = /^$|^~|^[\\/]{2}|^(?![A-Za-z]:[\\/])[^:]*:|^[A-Za-z]:.*:|\$\?|[^ -~\u00a1-\u{10ffff}]/u;

/** `..` behind a folder: where that is a link, it is the folder above of what it leads to. */
const UP_BEHIND = /^(?:\.{1,2}[\\/]+)*(?!\.{1,2}(?:[\\/]|$))[^\\/]*[\\/](?:.*[\\/])?\.\.(?:[\\/]|$)/s;

/** Other wildcards than those that are looked up stand in the last segment only, and match neither `..` nor a link on the way. */
function inPath(value: string): readonly string[] | undefined {
	if (value === "-") return [];
	if (isWildcardPath(value)) return [value];
	const last = value.split(/[\\/]/).at(-1) ?? "";
	const folder = value.slice(0, value.length - last.length);
	const wild = /[*?[\]]/;
	if (ODD_PATH.test(value) || UP_BEHIND.test(value) || wild.test(folder)) return undefined;
	return wild.test(last) && /^\.|\*\*/.test(last) ? undefined : [value];
}

/** One file, where a second one would mean something else. */
const inFile: Reads = (value) => (/[*?[\]]/.test(value) ? undefined : inPath(value));

/** A revision or a path: no file in a revision, whose text git would show, and nothing outside, where it compares any files. */
const inRevision: Reads = (value) => (/:|^[\\/]|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(value) ? undefined : inPath(value));

/** For `rg`, where a glob takes back what is left out: names of one kind, which the judge looks at. */
function inGlob(value: string): readonly string[] | undefined {
	if (value.startsWith("!")) return [];
	const [, ending] = /^\*\.([a-z\d]{1,10})$/i.exec(value) ?? [];
	return ending === undefined ? undefined : [];
}

/** `%d` and its like evaluate their argument as arithmetic in some shells, and `%n` and `-v` set a variable. */
const PRINTF = /^(?!-)(?:[^%\\]|%%|%-?\d{0,3}(?:\.\d{1,3})?s|\\[abefnrtv\\"'0-7])*$/;
/** Prints lines by number or by a plain pattern: no `w`, `r`, `e`, `s///e`. */
const SED_ADDRESS = String.raw`(?:\d{1,9}|\$|/[^/\\[\]\n]+/)`;
const SED = new RegExp(
	`^ *${SED_ADDRESS}(?:, *(?:${SED_ADDRESS}|\\+\\d{1,9}))? *[pq] *(?:; *${SED_ADDRESS}(?:, *(?:${SED_ADDRESS}|\\+\\d{1,9}))? *[pq] *)*;?$`,
);
/** `%g…` tells addresses of servers, `%G…` runs the program that checks signatures, `%(…)` may run others; a name may be defined in the configuration. */
function inLogFormat(value: string): readonly string[] | undefined {
	if (/%[-+ ]?[gG(]/.test(value)) return undefined;
	return /^(?:oneline|short|medium|full|fuller|reference|email|raw)$|^t?format:|%/.test(value) ? [] : undefined;
}
/** `signature` runs the program that checks signatures, `describe` another git. */
const REF_FIELD =
	"(?:HEAD|refname|objectname|objecttype|upstream|authorname|subject|committerdate|authordate|creatordate|taggerdate)(?::[\\w=,-]+)?";

const KINDS = {
	number: fits(/^[+-]?\d{1,9}$/),
	size: fits(/^[+-]?\d{1,9}(?:[bckwKMGT]|[KMGT]i?B)?$/),
	/** Of a sequence: not so many that it never ends. */
	few: fits(/^-?(?:\d{1,6}|1000000)$/),
	step: fits(/^-?(?:[1-9]\d{0,5}|1000000)$/),
	word: fits(/^\w[\w,.:+-]*$/),
	/** Of a program. */
	name: fits(/^[A-Za-z_][\w.+-]*$/),
	/** Columns and keys. */
	list: fits(/^[\w.,-]+$/),
	/** Of a command `blame`. */
	range: fits(/^\d{1,9},\+?\d{1,9}$/),
	/** For `find`, to which the other words of an expanded wildcard are an error. */
	any: () => [],
	/** Rights of a file, such as `644`, `-u+x`, `/222`. */
	mode: fits(/^[-/]?[\w+=,]+$/),
	text: inText,
	/** What is only printed: a wildcard prints names. */
	shown: (value: string) => (isWildcardPath(value) ? [value] : []),
	path: inPath,
	file: inFile,
	revision: inRevision,
	glob: inGlob,
	moment: fits(/^\+[^\n]*$/),
	printf: fits(PRINTF),
	sed: fits(SED),
	jq: (value: string) => (isBounded(value) ? [] : undefined),
	logFormat: inLogFormat,
	refOrder: fits(new RegExp(`^-?(?:v:|version:)?${REF_FIELD}$`)),
	refFormat: fits(new RegExp(`^(?:[^%\\n]|%\\(${REF_FIELD}\\))*$`)),
} satisfies Readonly<Record<string, Reads>>;

/** What a value of an option or an operand may be. */
export type Kind = keyof typeof KINDS;

const isKind = (name: string): name is Kind => Object.hasOwn(KINDS, name);

/** Of a table: a name that is none is a defect. */
export function kindOf(name: string): Kind {
	if (!isKind(name)) throw new Error(`${name} is no kind of a value`);
	return name;
}

/** The paths that the value makes a program read; undefined if it is not of that kind. */
export const pathsIn = (kind: Kind, value: string): readonly string[] | undefined => KINDS[kind](value);
