import { visible } from "../shared/visible.ts";
import { count } from "./lines.ts";
import { personsDiff } from "./person-edits.ts";
import { isSecret } from "./policy.ts";

/** A file that the person put back. Text: null where no file is; undefined where it has none (a binary, a link). */
export interface Undone {
	readonly path: string;
	readonly before: string | null | undefined;
	readonly after: string | null | undefined;
}

/** Files that are told one by one. */
const MAX_FILES = 100;
/** Files that are no more than named. */
const MAX_LISTED = 50;
/** Characters of the whole, and those of them that no diff may take: names matter more. */
const MAX_CHARS = 12_000;
const FOR_NAMES = 4_000;

/** What the model has to know once the person undid changes of its: which, and what the files say now. */
export function undoneNote(files: readonly Undone[]): string {
	const parts = [
		"The person reviewed your changes and undid these. Do not make them again unless they ask; read a file again before you edit it.",
	];
	let left = MAX_CHARS;
	let named = 0;
	for (const file of files.slice(0, MAX_FILES)) {
		const told = describe(file, left - FOR_NAMES);
		if (told.length > left) break;
		left -= told.length;
		named++;
		parts.push(told);
	}
	const more = files.length - named;
	return [...parts, ...(more > 0 ? [`And ${count(more, "more file")}, put back in the same way.`] : [])].join("\n");
}

/** What the model has to know once such an undo was taken back, as far as it was: these files were written. */
export function broughtBackNote(paths: readonly string[]): string {
	return `The person took that undo back. These files are again as you left them: ${listed(paths)}.`;
}

/** Files by name for the model, on one line whatever their names are, and how many more there are. */
export function listed(paths: readonly string[]): string {
	const named = paths.slice(0, MAX_LISTED).map((path) => visible(path));
	const more = paths.length - named.length;
	return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function describe({ path, before, after }: Undone, left: number): string {
	const name = visible(path);
	if (after === null) return `${name} is deleted again.`;
	if (before === null) return `${name} is there again, as it was before your change.`;
	// What a secret file says leaves the machine only after the person was asked.
	if (before === undefined || after === undefined || before === after || isSecret(path))
		return `${name} is as it was before your change.`;
	const { text } = personsDiff(before, after);
	if (text.length > left) return `${name} was put back in more lines than can be told here.`;
	return `${name}, from what it was (-) to what it is now (+):\n${text}`;
}
