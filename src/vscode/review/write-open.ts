import { readFile } from "node:fs/promises";
import type { Files } from "../../agent/ports.ts";
import type { HostWrite } from "../../node/checkpoints/apply.ts";
import { idOf } from "../../node/checkpoints/blobs.ts";
import { CHANGED } from "../../node/checkpoints/write.ts";
import { hashOf } from "../../node/encoding.ts";
import { decodeAs, formOf } from "../encodings.ts";
import { openDocument } from "../files.ts";
import { writeUnsaved } from "./restore-write.ts";

/**
 * Text of an open document is put back in the editor, where the person sees it at once, no focus moves, and Undo has
 * what was there. The rest is written on disk.
 */
export function createWriteOpen(files: Files): HostWrite {
	const { root = "" } = files;
	return async (path, bytes, expected) => {
		const document = await openDocument(path);
		if (!document) return "not open";
		if (document.isDirty) return writeUnsaved(root, path, bytes, expected);
		const text = bytes && (await decodeAs(bytes, document.encoding));
		if (typeof text !== "string" || !expected) return "not open";
		const now = await readFile(path);
		if (idOf(now) !== expected.id) return { why: CHANGED };
		const written = await files.write(path, { text, ...formOf(document.encoding) }, hashOf(now));
		return written.ok ? "written" : { why: written.failure.message };
	};
}
