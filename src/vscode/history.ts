import * as vscode from "vscode";
import type { Chats } from "./chats.ts";
import { plain } from "./plain.ts";

/** The list of chats: newest first, with search; each can be deleted there. */
export async function showHistory(chats: Chats): Promise<void> {
	const stored = await chats.list();
	if (stored.length === 0) {
		void vscode.window.showInformationMessage(vscode.l10n.t("No chats yet in this workspace."));
		return;
	}
	const remove: vscode.QuickInputButton = {
		iconPath: new vscode.ThemeIcon("trash"),
		tooltip: vscode.l10n.t("Delete this chat"),
	};
	const active = chats.active?.session.chat.id;
	const stateOf = (id: string) => {
		const run = chats.runs.find(({ session }) => session.chat.id === id);
		if (run && run.asked.length > 0) return vscode.l10n.t("waits for you");
		if (run?.running) return vscode.l10n.t("working");
		return id === active ? vscode.l10n.t("current") : "";
	};
	const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { id: string }>();
	pick.title = vscode.l10n.t("Chats");
	pick.placeholder = vscode.l10n.t("Search");
	pick.items = stored.map(({ id, title, changedAt, steps }) => ({
		id,
		label: plain(title),
		description: stateOf(id),
		detail: vscode.l10n.t("{0} · {1} steps", new Date(changedAt).toLocaleString(vscode.env.language), steps),
		buttons: [remove],
	}));
	pick.onDidTriggerItemButton(async ({ item }) => {
		await chats.remove(item.id);
		pick.items = pick.items.filter((other) => other.id !== item.id);
	});
	pick.onDidAccept(async () => {
		const [item] = pick.selectedItems;
		pick.hide();
		const opened = item && (await chats.open(item.id));
		if (opened && "failure" in opened) void vscode.window.showErrorMessage(plain(opened.failure.message));
	});
	pick.onDidHide(() => pick.dispose());
	pick.show();
}
