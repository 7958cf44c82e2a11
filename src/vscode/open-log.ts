import { realpath } from "node:fs/promises";
import * as vscode from "vscode";
import { isInside } from "../node/place.ts";

/**
 * Opens all of a command's output, to be read only.
 * @param folder where such files are: a path on record that leads elsewhere is not opened
 */
export async function openCommandLog(path: string, folder: string): Promise<void> {
	const [file, top] = await Promise.all([path, folder].map((each) => realpath(each).catch(() => undefined)));
	if (file === undefined || top === undefined || !isInside(top, file)) {
		void vscode.window.showInformationMessage(vscode.l10n.t("The full output of this command is not kept any more."));
		return;
	}
	// Not as a document of ours: VS Code shows the largest files to the person, and not to extensions.
	await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file), { preview: true });
	await vscode.commands.executeCommand("workbench.action.files.setActiveEditorReadonlyInSession");
}
