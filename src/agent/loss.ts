import { normalise } from "./eol.ts";
import { splitLines } from "./lines.ts";

/** Files of so few lines are rewritten often; a loss there is seen at a glance. */
const SMALL = 20;

/** A model that grows tired writes "rest unchanged": say so when most lines of a file would be gone. */
export function lossOf(before: string, after: string): string | undefined {
	const old = splitLines(normalise(before)).filter((line) => line.trim() !== "");
	if (old.length <= SMALL) return undefined;
	const kept = new Set(splitLines(normalise(after)));
	const gone = old.filter((line) => !kept.has(line)).length;
	return gone * 2 > old.length ? `This drops ${gone} of the file's ${old.length} lines of text.` : undefined;
}
