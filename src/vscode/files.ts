import { constants } from "node:fs";
import { access, lstat, readFile, realpath } from "node:fs/promises";
import { basename, isAbsolute, join, relative } from "node:path";
import * as vscode from "vscode";
import type { FileContent, FileFailure, Files, FileText, Result } from "../agent/ports.ts";
import { decode, encode, hashOf } from "../node/encoding.ts";
import { createFiles } from "../node/files.ts";
import { moved } from "../node/hold.ts";
import { failureOf, resolveLinks } from "../node/place.ts";
import type { Places } from "../node/places.ts";
import { decodeAs, encodeAs, formOf, isSameForm } from "./encodings.ts";
import { unsavedNotebook } from "./unsaved-notebook.ts";

/**
 * Files as the person sees them: an open document's live text wins over the disk and is changed in the editor, where it
 * can be undone; everything else goes straight to the disk, which is a hundred times faster.
 */
export function createEditorFiles(places: Places): Files {
	const { root } = places;
	const disk = savedNotebooks(createFiles(places));
	return {
		...disk,
		async read(path) {
			const document = await liveDocument(disk, path);
			if (!document) return disk.read(path);
			return (await refusal(places, path, document)) ?? readDocument(document);
		},
		async write(path, content, expected) {
			const document = await liveDocument(disk, path);
			if (!document) return disk.write(path, content, expected);
			return (await refusal(places, path, document)) ?? writeDocument({ disk, path, document }, content, expected);
		},
		async remove(path, expected) {
			const document = await liveDocument(disk, path);
			if (!document) return disk.remove(path, expected);
			return (await refusal(places, path, document)) ?? removeDocument(document, expected);
		},
		async move(from, to, expected) {
			const document = await liveDocument(disk, from);
			if (!document) return disk.move(from, to, expected);
			const refused = (await refusal(places, from, document)) ?? (await refusal(places, to));
			if (refused) return refused;
			return moveDocument(document, await editorUri(root, to), expected);
		},
	};
}

/** What is on disk of a notebook is what the person sees, unless they have not saved it. */
function savedNotebooks(disk: Files): Files {
	return {
		...disk,
		read: async (path) => (await unsavedNotebook(path)) ?? disk.read(path),
		write: async (path, ...rest) => (await unsavedNotebook(path)) ?? disk.write(path, ...rest),
		remove: async (path, expected) => (await unsavedNotebook(path)) ?? disk.remove(path, expected),
		move: async (from, to, expected) => (await unsavedNotebook(from)) ?? disk.move(from, to, expected),
	};
}

/**
 * The open document of a file; not that of a file which is gone, unless it holds what the person typed. Nor one that is
 * not what is on disk without being dirty: it has not noticed yet that the file is another one, or the file mixes its
 * line ends, which VS Code gives all lines of a document the same, so that to save it would change every line.
 */
async function liveDocument(disk: Files, path: string): Promise<vscode.TextDocument | undefined> {
	const document = await openDocument(path);
	if (!document || document.isDirty) return document;
	if (!(await isThere(document.uri))) return undefined;
	const [read, shown] = await Promise.all([disk.read(path), bytesOf(document, document.getText())]);
	if (!read.ok || document.isDirty) return document;
	return shown.ok && hashOf(shown.value) === read.value.hash ? document : undefined;
}

async function isThere({ fsPath }: vscode.Uri): Promise<boolean> {
	return lstat(fsPath).then(
		() => true,
		() => false,
	);
}

/** Links may have changed since the path was placed, and since the document was opened: it is saved where they lead now. */
async function refusal(
	places: Places,
	path: string,
	document?: vscode.TextDocument,
): Promise<Result<never, FileFailure> | undefined> {
	const reached = await places.reach(path);
	if (!reached.ok) return reached;
	const shown = document && (await resolveLinks(document.uri.fsPath));
	return shown === undefined || (shown.ok && shown.value === reached.value.path) ? undefined : moved();
}

/** The open document of a file, also when the person opened it through a link to it or to one of its folders. */
export async function openDocument(path: string): Promise<vscode.TextDocument | undefined> {
	const { fsPath } = vscode.Uri.file(path);
	const open = vscode.workspace.textDocuments.filter(({ uri, isClosed }) => uri.scheme === "file" && !isClosed);
	const same = open.find(({ uri }) => uri.fsPath === fsPath);
	if (same) return same;
	const real = await Promise.all(open.map(realPathOf));
	return open[real.indexOf(path)];
}

/** Asked for with each file of a large undo, for each open document. A renamed document is another one. */
const realPaths = new WeakMap<vscode.TextDocument, string>();

async function realPathOf(document: vscode.TextDocument): Promise<string | undefined> {
	const known = realPaths.get(document);
	if (known !== undefined) return known;
	const found = await realpath(document.uri.fsPath).catch(() => undefined);
	if (found !== undefined) realPaths.set(document, found);
	return found;
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
	const hash = hashOf(bytes.value);
	return { ok: true, value: { text, ...formOf(document.encoding), hash, dirty: document.isDirty } };
}

/** Bytes that the document would have on disk. */
function bytesOf({ encoding }: vscode.TextDocument, text: string): Promise<Result<Uint8Array, FileFailure>> {
	return encodeAs(text, encoding);
}

