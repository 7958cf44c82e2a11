import { basename } from "node:path";
import { isSecret } from "../agent/policy.ts";
import type { FileFailure, GrepQuery, Result, Search, SearchLines } from "../agent/ports.ts";
import { compileGlob, expandBraces, type GlobMatcher } from "./glob.ts";
import { nameOf, resolveLinks } from "./place.ts";
import { type RipgrepRun, runRipgrep } from "./ripgrep.ts";

/** Longest line shown, in bytes; ripgrep itself cuts the rest, so that a minified file costs nothing. */
const MAX_COLUMNS = 500;

interface Where {
	readonly rgPath: string;
	/** Workspace folder, links resolved. */
	readonly top: string;
	/** What is searched, relative to it. */
	readonly target: string;
	/** Whether a file, named relative to the workspace, is wanted. */
	readonly wanted: GlobMatcher;
}

type Found = Result<SearchLines, FileFailure>;

/** Paths in queries are absolute and were placed inside the workspace. Files that may hold secrets are left out. */
export function createSearch(options: { rgPath: string | undefined; root: string | undefined }): Search {
	return {
		async grep(query, signal) {
			const where = await locate(options, query.path, query.glob ?? "**");
			return where.ok ? grep(where.value, query, signal) : where;
		},
		async files(query, signal) {
			const where = await locate(options, query.path, query.glob);
			if (!where.ok) return where;
			const { value } = where;
			const args = ["--files", "--null", "--sortr=modified", ...common(query.includeIgnored), "--", value.target];
			const page = createPage(value, { mode: "files", limit: query.limit, offset: 0 });
			return page.result(await runRipgrep(command(value, args, "\0"), page.take, signal));
		},
	};
}

async function locate(
	{ rgPath, root }: { rgPath: string | undefined; root: string | undefined },
	path: string,
	glob: string,
): Promise<Result<Where, FileFailure>> {
	if (rgPath === undefined) return fail("ripgrep was not found, so there is no search. Use Bash with grep or find.");
	if (root === undefined) return fail("No folder is open.");
	const matches = compileGlob(glob);
	if (!matches) return fail("The braces of the glob spell out too many alternatives.");
	const [top, real] = await Promise.all([resolveLinks(root), resolveLinks(path)]);
	if (!top.ok) return top;
	if (!real.ok) return real;
	const target = nameOf(top.value, real.value);
	const wanted = (name: string) => matches(below(target, name)) && (name === target || !isSecret(name));
	return { ok: true, value: { rgPath, top: top.value, target, wanted } };
}

/** A file's name as the glob sees it: relative to the searched folder, its own name when it is what is searched. */
function below(target: string, name: string): string {
	if (target === ".") return name;
	return name === target ? basename(name) : name.slice(target.length + 1);
}

function common(includeIgnored: boolean | undefined): string[] {
	const ignoring = includeIgnored ? ["--no-ignore"] : ["--no-require-git"];
	return ["--no-config", "--no-messages", "--color=never", "--hidden", "--glob=!.git", ...ignoring];
}

function command({ rgPath, top }: Where, args: readonly string[], separator: "\n" | "\0") {
	return { rgPath, args, cwd: top, separator };
}

/**
 * ripgrep finds in parallel and in no order. A result that fits is put in order here; one that does not is found again
 * in order, which stops at the cap, so that every page of it continues the one before.
 */
async function grep(where: Where, query: GrepQuery, signal: AbortSignal): Promise<Found> {
	const args = [...modeArgs(query), ...common(query.includeIgnored), ...pruning(query.glob)];
	const tail = ["--regexp", query.pattern, "--", where.target];
	const separator = query.mode === "files" ? "\0" : "\n";
	if (query.offset === 0) {
		const page = createPage(where, query);
		const run = await runRipgrep(command(where, [...args, ...tail], separator), page.take, signal);
		if (run.ended !== "enough") return page.result(run, "sort");
	}
	const page = createPage(where, query);
	return page.result(await runRipgrep(command(where, [...args, "--sort=path", ...tail], separator), page.take, signal));
}

function modeArgs(query: GrepQuery): string[] {
	const args = ["--null", "--with-filename"];
	if (query.ignoreCase) args.push("--ignore-case");
	if (query.multiline) args.push("--multiline", "--multiline-dotall");
	if (query.mode === "files") return [...args, "--files-with-matches"];
	if (query.mode === "count") return [...args, "--count"];
	const context = [`--before-context=${query.before ?? 0}`, `--after-context=${query.after ?? 0}`];
	const columns = [`--max-columns=${MAX_COLUMNS}`, "--max-columns-preview"];
	return [...args, "--line-number", "--no-heading", ...columns, ...context];
}

