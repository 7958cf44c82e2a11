import * as vscode from "vscode";
import { openDocument } from "../files.ts";

/**
 * Before a file is written on disk: a document of it with changes that are not saved is made to show the disk again, so
 * that VS Code follows what is written. Its text was kept, and Undo in the editor has it as well.
 */
export async function writeUnsaved(path: string): Promise<"not open" | { readonly why: string }> {
	const document = await openDocument(path);
	if (!document?.isDirty) return "not open";
	const before = vscode.window.activeTextEditor;
	const group = vscode.window.tabGroups.all.find(({ tabs }) => tabs.some((tab) => isTabOf(tab, document)));
	await vscode.window.showTextDocument(document, { ...(group && { viewColumn: group.viewColumn }), preview: false });
	await vscode.commands.executeCommand("workbench.action.files.revert");
	if (before && before.document !== document)
		await vscode.window.showTextDocument(before.document, { viewColumn: before.viewColumn, preview: false });
	return document.isDirty ? { why: vscode.l10n.t("It has changes in the editor that are not saved.") } : "not open";
}

function isTabOf({ input }: vscode.Tab, { uri }: vscode.TextDocument): boolean {
	return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}
