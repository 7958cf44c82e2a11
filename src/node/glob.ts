/*
 * A glob matcher of our own: ripgrep's `--glob` overrides ignore files (`src/**` would list `src/node_modules`), and a
 * library turns a model's pattern into a JavaScript RegExp, which may take for ever on the extension host. This one is
 * linear in pattern times name.
 */

/** Most alternatives that the braces of one pattern may spell out. */
const MAX_ALTERNATIVES = 256;
const MAX_LENGTH = 1000;

export type GlobMatcher = (name: string) => boolean;

/**
 * Gitignore-like: `*`, `?`, `[a-z]`, `{a,b}`, `**`; a pattern without a slash matches at any depth, a leading `!` turns
 * it round. Names are relative to the searched folder, with `/`. Undefined: braces spell out too much.
 */
export function compileGlob(pattern: string): GlobMatcher | undefined {
	const negated = pattern.startsWith("!");
	const bare = pattern.slice(negated ? 1 : 0).replace(/^(\.?\/)+/, "");
	const alternatives = expandBraces(bare.endsWith("/") ? `${bare}**` : bare);
	if (!alternatives) return undefined;
	const compiled = alternatives.map((each) => (each.includes("/") ? each : `**/${each}`).split("/").filter(Boolean));
	return (name) => {
		const segments = name.split("/");
		return compiled.some((each) => matchNames(each, segments)) !== negated;
	};
}

/** One pattern, cut at its slashes and without braces, against a name that is cut likewise. Linear, as said above. */
export function matchNames(pattern: readonly string[], names: readonly string[]): boolean {
	return matchList(pattern, names, matchSegment);
}

/** `a{b,c}` as `ab`, `ac`; a brace that is never closed stands for itself. Undefined: too many, or far too long. */
export function expandBraces(pattern: string): readonly string[] | undefined {
	if (pattern.length > MAX_LENGTH) return undefined;
	const group = firstGroup(pattern);
	if (!group) return [pattern];
	const heads = group.options.map(expandBraces);
	const tails = expandBraces(pattern.slice(group.end));
	if (!tails || heads.includes(undefined)) return undefined;
	const before = pattern.slice(0, group.start);
	const all = heads.flatMap((head) => (head ?? []).map((text) => before + text));
	if (all.length * tails.length > MAX_ALTERNATIVES) return undefined;
	return all.flatMap((head) => tails.map((tail) => head + tail));
}

interface Group {
	readonly start: number;
	readonly end: number;
	readonly options: readonly string[];
}

function firstGroup(text: string): Group | undefined {
	for (let start = 0; start < text.length; start++) {
		if (text[start] === "\\") start++;
		else if (text[start] === "{") {
			const group = closeGroup(text, start);
			if (group) return group;
		}
	}
	return undefined;
}

function closeGroup(text: string, start: number): Group | undefined {
	const options: string[] = [];
	let depth = 0;
	let from = start + 1;
	for (let at = start; at < text.length; at++) {
		const char = text[at];
		if (char === "\\") at++;
		else if (char === "{") depth++;
		else if (char === "," && depth === 1) {
			options.push(text.slice(from, at));
			from = at + 1;
		} else if (char === "}" && --depth === 0) {
			options.push(text.slice(from, at));
			return { start, end: at + 1, options };
		}
	}
	return undefined;
}

/** Greedy match with one point of return: the last `**` or `*` decides, so no combination is tried twice. */
function matchList(pattern: readonly string[], names: readonly string[], one: typeof matchSegment): boolean {
	let [p, n, star, mark] = [0, 0, -1, 0];
	while (n < names.length) {
		if (pattern[p] === "**") {
			star = p++;
			mark = n;
		} else if (p < pattern.length && one(pattern[p] ?? "", names[n] ?? "")) {
			p++;
			n++;
		} else if (star >= 0) {
			p = star + 1;
			n = ++mark;
		} else return false;
	}
	// A `**` that is left over would stand for nothing, but `a/**` means what is inside of `a`.
	return p === pattern.length;
}

function matchSegment(pattern: string, name: string): boolean {
	let [p, n, star, mark] = [0, 0, -1, 0];
	while (n < name.length) {
		const step = p < pattern.length && pattern[p] !== "*" ? matchChar(pattern, p, name[n] ?? "") : 0;
		if (pattern[p] === "*") {
			star = p++;
			mark = n;
		} else if (step > 0) {
			p += step;
			n++;
		} else if (star >= 0) {
			p = star + 1;
			n = ++mark;
		} else return false;
	}
	while (pattern[p] === "*") p++;
	return p === pattern.length;
}

/** Length of the pattern's unit at `p` when it matches the character, else 0. */
function matchChar(pattern: string, p: number, char: string): number {
	const unit = pattern[p];
	if (unit === "?") return 1;
	if (unit === "\\" && p + 1 < pattern.length) return pattern[p + 1] === char ? 2 : 0;
	const close = unit === "[" ? pattern.indexOf("]", p + 2) : -1;
	if (close < 0) return unit === char ? 1 : 0;
	return matchClass(pattern.slice(p + 1, close), char) ? close + 1 - p : 0;
}

function matchClass(body: string, char: string): boolean {
	const negated = body.startsWith("!") || body.startsWith("^");
	const set = negated ? body.slice(1) : body;
	let found = false;
	for (let at = 0; at < set.length; at++) {
		const low = set[at] ?? "";
		const ranged = set[at + 1] === "-" && at + 2 < set.length;
		const high = ranged ? (set[at + 2] ?? "") : low;
		if (ranged) at += 2;
		if (char >= low && char <= high) found = true;
	}
	return found !== negated;
}
