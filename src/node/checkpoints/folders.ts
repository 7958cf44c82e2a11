import { appendFile, mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { dirname as above } from "node:path/posix";
import { pathOf } from "./names.ts";

/** The list, one name as JSON a line: a later process is to know it as well. */
export const FOLDERS = "folders";

/** Folders that came with changes: only those go with them again, and none that was there before. */
export class Folders {
	readonly #root: string;
	readonly #path: string;
	#known: Promise<Set<string>> | undefined;

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

	async has(folder: string): Promise<boolean> {
		return (await this.#read()).has(folder);
	}

	async #note(paths: readonly string[], isNew: (folder: string) => Promise<boolean>): Promise<void> {
		const known = await this.#read();
		const folders = new Set(paths.flatMap(foldersOf).filter((folder) => !known.has(folder)));
		const fresh: string[] = [];
		for (const folder of folders) if (await isNew(folder)) fresh.push(folder);
		if (fresh.length === 0) return;
		for (const folder of fresh) known.add(folder);
		await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
			.then(() => appendFile(this.#path, fresh.map((name) => `${JSON.stringify(name)}\n`).join(""), { mode: 0o600 }))
			.catch(() => undefined);
	}

	async #bornAt(folder: string): Promise<number | undefined> {
		const found = await stat(pathOf(this.#root, folder)).catch(() => undefined);
		return found?.birthtimeMs;
	}

	#read(): Promise<Set<string>> {
		this.#known ??= readFile(this.#path, "utf8")
			.catch(() => "")
			.then((text) => new Set(text.split("\n").flatMap(nameIn)));
		return this.#known;
	}
}

/** The folders above a path, the nearest first. */
export function foldersOf(path: string): readonly string[] {
	const folders: string[] = [];
	for (let folder = above(path); folder !== "."; folder = above(folder)) folders.push(folder);
	return folders;
}

/** A line that was cut off has none. */
function nameIn(line: string): readonly string[] {
	try {
		return [String(JSON.parse(line))];
	} catch {
		return [];
	}
}
