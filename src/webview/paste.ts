/** What is done with what was pasted. `inline`: it is text as any other, and the text area's own. */
type PasteWay = "inline" | "text" | "files";

interface Pasted {
	readonly text: string;
	readonly files: number;
	/** The person asked for text, by Ctrl+Shift+V. */
	readonly plain: boolean;
}

/** From here on a text is no part of a sentence any more. */
const LONG_TEXT = 2_000;
const LONG_LINES = 40;

/** A copy out of a table or a document has a picture of itself beside its text: the text is meant. */
export function pasteWay({ text, files, plain }: Pasted): PasteWay {
	if (plain) return "inline";
	if (text === "") return files > 0 ? "files" : "inline";
	return text.length >= LONG_TEXT || lineCount(text) >= LONG_LINES ? "text" : "inline";
}

/** The end of the last line begins no other one. */
export function lineCount(text: string): number {
	return text.replace(/\r?\n$/, "").split("\n").length;
}

/** A name that is not taken: the same one with a number. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
	let free = name;
	for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
	return free;
}
