import type * as vscode from "vscode";

/*
 * VS Code compares notebooks in an editor of their own, which takes files that a file system has, and has no lines to
 * decide on. Documents of ours that stand for a notebook have another name, and so are shown as the JSON that they are.
 */
const END = ".json";
const MARK = "text";

/** The path of a document of ours that stands for a file. */
export function asText(path: string): string {
	return path.toLowerCase().endsWith(".ipynb") ? `${path}${END}` : path;
}

/** The same, to be found by `pathBehind`. */
export function asTextUri(uri: vscode.Uri): vscode.Uri {
	const path = asText(uri.path);
	return path === uri.path ? uri : uri.with({ path, fragment: MARK });
}

/** The path of the file that such a document stands for; else its own. */
export function pathBehind({ scheme, fsPath, fragment }: vscode.Uri): string {
	return scheme !== "file" && fragment === MARK ? fsPath.slice(0, -END.length) : fsPath;
}
