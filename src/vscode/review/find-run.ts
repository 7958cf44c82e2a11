import * as vscode from "vscode";
import type { App } from "../app.ts";
import type { ChatRun } from "../chat-run.ts";
import { plainWords } from "../in-words.ts";

/** A chat by its id, as it is this moment: another one may have come to the front, and this one been closed. */
export async function findRun({ chats }: App, chat: string): Promise<ChatRun | undefined> {
	const live = chats.runs.find(({ session }) => session.chat.id === chat);
	if (live) return live;
	const opened = await chats.open(chat);
	if ("run" in opened) return opened.run;
	void vscode.window.showErrorMessage(plainWords(opened.failure));
	return undefined;
}
