import type { Result } from "../../agent/ports.ts";
import { type FilePatch, type Hunk, Hunks, sideOf } from "./hunk.ts";

/** What the headers of one file say, and its hunks. */
interface Draft {
	old?: string;
	new?: string;
	renameFrom?: string;
	renameTo?: string;
	/** `a/x b/x` of `diff --git`: all there is for an empty file. */
	git?: string;
	isNew?: boolean;
	isDeleted?: boolean;
	mode?: string;
	modeChange?: boolean;
	isCopy?: boolean;
	isBinary?: boolean;
	readonly hunks: Hunks;
}

/** Header lines of git, by how they begin. */
const HEADERS: readonly (readonly [RegExp, (file: Draft, value: string) => void])[] = [
	[/^rename from (.+)$/, (file, value) => Object.assign(file, { renameFrom: unquoted(value) })],
	[/^rename to (.+)$/, (file, value) => Object.assign(file, { renameTo: unquoted(value) })],
	[/^copy (?:from|to) (.+)$/, (file) => Object.assign(file, { isCopy: true })],
	[/^new file mode (\d+)$/, (file, mode) => Object.assign(file, { isNew: true, mode })],
	[/^deleted file mode (\d+)$/, (file) => Object.assign(file, { isDeleted: true })],
	[/^new mode (\d+)$/, (file, mode) => Object.assign(file, { modeChange: true, mode })],
	[/^(?:Binary files .+ differ|GIT binary patch)$/, (file) => Object.assign(file, { isBinary: true })],
];

/**
 * Reads a unified diff of one file or several, as git and `diff -u` write them and models imitate them. Text before the
 * first header is left out. `path` names the file where the diff does not. The failure is for the model.
 */
export function parseUnified(text: string, path?: string): Result<readonly FilePatch[], string> {
	const lines = text.split("\n");
	const files: Draft[] = [];
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] ?? "";
		if (isHeader(lines, at, files.at(-1))) nameFile(files, line, lines[++at] ?? "");
		else readLine(files, line);
	}
	const read = files.map((file) => fileOf(file, path));
	const bad = read.find((each) => !each.ok);
	return bad ?? { ok: true, value: read.flatMap((each) => (each.ok ? [each.value] : [])) };
}

/** `---` and `+++`: the first of a file, or those that belong to a `diff --git` just above. */
function nameFile(files: Draft[], old: string, now: string): void {
	const last = files.at(-1);
	const isNamed = last === undefined || !last.hunks.isEmpty || last.old !== undefined;
	const file = isNamed ? { hunks: new Hunks() } : last;
	if (isNamed) files.push(file);
	Object.assign(file, { old: headerPath(old), new: headerPath(now) });
}

function readLine(files: Draft[], line: string): void {
	const file = files.at(-1);
	if (line.startsWith("diff --git ")) files.push({ git: line.slice("diff --git ".length), hunks: new Hunks() });
	else if (line.startsWith("@@")) {
		const own = file ?? { hunks: new Hunks() };
		if (!file) files.push(own);
		own.hunks.head(line);
	} else if (file?.hunks.isEmpty) readHeader(file, line);
	else file?.hunks.line(line);
}

/** `---` and `+++`: names of a file, unless the hunk they are in has just these two lines to come. */
function isHeader(lines: readonly string[], at: number, file: Draft | undefined): boolean {
	if (!lines[at]?.startsWith("--- ") || !lines[at + 1]?.startsWith("+++ ")) return false;
	const left = file?.hunks.left;
	if (left?.old === 1 && left.new === 1) return false;
	return file === undefined || file.hunks.isEmpty || lines[at + 2]?.startsWith("@@") === true;
}

function readHeader(file: Draft, line: string): void {
	for (const [pattern, set] of HEADERS) {
		const found = pattern.exec(line.trimEnd());
		if (found) set(file, found[1] ?? "");
	}
}

