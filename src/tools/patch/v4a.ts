import type { Result } from "../../agent/ports.ts";
import { type FilePatch, Hunks } from "./hunk.ts";

const SECTION = /^\*\*\* (Add|Create|Update|Modify|Delete|Remove) File: *(.+)$/;
const MOVE = /^\*\*\* (?:Move|Rename)(?: File)? to: *(.+)$/i;
const END_OF_FILE = /^\*\*\* End of File$/;
/** The whole patch, or one of several. */
const FRAME = /^\*\*\* (?:Begin|End) Patch$/;

/** Whether a text has file sections as `apply_patch` of OpenAI's Codex has them. */
export function isV4a(text: string): boolean {
	return text.split("\n").some((line) => SECTION.test(line.trimEnd()));
}

/** Reads a V4A patch. Takes it without its frame, and what Codex takes besides. The failure is for the model. */
export function parseV4a(text: string): Result<readonly FilePatch[], string> {
	const files: FilePatch[] = [];
	const lines = text.split("\n");
	let at = 0;
	while (at < lines.length) {
		const section = SECTION.exec((lines[at] ?? "").trimEnd());
		const from = ++at;
		if (!section) continue;
		const [, verb = "", name = ""] = section;
		while (at < lines.length && !isFrame(lines[at] ?? "")) at++;
		const body = lines.slice(from, at);
		const file = fileOf(verb, cleanPath(name), body, from);
		if (!file.ok) return file;
		files.push(file.value);
	}
	return { ok: true, value: files };
}

function isFrame(line: string): boolean {
	return SECTION.test(line.trimEnd()) || FRAME.test(line.trimEnd());
}

function fileOf(verb: string, path: string, body: readonly string[], from: number): Result<FilePatch, string> {
	if (verb === "Delete" || verb === "Remove") return { ok: true, value: { kind: "delete", path } };
	if (verb === "Update" || verb === "Modify") return { ok: true, value: change(path, body) };
	const text = addedText(body, from);
	return text.ok ? { ok: true, value: { kind: "create", path, text: text.value, executable: false } } : text;
}

/** The lines of a new file, each after its `+`; where none has one, the lines as they stand. */
function addedText(body: readonly string[], from: number): Result<string, string> {
	const own = body.slice(0, body.findLastIndex((line) => line.trim() !== "") + 1);
	const isMarked = own.some((line) => line.startsWith("+"));
	const bad = isMarked ? own.findIndex((line) => line !== "" && !line.startsWith("+")) : -1;
	if (bad >= 0) {
		const failure = `Line ${from + bad + 1} of the patch does not begin with "+", as each line of a new file has to.`;
		return { ok: false, failure };
	}
	return { ok: true, value: own.map((line) => `${isMarked ? line.slice(1) : line}\n`).join("") };
}

function change(path: string, body: readonly string[]): FilePatch {
	const hunks = new Hunks();
	let to: string | undefined;
	for (const [at, line] of body.entries()) {
		const marker = line.trimEnd();
		const move = MOVE.exec(marker);
		// Some add the headers of a unified diff.
		const isHeader = hunks.isEmpty && (isHeaderPair(line, body[at + 1]) || isHeaderPair(body[at - 1], line));
		if (move) to = cleanPath(move[1] ?? "");
		else if (END_OF_FILE.test(marker)) hunks.end();
		else if (line.startsWith("@@")) hunks.head(marker);
		else if (!isHeader && !(hunks.isEmpty && line === "")) hunks.line(line);
	}
	return { kind: "change", path, hunks: hunks.close(), ...(to !== undefined && { to }) };
}

function isHeaderPair(line: string | undefined, next: string | undefined): boolean {
	return line?.startsWith("--- ") === true && next?.startsWith("+++ ") === true;
}

function cleanPath(path: string): string {
	return path.trim().replace(/^(["'`])(.+)\1$/, "$2");
}
