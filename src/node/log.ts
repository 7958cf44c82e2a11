import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod/mini";
import type { Log, Result } from "../agent/ports.ts";
import { inStretches } from "../agent/stretch.ts";
import { Recorded } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import { Claim, isElsewhere } from "./claim.ts";

/** What a line ends with: no other character of UTF-8 has this byte. */
const BREAK = 0x0a;

/** A chat's log as read from disk. */
export interface LogContent {
	readonly events: readonly Recorded[];
	/** Bytes up to the end of the last whole line: what follows is a torn tail. */
	readonly bytes: number;
	/** Lines in the middle that could not be read and were left out. */
	readonly skipped: number;
}

/** Why a log can't be read. `missing`: there is none, or not yet a whole line of it. */
export interface LogFailure extends Failure {
	readonly missing?: true;
}

/**
 * Reads a JSONL log and changes nothing. A torn last line is dropped, since its event was never shown; a broken line in
 * the middle is left out and counted, and leaves a gap in `seq`, which others refer to. Fails when the file can't be
 * read or does not begin as a log, and where a newer version wrote something in it that this one does not know: to go on
 * without that would contradict it.
 */
export async function readLog(path: string): Promise<Result<LogContent, LogFailure>> {
	let data: Buffer;
	try {
		data = await readFile(path);
	} catch (error) {
		const failure = storageFailure("read", path, error);
		return { ok: false, failure: isMissing(error) ? { ...failure, missing: true } : failure };
	}
	const bytes = data.lastIndexOf(BREAK) + 1;
	if (bytes === 0) return { ok: false, failure: { code: "storage", message: EMPTY, detail: path, missing: true } };
	const events: Recorded[] = [];
	let skipped = 0;
	const rest = inStretches();
	for (const line of linesIn(data)) {
		await rest();
		const event = parseLine(line);
		if (event === "newer") return { ok: false, failure: { code: "storage", message: NEWER, detail: path } };
		const next = (events.at(-1)?.seq ?? -1) + 1;
		if (event === "broken") skipped++;
		else events.push(event.seq < next ? { ...event, seq: next } : event);
	}
	if (events[0]?.type === "opened") return { ok: true, value: { events, bytes, skipped } };
	return { ok: false, failure: { code: "storage", message: NO_LOG, detail: path } };
}

/** Whole lines, each a string of its own: one of all that a long chat has is twice as large, for one sign that is not Latin. */
function* linesIn(data: Buffer): Generator<string> {
	let from = 0;
	for (let end = data.indexOf(BREAK); end >= 0; end = data.indexOf(BREAK, from)) {
		yield data.toString("utf8", from, end);
		from = end + 1;
	}
}

/** Any event, of whatever version. */
const Stamped = z.object({ type: z.string(), seq: z.int(), at: z.number() });

/** A line of a log. `newer`: an event that this version does not know, or not like this. */
function parseLine(line: string): Recorded | "broken" | "newer" {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return "broken";
	}
	const parsed = Recorded.safeParse(value);
	if (parsed.success) return Number.isSafeInteger(parsed.data.seq) ? parsed.data : "broken";
	return Stamped.safeParse(value).success ? "newer" : "broken";
}

/**
 * A log that appends to `path`, one JSON line an event, each in one write. `opened` waits for the event after it, so
 * that a chat in which nothing was said leaves no file. `keep`: bytes of an existing file that were read and are gone
 * on from (a torn tail goes). Fails, and writes nothing, once somebody else wrote to the file: two windows that take
 * turns in one log would each go on from a chat that is not the one on disk. A new title is no such thing: `news` has it,
 * and the event may be appended again. Nor does a chat come back that was deleted meanwhile.
 */
export class FileLog implements Log {
	readonly #path: string;
	#file: Promise<FileHandle> | undefined;
	#pending = "";
	/** Size of the file as we know it: all whole lines. */
	#good: number;
	/** What may be in the file in part, since its write failed. */
	#failed: Buffer | undefined;
	#news: readonly Recorded[] = [];
	readonly #claim: Claim;

	constructor(path: string, keep = 0) {
		this.#path = path;
		this.#good = keep;
		this.#claim = new Claim(claimOf(path));
	}

	/** Tells other windows whether a task runs in this chat: meanwhile they write nothing to its log but titles. */
	work(isWorking: boolean): Promise<void> {
		return this.#claim.set(isWorking);
	}

