import { personsDiff } from "./person-edits.ts";

/** A file that the person put back. Text: null where no file is; undefined where it has none (a binary, a link). */
export interface Undone {
	readonly path: string;
	readonly before: string | null | undefined;
	readonly after: string | null | undefined;
}

/** Characters of all diffs together that the model is told. */
const MAX_CHARS = 8_000;

/** What the model has to know once the person undid changes of its: which, and what the files say now. */
export function undoneNote(files: readonly Undone[]): string {
	let left = MAX_CHARS;
	const parts = files.map((file) => {
		const told = describe(file, left);
		left -= told.length;
		return told;
	});
	const head =
		"The person reviewed your changes and undid these. Do not make them again unless they ask; read a file again before you edit it.";
	return [head, ...parts].join("\n");
}

function describe({ path, before, after }: Undone, left: number): string {
	if (after === null) return `${path} is deleted again.`;
	if (before === null) return `${path} is there again, as it was before your change.`;
	if (before === undefined || after === undefined || before === after)
		return `${path} is as it was before your change.`;
	const { text } = personsDiff(before, after);
	if (text.length > left) return `${path} was put back in more lines than can be told here.`;
	return `${path}, from what it was (-) to what it is now (+):\n${text}`;
}
