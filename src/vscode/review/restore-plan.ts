import type { RestoreOptions } from "../../node/checkpoints/apply.ts";
import type { RestoreFile, RestorePlan } from "../../node/checkpoints/restore.ts";
import { reverse } from "../../shared/changes.ts";
import type { FileChange, FileState } from "../../shared/event.ts";
import type { Chat, Turn } from "../../shared/reduce.ts";
import { type Entry, entriesOf } from "./changed-file.ts";

/** What happens to files that the person edited since: both stay where that can be, they stay as they are, or go. */
export type Edited = "merge" | "leave" | "overwrite";

/** What is shown of a file that goes back; a rename is one, as in the changes bar. */
export type Row = Pick<Entry, "path" | "from" | "unsure">;

/** The files of a plan that are not yet as they would be, by what can be done about them. */
export interface Parts {
	readonly clean: readonly Row[];
	readonly merged: readonly Row[];
	readonly edited: readonly Row[];
	readonly lost: readonly Row[];
}

export function partsOf({ files }: RestorePlan): Parts {
	const of = (kind: RestoreFile["kind"]) =>
		rowsOf(
			files
				.filter((file) => file.kind === kind)
				.map(({ path, now = null, to, unsure }) => ({ path, was: to, is: now, ...(unsure && { unsure }) })),
		);
	return { clean: of("clean"), merged: of("merged"), edited: of("edited"), lost: of("lost") };
}

/** How many files were changed, as the changes bar would count them. */
export function countOf(changes: readonly FileChange[]): number {
	return rowsOf(changes.map(({ path, before, after }) => ({ path, was: before, is: after }))).length;
}

interface Moved {
	readonly path: string;
	readonly was: FileState | null;
	readonly is: FileState | null;
	readonly unsure?: true;
}

function rowsOf(files: readonly Moved[]): readonly Row[] {
	return entriesOf(
		Object.fromEntries(files.map(({ path, was, is, ...how }) => [path, { base: was, now: is, ...how }])),
	);
}

/** The turns from this one on. */
export function turnsFrom({ turns }: Chat, seq: number): readonly Turn[] {
	return turns.filter((turn) => turn.seq >= seq);
}

/** What has happened to files since this turn began, in order. */
export function changesFrom(chat: Chat, seq: number): readonly FileChange[] {
	return turnsFrom(chat, seq).flatMap(({ changes }) => changes);
}

/** What of that can't be told or put back: sentences, each once. */
export function uncoveredFrom(chat: Chat, seq: number): readonly string[] {
	return [...new Set(turnsFrom(chat, seq).flatMap(({ uncovered = [] }) => uncovered))];
}

/** Whether all that calls changed since then is on record. */
export function isSettled(chat: Chat, seq: number): boolean {
	return turnsFrom(chat, seq).every(({ kept }) => !kept);
}

/** The last turn from which on files are not as they were, or may not be: what a call changed is not on record yet. */
export function lastWithChanges({ turns }: Chat): Turn | undefined {
	return turns.findLast(
		({ kept }, index) => kept || reverse(turns.slice(index).flatMap(({ changes }) => changes)).length > 0,
	);
}

/** What is carried out after the person's word on their edits; `made` is what the plan was made of. */
export function decided(
	{ files }: RestorePlan,
	made: readonly FileChange[],
	edited: Edited,
): { readonly plan: RestorePlan } & Pick<RestoreOptions, "overwrite"> {
	if (edited === "leave") return { plan: { files: files.filter(({ kind }) => kind !== "merged") }, overwrite: false };
	if (edited === "merge") return { plan: { files }, overwrite: false };
	const before = new Map(reverse(made).map(({ path, after }) => [path, after]));
	const whole = files.map((file): RestoreFile => {
		const to = before.get(file.path);
		return file.kind === "merged" && to !== undefined ? { ...file, kind: "edited", to } : file;
	});
	return { plan: { files: whole }, overwrite: true };
}
