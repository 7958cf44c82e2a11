import { type Hunk, linesOf, replaceLines } from "../../agent/hunks.ts";
import type { Blobs } from "../../node/checkpoints/blobs.ts";
import { encode } from "../../node/encoding.ts";
import { isSameState } from "../../shared/changes.ts";
import type { FileState, Unreviewed } from "../../shared/event.ts";
import { encodeAs } from "../encodings.ts";
import type { ReviewedFile } from "./changed-file.ts";
import { keysOf } from "./marks.ts";

/** Whether its hunks can be decided on one by one: what was created, deleted or has no text is one piece. */
export function hasHunks(file: ReviewedFile): boolean {
	const { entry, before, text, current } = file;
	return before !== undefined && text !== undefined && entry.base !== null && current.state !== null;
}

/** A hunk of a file in review, as it was shown: a button stands for these lines and no others. */
export interface HunkAt {
	readonly path: string;
	readonly hunk: Hunk;
	/** Names the lines of both sides. */
	readonly key: string;
}

/** Asked for whenever a document is drawn. */
const shown = new WeakMap<ReviewedFile, readonly HunkAt[]>();

/** The file's hunks as they are shown, in order. */
export function shownHunks(file: ReviewedFile): readonly HunkAt[] {
	const known = shown.get(file);
	if (known) return known;
	const { entry, before = "", text = "", hunks } = file;
	const keys = keysOf(before, text, hunks);
	const all = hunks.map((hunk, index) => ({ path: entry.path, hunk, key: keys[index] ?? "" }));
	shown.set(file, all);
	return all;
}

/** The hunk that was shown, where the file still has it with the same lines. */
export function findHunk(file: ReviewedFile, at: HunkAt): Hunk | undefined {
	const { before, after } = at.hunk;
	const found = shownHunks(file).find(
		({ hunk, key }) => key === at.key && hunk.before.from === before.from && hunk.after.from === after.from,
	);
	return found?.hunk;
}

/** For each hunk the line of the file at which it begins; what was removed stands at the line that follows, or the last. */
export function placesOf({ hunks, text = "" }: ReviewedFile): readonly number[] {
	const last = Math.max(0, linesOf(text).length - 1);
	return hunks.map(({ after }) => Math.min(after.from, last));
}

/** The hunk at a line of the file, counted from 0. */
export function hunkAt(file: ReviewedFile, line: number): HunkAt | undefined {
	const places = placesOf(file);
	return shownHunks(file).find(
		({ hunk: { after } }, index) => line === places[index] || (after.from <= line && line < after.to),
	);
}

/** The text without the hunk. */
export function withoutHunk({ text = "", before = "" }: ReviewedFile, hunk: Hunk): string {
	return replaceLines(text, hunk.after, before, hunk.before);
}

/**
 * What is left to review once a hunk is kept; null: nothing. Undefined where the new base could not be stored.
 * @param now what the file is
 */
export async function leftOfKept(
	file: ReviewedFile,
	hunk: Hunk,
	now: FileState,
	blobs: Pick<Blobs, "put">,
): Promise<Unreviewed | null | undefined> {
	const { entry, before = "", text = "", edits } = file;
	const base = await baseOf(file, replaceLines(before, hunk.before, text, hunk.after), blobs);
	if (!base) return undefined;
	if (file.hunks.length === 1 && base.mode === now.mode) return null;
	return { base, now: edits === "mixed" ? entry.now : now };
}

/** What is left to review once a hunk was undone. @param now what the file became; undefined: it can't be told */
export async function leftOfUndone(
	file: ReviewedFile,
	now: FileState | undefined,
	blobs: Pick<Blobs, "put">,
): Promise<Unreviewed | null> {
	const { entry, before = "", edits } = file;
	const { base } = entry;
	if (edits === "none" && now) return { base, now };
	// The person's other edits are no change of the agent's: from now on they are part of the base.
	const own = edits === "apart" && now ? await baseOf(file, before, blobs) : undefined;
	if (own && now) return { base: own, now };
	// As long as `now` stays what the agent left, an undo of the file asks before it takes the person's edits back.
	return now && isSameState(base, now) ? null : { base, now: entry.now };
}

async function baseOf(
	{ base, entry }: ReviewedFile,
	text: string,
	blobs: Pick<Blobs, "put">,
): Promise<FileState | undefined> {
	if (base.kind !== "text" || !entry.base) return undefined;
	const { foreign } = base;
	const bytes = foreign === undefined ? encode({ ...base.content, text }) : await encodeAs(text, foreign);
	const id = bytes.ok ? await blobs.put(Buffer.from(bytes.value)) : undefined;
	return id === undefined ? undefined : { id, mode: entry.base.mode };
}
