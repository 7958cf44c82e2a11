const NUMBER = /^ *(\d+)\t/;

/** A text without line numbers, and the one that its first line had. */
export interface Unnumbered {
	readonly old: string;
	readonly insert: string;
	readonly line: number;
}

/**
 * Without the line numbers that Read puts before each line: `old` has them on every line, counting up; `insert` may have
 * them on some, which are of these lines or go on counting. Undefined when they are not that.
 */
export function withoutNumbers(old: string, insert: string): Unnumbered | undefined {
	const lines = old.split("\n");
	// What follows the last line end is no line.
	const numbered = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
	const [line] = numbered.map(numberOf);
	if (line === undefined || !numbered.every((row, at) => numberOf(row) === line + at)) return undefined;
	const inserted = insert.split("\n");
	if (!goesOn(inserted, line, line + numbered.length - 1)) return undefined;
	return { old: strip(lines), insert: strip(inserted), line };
}

function numberOf(line: string): number | undefined {
	const [, number] = NUMBER.exec(line) ?? [];
	return number === undefined ? undefined : Number(number);
}

/** Whether numbers count up from `first`, and from `last` on without a gap: others may be of the text itself. */
function goesOn(lines: readonly string[], first: number, last: number): boolean {
	let before = first - 1;
	for (const line of lines) {
		const number = numberOf(line);
		if (number === undefined) continue;
		if (number <= before || number > Math.max(last, before + 1)) return false;
		before = number;
	}
	return true;
}

function strip(lines: readonly string[]): string {
	return lines.map((line) => line.replace(NUMBER, "")).join("\n");
}
