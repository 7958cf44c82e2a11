import { join, relative, sep } from "node:path";
import * as vscode from "vscode";
import type { HostWrite } from "../../node/checkpoints/apply.ts";
import { idOf } from "../../node/checkpoints/blobs.ts";
import type { RestoreFile, RestorePlan } from "../../node/checkpoints/restore.ts";
import { CHANGED, deleteFile, writeState } from "../../node/checkpoints/write.ts";
import type { FileState } from "../../shared/event.ts";
import { encodeAs } from "../encodings.ts";
import { openDocument } from "../files.ts";

/**
 * Writes a file that is open with changes that are not saved. First these are saved, so that at no moment and after no
 * failure they are less than they were; then the document, clean, follows what is written, and its Undo has them. On
 * disk by us, as a save alone would stop at a file that is newer.
 */
export async function writeUnsaved(
	root: string,
	path: string,
	bytes: Buffer | null,
	expected: FileState | null,
): ReturnType<HostWrite> {
	const document = await openDocument(path);
	if (!document?.isDirty) return "not open";
	const { version } = document;
	const typed = await encodeAs(document.getText(), document.encoding);
	const isAsTyped = () => document.version === version && !document.isClosed;
	if (!typed.ok) return { why: typed.failure.message };
	const live = Buffer.from(typed.value);
	if (idOf(live) !== expected?.id || !isAsTyped()) return { why: CHANGED };
	const name = relative(root, path).replaceAll(sep, "/");
	// Whether it can be run is set by the caller.
	const to = { id: "", mode: expected.mode };
	const notKept = await writeState(root, name, { to, bytes: live, isStill: async () => isAsTyped() });
	if (notKept !== undefined) return { why: notKept };
	const why = vscode.l10n.t("It has changes in the editor that are not saved.");
	if (!(await document.save()) || document.isDirty) return { why };
	const isStill = async () => !document.isDirty;
	const refused =
		bytes === null ? await deleteFile(root, name, isStill) : await writeState(root, name, { to, bytes, isStill });
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
