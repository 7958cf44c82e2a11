import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import type { Log, Result } from "../agent/ports.ts";
import { Recorded } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";

/** A chat's log as read from disk. */
export interface LogContent {
	readonly events: readonly Recorded[];
	/** Bytes up to the end of the last whole line: what follows is a torn tail. */
	readonly bytes: number;
	/** Lines in the middle that could not be read and were left out. */
	readonly skipped: number;
}

/**
 * Reads a JSONL log. A torn last line is dropped, since its event was never shown; a broken line in the middle is left
 * out and counted. Fails when the file can't be read or begins with no event of this version.
 */
export async function readLog(path: string): Promise<Result<LogContent>> {
	let data: Buffer;
	try {
		data = await readFile(path);
	} catch (error) {
		return { ok: false, failure: storageFailure("read", path, error) };
	}
	const bytes = data.lastIndexOf(0x0a) + 1;
	const lines = data.toString("utf8", 0, bytes).split("\n").slice(0, -1);
	const events: Recorded[] = [];
	let skipped = 0;
	for (const line of lines) {
		const event = parseLine(line);
		if (event) events.push({ ...event, seq: events.length });
		else skipped++;
	}
	if (events[0]?.type === "opened") return { ok: true, value: { events, bytes, skipped } };
	const message = "This chat can't be opened: its log does not begin as one that this version writes.";
	return { ok: false, failure: { code: "storage", message, detail: path } };
}

function parseLine(line: string): Recorded | undefined {
	try {
		const parsed = Recorded.safeParse(JSON.parse(line));
		return parsed.success ? parsed.data : undefined;
	} catch {
		return undefined;
	}
}

/**
 * A log that appends to `path`, one JSON line an event, each in one write. `opened` waits for the event after it, so
 * that a chat in which nothing was said leaves no file. `keep`: bytes of an existing file that were read and are gone
 * on from (a torn tail goes). Fails, and writes nothing, once somebody else wrote to the file: two windows that take
 * turns in one log would each go on from a chat that is not the one on disk.
 */
export class FileLog implements Log {
	readonly #path: string;
	#file: Promise<FileHandle> | undefined;
	#pending = "";
	/** Size of the file as we know it: all whole lines. */
	#good: number;
	/** What may be in the file in part, since its write failed. */
	#failed: Buffer | undefined;

	constructor(path: string, keep = 0) {
		this.#path = path;
		this.#good = keep;
	}

	async append(event: Recorded): Promise<Result<void>> {
		const line = `${JSON.stringify(event)}\n`;
		if (event.type === "opened") {
			this.#pending = line;
			return { ok: true, value: undefined };
		}
		try {
			this.#file ??= this.#open();
			const file = await this.#file;
			const { size } = await file.stat();
			if (size === this.#good) {
				await this.#write(file, Buffer.from(this.#pending + line));
				this.#pending = "";
				return { ok: true, value: undefined };
			}
			await this.#drop();
			return { ok: false, failure: { code: "storage", message: ELSEWHERE, detail: this.#path } };
		} catch (error) {
			// A handle that failed is not trusted again: the next event tries anew.
			await this.#drop();
			return { ok: false, failure: storageFailure("write", this.#path, error) };
		}
	}

	async close(): Promise<void> {
		const file = await this.#file?.catch(() => undefined);
		this.#file = undefined;
		await file?.close();
	}

	async #write(file: FileHandle, bytes: Buffer): Promise<void> {
		this.#failed = bytes;
		await file.appendFile(bytes);
		this.#failed = undefined;
		this.#good += bytes.length;
	}

	/** What made the handle useless is reported already. */
	async #drop(): Promise<void> {
		await this.close().catch(() => undefined);
	}

	async #open(): Promise<FileHandle> {
		await mkdir(dirname(this.#path), { recursive: true });
		const { O_RDWR, O_APPEND, O_CREAT } = constants;
		// Only the person may read what was said. A log that was read and is gone must not begin in the middle.
		const file = await open(this.#path, O_RDWR | O_APPEND | (this.#good === 0 ? O_CREAT : 0), 0o600);
		try {
			const { size } = await file.stat();
			// By its path: Windows does not shorten a file through a handle that may only append.
			if (size > this.#good && (await this.#isTorn(file, size - this.#good))) await truncate(this.#path, this.#good);
			return file;
		} catch (error) {
			await file.close();
			throw error;
		}
	}

	/** Whether what follows the good bytes is half a line, or what is left of our own failed write. */
	async #isTorn(file: FileHandle, length: number): Promise<boolean> {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.#good);
		const tail = buffer.subarray(0, bytesRead);
		return !tail.includes(0x0a) || this.#failed?.subarray(0, tail.length).equals(tail) === true;
	}
}

const ELSEWHERE =
	"Another window or process continued this chat, so the task was stopped here. Reopen the chat to go on with all of it.";

function storageFailure(verb: "read" | "write", path: string, error: unknown): Failure {
	const detail = error instanceof Error ? error.message : String(error);
	const message =
		verb === "write"
			? "The chat's log could not be written, so the task was stopped. Check the disk's free space and rights, then go on."
			: "The chat's log could not be read.";
	return { code: "storage", message, detail: `${path}: ${detail}` };
}
