import { join, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { HostWrite } from "../../node/checkpoints/apply.ts";
import type { RestoreFile, RestorePlan } from "../../node/checkpoints/restore.ts";
import { deleteFile, writeState } from "../../node/checkpoints/write.ts";
import { openDocument } from "../files.ts";

/**
 * Writes a file that is open with changes that are not saved. The document is made to show the disk again first, so
 * that it follows what is written; saving it could meet a file that is newer, or a formatter. The text of before is
 * kept, and Undo in the editor has it as well.
 */
export async function writeUnsaved(root: string, path: string, bytes: Buffer | null): ReturnType<HostWrite> {
	const document = await openDocument(path);
	if (!document?.isDirty) return "not open";
	await showDisk(document);
	const why = vscode.l10n.t("It has changes in the editor that are not saved.");
	if (document.isDirty) return { why };
	const name = relative(root, path).replaceAll(sep, "/");
	const isStill = async () => !document.isDirty;
	const refused =
		bytes === null
			? await deleteFile(root, name, isStill)
			: // Whether it can be run is set by the caller.
				await writeState(root, name, { to: { id: "", mode: "file" }, bytes, isStill });
	return refused === undefined ? "written" : { why: refused };
}

/**
 * A file that is as it would be on screen only is to be written as well: it is open with changes that are not saved,
 * and what is on disk is not what the person sees.
 */
export async function withUnsaved(root: string, plan: RestorePlan): Promise<RestorePlan> {
	if (!vscode.workspace.textDocuments.some(({ isDirty }) => isDirty)) return plan;
	const files = plan.files.map(async (file): Promise<RestoreFile> => {
		if (file.kind !== "same" || !file.now) return file;
		const document = await openDocument(join(root, file.path));
		return document?.isDirty ? { ...file, kind: "clean", to: file.now } : file;
	});
	return { files: await Promise.all(files) };
}

/** VS Code knows this for the editor in front only. */
async function showDisk(document: vscode.TextDocument): Promise<void> {
	const before = vscode.window.activeTextEditor;
	const group = vscode.window.tabGroups.all.find(({ tabs }) => tabs.some((tab) => isTabOf(tab, document)));
	await vscode.window.showTextDocument(document, { ...(group && { viewColumn: group.viewColumn }), preview: false });
	await vscode.commands.executeCommand("workbench.action.files.revert");
	if (before && before.document !== document)
		await vscode.window.showTextDocument(before.document, { viewColumn: before.viewColumn, preview: false });
}

function isTabOf({ input }: vscode.Tab, { uri }: vscode.TextDocument): boolean {
	return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}
