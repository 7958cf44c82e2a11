import * as vscode from "vscode";
import type { RestorePlan } from "../../node/checkpoints/restore.ts";
import { plain } from "../plain.ts";
import { type Edited, partsOf, type Row } from "./restore-plan.ts";
import { files, filesChange, messagesGo, names } from "./restore-words.ts";

/** What the person wants to go back. */
export interface Choice {
	/** Absent: files stay as they are. */
	readonly edited?: Edited;
	readonly conversation: boolean;
}

interface Item<T> extends vscode.QuickPickItem {
	/** Absent: shows what would change, and asks again. */
	readonly choice?: T;
}

interface Question<T> {
	readonly title: string;
	readonly placeHolder: string;
	readonly items: readonly Item<T>[];
	/** Shows what would change. */
	readonly show: () => Promise<void>;
}

/** Stays open while the person looks at what would change. Undefined: nothing is done. */
async function ask<T>({ title, placeHolder, items, show }: Question<T>): Promise<T | undefined> {
	const look: Item<T> = { label: `$(diff-multiple) ${vscode.l10n.t("Show what would change")}` };
	for (;;) {
		const picked = await vscode.window.showQuickPick([...items, look], { title, placeHolder, ignoreFocusOut: true });
		if (picked !== look) return picked?.choice;
		await show();
	}
}

/** Whether a turn that runs may be stopped; true when none does. */
export async function mayStop(isRunning: boolean, title: string): Promise<boolean> {
	if (!isRunning) return true;
	const stop: vscode.QuickPickItem = { label: `$(debug-stop) ${vscode.l10n.t("Stop it and go on")}` };
	const placeHolder = vscode.l10n.t("Kimi K2 is still working on this chat.");
	return (await vscode.window.showQuickPick([stop], { title, placeHolder, ignoreFocusOut: true })) === stop;
}

interface Asking {
	readonly title: string;
	readonly plan: RestorePlan;
	readonly show: () => Promise<void>;
	/** What of it can't be told or put back, in sentences. */
	readonly uncovered?: readonly string[];
}

/** Asks before files go back, also where none of them was edited. */
export async function askFiles({ title, plan, show, uncovered = [] }: Asking): Promise<Edited | undefined> {
	const parts = partsOf(plan);
	if (parts.merged.length + parts.edited.length > 0) return askEdited({ title, plan, show, uncovered });
	const { clean, lost } = parts;
	const stays = vscode.l10n.t("Files only: the conversation stays as it is.");
	const label = `$(discard) ${vscode.l10n.t("Put {0} back", files(clean.length))}`;
	const item: Item<Edited> = { label, detail: [names(clean), ...lostWords(lost)].join(" · "), choice: "merge" };
	return ask({ title, placeHolder: words([stays, ...uncovered]), items: [item], show });
}

/** Asks what to do about files that the person edited since. */
export async function askEdited({ title, plan, show, uncovered = [] }: Asking): Promise<Edited | undefined> {
	const { clean, merged, edited, lost } = partsOf(plan);
	const theirs = [...merged, ...edited];
	const all = clean.length + theirs.length;
	const left = edited.length > 0 ? [vscode.l10n.t("Stays as you have it: {0}", names(edited))] : [];
	const kept = merged.length > 0 ? [vscode.l10n.t("Your edits stay in {0}", names(merged))] : [];
	const merge: Item<Edited> = {
		label: `$(git-merge) ${vscode.l10n.t("Put {0} back and keep my edits", files(clean.length + merged.length))}`,
		detail: [...kept, ...left].join(" · "),
		choice: "merge",
	};
	const overwrite: Item<Edited> = {
		label: `$(discard) ${vscode.l10n.t("Put {0} back and overwrite my edits", files(all))}`,
		detail: vscode.l10n.t("Overwritten: {0}. Undo brings them back.", names(theirs)),
		choice: "overwrite",
	};
	const leave: Item<Edited> = {
		label: `$(circle-slash) ${vscode.l10n.t("Put {0} back and leave those that I edited", files(clean.length))}`,
		detail: vscode.l10n.t("Stays as you have it: {0}", names(theirs)),
		choice: "leave",
	};
	const items = [
		...(clean.length + merged.length > 0 ? [merge] : []),
		...(merged.length > 0 && clean.length > 0 ? [leave] : []),
		overwrite,
	];
	const yours = theirs.some(({ unsure }) => unsure)
		? vscode.l10n.t("Edited by you, or changed after Kimi K2 was cut off and so maybe yours: {0}", names(theirs))
		: vscode.l10n.t("You edited {0} since: {1}", files(theirs.length), names(theirs));
	return ask({ title, placeHolder: words([yours, ...lostWords(lost), ...uncovered]), items, show });
}

