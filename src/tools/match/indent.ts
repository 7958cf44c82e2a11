/** What a text says when its indentation is taken for that of the file. */
export interface Reindented {
	readonly old: readonly string[];
	readonly insert: readonly string[];
	/** `old` began behind the indentation of its first line: that line's indentation is the file's and stays. */
	readonly partial: boolean;
}

/**
 * Gives `old` and `insert` the indentation that the lines have in the file, where they are `old` but for indentation.
 * Undefined when the lines of `old` do not stand to each other as they do there, since the text then means something
 * else, or when the depth of an inserted line can't be told.
 */
export function reindent(
	old: readonly string[],
	insert: readonly string[],
	there: readonly string[],
	unitThere: () => string | undefined,
): Reindented | undefined {
	const whole = fitted(old, insert, there, unitThere);
	if (whole) return { ...whole, partial: false };
	const [first, firstInsert, firstThere] = [old[0], insert[0], there[0]];
	if (first === undefined || firstInsert === undefined || firstThere === undefined) return undefined;
	if (isBlank(first) || indentOf(first) !== "" || indentOf(firstInsert) !== "") return undefined;
	const rest = fitted(old.slice(1), insert.slice(1), there.slice(1), unitThere);
	return rest && { old: [first, ...rest.old], insert: [firstInsert, ...rest.insert], partial: true };
}

function fitted(
	old: readonly string[],
	insert: readonly string[],
	there: readonly string[],
	unitThere: () => string | undefined,
): Omit<Reindented, "partial"> | undefined {
	const depths = depthsOf(old, there);
	if (!depths) return undefined;
	const translate = translator(depths, () => unitGiven(old, insert), unitThere);
	const inserted: string[] = [];
	for (const line of insert) {
		const indent = isBlank(line) ? "" : translate(indentOf(line));
		if (indent === undefined) return undefined;
		inserted.push(isBlank(line) ? "" : indent + line.trimStart());
	}
	const known = new Map(depths);
	const olds = old.map((line) => (isBlank(line) ? "" : known.get(indentOf(line)) + line.trimStart()));
	return { old: olds, insert: inserted };
}

/** The first lines may begin behind their indentation, and only count where nothing else says it. */
function unitGiven(old: readonly string[], insert: readonly string[]): string | undefined {
	return unitOf([...old.slice(1), ...insert.slice(1)]) ?? unitOf([...old, ...insert]);
}

/** An indentation of the model's and the file's in its place. */
type Depth = readonly [model: string, file: string];

/** All that occur, least first; undefined unless deeper is deeper on both sides, and equal is equal. */
function depthsOf(old: readonly string[], there: readonly string[]): readonly Depth[] | undefined {
	const depths = new Map<string, string>();
	for (const [at, line] of old.entries()) {
		if (isBlank(line)) continue;
		const [model, file] = [indentOf(line), indentOf(there[at] ?? "")];
		if ((depths.get(model) ?? file) !== file) return undefined;
		depths.set(model, file);
	}
	const sorted = [...depths].sort(([a], [b]) => a.length - b.length);
	const rises = sorted.every(([model, file], at) => {
		const [below, fileBelow] = sorted[at - 1] ?? [];
		return below === undefined || fileBelow === undefined || (isDeeper(model, below) && isDeeper(file, fileBelow));
	});
	return sorted.length > 0 && rises ? sorted : undefined;
}

function isDeeper(indent: string, than: string): boolean {
	return indent.length > than.length && indent.startsWith(than);
}

function translator(
	depths: readonly Depth[],
	unitModel: () => string | undefined,
	unitThere: () => string | undefined,
): (indent: string) => string | undefined {
	let known: Depth | undefined;
	const units = () => {
		const unit = unitModel() ?? "";
		known ??= [unit, unitThere() ?? (depths.some(([, file]) => file.startsWith("\t")) ? "\t" : unit)];
		return known;
	};
	return (indent) => {
		const base = depths.findLast(([model]) => indent.startsWith(model));
		if (base) return indent === base[0] ? base[1] : deeper(base, indent, units());
		const [least] = depths;
		if (least?.[0].startsWith(indent)) return shallower(least, indent, units());
		// Written as the file has it, where the old text was not.
		return depths.some(([, file]) => file === indent) ? indent : undefined;
	};
}

function deeper([model, file]: Depth, indent: string, [unit, unitThere]: Depth): string {
	const rest = indent.slice(model.length);
	const levels = levelsOf(rest, unit);
	return file + unitThere.repeat(levels) + rest.slice(levels * unit.length);
}

/** Known only where both texts have the same unit, or count as many of their own from the edge. */
function shallower([model, file]: Depth, indent: string, [unit, unitThere]: Depth): string | undefined {
	const excess = model.slice(indent.length);
	const levels = levelsOf(excess, unit);
	const lost = unitThere.repeat(levels);
	if (excess.length !== levels * unit.length || !file.endsWith(lost)) return undefined;
	if (unit !== unitThere && model.length / unit.length !== file.length / unitThere.length) return undefined;
	return file.slice(0, file.length - lost.length);
}

function levelsOf(indent: string, unit: string): number {
	let levels = 0;
	while (unit !== "" && indent.startsWith(unit, levels * unit.length)) levels++;
	return levels;
}

/** Lines of a text that are looked at for its unit. */
const SAMPLE = 5000;

/** By how much lines of a text are deeper than the ones before, mostly; undefined when none is. */
export function unitOf(lines: readonly string[]): string | undefined {
	const counts = new Map<string, number>();
	let before: string | undefined;
	for (const line of lines.slice(0, SAMPLE)) {
		if (isBlank(line)) continue;
		const indent = indentOf(line);
		if (before !== undefined && isDeeper(indent, before)) {
			const step = indent.slice(before.length);
			// A single blank sets off the stars of a block comment.
			if (step !== " ") counts.set(step, (counts.get(step) ?? 0) + 1);
		}
		before = indent;
	}
	const [most] = [...counts].sort(([a, m], [b, n]) => n - m || a.length - b.length);
	return most?.[0];
}

function indentOf(line: string): string {
	return line.slice(0, line.length - line.trimStart().length);
}

function isBlank(line: string): boolean {
	return line.trim() === "";
}
