import { isSecret } from "./policy.ts";
import type { Files, FileText } from "./ports.ts";

/*
 * Files of a project that are read for the model without a call of its. Anybody may have written them.
 */

/** Only what a tool may read unasked: nothing outside, nothing that `.kimiignore` hides, no secrets, through links too. */
export async function readPlain(files: Files, path: string): Promise<FileText | undefined> {
	const place = await placePlain(files, path);
	const read = place === undefined ? undefined : await files.read(place);
	return read?.ok ? read.value : undefined;
}

/** Names in a folder, folders with a `/` at the end; none where it is not there or not to be read. */
export async function listPlain(files: Files, folder: string): Promise<readonly string[]> {
	const place = await placePlain(files, folder);
	const listed = place === undefined ? undefined : await files.list(place);
	return listed?.ok ? listed.value : [];
}

async function placePlain(files: Files, path: string): Promise<string | undefined> {
	const placed = await files.place(path);
	if (!placed.ok) return undefined;
	const { inside, ignored, name, path: real } = placed.value;
	return inside && ignored === undefined && !isSecret(name) ? real : undefined;
}

/**
 * What an editor does not show and a model reads all the same: controls, format and bidi characters, tags, private use.
 * Emoji need joiners (U+200D) and some scripts U+200C; a byte-order mark says nothing.
 */
const HIDDEN = /(?!\t|\n|\r|\u200c|\u200d|\ufeff)(?:[\p{Cc}\p{Cf}\p{Co}\p{Cs}]|[\u{e0100}-\u{e01ef}])/gu;

/**
 * Hidden characters are named, what a chat template takes for the end of a message or for a call is broken up, and nothing
 * reads as the editor's.
 */
export function withoutTricks(text: string): { readonly text: string; readonly hidden: number } {
	let hidden = 0;
	const seen = text.replace(HIDDEN, (char) => {
		hidden++;
		return `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
	});
	const harmless = MARKS.reduce((left, [mark, broken]) => left.replaceAll(mark, broken), seen);
	return { text: harmless, hidden };
}

const MARKS = [
	["<|", "< |"],
	["|>", "| >"],
	["[Note from the editor", "[Note in this file"],
] as const;
