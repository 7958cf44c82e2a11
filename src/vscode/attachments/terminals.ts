import { basename, isAbsolute } from "node:path";
import * as vscode from "vscode";
import { inTime } from "../../agent/patient.ts";
import { nameOf } from "../../node/place.ts";
import type { MentionRow } from "../../shared/attachments.ts";
import { visible } from "../../shared/visible.ts";
import { selectedText } from "../entries/terminal-selection.ts";
import { apart } from "./apart.ts";

/** VS Code brings a terminal to the front in a moment, if at all. */
const SHOWN_MS = 3000;

/** Numbers for the terminals of this window: two may have the same name. */
const numbers = new WeakMap<vscode.Terminal, number>();
let last = 0;

/** The one in front first. What stands in it is read when it is picked. */
export function terminalRows(root: string | undefined): readonly MentionRow[] {
	const { activeTerminal, terminals } = vscode.window;
	const sorted = terminals.toSorted((a, b) => Number(b === activeTerminal) - Number(a === activeTerminal));
	return sorted.map((terminal) => {
		const name = terminalName(terminal);
		const folder = folderOf(terminal, root);
		return {
			label: vscode.l10n.t("Terminal: {0}", visible(name)),
			detail: folder === undefined ? vscode.l10n.t("what stands in it") : visible(folder),
			marks: [],
			kind: "terminal",
			wanted: { kind: "terminal", name, text: "", terminal: numberOf(terminal) },
		};
	});
}

/** What tells it from the others of this window. */
export function terminalName(terminal: vscode.Terminal): string {
	const { terminals } = vscode.window;
	return apart(terminals.map(({ name }) => name))[terminals.indexOf(terminal)] ?? terminal.name;
}

/** All that the terminal with this number shows; undefined: nothing. It is in front for that. */
export function terminalText(number: number | undefined): Promise<string | undefined> {
	const terminal = vscode.window.terminals.find((each) => numbers.get(each) === number);
	return selectedText(vscode.env.clipboard, async () => {
		// What another one shows was not meant.
		if (!terminal || !(await isShown(terminal))) return;
		await vscode.commands.executeCommand("workbench.action.terminal.selectAll");
		await vscode.commands.executeCommand("workbench.action.terminal.copySelection");
		await vscode.commands.executeCommand("workbench.action.terminal.clearSelection");
	});
}

async function isShown(terminal: vscode.Terminal): Promise<boolean> {
	const shown = Promise.withResolvers<boolean>();
	const listening = vscode.window.onDidChangeActiveTerminal((active) => active === terminal && shown.resolve(true));
	terminal.show(true);
	if (vscode.window.activeTerminal === terminal) shown.resolve(true);
	const isInTime = await inTime(shown.promise, { ms: SHOWN_MS }, false);
	listening.dispose();
	return isInTime;
}

function numberOf(terminal: vscode.Terminal): number {
	const number = numbers.get(terminal) ?? ++last;
	numbers.set(terminal, number);
	return number;
}

/** The folder that it is in as far as its shell tells, else the one that it began in. */
function folderOf(
	{ shellIntegration, creationOptions }: vscode.Terminal,
	root: string | undefined,
): string | undefined {
	const began = "cwd" in creationOptions ? creationOptions.cwd : undefined;
	const path = shellIntegration?.cwd?.fsPath ?? (typeof began === "string" ? began : began?.fsPath);
	if (path === undefined || root === undefined || !isAbsolute(path)) return path;
	const name = nameOf(root, path);
	return name === "." ? basename(root) : name.startsWith("..") ? path : name;
}
