export interface DiffLine {
	readonly kind: "same" | "added" | "removed" | "gap" | "note";
	/** Line number in the file after the change; before it for a removed line. */
	readonly number?: number;
	readonly text: string;
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Lines of unified diff hunks with their numbers. Lines that fit no hunk are notes: nothing is left out. */
export function diffLines(diff: string): readonly DiffLine[] {
	const lines: DiffLine[] = [];
	const at = { before: 0, after: 0 };
	for (const line of split(diff)) {
		const hunk = HUNK.exec(line);
		if (!hunk) lines.push(diffLine(line, at));
		else {
			at.before = Number(hunk[1]);
			at.after = Number(hunk[2]);
			if (lines.length > 0) lines.push({ kind: "gap", text: "" });
		}
	}
	return lines;
}

/** Reads one line and moves the line numbers on. */
function diffLine(line: string, at: { before: number; after: number }): DiffLine {
	const text = line.slice(1);
	switch (line[0]) {
		case "+":
			return { kind: "added", number: at.after++, text };
		case "-":
			return { kind: "removed", number: at.before++, text };
		case " ":
		case undefined:
			at.before++;
			return { kind: "same", number: at.after++, text };
		default:
			return { kind: "note", text: line.startsWith("\\") ? text.trim() : line };
	}
}

/** Files with CRLF have a carriage return in every line: only a mixture is worth showing. */
function split(diff: string): readonly string[] {
	const lines = diff.replace(/\n$/, "").split("\n");
	const content = lines.filter((line) => /^[-+ ]/.test(line));
	return content.every((line) => line.endsWith("\r")) ? lines.map((line) => line.replace(/\r$/, "")) : lines;
}
