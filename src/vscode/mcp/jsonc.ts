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
		return { brokenAt: line === undefined ? lineAt(bare.trimEnd(), Number.POSITIVE_INFINITY) : Number(line) };
	}
}

function lineAt(text: string, offset: number): number {
	return text.slice(0, offset).split("\n").length;
}

function lineFinder(json: string): (...path: readonly (string | number)[]) => number {
	let places: ReadonlyMap<string, number> | undefined;
	return (...path) => {
		places ??= placesIn(json);
		for (let { length } = path; length > 0; length--) {
			const offset = places.get(JSON.stringify(path.slice(0, length)));
			if (offset !== undefined) return lineAt(json, offset);
		}
		return 1;
	};
}

/** Nobody asks for the line of what lies deeper. */
const DEEPEST = 4;

/** A text that is a name, any other text, and what gives a file its form. */
const FORM = /("(?:\\.|[^"\\])*")\s*:|"(?:\\.|[^"\\])*"|[{}[\],]/g;

/** Where each name stands, and each entry of a list that is an object, by the way that leads there. */
function placesIn(json: string): ReadonlyMap<string, number> {
	const places = new Map<string, number>();
	const path: (string | number)[] = [];
	const note = (at: number) => {
		if (path.length <= DEEPEST) places.set(JSON.stringify(path), at);
	};
	const open = (inside: string | number, at: number) => {
		if (typeof path.at(-1) === "number") note(at);
		path.push(inside);
	};
	const goOn = () => {
		const last = path.at(-1);
		if (typeof last === "number") path[path.length - 1] = last + 1;
	};
	for (const { 0: token, 1: name, index } of json.matchAll(FORM)) {
		if (name !== undefined) {
			path[path.length - 1] = JSON.parse(name);
			note(index);
		} else if (token === "{") open("", index);
		else if (token === "[") open(0, index);
		else if (token === ",") goOn();
		else if (!token.startsWith('"')) path.pop();
	}
	return places;
}
