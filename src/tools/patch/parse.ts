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
	const bare = unwrapped(normalise(patch));
	if (bare.rest !== "") return { ok: false, failure: notAlone(bare.rest) };
	const { text } = bare;
	if (isV4a(text)) return parseV4a(text);
	const plain = text.replace(/^\*\*\* (?:Begin|End) Patch *$/gm, "");
	const files = /^(?:@@|diff --git |--- )/m.test(plain) ? parseUnified(plain, path) : undefined;
	if (files?.ok === false || (files && files.value.length > 0)) return files;
	return { ok: false, failure: NO_PATCH };
}

const NO_PATCH =
	"This is no patch: it has neither `*** Update File: path` sections nor `--- a/path` and `+++ b/path` headers. Use Edit to change a part of a file, Write for a whole one.";

/** Most of a command that is quoted back. */
const MAX_REST = 80;

function notAlone(rest: string): string {
	const shown = rest.length > MAX_REST ? `${rest.slice(0, MAX_REST)}…` : rest;
	return `A patch must be all of its call: send it alone, and what else the command does (\`${shown}\`) in a call of its own.`;
}

/** `apply_patch <<'EOF'`, and what else is on that line. */
const HERE = /^\s*(?:[\w./-]+[ \t]*)?<<(-?)[ \t]*["'\\]?([\w.-]+)["']?([^\n]*)\n/;

/** `rest`: what a shell would do besides. */
function unwrapped(text: string): { readonly text: string; readonly rest: string } {
	const fence = /^\s*(```+|~~~+)[^\n]*\n([\s\S]*?)\n\1\s*$/.exec(text);
	const inner = fence?.[2] ?? text;
	const here = HERE.exec(inner);
	if (!here) return { text: inner, rest: "" };
	const [head, dash, word, beside = ""] = here;
	const lines = inner.slice(head.length).split("\n");
	const isEnd = (line: string) => (dash ? line.replace(/^\t+/, "") : line).trimEnd() === word;
	const end = lines.findIndex(isEnd);
	const after = end < 0 ? [] : lines.slice(end + 1);
	return { text: lines.slice(0, end < 0 ? undefined : end).join("\n"), rest: [beside, ...after].join("\n").trim() };
}
