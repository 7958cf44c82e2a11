import * as vscode from "vscode";
import type { Call } from "../shared/reduce.ts";
import type { App } from "./app.ts";
import type { OpHandlers } from "./chat-view.ts";
import { openCommandLog } from "./open-log.ts";
import { takeOver } from "./take-over.ts";
import type { CommandAt } from "./terminal.ts";

type CommandOps = Pick<OpHandlers, "showTerminal" | "takeOver" | "openLog">;

/** What the links on a command's card do. */
export function commandHandlers(app: App): CommandOps {
	const at = (chat: string, id: string) => commandOf(findCall(app, chat, id));
	return {
		showTerminal: ({ chat, callId }) => {
			const command = at(chat, callId);
			if (command) showTerminal(app, command);
		},
		takeOver: async ({ chat, callId }) => {
			const command = at(chat, callId);
			// Nothing comes about in a workspace that nobody trusts, not even on a click.
			if (command && vscode.workspace.isTrusted) await takeOver(app.terminal, command);
		},
		openLog: async ({ chat, callId }) => {
			const log = findCall(app, chat, callId)?.details?.log;
			if (log !== undefined) await openCommandLog(log, app.shells.logs);
		},
	};
}

/** Of a command, or of the last one. */
export function showTerminal(app: App, command?: CommandAt): void {
	if (app.terminal.show(command)) return;
	app.announce(
		command
			? vscode.l10n.t("The terminal of this command was closed.")
			: vscode.l10n.t("No command of the agent ran yet, or its terminal was closed."),
	);
}

function findCall(app: App, chat: string, id: string): Call | undefined {
	const run = app.chats.runs.find(({ session }) => session.chat.id === chat);
	const steps = run?.session.chat.turns.flatMap((turn) => turn.steps) ?? [];
	// Ids may repeat: servers number the calls of each answer anew.
	return steps.flatMap(({ calls }) => calls).findLast((call) => call.id === id);
}

function commandOf(call: Call | undefined): CommandAt | undefined {
	return call?.preview?.kind === "command" ? call.preview : undefined;
}
