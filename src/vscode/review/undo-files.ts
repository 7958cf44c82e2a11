import * as vscode from "vscode";
import { undoneNote } from "../../agent/undone.ts";
import { applyRestore, type HostWrite } from "../../node/checkpoints/apply.ts";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import { planRestore, type RestoreKind, type RestorePlan } from "../../node/checkpoints/restore.ts";
import { decode } from "../../node/encoding.ts";
import { isSameState } from "../../shared/changes.ts";
import type { FileChange, FileState } from "../../shared/event.ts";
import { inWords } from "../in-words.ts";
import { plain } from "../plain.ts";
import { type Entry, pathsOf } from "./changed-file.ts";

/** What came of undoing files. */
export interface UndoneFiles {
	/** Nothing is left of the agent's changes to these. */
	readonly done: readonly Entry[];
	/** What was written. */
	readonly changes: readonly FileChange[];
	/** For the model; absent when nothing was written. */
	readonly note?: string;
	/** What was not undone and why, in words. */
	readonly failed: readonly string[];
}

/** An undo as it was looked at, with the person's word on what it would take of their own. */
export interface MeantUndo {
	readonly plan: RestorePlan;
	/** Paths of files whose edits may go; those of the others stay. */
	readonly overwrite: ReadonlySet<string>;
}

/** Asks where an undo would lose edits of the person's. Undefined: nothing is to be done. */
export async function mayUndo(
	checkpoints: WorkspaceCheckpoints,
	entries: readonly Entry[],
): Promise<MeantUndo | undefined> {
	const plan = await planRestore(checkpoints, entries.flatMap(madeOf));
	const { edited } = sorted(plan, entries);
	const isLost = edited.length === 0 ? false : await asksForEdits(edited, entries.length);
	return isLost === undefined ? undefined : { plan, overwrite: new Set(isLost ? edited.flatMap(pathsOf) : []) };
}

/**
 * Puts whole files back to their bases, without the person's own edits where those stand apart. Where they do not, only
 * what they gave their word on. A file that changed since it was looked at stays as it is.
 * @param entries those of what is meant that still wait for review
 */
export async function undoFiles(
	checkpoints: WorkspaceCheckpoints,
	entries: readonly Entry[],
	{ plan, overwrite }: MeantUndo,
	write: HostWrite,
): Promise<UndoneFiles> {
	const { edited, lost } = sorted(plan, entries);
	const stays = edited.filter((entry) => !pathsOf(entry).every((path) => overwrite.has(path)));
	const moved = await changedSince(checkpoints, plan, entries);
	// Of a rename both halves go back, or none.
	const left = new Set([...lost, ...stays, ...moved]);
	const going = entries.filter((entry) => !left.has(entry));
	const paths = new Set(going.flatMap(pathsOf));
	const some: RestorePlan = { files: plan.files.filter(({ path }) => paths.has(path)) };
	const { changes, failed } = await applyRestore(checkpoints, some, { overwrite, write });
	const why = new Map(failed.map((each) => [each.path, each.why]));
	return {
		done: going.filter((entry) => !pathsOf(entry).some((path) => why.has(path))),
		changes,
		...(changes.length > 0 && { note: await noteOf(checkpoints, changes) }),
		failed: [
			...failed.map((each) => vscode.l10n.t("{0} was not undone. {1}", plain(each.path), plain(inWords(each.why)))),
			...moved.map(({ path }) => changedWords(path)),
			...lost.map(({ path }) =>
				vscode.l10n.t("{0} was not undone: what it was before is not kept any more.", plain(path)),
			),
		],
	};
}

/** A file that is not any more what was looked at. */
export function changedWords(path: string): string {
	return vscode.l10n.t("{0} changed meanwhile. Look at it again.", plain(path));
}

/** Files that were already as an undo would leave them, and are not any more: they are not written, so not checked then. */
async function changedSince(
	checkpoints: WorkspaceCheckpoints,
	{ files }: RestorePlan,
	entries: readonly Entry[],
): Promise<readonly Entry[]> {
	const changed = new Set<string>();
	for (const { path, kind, now } of files) {
		if (kind !== "same") continue;
		const is = await checkpoints.stateOf(path);
		if (is === undefined || now === undefined || !isSameState(is, now)) changed.add(path);
	}
	return entries.filter((entry) => pathsOf(entry).some((path) => changed.has(path)));
}

function sorted({ files }: RestorePlan, entries: readonly Entry[]) {
	const kinds = new Map(files.map(({ path, kind }) => [path, kind]));
	const of = (kind: RestoreKind) => entries.filter((entry) => pathsOf(entry).some((path) => kinds.get(path) === kind));
	return { edited: of("edited"), lost: of("lost") };
}

function madeOf({ path, from, base, now, unsure }: Entry): readonly FileChange[] {
	const how = unsure && { unsure };
	if (from === undefined) return [{ path, before: base, after: now, ...how }];
	return [
		{ path: from, before: base, after: null, ...how },
		{ path, before: null, after: now, ...how },
	];
}

/** Whether the person's edits may go as well; undefined: nothing is to be done. */
async function asksForEdits(edited: readonly Entry[], all: number): Promise<boolean | undefined> {
	const [only] = edited;
	const both = vscode.l10n.t("Undo with My Edits");
	const others = vscode.l10n.t("Undo Only the Others");
	const text = edited.some(({ unsure }) => unsure)
		? vscode.l10n.t(
				"Edited by you, or changed after Kimi K2 was cut off and so maybe yours: {0}. If its changes are undone, that is lost.",
				plain(edited.map(({ path }) => path).join(", ")),
			)
		: edited.length === 1 && only
			? vscode.l10n.t(
					"You edited {0} in the same lines as Kimi K2. If its changes are undone, your edits there are lost.",
					plain(only.path),
				)
			: vscode.l10n.t(
					"You edited {0} files in the same lines as Kimi K2: {1}. If its changes are undone, your edits there are lost.",
					edited.length,
					plain(edited.map(({ path }) => path).join(", ")),
				);
	// Not a notification, which slides away and is answered an hour later.
	const answer = await vscode.window.showWarningMessage(
		text,
		{ modal: true },
		both,
		...(edited.length < all ? [others] : []),
	);
	return answer === both ? true : answer === others ? false : undefined;
}

async function noteOf(checkpoints: WorkspaceCheckpoints, changes: readonly FileChange[]): Promise<string> {
	const textOf = async (state: FileState | null) => {
		if (!state) return null;
		const bytes = state.mode === "link" ? undefined : await checkpoints.read(state);
		const content = bytes && decode(bytes);
		return content?.ok ? content.value.text : undefined;
	};
	const undone = changes.map(async ({ path, before, after }) => ({
		path,
		before: await textOf(before),
		after: await textOf(after),
	}));
	return undoneNote(await Promise.all(undone));
}