/** Spares ripgrep the files whose last name cannot match; a type filter, unlike `--glob`, leaves ignore files in force. */
function pruning(glob: string | undefined): string[] {
	if (glob === undefined || glob.startsWith("!")) return [];
	const names = (expandBraces(glob) ?? []).map((each) => each.split("/").at(-1) ?? "");
	const plain = names.length > 0 && names.every((name) => name !== "**" && /^[\w.*?-]+$/.test(name));
	return plain ? [...names.map((name) => `--type-add=wanted:${name}`), "--type=wanted"] : [];
}

interface Line {
	readonly name: string;
	readonly text: string;
}

/** Reads ripgrep's records (`path NUL rest`) and keeps the lines of one page. */
function createPage(where: Where, { mode, limit, offset }: Pick<GrepQuery, "mode" | "limit" | "offset">) {
	const lines: Line[] = [];
	let skipped = 0;
	let more = false;
	let gap = false;
	const take = (record: string): "more" | "enough" => {
		const line = parse(record, mode);
		if (!line) {
			gap ||= record === "--";
			return "more";
		}
		if (!where.wanted(line.name)) return "more";
		if (skipped < offset) {
			skipped++;
			return "more";
		}
		if (lines.length === limit) {
			more = true;
			return "enough";
		}
		lines.push(gap && lines.length > 0 ? { ...line, text: `--\n${line.text}` } : line);
		gap = false;
		return "more";
	};
	const result = (run: RipgrepRun, order?: "sort"): Found => {
		if (run.ended === "failed") return fail(explain(run.error));
		if (run.ended === "timeout") return fail("The search took over a minute and was ended. Narrow its path or glob.");
		if (run.ended === "aborted") return fail("The search was stopped.");
		const sorted = order ? inPathOrder(lines) : lines;
		const shown = sorted.flatMap((line) => line.text.split("\n"));
		return { ok: true, value: { lines: shown[0] === "--" ? shown.slice(1) : shown, more } };
	};
	return { take, result };
}

function parse(record: string, mode: GrepQuery["mode"]): Line | undefined {
	const end = record.indexOf("\0");
	if (mode === "files") {
		const name = bare(record);
		return { name, text: visible(name) };
	}
	if (end < 0) return undefined;
	const name = bare(record.slice(0, end));
	const rest = record.slice(end + 1).replace(/\r$/, "");
	if (mode === "count") return { name, text: `${visible(name)}:${rest}` };
	// Anything else is ripgrep's remark that a binary file matches.
	const number = /^\d+([:-])/.exec(rest);
	return number ? { name, text: `${visible(name)}${number[1]}${rest}` } : undefined;
}

function bare(path: string): string {
	const name = path.startsWith("./") ? path.slice(2) : path;
	return process.platform === "win32" ? name.replaceAll("\\", "/") : name;
}

/** A line break in a file's name must not pass for another line of the result. */
function visible(name: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
	return name.replace(/[\x00-\x1f\x7f-\x9f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** As `--sort=path` has it: folder by folder, files of one folder by name. Lines of one file stay as they came. */
function inPathOrder(lines: readonly Line[]): readonly Line[] {
	const groups = Map.groupBy(lines, (line) => line.name);
	const keys = [...groups.keys()].map((name) => ({ name, parts: name.split("/") }));
	keys.sort((a, b) => compare(a.parts, b.parts));
	return keys.flatMap(({ name }) => groups.get(name) ?? []);
}

function compare(a: readonly string[], b: readonly string[]): number {
	const at = a.findIndex((part, index) => part !== b[index]);
	if (at < 0) return a.length - b.length;
	const [left, right] = [a[at] ?? "", b[at] ?? ""];
	return left < right ? -1 : 1;
}

/** Without the program's name and its advice on flags that the model cannot set. */
function explain(error: string): string {
	const own = error.split(/\n\s*Consider enabling PCRE2/, 1)[0] ?? error;
	return own.replace(/^rg: /, "").trim();
}

function fail(message: string): { ok: false; failure: FileFailure } {
	return { ok: false, failure: { code: "other", message } };
}
