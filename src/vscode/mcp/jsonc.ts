/** JSON with comments and commas before a closing bracket, as VS Code's own files have it. */
export type Jsonc =
	| {
			readonly value: unknown;
			/** The line, from 1, of what these names and places lead to; of what is around it where that is not there. */
			lineOf(...path: readonly (string | number)[]): number;
	  }
	/** It can't be read from this line on. */
	| { readonly brokenAt: number };

/** A text or a comment; one that does not end goes to the end, in one step. */
const TEXT_OR_COMMENT = /("(?:\\[\s\S]|[^"\\])*(?:"|$))|\/\/.*|\/\*[\s\S]*?(?:\*\/|$)/g;
const TEXT_OR_LAST_COMMA = /("(?:\\[\s\S]|[^"\\])*(?:"|$))|,(?=\s*[\]}])/g;

export function readJsonc(source: string): Jsonc {
	const bare = source
		.replace(/^\ufeff/, " ")
		.replace(TEXT_OR_COMMENT, (all, text: string | undefined) => text ?? all.replace(/[^\n]/g, " "))
		.replace(TEXT_OR_LAST_COMMA, (_, text: string | undefined) => text ?? " ");
	if (bare.trim() === "") return { value: {}, lineOf: () => 1 };
	try {
		const value: unknown = JSON.parse(bare);
		return { value, lineOf: lineFinder(bare) };
	} catch (error) {
		const line = /\(line (\d+) column \d+\)/.exec(String(error))?.[1];
		return { brokenAt: line === undefined ? linesIn(bare.trimEnd()) : Number(line) };
	}
}

function linesIn(text: string): number {
	return text.split("\n").length;
}

function lineFinder(json: string): (...path: readonly (string | number)[]) => number {
	let places: ReadonlyMap<string, number> | undefined;
	return (...path) => {
		places ??= placesIn(json);
		for (let { length } = path; length > 0; length--) {
			const line = places.get(keyOf(path.slice(0, length)));
			if (line !== undefined) return line;
		}
		return 1;
	};
}

/** Nobody asks for the line of what lies deeper. */
const DEEPEST = 4;

/** Characters by which names are told apart: the key of each place holds all the names that lead there. */
const LONGEST = 200;

function keyOf(path: readonly (string | number)[]): string {
	return JSON.stringify(path.map((each) => (typeof each === "string" ? each.slice(0, LONGEST) : each)));
}

/** A text that is a name, any other text, and what gives a file its form. */
const FORM = /("(?:\\.|[^"\\])*")\s*:|"(?:\\.|[^"\\])*"|[{}[\],]/g;

/** The line of each name, and of each entry of a list that is an object, by the way that leads there. */
function placesIn(json: string): ReadonlyMap<string, number> {
	const places = new Map<string, number>();
	const path: (string | number)[] = [];
	let line = 1;
	let seen = 0;
	const note = () => {
		if (path.length <= DEEPEST) places.set(keyOf(path), line);
	};
	const open = (inside: string | number) => {
		if (typeof path.at(-1) === "number") note();
		path.push(inside);
	};
	const goOn = () => {
		const last = path.at(-1);
		if (typeof last === "number") path[path.length - 1] = last + 1;
	};
	for (const { 0: token, 1: name, index } of json.matchAll(FORM)) {
		line += linesIn(json.slice(seen, index)) - 1;
		seen = index;
		if (name !== undefined) {
			path[path.length - 1] = JSON.parse(name);
			note();
		} else if (token === "{") open("");
		else if (token === "[") open(0);
		else if (token === ",") goOn();
		else if (!token.startsWith('"')) path.pop();
	}
	return places;
}
