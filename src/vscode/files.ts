import { realpath } from "node:fs/promises";
import { basename, isAbsolute, join, relative } from "node:path";
import * as vscode from "vscode";
import type { Encoding, FileFailure, Files, FileText, Result } from "../agent/ports.ts";
import { encode, hashOf } from "../node/encoding.ts";
import { createFiles } from "../node/files.ts";

/**
 * Files as the person sees them: an open document's live text wins over the disk and is changed in the editor, where it
 * can be undone; everything else goes straight to the disk, which is a hundred times faster.
 */
export function createEditorFiles(root: string | undefined): Files {
	const disk = createFiles(root);
	return {
		...disk,
		async read(path) {
			const document = await openDocument(path);
			if (!document) return disk.read(path);
			return (await refusal(disk, path)) ?? readDocument(document);
		},
		async write(path, content, expected) {
			const document = await openDocument(path);
			if (!document) return disk.write(path, content, expected);
			return (await refusal(disk, path)) ?? writeDocument(document, content.text, expected);
		},
	};
}

/** Links may have changed since the path was placed: what leads outside by now is refused, as on disk. */
async function refusal(disk: Files, path: string): Promise<Result<never, FileFailure> | undefined> {
	const place = await disk.place(path);
	if (!place.ok) return place;
	if (place.value.inside) return undefined;
	return { ok: false, failure: { code: "outside", message: "It is outside the workspace." } };
}

/** The open document of a file, also when the person opened it through a link to it or to one of its folders. */
export async function openDocument(path: string): Promise<vscode.TextDocument | undefined> {
	const { fsPath } = vscode.Uri.file(path);
	const open = vscode.workspace.textDocuments.filter(({ uri, isClosed }) => uri.scheme === "file" && !isClosed);
	const same = open.find(({ uri }) => uri.fsPath === fsPath);
	if (same) return same;
	const real = await Promise.all(open.map(({ uri }) => realpath(uri.fsPath).catch(() => undefined)));
	return open[real.indexOf(path)];
}

/** The URI under which the editor shows a file: its open document's, else the path below the folder as it was opened. */
export async function editorUri(root: string | undefined, path: string): Promise<vscode.Uri> {
	const document = await openDocument(path);
	if (document) return document.uri;
	const top = root === undefined ? undefined : await realpath(root).catch(() => undefined);
	const name = top === undefined ? undefined : relative(top, path);
	const isInside = name !== undefined && !name.startsWith("..") && !isAbsolute(name);
	return vscode.Uri.file(isInside ? join(root ?? "", name) : path);
}

/** The bytes that saving would write, where a document of this path is open with changes that are not saved. */
export async function liveBytes(path: string): Promise<Buffer | undefined> {
	const document = await openDocument(path);
	if (!document?.isDirty) return undefined;
	const bytes = await bytesOf(document, document.getText());
	return bytes.ok ? Buffer.from(bytes.value) : undefined;
}

async function readDocument(document: vscode.TextDocument): Promise<Result<FileText, FileFailure>> {
	const text = document.getText();
	const bytes = await bytesOf(document, text);
	if (!bytes.ok) return bytes;
	const { encoding, bom } = encodingOf(document);
	return { ok: true, value: { text, encoding, bom, hash: hashOf(bytes.value), dirty: document.isDirty } };
}

/** Bytes that the document would have on disk; refuses text that its encoding would turn into question marks. */
async function bytesOf(document: vscode.TextDocument, text: string): Promise<Result<Uint8Array, FileFailure>> {
	const own = ownEncodings[document.encoding];
	// Without a trip to the window and back, which takes longer than the edit.
	if (own) return encode({ text, ...own });
	const options = { encoding: document.encoding };
	const bytes = await vscode.workspace.encode(text, options);
	if ((await vscode.workspace.decode(bytes, options)) === text) return { ok: true, value: bytes };
	const message = `The file's encoding (${document.encoding}) cannot hold this text. Nothing was written.`;
	return { ok: false, failure: { code: "encoding", message } };
}

function encodingOf(document: vscode.TextDocument): { encoding: Encoding; bom: boolean } {
	// Another encoding is VS Code's own matter: the text goes back through the same document.
	return ownEncodings[document.encoding] ?? { encoding: "latin1", bom: false };
}

/** Encodings that both we and VS Code write, by VS Code's names. */
const ownEncodings: Readonly<Record<string, { encoding: Encoding; bom: boolean }>> = {
	utf8: { encoding: "utf8", bom: false },
	utf8bom: { encoding: "utf8", bom: true },
	utf16le: { encoding: "utf16le", bom: true },
	utf16be: { encoding: "utf16be", bom: true },
};

async function writeDocument(
	document: vscode.TextDocument,
	text: string,
	expected: string | null,
): Promise<Result<string, FileFailure>> {
	const bytes = await bytesOf(document, text);
	if (!bytes.ok) return bytes;
	// It was closed meanwhile: what it showed is no longer what the person sees.
	if (document.isClosed) return changed(document);
	const { version } = document;
	const before = document.getText();
	const now = await bytesOf(document, before);
	// The hash is worked out while the person may type: the version says whether it still speaks of this text.
	const isSame = now.ok && expected === hashOf(now.value) && document.version === version && !document.isClosed;
	if (!isSame) return changed(document);
	const edit = new vscode.WorkspaceEdit();
	edit.replace(document.uri, ...changedRange(document, before, text));
	if (!(await vscode.workspace.applyEdit(edit))) return changed(document);
	if (!(await document.save())) {
		const message = "The change is in the open editor but could not be saved. The person has to look at it.";
		return { ok: false, failure: { code: "other", message } };
	}
	return { ok: true, value: hashOf(bytes.value) };
}

function changed(document: vscode.TextDocument): Result<never, FileFailure> {
	const name = basename(document.uri.fsPath);
	const message = `${name} was changed in the editor meanwhile. Read it again.`;
	return { ok: false, failure: { code: "changed", message } };
}

/** The smallest range that differs, so that cursors, folds and undo outside of it stay as they are. */
export function changedRange(document: vscode.TextDocument, before: string, after: string): [vscode.Range, string] {
	const most = Math.min(before.length, after.length);
	let start = 0;
	while (start < most && before[start] === after[start]) start++;
	let end = 0;
	while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
	// A position inside of \r\n would be moved before it.
	if (before[start - 1] === "\r") start--;
	if (end > 0 && before[before.length - end] === "\n" && before[before.length - end - 1] === "\r") end--;
	const range = new vscode.Range(document.positionAt(start), document.positionAt(before.length - end));
	return [range, after.slice(start, after.length - end)];
}
