import * as vscode from "vscode";
import type { App } from "../app.ts";
import { askAbout } from "./ask-about.ts";
import { addChanges, addFiles, addProblems, addSelection, addTerminal } from "./attach.ts";
import { closeEditor, openInEditor, restorePanels } from "./chat-editor.ts";
import { offerCodeActions } from "./code-actions.ts";
import { CommitMessages } from "./commit-message.ts";
import { Notifier } from "./notifier.ts";
import { reportProblem } from "./report.ts";

/** The ways to Kimi from all over VS Code: menus, light bulb, Source Control, notifications, a panel among the editors. */
export function registerEntries(app: App): vscode.Disposable {
	const commits = new CommitMessages(app);
	/** As menus call them: with what was clicked, and what else is selected. */
	const commands: Readonly<Record<string, (...on: unknown[]) => unknown>> = {
		addSelection: () => addSelection(app),
		addFiles: (...on) => addFiles(app, ...on),
		addProblems: () => addProblems(app),
		addTerminal: () => addTerminal(app),
		addChanges: () => addChanges(app),
		fix: (on, range) => askAbout(app, "fix", on, range),
		explain: (on, range) => askAbout(app, "explain", on, range),
		writeCommit: (on) => commits.write(on),
		stopCommit: () => commits.stop(),
		openInEditor: () => openInEditor(app),
		closeEditor: () => closeEditor(app),
		report: () => reportProblem(app),
	};
	return vscode.Disposable.from(
		commits,
		new Notifier(app),
		offerCodeActions(),
		restorePanels(app),
		...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(`kimiK2.${name}`, run)),
	);
}
