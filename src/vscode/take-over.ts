import * as vscode from "vscode";
import { isFolder } from "../node/place.ts";
import { typed } from "../node/typed.ts";
import { plain } from "./plain.ts";
import type { CommandAt, CommandTerminals } from "./terminal.ts";

/**
 * Opens a terminal of the person's own in the folder of a command, with the command typed and not run. One that still
 * runs is stopped first, once the person said so.
 */
export async function takeOver(terminals: CommandTerminals, of: CommandAt): Promise<void> {
	if (!(await isFolder(of.cwd))) {
		void vscode.window.showWarningMessage(vscode.l10n.t("The folder {0} is not there any more.", plain(of.cwd)));
		return;
	}
	if (!(await stopped(terminals, of))) return;
	const line = typed(of.command);
	const terminal = vscode.window.createTerminal({ cwd: of.cwd });
	terminal.show();
	if (line !== undefined) return terminal.sendText(line, false);
	const copy = vscode.l10n.t("Copy Command");
	const words = vscode.l10n.t(
		"The command has several lines or special characters: it was not typed into the terminal.",
	);
	if ((await vscode.window.showInformationMessage(words, copy)) === copy)
		await vscode.env.clipboard.writeText(of.command);
}

/** Nothing of it runs any more. */
async function stopped(terminals: CommandTerminals, { command, cwd }: CommandAt): Promise<boolean> {
	const running = () => terminals.running.filter((each) => each.command === command && each.cwd === cwd);
	if (running().length === 0) return true;
	const stop = vscode.l10n.t("Stop and Take Over");
	const words = vscode.l10n.t("The command still runs. It is stopped before you take it over.");
	const picked = await vscode.window.showWarningMessage(words, { modal: true, detail: plain(command) }, stop);
	if (picked !== stop) return false;
	await Promise.all(running().map((each) => each.stop()));
	return true;
}

/** Lets the person pick which of the running commands to stop. */
export async function pickToStop(terminals: CommandTerminals): Promise<void> {
	const { running } = terminals;
	if (running.length === 0) {
		void vscode.window.showInformationMessage(vscode.l10n.t("No command of the agent runs."));
		return;
	}
	const items = running.map((command) => ({
		label: plain(command.command),
		description: command.isJob ? vscode.l10n.t("in the background") : "",
		detail: plain(command.cwd),
		picked: true,
		command,
	}));
	const picked = await vscode.window.showQuickPick(items, {
		canPickMany: true,
		title: vscode.l10n.t("Stop Commands"),
		placeHolder: vscode.l10n.t("Commands of the agent to stop, with all that they started"),
	});
	await Promise.all((picked ?? []).map(({ command }) => command.stop()));
}
