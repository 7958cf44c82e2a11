import { normalise } from "../../agent/eol.ts";
import type { Result } from "../../agent/ports.ts";
import type { FilePatch } from "./hunk.ts";
import { parseUnified } from "./unified.ts";
import { isV4a, parseV4a } from "./v4a.ts";

/**
 * Reads a patch in either of the two forms that models send, also in a code fence or a shell's here-document. `path` is
 * the file that a diff without headers is for. The failure is for the model.
 */
export function parsePatch(patch: string, path?: string): Result<readonly FilePatch[], string> {
	const text = unwrapped(normalise(patch));
	if (isV4a(text)) return parseV4a(text);
	const plain = text.replace(/^\*\*\* (?:Begin|End) Patch *$/gm, "");
	const files = /^(?:@@|diff --git |--- )/m.test(plain) ? parseUnified(plain, path) : undefined;
	if (files?.ok === false || (files && files.value.length > 0)) return files;
	return { ok: false, failure: NO_PATCH };
}

const NO_PATCH =
	"This is no patch: it has neither `*** Update File: path` sections nor `--- a/path` and `+++ b/path` headers. Use Edit to change a part of a file, Write for a whole one.";

function unwrapped(text: string): string {
	const fence = /^\s*(```+|~~~+)[^\n]*\n([\s\S]*?)\n\1\s*$/.exec(text);
	const inner = fence?.[2] ?? text;
	// `apply_patch <<'EOF'` and what follows up to a line with just that word.
	const here = /^\s*(?:[\w./-]+ +)?<<-?\s*(["']?)(\w+)\1[^\n]*\n([\s\S]*?)(?:\n\2\s*)?$/.exec(inner);
	return here?.[3] ?? inner;
}