interface OpenFile {
	readonly disk: Files;
	readonly path: string;
	readonly document: vscode.TextDocument;
}

async function writeDocument(
	file: OpenFile,
	content: FileContent,
	expected: string | null,
): Promise<Result<string, FileFailure>> {
	const { disk, path, document } = file;
	const bytes = content.encoding === "foreign" ? await bytesOf(document, content.text) : encode(content);
	if (!bytes.ok) return bytes;
	const text = await textIn(document, content, bytes.value);
	// Not as text of the document's encoding: the bytes count.
	if (text === undefined) return document.isDirty ? unsaved(document) : disk.write(path, content, expected);
	const denied = await access(path, constants.W_OK).then(() => undefined, failureOf);
	if (denied && denied.code !== "missing") return { ok: false, failure: denied };
	const before = document.getText();
	if (!(await isStill(document, expected))) return changed(document);
	const edit = new vscode.WorkspaceEdit();
	edit.replace(document.uri, ...changedRange(document, before, text));
	if (!(await vscode.workspace.applyEdit(edit))) return changed(document);
	if (!(await document.save())) {
		const message = "The change is in the open editor but could not be saved. The person has to look at it.";
		return fail("other", message);
	}
	return { ok: true, value: await asMeant(file, bytes.value) };
}

/** It may have been read before it was opened, or opened anew in another encoding. */
async function textIn({ encoding }: vscode.TextDocument, content: FileContent, bytes: Uint8Array) {
	return isSameForm(content, formOf(encoding)) ? content.text : decodeAs(bytes, encoding);
}

/**
 * A save may run formatters and the like, which change more than was accepted. What was meant goes on disk then, and the
 * document, which is clean, follows; its Undo stays. Returns the hash of what is there.
 */
async function asMeant({ disk, path, document }: OpenFile, bytes: Uint8Array): Promise<string> {
	const there = await readFile(path).catch(() => Buffer.of());
	const content = there.equals(bytes) || document.isDirty ? undefined : decode(bytes);
	const written = content?.ok ? await disk.write(path, content.value, hashOf(there)) : undefined;
	return written?.ok ? written.value : hashOf(there);
}

async function isStill(document: vscode.TextDocument, expected: string | null): Promise<boolean> {
	// It was closed meanwhile: what it showed is no longer what the person sees.
	if (document.isClosed) return false;
	const { version } = document;
	const now = await bytesOf(document, document.getText());
	// The hash is worked out while the person may type: the version says whether it still speaks of this text.
	return now.ok && expected === hashOf(now.value) && document.version === version && !document.isClosed;
}

/** By way of the editor, which closes it; the person can undo it there. */
async function removeDocument(document: vscode.TextDocument, expected: string): Promise<Result<void, FileFailure>> {
	if (!(await isStill(document, expected))) return changed(document);
	const trouble = (await throughLink(document)) ?? (document.isDirty ? unsaved(document) : undefined);
	if (trouble) return trouble;
	// The editor may not have noticed yet that the file is another one.
	if (hashOf(await readFile(document.uri.fsPath).catch(() => Buffer.of())) !== expected) return changed(document);
	const edit = new vscode.WorkspaceEdit();
	edit.deleteFile(document.uri);
	return done(await vscode.workspace.applyEdit(edit), `${nameOf(document)} could not be deleted in the editor.`);
}

/** By way of the editor, which goes on showing it, with what the person typed, under its new name. */
async function moveDocument(
	document: vscode.TextDocument,
	to: vscode.Uri,
	expected: string,
): Promise<Result<void, FileFailure>> {
	if (!(await isStill(document, expected))) return changed(document);
	const trouble = await throughLink(document);
	if (trouble) return trouble;
	if (await isThere(to)) return fail("changed", `There is a file ${basename(to.fsPath)} already. Nothing was renamed.`);
	const edit = new vscode.WorkspaceEdit();
	edit.renameFile(document.uri, to, { overwrite: false });
	return done(await vscode.workspace.applyEdit(edit), `${nameOf(document)} could not be renamed in the editor.`);
}

/** The editor would delete or rename the link and not the file. */
async function throughLink(document: vscode.TextDocument): Promise<Result<never, FileFailure> | undefined> {
	const found = await lstat(document.uri.fsPath).catch(() => undefined);
	if (!found?.isSymbolicLink()) return undefined;
	return fail(
		"other",
		`${nameOf(document)} is open in the editor through a link to it. The person has to close it first.`,
	);
}

function unsaved(document: vscode.TextDocument): Result<never, FileFailure> {
	const message = `${nameOf(document)} has changes in the editor that are not saved: the person has to save or close it first.`;
	return fail("other", message);
}

function done(applied: boolean, otherwise: string): Result<void, FileFailure> {
	return applied ? { ok: true, value: undefined } : fail("other", otherwise);
}

function nameOf(document: vscode.TextDocument): string {
	return basename(document.uri.fsPath);
}

function fail(code: FileFailure["code"], message: string): Result<never, FileFailure> {
	return { ok: false, failure: { code, message } };
}

function changed(document: vscode.TextDocument): Result<never, FileFailure> {
	return fail("changed", `${nameOf(document)} was changed in the editor meanwhile. Read it again.`);
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
