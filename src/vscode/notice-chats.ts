import * as vscode from "vscode";
import type { EndReason } from "../shared/event.ts";
import type { App } from "./app.ts";
import type { ChatRun } from "./chat-run.ts";
import { plain } from "./plain.ts";

/** Says what happens to chats that are not on screen: a task that ended in the background, a log that is damaged. */
export function noticeChats(app: App, background: (work: Promise<unknown>) => void): vscode.Disposable {
	const watched = new WeakSet<ChatRun>();
	return vscode.Disposable.from(
		app.chats.onActivated((run) => {
			if (watched.has(run)) return;
			watched.add(run);
			if (run.isElsewhere) void vscode.window.showInformationMessage(elsewhereWords());
			run.session.subscribe((event) => {
				if (event.type === "ended" && app.chats.active !== run) background(tellEnd(app, run, event.reason));
			});
		}),
		app.chats.onDamaged((lines) => {
			void vscode.window.showWarningMessage(
				vscode.l10n.t("The log of this chat is damaged: {0} lines of it can't be read and are left out.", lines),
			);
		}),
	);
}

function elsewhereWords(): string {
	return vscode.l10n.t(
		"Another window works in this chat. Here you see what was done until now; open it again once that window is done.",
	);
}

async function tellEnd(app: App, { session: { chat } }: ChatRun, reason: EndReason): Promise<void> {
	const words = wordsOf(reason, plain(chat.title));
	if (words === undefined) return;
	const show = vscode.l10n.t("Show");
	if ((await vscode.window.showInformationMessage(words, show)) !== show) return;
	await app.chats.open(chat.id);
	await app.showView();
}

/** Undefined: the person did it. */
function wordsOf(reason: EndReason, title: string): string | undefined {
	if (reason === "done") return vscode.l10n.t("Done in another chat: {0}", title);
	if (reason === "failed") return vscode.l10n.t("Failed in another chat: {0}", title);
	if (reason === "limit" || reason === "looping") return vscode.l10n.t("Paused in another chat: {0}", title);
	return undefined;
}