	async append(event: Recorded): Promise<Result<void>> {
		const line = `${JSON.stringify(event)}\n`;
		if (event.type === "opened") {
			this.#pending = line;
			return { ok: true, value: undefined };
		}
		try {
			if (event.type !== "titled" && !(await this.#claim.isHeld()) && (await isElsewhere(claimOf(this.#path))))
				return this.#refuse(WORKING);
			this.#file ??= this.#open();
			const file = await this.#file;
			const { size, nlink } = await file.stat();
			if (size === this.#good && nlink > 0) {
				await this.#write(file, Buffer.from(this.#pending + line));
				this.#pending = "";
				return { ok: true, value: undefined };
			}
			if (nlink > 0) await this.#takeNews(file, size);
			if (this.#news.length === 0) await this.#drop();
			return this.#refuse(nlink > 0 ? ELSEWHERE : DELETED);
		} catch (error) {
			// A handle that failed is not trusted again: the next event tries anew.
			await this.#drop();
			if (this.#good > 0 && isMissing(error)) return this.#refuse(DELETED);
			return { ok: false, failure: storageFailure("write", this.#path, error) };
		}
	}

	news(): readonly Recorded[] {
		const news = this.#news;
		this.#news = [];
		return news;
	}

	async close(): Promise<void> {
		await this.#claim.set(false);
		await this.#closeFile();
	}

	async #closeFile(): Promise<void> {
		const file = await this.#file?.catch(() => undefined);
		this.#file = undefined;
		await file?.close();
	}

	#refuse(message: string): Result<never> {
		return { ok: false, failure: { code: "storage", message, detail: this.#path } };
	}

	/** Takes what another window added in, as long as it is nothing but whole lines with titles. */
	async #takeNews(file: FileHandle, size: number): Promise<void> {
		const length = size - this.#good;
		if (this.#good === 0 || length <= 0 || length > MOST_NEWS) return;
		const tail = (await this.#read(file, length)).toString();
		const lines = tail.split("\n");
		const events = lines.slice(0, -1).map(parseLine);
		const titles = events.filter((event) => typeof event === "object" && event.type === "titled");
		if (lines.at(-1) !== "" || titles.length !== events.length) return;
		this.#news = titles;
		this.#good = size;
	}

	async #write(file: FileHandle, bytes: Buffer): Promise<void> {
		this.#failed = bytes;
		await file.appendFile(bytes);
		this.#failed = undefined;
		this.#good += bytes.length;
	}

	/** What made the handle useless is reported already. */
	async #drop(): Promise<void> {
		await this.#closeFile().catch(() => undefined);
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

	/** What follows the good bytes. */
	async #read(file: FileHandle, length: number): Promise<Buffer> {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.#good);
		return buffer.subarray(0, bytesRead);
	}

	/** Whether what follows the good bytes is half a line, or what is left of our own failed write. */
	async #isTorn(file: FileHandle, length: number): Promise<boolean> {
		const tail = await this.#read(file, length);
		return !tail.includes(0x0a) || this.#failed?.subarray(0, tail.length).equals(tail) === true;
	}
}

/** The file that says which process runs a task in the chat with this log. */
export function claimOf(log: string): string {
	return log.replace(/jsonl$/, "working");
}

const WORKING =
	"Another window works in this chat. Wait until it is done there, then open the chat again to see all of it.";
const ELSEWHERE =
	"Another window or process continued this chat, so the task was stopped here. Reopen the chat to go on with all of it.";

const DELETED =
	"This chat was deleted in another window, so the task was stopped here. What it did to files stays. Begin a new chat.";
const NEWER =
	"This chat was written by a newer version of Kimi K2 Agent. Nothing of it was changed. Update the extension to open it.";
const NO_LOG = "This chat can't be opened: its log does not begin as one that this version writes.";
const EMPTY = "Nothing was said in this chat.";

/** Bytes of titles that are taken from another window at once. */
const MOST_NEWS = 64 * 1024;

function isMissing(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function storageFailure(verb: "read" | "write", path: string, error: unknown): Failure {
	const detail = error instanceof Error ? error.message : String(error);
	const message =
		verb === "write"
			? "The chat's log could not be written, so the task was stopped. Check the disk's free space and rights, then go on."
			: "The chat's log could not be read.";
	return { code: "storage", message, detail: `${path}: ${detail}` };
}
