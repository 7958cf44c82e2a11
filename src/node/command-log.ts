import { type FileHandle, mkdir, open as openFile, readdir, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isAlive } from "./checkpoints/use.ts";

/** Characters that a result has room for: what is shorter needs no file. */
const ROOM = 32 * 1024;
/** Bytes of one command's output that are kept. */
const MAX_BYTES = 50 * 1024 * 1024;
/** Logs that are kept, of all commands. */
const MOST = 50;
/** Characters that may wait for the disk before the command does. */
const QUEUE = 1024 * 1024;

/** Those of this process that are still written to. */
const open = new Set<string>();

/** All of a command's output in a file that only the person may read; made once it is too long for a result. */
export class CommandLog {
	readonly #folder: string;
	readonly #max: number;
	#queue: string[] = [];
	#waiting = 0;
	#length = 0;
	#bytes = 0;
	#state: "short" | "open" | "full" | "lost" = "short";
	#path: string | undefined;
	#file: FileHandle | undefined;
	#writing: Promise<void> | undefined;

	/** @param max bytes; a note tells of what comes after */
	constructor(folder: string, max = MAX_BYTES) {
		this.#folder = folder;
		this.#max = max;
	}

	/** Absolute path; undefined as long as there is no file, and where it can't be written. */
	get path(): string | undefined {
		return this.#state === "lost" ? undefined : this.#path;
	}

	/** Takes plain text. A promise: the disk is slower than the command, which should wait for it. Never rejects. */
	push(text: string): Promise<void> | undefined {
		if (this.#state === "full" || this.#state === "lost" || text === "") return undefined;
		const bytes = Buffer.byteLength(text);
		const isFull = this.#bytes + bytes > this.#max;
		const kept = isFull ? this.#last(text) : text;
		this.#bytes += bytes;
		this.#length += text.length;
		this.#queue.push(kept);
		this.#waiting += kept.length;
		if (this.#state === "short" && this.#length <= ROOM) return undefined;
		this.#path ??= join(this.#folder, nextName());
		this.#state = isFull ? "full" : "open";
		this.#writing ??= this.#write(this.#path).finally(() => {
			this.#writing = undefined;
		});
		return this.#waiting > QUEUE ? this.#writing : undefined;
	}

	/** Nothing more comes. Resolves when all is written; never rejects. */
	async end(): Promise<void> {
		await this.#writing;
		await this.#file?.close().catch(() => undefined);
		this.#file = undefined;
		if (this.#path !== undefined) open.delete(basename(this.#path));
		this.#queue = [];
	}

	#last(text: string): string {
		const cut = Buffer.from(text).subarray(0, this.#max - this.#bytes);
		return `${cut.toString().replace(/\ufffd$/, "")}\n[… only the first ${this.#max} bytes are kept …]\n`;
	}

	async #write(path: string): Promise<void> {
		try {
			this.#file ??= await begin(path, this.#folder);
			while (this.#queue.length > 0) {
				const text = this.#queue.join("");
				this.#queue = [];
				this.#waiting = 0;
				await this.#file.appendFile(text);
			}
		} catch {
			// The result says what a command printed without it.
			this.#state = "lost";
			this.#queue = [];
		}
	}
}

async function begin(path: string, folder: string): Promise<FileHandle> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	open.add(basename(path));
	await prune(folder);
	return openFile(path, "wx", 0o600);
}

/** Leaves room for one more. What a command still writes to stays, and what another process that runs has made. */
async function prune(folder: string): Promise<void> {
	const names = (await readdir(folder)).filter((name) => name.endsWith(".log") && !isOthers(name)).sort();
	for (const name of names.slice(0, Math.max(0, names.length - MOST + 1)))
		if (!open.has(name)) await rm(join(folder, name), { force: true });
}

/** It has as many of its own, and knows which of them are still written to. */
function isOthers(name: string): boolean {
	const pid = Number(/Z-(\d+)-\d+\.log$/.exec(name)?.[1] ?? 0);
	return pid > 0 && pid !== process.pid && isAlive(pid);
}

/**
 * Deletes such files.
 * @param paths as they are on record: what is not in the folder is left alone
 */
export async function removeLogs(paths: readonly string[], folder: string): Promise<void> {
	const own = paths.filter((path) => path.endsWith(".log") && dirname(resolve(path)) === resolve(folder));
	await Promise.all(own.map((path) => rm(path, { force: true }).catch(() => undefined)));
}

let made = 0;

/** Sorts by age; no other process makes the same. */
function nextName(): string {
	const time = new Date().toISOString().replaceAll(":", "-");
	return `${time}-${process.pid}-${made++}.log`;
}
