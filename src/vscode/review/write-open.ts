import { stat } from "node:fs/promises";
import type { Files } from "../../agent/ports.ts";
import type { HostWrite } from "../../node/checkpoints/apply.ts";
import { decodeAs, formOf } from "../encodings.ts";
import { openDocument } from "../files.ts";
import { writeUnsaved } from "./restore-write.ts";

/**
 * Text of an open document is put back in the editor, where the person sees it at once, no focus moves, and Undo has
 * what was there. The rest is written on disk.
 */
export function createWriteOpen(files: Files): HostWrite {
	const { root = "" } = files;
	return async (path, bytes) => {
		const document = await openDocument(path);
		if (!document) return "not open";
		const text = bytes ? await decodeAs(bytes, document.encoding) : undefined;
		const isThere = await stat(path).then(
			() => true,
			() => false,
		);
		const now = text !== undefined && isThere ? await files.read(path) : undefined;
		if (text === undefined || !now?.ok) return writeUnsaved(root, path, bytes);
		const written = await files.write(path, { text, ...formOf(document.encoding) }, now.value.hash);
		return written.ok ? "written" : { why: written.failure.message };
	};
}