/** Asks whether files, conversation, or both go back; then about edited files. `why`: no file can be reached;
 * `toEdit`: the conversation goes back unasked where there is nothing else. */
export async function askScope(
	{ title, plan, show, uncovered = [] }: Asking,
	{ messages, why, toEdit }: { readonly messages: number; readonly why: string | undefined; readonly toEdit?: boolean },
): Promise<Choice | undefined> {
	const parts = partsOf(plan);
	const count = parts.clean.length + parts.merged.length + parts.edited.length;
	if (toEdit && count + parts.lost.length + uncovered.length === 0) return { conversation: true };
	const [change, go] = [filesChange(count), messagesGo(messages)];
	const both: Item<"both" | "files" | "conversation"> = {
		label: `$(history) ${vscode.l10n.t("Files and conversation")}`,
		description: vscode.l10n.t("{0}, {1}", change, go),
		detail: [names([...parts.clean, ...parts.merged, ...parts.edited]), ...lostWords(parts.lost)].join(" · "),
		choice: "both",
	};
	const only: typeof both = {
		label: `$(files) ${vscode.l10n.t("Only files")}`,
		description: change,
		choice: "files",
	};
	const conversation: typeof both = {
		label: `$(comment-discussion) ${vscode.l10n.t("Only the conversation")}`,
		description: go,
		detail: vscode.l10n.t("Its text comes back to the composer, to be changed and sent again."),
		choice: "conversation",
	};
	const question = vscode.l10n.t("What goes back? Undo takes it back.");
	const nothing = [...lostWords(parts.lost), why ?? noneWords(uncovered)];
	const placeHolder = words([...(count === 0 ? nothing : [question]), ...uncovered]);
	const picked =
		count > 0
			? await ask({ title, placeHolder, items: [both, only, conversation], show })
			: (await vscode.window.showQuickPick([conversation], { title, placeHolder, ignoreFocusOut: true }))?.choice;
	if (picked === undefined) return undefined;
	if (picked === "conversation") return { conversation: true };
	const isEdited = parts.merged.length + parts.edited.length > 0;
	const edited = isEdited ? await askEdited({ title, plan, show, uncovered }) : "merge";
	return edited && { edited, conversation: picked === "both" };
}

/** That nothing is to be done, in words that stay true where not all is known. */
function noneWords(uncovered: readonly string[]): string {
	return uncovered.length === 0
		? vscode.l10n.t("No file would change.")
		: vscode.l10n.t("No change that can be undone is left.");
}

/** What is said when there is nothing to put back. */
export function nothingToUndo(lost: number, uncovered: readonly string[]): string {
	if (lost > 0)
		return words([
			vscode.l10n.t("{0} can't be put back: what was there is not kept any more.", files(lost)),
			...uncovered,
		]);
	if (uncovered.length > 0) return words([noneWords(uncovered), ...uncovered]);
	return vscode.l10n.t("Nothing to undo: all files are as they were before this message.");
}

function words(all: readonly string[]): string {
	return all.map((each) => plain(each)).join(" · ");
}

function lostWords(lost: readonly Row[]): readonly string[] {
	return lost.length === 0 ? [] : [vscode.l10n.t("Can't be put back: {0}", names(lost))];
}
