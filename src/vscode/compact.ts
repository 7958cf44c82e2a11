import * as vscode from "vscode";
import { StorageError } from "../agent/session.ts";
import type { App } from "./app.ts";
import type { ChatRun } from "./chat-run.ts";
import { plainWords } from "./in-words.ts";

/** Shortens what is sent of a chat. `keep`: what to keep, in the person's words. True where that is done. */
export async function compactChat(app: App, run: ChatRun | undefined, keep: string): Promise<boolean> {
	if (!run || !app.mayRun) return false;
	try {
		const outcome = await run.compact({ keep });
		if (outcome !== "stopped") app.announce(wordsFor(outcome));
		return outcome === "done";
	} catch (error) {
		if (!(error instanceof StorageError)) throw error;
		app.log.error(error.message, error.failure.detail ?? "");
		void vscode.window.showWarningMessage(plainWords(error.failure));
		return false;
	}
}

function wordsFor(outcome: "later" | "done" | "nothing"): string {
	if (outcome === "later") return vscode.l10n.t("The chat is shortened before Kimi's next step.");
	if (outcome === "done") return vscode.l10n.t("The chat is shortened. You still see all of it.");
	return vscode.l10n.t("There is nothing to shorten in this chat.");
}
