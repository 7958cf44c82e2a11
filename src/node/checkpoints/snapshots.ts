import { constants } from "node:fs";
import { access, lstat } from "node:fs/promises";
import type { FileState } from "../../shared/event.ts";
import { hashLarge } from "./look.ts";
import { decodeNames, encodeName, pathOf } from "./names.ts";
import type { Repository } from "./repository.ts";
import { type Rules, readRules } from "./rules.ts";

/** The workspace at one moment. */
export interface Tree {
	/** Name of git's tree object. */
	readonly id: string;
	/** What is there and not in the tree, by path; a folder ends in `/`. */
	readonly leftOut: ReadonlyMap<string, LeftOut>;
	/** By what files were left out of it, besides the ignore files in it. */
	readonly rules: Rules;
	/** When its reading began, in ms since 1970. */
	readonly at: number;
}

export interface LeftOut {
	/** Differs where the file does; empty for what can't be read. */
	readonly stamp: string;
	/** What it is, where it was in the tree before it grew. */
	readonly state?: FileState;
}

/** Largest file of a snapshot, in bytes. */
const FILE_LIMIT = 2 * 1024 * 1024;
/** Beyond, a snapshot is not worth what it costs. */
const MAX_FILES = 100_000;
const MAX_BYTES = 1024 * 1024 * 1024;
/** Files that git is handed at once: what a run that is cut short has read stays read. */
const BATCH = 10_000;
/** From so many files on they go into one pack: a tenth of the disk, and faster than a file each. */
const PACK_FROM = 200;
/** Repositories within repositories are entered one level a round. */
const MAX_ROUNDS = 20;

/**
 * git does not look into a repository within the workspace, unless its index has a file there. So it gets one: it is in
 * the tree only.
 */
const SEED = ".kimi-k2-agent-looks-into-this-repository";
const EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
/** The tree without files. */
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** Files that differ from the index or are not in it. */
interface Listed {
	readonly known: readonly string[];
	readonly fresh: readonly string[];
	/** Folders that can't be read. */
	readonly closed: readonly string[];
}

/** What a run of snapshots knows from one to the next. */
export interface Memory {
	/** The tree of the index as it is; undefined when unknown. */
	id: string | undefined;
}

export interface Trouble {
	readonly why: string;
	/** The workspace is not fit for it, so that trying again is no use. */
	readonly final?: true;
}

/** Reads what changed since the last one, into the index and the object store. */
export async function takeTree(repository: Repository, memory: Memory, root: string): Promise<Tree | Trouble> {
	const at = Date.now();
	const rules = await readRules(repository);
	const listed = await listAll(repository);
	if ("why" in listed) return listed;
	const checked = await check(root, listed);
	if ("why" in checked) return checked;
	const leftOut = new Map(checked.leftOut);
	if (checked.take.length + checked.drop.length > 0 || memory.id === undefined) {
		memory.id = undefined;
		const closed = await update(repository, root, checked);
		if ("why" in closed) return closed;
		for (const name of closed) leftOut.set(name, { stamp: "" });
		const id = await writeTree(repository);
		if (!id.ok) return { why: id.why };
		memory.id = id.value;
	}
	return { id: memory.id, leftOut, rules, at };
}

async function listAll(repository: Repository): Promise<Listed | Trouble> {
	for (let round = 0; round < MAX_ROUNDS; round++) {
		const found = await repository.run(["ls-files", "-m", "-o", "-t", "-z", "--exclude-standard"]);
		if (!found.ok) return { why: found.error };
		const { known, fresh, repositories } = sorted(decodeNames(found.output));
		if (known.length + fresh.length > MAX_FILES) return tooBig(MAX_FILES.toLocaleString("en"));
		if (repositories.length === 0) return { known, fresh, closed: closedIn(found.warnings) };
		const seeds = repositories.map((name) => `100644 ${EMPTY_BLOB}\t${repository.prefix}${name}${SEED}\0`).join("");
		const seeded = await repository.run(["update-index", "-z", "--index-info"], { input: encodeName(seeds) });
		if (!seeded.ok) return { why: seeded.error };
	}
	return { why: "Repositories lie too deep in each other." };
}

function tooBig(limit: string): Trouble {
	return { why: `The workspace has more than ${limit} files that no .gitignore leaves out.`, final: true };
}

function sorted(text: string) {
	const known: string[] = [];
	const fresh: string[] = [];
	const repositories: string[] = [];
	for (const entry of text.split("\0")) {
		const name = entry.slice(2);
		if (name === "" || isSeed(name)) continue;
		if (name.endsWith("/")) repositories.push(name);
		else if (entry.startsWith("?")) fresh.push(name);
		else known.push(name);
	}
	return { known, fresh, repositories };
}

