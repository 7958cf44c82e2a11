import * as vscode from "vscode";

/** How long a workspace file without folders is waited for, in milliseconds: some have none. */
const PATIENCE = 5000;

/**
 * Resolves once the folders of a workspace file are known. In a remote window VS Code may start us before it has read
 * that file: all that a chat works with is made for the folders there are.
 */
export function foldersKnown(): Promise<void> {
	const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
	if (!workspaceFile || workspaceFolders.length > 0) return Promise.resolve();
	return new Promise((resolve) => {
		const over = () => {
			clearTimeout(timer);
			watching.dispose();
			resolve();
		};
		const timer = setTimeout(over, PATIENCE);
		const watching = vscode.workspace.onDidChangeWorkspaceFolders(over);
	});
}
