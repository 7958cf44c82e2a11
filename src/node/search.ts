import { lstat, open, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isSecret } from "../agent/policy.ts";
import type { FileFailure, GrepQuery, Place, Result, Search, SearchLines } from "../agent/ports.ts";
import { CAREFUL } from "./files.ts";
import { compileGlob, expandBraces, type GlobMatcher } from "./glob.ts";
import { isHiding } from "./hiding.ts";
import { type Held, hold, moved } from "./hold.ts";
import { IGNORE_FILE } from "./ignore.ts";
import { failureOf } from "./place.ts";
import type { Places } from "./places.ts";
import { type RipgrepRun, runRipgrep } from "./ripgrep.ts";

/** Longest line shown, in bytes; ripgrep itself cuts the rest, so that a minified file costs nothing. */
const MAX_COLUMNS = 500;

/** What is searched, held open: what takes its name meanwhile is not. */
interface Where {
	readonly rgPath: string;
	/** The folder that ripgrep runs in; with `stdin` any. */
	readonly cwd: string;
	/** The open file that is searched, instead of what is in `cwd`. */
	readonly stdin?: number;
	/** There are rules in `cwd` that spare ripgrep what is not wanted. */
	readonly ignoring?: true;
	/** What a file is called in results, by its name below `cwd`. */
	readonly name: (below: string) => string;
	/** Whether a file is wanted, by its name below `cwd`. */
	readonly wanted: GlobMatcher;
}

type Found = Result<SearchLines, FileFailure>;

export function createSearch({ rgPath, places }: { rgPath: string | undefined; places: Places }): Search {
	const search = async (path: string, glob: string, use: (where: Where) => Promise<Found>) => {
		if (rgPath === undefined) return fail(NO_RIPGREP);
		const matches = compileGlob(glob);
		if (!matches) return fail("The braces of the glob spell out too many alternatives.");
		const placed = await places.reach(path);
		if (!placed.ok) return placed;
		const isIgnored = await places.ignoring();
		try {
			return await held(placed.value, (opened) => {
				const at = (below: string) => (opened.stdin === undefined ? join(placed.value.path, below) : placed.value.path);
				const wanted = lastKnown((below) => matches(below) && !isIgnored(at(below)));
				return use({ ...opened, rgPath, wanted });
			});
		} catch (error) {
			return { ok: false, failure: failureOf(error) } as const;
		}
	};
	return {
		grep: (query, signal) =>
			search(query.path, query.glob ?? "**", (where) => grep(withoutSecrets(where), query, signal)),
		files: (query, signal) =>
			search(query.path, query.glob, async (where) => {
				const args = ["--files", "--null", "--sortr=modified", ...common(where, query.includeIgnored)];
				const page = createPage(where, { mode: "files", limit: query.limit, offset: 0 });
				return page.result(await runRipgrep(command(where, args, "\0"), page.take, signal));
			}),
		async listing(path, options, signal) {
			if (rgPath === undefined) return fail(NO_RIPGREP);
			const placed = await places.reach(path);
			if (!placed.ok) return placed;
			const { value } = placed;
			const list = ({ folder }: Held) =>
				listed({ rgPath, cwd: folder, name: namesIn(value), wanted: () => true }, options, signal);
			return hold(value.path, list).catch((error) => ({ ok: false, failure: failureOf(error) }));
		},
		async hiding(signal) {
			const tops = await places.tops();
			if (!tops.ok) return true;
			const looks = await Promise.all(tops.value.map((top) => isHiding(top, signal)));
			return looks.includes(true);
		},
	};
}

const NO_RIPGREP = "ripgrep was not found, so there is no search. Use Bash with grep or find.";

async function listed(where: Where, { all, limit }: { all: boolean; limit: number }, signal: AbortSignal) {
	const args = ["--files", "--null", ...QUIET, ...(all ? ["--hidden", "--no-ignore"] : [])];
	const page = createPage(where, { mode: "files", limit, offset: 0 });
	return page.result(await runRipgrep(command(where, args, "\0"), page.take, signal));
}

type Opened = Omit<Where, "rgPath" | "wanted">;

