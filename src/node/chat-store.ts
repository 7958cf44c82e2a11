import { access, mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "../agent/ports.ts";
import { Session, StorageError } from "../agent/session.ts";
import type { Recorded } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import type { Chat } from "../shared/reduce.ts";
import { ChatIndex, type ChatSummary, isEmpty } from "./chat-index.ts";
import { isElsewhere } from "./claim.ts";
import { claimOf, FileLog, type LogContent, type LogFailure, readLog } from "./log.ts";
import { replaceFile } from "./replace-file.ts";

/** A chat as a list shows it. */
export interface StoredChat extends ChatSummary {
	readonly id: string;
	readonly pinned: boolean;
	/** Another window works in it. */
	readonly elsewhere?: true;
}

const LOG = ".jsonl";
/** An empty file: to pin a chat is no event of it, and must not disturb a window that goes on with it. */
const PIN = ".pinned";
const CLAIM = claimOf(LOG);

/** The chats in a folder, which several windows may have open at once. */
export class ChatStore {
	readonly #folder: string;
	readonly #index: ChatIndex;

	/** @param folder absolute; need not exist */
	constructor(folder: string) {
		this.#folder = folder;
		this.#index = new ChatIndex(folder);
	}

	/**
	 * Newest first; chats in which nothing was said are left out.
	 * @param live chats in memory, which need not be read
	 */
	async list(live: Iterable<Chat> = []): Promise<readonly StoredChat[]> {
		const names = await readdir(this.#folder).catch(() => []);
		const pinned = new Set(names.filter((name) => name.endsWith(PIN)).map((name) => name.slice(0, -PIN.length)));
		for (const chat of live) await this.#index.note(chat.id, chat);
		const ids = names.filter((name) => name.endsWith(LOG)).map((name) => name.slice(0, -LOG.length));
		const summaries = await this.#index.read(ids);
		const claimed = names.filter((name) => name.endsWith(CLAIM)).map((name) => name.slice(0, -CLAIM.length));
		const elsewhere = await Promise.all(claimed.map(async (id) => ((await this.isElsewhere(id)) ? [id] : [])));
		const busy = new Set(elsewhere.flat());
		const chats = [...summaries].map(([id, summary]) => ({
			...summary,
			id,
			pinned: pinned.has(id),
			...(busy.has(id) && { elsewhere: true as const }),
		}));
		return chats.sort((a, b) => b.at - a.at);
	}

	read(id: string): Promise<Result<LogContent, LogFailure>> {
		return readLog(this.path(id));
	}

	/** Absolute path of its log. */
	path(id: string): string {
		return join(this.#folder, `${id}${LOG}`);
	}

	async exists(id: string): Promise<boolean> {
		return access(this.path(id)).then(
			() => true,
			() => false,
		);
	}

	/** Another window works in it. */
	isElsewhere(id: string): Promise<boolean> {
		return isElsewhere(claimOf(this.path(id)));
	}

	/** This chat is not in memory any more: a list need not read it. */
	async left(chat: Chat): Promise<void> {
		if (!isEmpty(chat)) await this.#index.note(chat.id, chat);
	}

	async pin(id: string, pinned: boolean): Promise<void> {
		const path = join(this.#folder, `${id}${PIN}`);
		if (!pinned) return rm(path, { force: true });
		await mkdir(this.#folder, { recursive: true });
		await (await open(path, "a", 0o600)).close();
	}

	/** Of a chat that is not in memory. A window that goes on with it takes the title in. */
	async rename(id: string, title: string): Promise<Failure | undefined> {
		const log = await this.read(id);
		if (!log.ok) return log.failure;
		const file = new FileLog(this.path(id), log.value.bytes);
		try {
			await new Session(file, log.value.events).record({ type: "titled", title });
			return undefined;
		} catch (error) {
			if (error instanceof StorageError) return error.failure;
			throw error;
		} finally {
			await file.close();
		}
	}

	/** A new chat with this log, all of it or nothing. Rejects where that can't be written. */
	async add(id: string, events: readonly Recorded[]): Promise<void> {
		await replaceFile(this.path(id), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
	}

	async remove(id: string): Promise<void> {
		await Promise.all([LOG, PIN, CLAIM].map((ending) => rm(join(this.#folder, `${id}${ending}`), { force: true })));
	}
}
