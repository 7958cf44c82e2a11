import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type GlobMatcher, matchNames } from "./glob.ts";

/*
 * `.kimiignore`: what the tools must not touch, in the syntax of .gitignore, in the workspace folder and in any below.
 * Read at each look, since a change counts at once, and synchronously: a search asks for each line while ripgrep writes.
 */

export const IGNORE_FILE = ".kimiignore";

interface Pattern {
	readonly matches: GlobMatcher;
	readonly isFolder: boolean;
	readonly isKept: boolean;
	/** What is true of a file that the rule excludes: words that go on after its path. */
	readonly reason: string;
}

const NAMED = "is named by a .kimiignore file";

/** Largest file whose rules are read, in bytes. */
const MAX_BYTES = 256 * 1024;

const UNREAD = `is hidden as all files there are, since a .kimiignore file can't be read or has over ${MAX_BYTES / 1024} KB`;

/** What can't be read may say anything, so that nothing is left to the tools. */
const EVERYTHING: readonly Pattern[] = [{ matches: () => true, isFolder: false, isKept: false, reason: UNREAD }];

/**
 * Whether a path below `top`, named with `/`, is named by a `.kimiignore`, or a folder above it is. As git has it: the
 * last rule that fits decides, a file further down wins over one further up, and nothing comes back from an excluded
 * folder. Letter case counts for rules that take back (`!`) only: in doubt a file is excluded.
 * One look: what was read stays known to it.
 * @returns why it is excluded, in words that go on after its path; undefined: it is not
 */
export function createIgnored(top: string): (name: string) => string | undefined {
	const folders = new Map<string, string | undefined>([[".", undefined]]);
	const files = new Map<string, readonly Pattern[]>();
	const patternsOf = (folder: string) => {
		const known = files.get(folder) ?? readPatterns(join(top, folder, IGNORE_FILE));
		files.set(folder, known);
		return known;
	};
	const decide = (name: string, isFolder: () => boolean) => {
		for (let folder = above(name); ; folder = above(folder)) {
			const below = folder === "." ? name : name.slice(folder.length + 1);
			const last = patternsOf(folder).findLast((each) => (!each.isFolder || isFolder()) && each.matches(below));
			if (last) return last.isKept ? undefined : last.reason;
			if (folder === ".") return undefined;
		}
	};
	const folderReason = (name: string): string | undefined => {
		if (folders.has(name)) return folders.get(name);
		const found = folderReason(above(name)) ?? decide(name, () => true);
		folders.set(name, found);
		return found;
	};
	return (name) => {
		if (name === ".") return undefined;
		return folderReason(above(name)) ?? decide(name, () => isFolder(join(top, name)));
	};
}

function above(name: string): string {
	const end = name.lastIndexOf("/");
	return end < 0 ? "." : name.slice(0, end);
}

function isFolder(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readPatterns(path: string): readonly Pattern[] {
	try {
		// O_NONBLOCK: opening a named pipe must not wait for a writer.
		const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		try {
			const found = fstatSync(file);
			if (found.isDirectory()) return [];
			if (!found.isFile() || found.size > MAX_BYTES) return EVERYTHING;
			return parsePatterns(readFileSync(file, "utf8"));
		} finally {
			closeSync(file);
		}
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" ? [] : EVERYTHING;
	}
}

function parsePatterns(text: string): readonly Pattern[] {
	return text
		.replace(/^\ufeff/, "")
		.split("\n")
		.flatMap(parsePattern);
}

function parsePattern(line: string): readonly Pattern[] {
	if (line.startsWith("#")) return [];
	const plain = trimmed(line.endsWith("\r") ? line.slice(0, -1) : line);
	const isKept = plain.startsWith("!");
	const pattern = isKept ? plain.slice(1) : plain;
	const isFolder = pattern.endsWith("/");
	const bare = isFolder ? pattern.slice(0, -1) : pattern;
	if (bare === "") return [];
	const segments = bare.replace(/^\//, "").split("/");
	const anchored = bare.includes("/") ? segments : ["**", ...segments];
	if (isKept) return [{ matches: (name) => matchNames(anchored, folded(name)), isFolder, isKept, reason: NAMED }];
	const lower = anchored.map((segment) => segment.toLowerCase());
	const matches = (name: string) => matchNames(anchored, folded(name)) || matchNames(lower, folded(name.toLowerCase()));
	return [{ matches, isFolder, isKept, reason: NAMED }];
}

/** Blanks at the end count only after a backslash. */
function trimmed(line: string): string {
	let end = line.length;
	while (end > 0 && line[end - 1] === " " && line[end - 2] !== "\\") end--;
	return line.slice(0, end);
}

/** macOS may write an `é` in two characters. */
function folded(name: string): readonly string[] {
	return name.normalize("NFC").split("/");
}