function fileOf(file: Draft, given: string | undefined): Result<FilePatch, string> {
	const hunks = file.hunks.close();
	const { from, to } = namesOf(file, given);
	const path = to ?? from;
	if (path === undefined)
		return fail("The patch does not say which file it is for: begin it with `--- a/path` and `+++ b/path`.");
	const trouble = unfit(file, path, hunks);
	if (trouble !== undefined) return fail(trouble);
	if (from === undefined || file.isNew) return created(path, hunks, file.mode);
	if (to === undefined || file.isDeleted) {
		const text = hunks.length === 0 ? {} : { text: hunks.flatMap((hunk) => sideOf(hunk, "old")).join("\n") };
		return { ok: true, value: { kind: "delete", path: from, ...text } };
	}
	const mode = file.modeChange && file.mode !== undefined ? { mode: file.mode } : {};
	return { ok: true, value: { kind: "change", path: from, hunks, ...(to !== from && { to }), ...mode } };
}

function unfit({ isBinary, isCopy, mode = "", modeChange, renameTo }: Draft, path: string, hunks: readonly Hunk[]) {
	if (isBinary)
		return `${path}: a patch can't change a binary file here. Bash can (cp, mv, rm, or a program that makes it).`;
	if (isCopy) return `${path}: a patch can't copy a file here. Copy it with Bash (cp), then edit the copy.`;
	if (/^1[26]/.test(mode)) return `${path}: a patch can't make a link or a submodule here. Bash can (ln -s, git).`;
	if (modeChange && hunks.length === 0 && renameTo === undefined)
		return `${path}: a patch can't change a file's mode here. Bash can: chmod ${mode.slice(-3)} ${path}`;
	return undefined;
}

function created(path: string, hunks: readonly Hunk[], mode: string | undefined): Result<FilePatch, string> {
	if (hunks.some((hunk) => sideOf(hunk, "old").some((line) => line !== "")))
		return fail(`${path} is new in the patch, so each of its lines has to begin with "+".`);
	const lines = hunks.flatMap((hunk) => sideOf(hunk, "new"));
	const hasBreak = lines.length > 0 && hunks.at(-1)?.lastBreak !== false;
	const text = lines.join("\n") + (hasBreak ? "\n" : "");
	return { ok: true, value: { kind: "create", path, text, executable: mode === "100755" } };
}

/** Names without git's `a/` and `b/`; undefined on the side where there is no file. */
function namesOf(file: Draft, given: string | undefined): { from: string | undefined; to: string | undefined } {
	const { renameFrom, renameTo } = file;
	if (renameFrom !== undefined && renameTo !== undefined) return { from: renameFrom, to: renameTo };
	if (file.old === undefined || file.new === undefined) {
		const path = gitPath(file.git) ?? given;
		return { from: path, to: path };
	}
	const isGit = file.old !== file.new;
	const bare = (name: string, prefix: string) =>
		name === "/dev/null" ? undefined : isGit && name.startsWith(prefix) ? name.slice(prefix.length) : name;
	const [from, to] = [bare(file.old, "a/"), bare(file.new, "b/")];
	// `diff -u x.orig x` names a copy that was kept aside.
	const isBackup =
		from !== undefined && to !== undefined && [".orig", ".bak", ".old", "~"].some((end) => from === to + end);
	return { from: isBackup ? to : from, to };
}

/** The name in `a/x b/x`, where both are the same. */
function gitPath(names: string | undefined): string | undefined {
	if (names === undefined) return undefined;
	const half = (names.length - 1) / 2;
	const [old, now] = [unquoted(names.slice(0, half)), unquoted(names.slice(half + 1))];
	return old.startsWith("a/") && now.startsWith("b/") && old.slice(2) === now.slice(2) ? now.slice(2) : undefined;
}

/** The path after `---` or `+++`: a tab and a time may follow. */
function headerPath(line: string): string {
	const [path = ""] = line.slice(4).split("\t");
	return unquoted(path.replace(/ +\d{4}-\d\d-\d\d[ T]\d\d:.*$/, "").trim());
}

/** Git quotes names with odd characters as C does, bytes in octal. */
function unquoted(name: string): string {
	if (!/^".*"$/.test(name)) return name;
	const bytes: Buffer[] = [];
	for (const [piece, octal, char] of name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/g)) {
		if (octal !== undefined) bytes.push(Buffer.from([Number.parseInt(octal, 8)]));
		else bytes.push(Buffer.from(char === undefined ? piece : (ESCAPES[char] ?? char)));
	}
	return Buffer.concat(bytes).toString("utf8");
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function fail(failure: string): Result<never, string> {
	return { ok: false, failure };
}
