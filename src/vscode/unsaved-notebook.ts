import { realpath } from "node:fs/promises";
import * as vscode from "vscode";
import type { FileFailure, Result } from "../agent/ports.ts";

/**
 * Why a notebook is neither read nor written: the person has changes in its editor that are not on disk. VS Code gives no
 * text of a notebook, and would let them choose between theirs and ours once ours is on disk.
 */
export async function unsavedNotebook(path: string): Promise<Result<never, FileFailure> | undefined> {
	const unsaved = vscode.workspace.notebookDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === "file");
	const real = await Promise.all(unsaved.map(({ uri }) => realpath(uri.fsPath).catch(() => uri.fsPath)));
	if (!real.includes(path)) return undefined;
	const message =
		"It has changes in the notebook editor that are not saved: the person has to save or revert them first.";
	return { ok: false, failure: { code: "other", message } };
}
