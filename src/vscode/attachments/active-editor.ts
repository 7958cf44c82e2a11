import type * as vscode from "vscode";
import { nameOf } from "../../node/place.ts";
import type { Wanted } from "../../shared/attachments.ts";

/** What is selected in an editor of a file, if anything. */
export function selectionOf(
	root: string | undefined,
	editor: vscode.TextEditor | undefined,
): Extract<Wanted, { kind: "selection" }> | undefined {
	if (!editor || root === undefined || editor.selection.isEmpty || editor.document.uri.scheme !== "file") return;
	const { document, selection } = editor;
	const text = document.getText(selection);
	const { start, end } = selection;
	// A line of which only the break is selected is not meant.
	const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
	return {
		kind: "selection",
		path: nameOf(root, document.uri.fsPath),
		from: start.line + 1,
		to: last + 1,
		text,
	};
}