/** Opens the folder or file that was placed, and no other. Failures of the system reject. */
async function held(place: Place, use: (opened: Opened) => Promise<Found>): Promise<Found> {
	const { path, name } = place;
	if ((await stat(path)).isDirectory()) {
		return hold(path, async ({ folder, at }) => {
			// Its rules count from the folder that ripgrep runs in. Whatever it leaves, `wanted` decides.
			const ignoring = name === "." && (await isFile(at(IGNORE_FILE)));
			return use({ cwd: folder, name: namesIn(place), ...(ignoring && { ignoring }) });
		});
	}
	const file = basename(path);
	return hold(dirname(path), async (folder) => {
		const handle = await open(folder.at(file), CAREFUL);
		try {
			const isThis = (await folder.isStill(handle, file)) && (await handle.stat()).isFile();
			return isThis ? await use({ cwd: folder.folder, stdin: handle.fd, name: () => name }) : moved();
		} finally {
			await handle.close();
		}
	});
}

/** What files below a folder are called in results. */
function namesIn({ name }: Place): Where["name"] {
	const prefix = name === "." ? "" : `${name.replace(/[\\/]$/, "")}/`;
	return (below) => prefix + below;
}

function isFile(path: string): Promise<boolean> {
	return lstat(path).then(
		(found) => found.isFile(),
		() => false,
	);
}

/** Lines of one file come together. */
function lastKnown(matches: GlobMatcher): GlobMatcher {
	let known: { readonly name: string; readonly is: boolean } | undefined;
	return (name) => {
		if (known?.name !== name) known = { name, is: matches(name) };
		return known.is;
	};
}

/** Unless one is all that is searched, which asks. */
function withoutSecrets(where: Where): Where {
	if (where.stdin !== undefined) return where;
	return { ...where, wanted: lastKnown((below) => where.wanted(below) && !isSecret(where.name(below))) };
}

const QUIET = ["--no-config", "--no-messages", "--no-ignore-messages", "--color=never"];

function common({ ignoring }: Opened, includeIgnored: boolean | undefined): string[] {
	const ignored = includeIgnored ? ["--no-ignore"] : ["--no-require-git"];
	const ours = ignoring ? [`--ignore-file=${IGNORE_FILE}`] : [];
	return [...QUIET, "--hidden", "--glob=!.git", ...ignored, ...ours];
}

function command({ rgPath, cwd, stdin }: Where, args: readonly string[], separator: "\n" | "\0") {
	const target = stdin === undefined ? "./" : "-";
	return { rgPath, args: [...args, "--", target], cwd, separator, ...(stdin !== undefined && { stdin }) };
}

/**
 * ripgrep finds in parallel and in no order. A result that fits is put in order here; one that does not is found again
 * in order, which stops at the cap, so that every page of it continues the one before.
 */
async function grep(where: Where, query: GrepQuery, signal: AbortSignal): Promise<Found> {
	const args = [...modeArgs(query), ...common(where, query.includeIgnored), ...pruning(query.glob)];
	const pattern = ["--regexp", query.pattern];
	const separator = query.mode === "files" ? "\0" : "\n";
	if (query.offset === 0 && where.stdin === undefined) {
		const page = createPage(where, query);
		const run = await runRipgrep(command(where, [...args, ...pattern], separator), page.take, signal);
		if (run.ended !== "enough") return page.result(run, "sort");
	}
	const page = createPage(where, query);
	const sorted = command(where, [...args, "--sort=path", ...pattern], separator);
	return page.result(await runRipgrep(sorted, page.take, signal));
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
	/** Below the folder that is searched. */
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
		const line = parse(record, mode, where.name);
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

function parse(record: string, mode: GrepQuery["mode"], nameOf: Where["name"]): Line | undefined {
	const end = record.indexOf("\0");
	if (mode === "files") {
		const name = bare(record);
		return { name, text: visible(nameOf(name)) };
	}
	if (end < 0) return undefined;
	const name = bare(record.slice(0, end));
	const shown = visible(nameOf(name));
	const rest = record.slice(end + 1).replace(/\r$/, "");
	if (mode === "count") return { name, text: `${shown}:${rest}` };
	// Anything else is ripgrep's remark that a binary file matches.
	const number = /^\d+([:-])/.exec(rest);
	return number ? { name, text: `${shown}${number[1]}${rest}` } : undefined;
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
