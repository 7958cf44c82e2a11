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
 * that a chat in which nothing was said leaves no file. `keep`: bytes to keep of an existing file (a torn tail goes).
 */
export class FileLog implements Log {
	readonly #path: string;
	readonly #keep: number | undefined;
	#file: Promise<FileHandle> | undefined;
	#pending = "";

	constructor(path: string, keep?: number) {
		this.#path = path;
		this.#keep = keep;
	}

	async append(event: Recorded): Promise<Result<void>> {
		try {
			const line = `${JSON.stringify(event)}\n`;
			if (event.type === "opened") {
				this.#pending = line;
				return { ok: true, value: undefined };
			}
			this.#file ??= this.#open();
			const file = await this.#file;
			await file.appendFile(this.#pending + line);
			this.#pending = "";
			return { ok: true, value: undefined };
		} catch (error) {
			// A handle that failed is not trusted again: the next event tries anew.
			this.#file = undefined;
			return { ok: false, failure: storageFailure("write", this.#path, error) };
		}
	}

	async close(): Promise<void> {
		const file = await this.#file?.catch(() => undefined);
		this.#file = undefined;
		await file?.close();
	}

	async #open(): Promise<FileHandle> {
		await mkdir(dirname(this.#path), { recursive: true });
		if (this.#keep !== undefined) await truncate(this.#path, this.#keep);
		// Only the person may read what was said.
		return open(this.#path, "a", 0o600);
	}
}

function storageFailure(verb: "read" | "write", path: string, error: unknown): Failure {
	const detail = error instanceof Error ? error.message : String(error);
	const message =
		verb === "write"
			? "The chat's log could not be written, so the task was stopped. Check the disk's free space and rights, then go on."
			: "The chat's log could not be read.";
	return { code: "storage", message, detail: `${path}: ${detail}` };
}
