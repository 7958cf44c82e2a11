import * as vscode from "vscode";
import { undoneNote } from "../../agent/undone.ts";
import { applyRestore, type HostWrite } from "../../node/checkpoints/apply.ts";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import { planRestore, type RestorePlan } from "../../node/checkpoints/restore.ts";
import { decode } from "../../node/encoding.ts";
import type { FileChange, FileState } from "../../shared/event.ts";
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

/** Puts whole files back to their bases, without the person's own edits where those stand apart; asks where they do not. */
export async function undoFiles(
	checkpoints: WorkspaceCheckpoints,
	entries: readonly Entry[],
	write: HostWrite,
): Promise<UndoneFiles | undefined> {
	const plan = await planRestore(checkpoints, entries.flatMap(madeOf));
	const kindOf = (path: string) => plan.files.find((file) => file.path === path)?.kind;
	const edited = entries.filter((entry) => pathsOf(entry).some((path) => kindOf(path) === "edited"));
	const lost = entries.filter((entry) => pathsOf(entry).some((path) => kindOf(path) === "lost"));
	const overwrite = edited.length === 0 ? false : await asksForEdits(edited, entries.length);
	if (overwrite === undefined) return undefined;
	// Of a rename both halves go back, or none.
	const left = new Set([...lost, ...(overwrite ? [] : edited)]);
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
			...failed.map((each) => vscode.l10n.t("{0} was not undone. {1}", plain(each.path), plain(each.why))),
			...lost.map(({ path }) =>
				vscode.l10n.t("{0} was not undone: what it was before is not kept any more.", plain(path)),
			),
		],
	};
}

function madeOf({ path, from, base, now }: Entry): readonly FileChange[] {
	if (from === undefined) return [{ path, before: base, after: now }];
	return [
		{ path: from, before: base, after: null },
		{ path, before: null, after: now },
	];
}

/** Whether the person's edits may go as well; undefined: nothing is to be done. */
async function asksForEdits(edited: readonly Entry[], all: number): Promise<boolean | undefined> {
	const [only] = edited;
	const both = vscode.l10n.t("Undo with My Edits");
	const others = vscode.l10n.t("Undo Only the Others");
	const text =
		edited.length === 1 && only
			? vscode.l10n.t(
					"You edited {0} in the same lines as Kimi K2. If its changes are undone, your edits there are lost.",
					plain(only.path),
				)
			: vscode.l10n.t(
					"You edited {0} files in the same lines as Kimi K2: {1}. If its changes are undone, your edits there are lost.",
					edited.length,
					plain(edited.map(({ path }) => path).join(", ")),
				);
	const answer = await vscode.window.showWarningMessage(text, both, ...(edited.length < all ? [others] : []));
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
