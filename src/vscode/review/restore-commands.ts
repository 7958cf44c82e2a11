import * as vscode from "vscode";
import { reverse } from "../../shared/changes.ts";
import type { App } from "../app.ts";
import { displayLanguage, numberWords } from "../numbers.ts";
import { plain } from "../plain.ts";
import { changesFrom, countOf, lastWithChanges } from "./restore-plan.ts";
import { files, titleOf } from "./restore-words.ts";

/** The last task of the chat in front that changed files. */
export async function undoLastTask({ chats, restores }: App): Promise<void> {
	const { chat } = (await chats.restore()).run.session;
	const turn = lastWithChanges(chat);
	if (turn) return restores.undoTask(chat.id, turn.seq);
	void vscode.window.showInformationMessage(vscode.l10n.t("No task of this chat has changed a file."));
}

/** Back to before a message of the chat in front. */
export async function pickRestore({ chats, restores }: App): Promise<void> {
	const { chat } = (await chats.restore()).run.session;
	if (chat.turns.length === 0) {
		void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was said in this chat yet."));
		return;
	}
	const items = chat.turns.toReversed().map(({ seq, at, prompt }) => {
		const count = countOf(reverse(changesFrom(chat, seq)));
		const detail = new Date(at).toLocaleString(displayLanguage());
		return { seq, label: titleOf(prompt), detail, description: count > 0 ? files(count) : "" };
	});
	const picked = await vscode.window.showQuickPick(items, {
		title: vscode.l10n.t("Restore to before a message"),
		placeHolder: vscode.l10n.t("What would change is shown before anything does."),
	});
	if (picked) await restores.restore(chat.id, picked.seq);
}

export async function undoLastRestore({ chats, restores }: App): Promise<void> {
	const { run } = await chats.restore();
	await restores.undoRestore(run.session.chat.id);
}

/** Says how much is kept on disk, and deletes it when the person wants that. */
export async function deleteCheckpoints({ checkpointStore, chats }: App): Promise<void> {
	if (chats.runs.some(({ running }) => running)) {
		void vscode.window.showWarningMessage(vscode.l10n.t("Kimi K2 is working: stop it first."));
		return;
	}
	const bytes = await checkpointStore.size();
	const size = vscode.l10n.t("{0} MB", numberWords(bytes / 1_000_000, 1));
	const yes: vscode.QuickPickItem = {
		label: `$(trash) ${vscode.l10n.t("Delete the checkpoints of this workspace")}`,
		description: size,
		detail: vscode.l10n.t("Your files stay as they are. What was changed so far can no longer be undone."),
	};
	const picked = await vscode.window.showQuickPick([yes], { title: vscode.l10n.t("Delete Checkpoints") });
	if (picked !== yes) return;
	const why = await checkpointStore.delete();
	if (why === undefined) void vscode.window.showInformationMessage(vscode.l10n.t("The checkpoints are deleted."));
	else void vscode.window.showErrorMessage(vscode.l10n.t("The checkpoints could not be deleted: {0}", plain(why)));
}
