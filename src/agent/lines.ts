/** Characters of one line that the model is shown. */
const MAX_LINE = 2000;

/** `number TAB text`, the form in which Kimi reads files; a long line is cut and says so. */
export function numbered(number: number, line: string): string {
	return `${number}\t${cutLine(line)}`;
}

export function cutLine(line: string, max = MAX_LINE): string {
	const text = line.endsWith("\r") ? line.slice(0, -1) : line;
	if (text.length <= max) return text;
	return `${text.slice(0, max).toWellFormed()}… [cut: the line has ${text.length} characters]`;
}

/** Lines without their ends; a final line end starts no further line. */
export function splitLines(text: string): string[] {
	const lines = text.split("\n");
	if (lines.at(-1) === "") lines.pop();
	return lines;
}

export function count(n: number, noun: string): string {
	return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
