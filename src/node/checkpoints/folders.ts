import { appendFile, mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathOf } from "./names.ts";

/** The list, one name as JSON a line, after a `-` where it went again: a later process is to know it as well. */
export const FOLDERS = "folders";

/** Folders that came with changes: only those go with them again, and none that was there before. */
export class Folders {
	readonly #root: string;
	readonly #path: string;
	/** By name: whether it went again with what was undone. */
	#known: Promise<Map<string, "here" | "gone">> | undefined;

	constructor(root: string, folder: string) {
		this.#root = root;
		this.#path = join(folder, FOLDERS);
	}

	/** These files are not there: what is not there above them is made if they are. */
	missing(paths: readonly string[]): Promise<void> {
		return this.#note(paths, async (folder) => (await this.#bornAt(folder)) === undefined);
	}

	/** These files came since then (ms since 1970): so did what is younger above them. */
	born(paths: readonly string[], since: number): Promise<void> {
		return this.#note(paths, async (folder) => ((await this.#bornAt(folder)) ?? 0) >= since);
	}

	/** It went with what was undone: one that is made there later may be the person's. */
	async forget(folder: string): Promise<void> {
		await this.#add([folder], "gone");
	}

	async has(folder: string): Promise<boolean> {
		return (await this.#read()).get(folder) === "here";
	}

	async #note(paths: readonly string[], isNew: (folder: string) => Promise<boolean>): Promise<void> {
		const known = await this.#read();
		const folders = new Set(paths.flatMap(foldersOf).filter((folder) => known.get(folder) !== "here"));
		const fresh: string[] = [];
		for (const folder of folders) if (await isNew(folder)) fresh.push(folder);
		await this.#add(fresh, "here");
	}

	async #add(names: readonly string[], as: "here" | "gone"): Promise<void> {
		if (names.length === 0) return;
		const known = await this.#read();
		for (const name of names) known.set(name, as);
		const lines = names.map((name) => `${as === "gone" ? "-" : ""}${JSON.stringify(name)}\n`).join("");
		await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
			.then(() => appendFile(this.#path, lines, { mode: 0o600 }))
			.catch(() => undefined);
	}

	async #bornAt(folder: string): Promise<number | undefined> {
		const found = await stat(pathOf(this.#root, folder)).catch(() => undefined);
		return found?.birthtimeMs;
	}

	#read(): Promise<Map<string, "here" | "gone">> {
		this.#known ??= readFile(this.#path, "utf8")
			.catch(() => "")
			.then((text) => new Map(text.split("\n").flatMap(entryIn)));
		return this.#known;
	}
}

/** The folders above a path, the nearest first. */
export function foldersOf(path: string): readonly string[] {
	const folders: string[] = [];
	for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) folders.push(path.slice(0, end));
	return folders;
}

/** A line that was cut off has none. */
function entryIn(line: string): readonly (readonly [string, "here" | "gone"])[] {
	const isGone = line.startsWith("-");
	try {
		return [[String(JSON.parse(isGone ? line.slice(1) : line)), isGone ? "gone" : "here"]];
	} catch {
		return [];
	}
}
