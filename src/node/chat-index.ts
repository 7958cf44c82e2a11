import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { sumUp } from "../agent/replay.ts";
import { inStretches } from "../agent/stretch.ts";
import { type Chat, isOpen } from "../shared/reduce.ts";
import { readLog } from "./log.ts";
import { replaceFile } from "./replace-file.ts";

/** The last millisecond that a date can have (ECMA-262). */
const LATEST = 8.64e15;

/** What a list shows of a chat without reading its log. */
export const ChatSummary = z.object({
	title: z.string(),
	/** What the person said, to be searched: one line, the first of it where it is long. */
	prompts: z.string(),
	steps: z.number(),
	/** When something was last said or done, in milliseconds since 1970. */
	at: z.number().check(z.gte(-LATEST), z.lte(LATEST)),
	/** The log has no end of its last turn. */
	open: z.boolean(),
	/** Its last turn paused: the person decides whether it goes on. */
	paused: z.optional(z.literal(true)),
	/** Why it can't be opened. */
	unreadable: z.optional(z.string()),
});
export type ChatSummary = z.infer<typeof ChatSummary>;

/** As long as a log has this size and time, it has this summary; null: it is in no list, since nothing was said in it. */
const Entry = z.object({ size: z.number(), mtimeMs: z.number(), summary: z.nullable(ChatSummary) });
type Entry = z.infer<typeof Entry>;
type Stamp = Pick<Entry, "size" | "mtimeMs">;

/** Of what is kept of a chat. */
const VERSION = 2;
const IndexFile = z.object({ version: z.literal(VERSION), chats: z.record(z.string(), Entry) });

/** Beside the logs. Nothing is lost with it: it is made anew of them. */
export const INDEX_NAME = "index.json";
/** Characters of all prompts of a chat. */
const PROMPTS = 1000;
/** Characters of one prompt. */
const PROMPT = 300;
/** Logs that are read at once. */
const READERS = 8;

/**
 * Summaries of the chats in a folder, kept in one file, so that a list need not read all logs. Any number of windows may
 * keep it at once: an entry counts only while its log has the size and time that it names, and one that got lost is made
 * anew.
 */
export class ChatIndex {
	readonly #folder: string;
	#entries: Promise<Map<string, Entry>> | undefined;
	/** Something is known that the file does not have. */
	#isNewer = false;

	/** @param folder absolute; each chat is `<id>.jsonl` in it */
	constructor(folder: string) {
		this.#folder = folder;
	}

	/** The summaries of these chats; those are left out in which nothing was said, or that are gone. Never rejects. */
	async read(ids: readonly string[]): Promise<ReadonlyMap<string, ChatSummary>> {
		const known = await this.#known();
		const entries = new Map<string, Entry>();
		const changed: string[] = [];
		const rest = inStretches();
		for (const id of ids) {
			const old = known.get(id);
			if (old && isSame(old, this.#stat(id))) entries.set(id, old);
			else changed.push(id);
			await rest();
		}
		await eachOf(changed, async (id) => {
			const entry = await this.#entry(id);
			if (entry) entries.set(id, entry);
		});
		this.#entries = Promise.resolve(entries);
		if (changed.length > 0 || known.size > entries.size) this.#isNewer = true;
		if (this.#isNewer) await this.#save(entries);
		return new Map([...entries].flatMap(([id, { summary }]) => (summary ? [[id, summary] as const] : [])));
	}

	/** The log of this chat adds up to this now: it need not be read for that. */
	async note(id: string, chat: Chat): Promise<void> {
		const known = await this.#known();
		const found = this.#stat(id);
		if (!found) return;
		known.set(id, { ...found, summary: summaryOf(chat) });
		this.#isNewer = true;
	}

	#known(): Promise<Map<string, Entry>> {
		this.#entries ??= readIndex(join(this.#folder, INDEX_NAME));
		return this.#entries;
	}

	async #entry(id: string): Promise<Entry | undefined> {
		const found = this.#stat(id);
		if (!found) return undefined;
		const log = await readLog(this.#path(id));
		if (!log.ok && log.failure.missing) return { ...found, summary: null };
		if (log.ok) return { ...found, summary: summaryOf(await sumUp(log.value.events)) };
		const unreadable = log.failure.message;
		return { ...found, summary: { title: "", prompts: "", steps: 0, at: found.mtimeMs, open: false, unreadable } };
	}

	/** At once: for thousands of files the way to another thread and back takes longer than to look. */
	#stat(id: string): Stamp | undefined {
		try {
			const { size, mtimeMs } = statSync(this.#path(id));
			return { size, mtimeMs };
		} catch {
			return undefined;
		}
	}

	/** A list that can't be kept is made anew the next time. */
	async #save(entries: ReadonlyMap<string, Entry>): Promise<void> {
		this.#isNewer = false;
		const file = { version: VERSION, chats: Object.fromEntries(entries) };
		await replaceFile(join(this.#folder, INDEX_NAME), JSON.stringify(file)).catch(() => undefined);
	}

	#path(id: string): string {
		return join(this.#folder, `${id}.jsonl`);
	}
}

/** Empty where there is none, or it is broken or of another version. */
async function readIndex(path: string): Promise<Map<string, Entry>> {
	try {
		return new Map(Object.entries(IndexFile.parse(JSON.parse(await readFile(path, "utf8"))).chats));
	} catch {
		return new Map();
	}
}

/** Nothing was said in it: a chat that went back to its beginning can still be taken back from there. */
export function isEmpty({ turns, restored }: Chat): boolean {
	return turns.length === 0 && !restored;
}

function summaryOf(chat: Chat): ChatSummary | null {
	const { turns, title, openedAt } = chat;
	if (isEmpty(chat)) return null;
	const prompts = turns.map(({ prompt }) => prompt.slice(0, PROMPT)).join(" · ");
	const last = turns.at(-1);
	return {
		title,
		prompts: prompts.replace(/\s+/g, " ").slice(0, PROMPTS).toWellFormed(),
		steps: turns.reduce((sum, { steps }) => sum + steps.length, 0),
		at: dated(last?.endedAt ?? last?.steps.at(-1)?.at ?? last?.at ?? openedAt),
		open: isOpen(chat),
		...((last?.ended === "limit" || last?.ended === "looping") && { paused: true }),
	};
}

/** A time that a calendar has: a list that can't show one of them would show none. */
function dated(at: number): number {
	return Math.abs(at) <= LATEST ? at : 0;
}

function isSame(entry: Stamp, found: Stamp | undefined): boolean {
	return entry.size === found?.size && entry.mtimeMs === found.mtimeMs;
}

/** A few at once: thousands of open files are too many, and one after the other is too slow. */
async function eachOf(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
	const left = ids.values();
	const worker = async () => {
		for (const id of left) await work(id);
	};
	await Promise.all(Array.from({ length: READERS }, worker));
}
