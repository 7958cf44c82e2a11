import { normalise } from "./eol.ts";
import { splitLines } from "./lines.ts";

/** Files of so few lines are rewritten often; a loss there is seen at a glance. */
const SMALL = 20;
/** Unless their lines are long: of so many characters it is not. */
const LONG = 4000;

/** A model that grows tired writes "rest unchanged": say so when most of a file would be gone. */
export function lossOf(before: string, after: string): string | undefined {
	const old = splitLines(normalise(before)).filter((line) => line.trim() !== "");
	if (old.length <= SMALL) return lossOfLong(before.length, after.length);
	const kept = new Set(splitLines(normalise(after)));
	const gone = old.filter((line) => !kept.has(line)).length;
	return gone * 2 > old.length ? `This drops ${gone} of the file's ${old.length} lines of text.` : undefined;
}

/** Lines that long are never kept as they are when anything in them changes: only how many characters are left counts. */
function lossOfLong(before: number, after: number): string | undefined {
	const gone = before - after;
	return before > LONG && gone * 2 > before ? `This drops ${gone} of the file's ${before} characters.` : undefined;
}