export function isSeed(name: string): boolean {
	return name.endsWith(SEED);
}

function closedIn(warnings: string): string[] {
	return [...warnings.matchAll(/could not open directory '(.*)'/g)].flatMap(([, name]) => (name ? [name] : []));
}

interface Checked {
	readonly take: readonly string[];
	readonly drop: readonly string[];
	readonly leftOut: ReadonlyMap<string, LeftOut>;
}

async function check(root: string, { known, fresh, closed }: Listed): Promise<Checked | Trouble> {
	const leftOut = new Map<string, LeftOut>(closed.map((name) => [name, { stamp: "" }]));
	const take: string[] = [];
	const drop: string[] = [];
	let bytes = 0;
	const one = async (name: string, isKnown: boolean) => {
		const path = pathOf(root, name);
		const found = await lstat(path).catch(() => undefined);
		if (!isRefused(name) && (!found?.isFile() || found.size <= FILE_LIMIT)) {
			take.push(name);
			bytes += found?.size ?? 0;
			return;
		}
		const stamp = found ? `${found.size} ${found.mtimeMs} ${found.ino}` : "";
		const state = isKnown ? await hashLarge(path).catch(() => undefined) : undefined;
		leftOut.set(name, { stamp, ...(state && { state }) });
		if (isKnown) drop.push(name);
	};
	await each(known, (name) => one(name, true));
	await each(fresh, (name) => one(name, false));
	if (bytes > MAX_BYTES) return tooBig("1 GB of");
	return { take, drop, leftOut };
}

/** git takes nothing in a folder that some file system could take for its own. */
function isRefused(name: string): boolean {
	return /(^|\/)\.git(\/|$)/i.test(name);
}

/** A few at a time, so that neither the disk nor this process is busy with nothing else. */
async function each(names: readonly string[], use: (name: string) => Promise<void>): Promise<void> {
	let next = 0;
	const worker = async () => {
		for (let name = names[next++]; name !== undefined; name = names[next++]) await use(name);
	};
	await Promise.all(Array.from({ length: 16 }, worker));
}

/** Returns the files that can't be read, or why nothing can be done. */
async function update(
	repository: Repository,
	root: string,
	{ take, drop }: Pick<Checked, "take" | "drop">,
): Promise<readonly string[] | Trouble> {
	if (drop.length > 0) {
		const args = ["update-index", "--force-remove", "-z", "--stdin"];
		const dropped = await repository.run(args, { input: encodeName(drop.join("\0")) });
		if (!dropped.ok) return { why: dropped.error };
	}
	const closed: string[] = [];
	for (let from = 0; from < take.length; from += BATCH) {
		const names = take.slice(from, from + BATCH);
		const error = await add(repository, names);
		if (error === undefined) continue;
		// One file that can't be read stops git before all others.
		const bad = await unreadable(root, names);
		const again =
			bad.size === 0
				? error
				: await add(
						repository,
						names.filter((name) => !bad.has(name)),
					);
		if (again !== undefined) return { why: again };
		closed.push(...bad);
	}
	return closed;
}

async function add(repository: Repository, names: readonly string[]): Promise<string | undefined> {
	const packed = names.length >= PACK_FROM ? ["-c", "core.bigFileThreshold=1"] : [];
	const args = [...packed, "update-index", "--add", "--remove", "--replace", "-z", "--stdin"];
	const updated = await repository.run(args, { input: encodeName(names.join("\0")) });
	return updated.ok ? undefined : updated.error;
}

async function unreadable(root: string, names: readonly string[]): Promise<ReadonlySet<string>> {
	const found = new Set<string>();
	await each(names, async (name) => {
		const error = await access(pathOf(root, name), constants.R_OK).catch((reason: NodeJS.ErrnoException) => reason);
		if (error?.code === "EACCES" || error?.code === "EPERM") found.add(name);
	});
	return found;
}

async function writeTree(repository: Repository) {
	const { prefix } = repository;
	const written = await repository.run(["write-tree", ...(prefix ? [`--prefix=${prefix}`] : [])]);
	if (written.ok) return { ok: true, value: written.output.toString().trim() } as const;
	// A folder without files is not in the index.
	if (prefix && written.error.includes("not found")) return { ok: true, value: EMPTY_TREE } as const;
	return { ok: false, why: written.error } as const;
}
