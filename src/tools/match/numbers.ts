const NUMBER = /^ *(\d+)\t/;

/**
 * Without the line numbers that Read puts before each line: `old` has them on every line, counting up; `insert` may have
 * them on some. Undefined when they are not that.
 */
export function withoutNumbers(old: string, insert: string): { old: string; insert: string } | undefined {
	const lines = old.split("\n");
	// What follows the last line end is no line.
	const numbered = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
	if (numbered.length === 0) return undefined;
	const first = Number(NUMBER.exec(numbered[0] ?? "")?.[1] ?? Number.NaN);
	if (!numbered.every((line, at) => Number(NUMBER.exec(line)?.[1] ?? Number.NaN) === first + at)) return undefined;
	return { old: strip(lines), insert: strip(insert.split("\n")) };
}

function strip(lines: readonly string[]): string {
	return lines.map((line) => line.replace(NUMBER, "")).join("\n");
}
