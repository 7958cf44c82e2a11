import type { ChatEvent, Live, Recorded, Unstamped } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import { idle, type LiveState, reduceLive } from "../shared/live.ts";
import { type Chat, emptyChat, isOpen, reduce } from "../shared/reduce.ts";
import type { Log } from "./ports.ts";

/** The log could not be written: the one failure that stops a turn from inside `record`. Caught in `runTurn`. */
export class StorageError extends Error {
	readonly failure: Failure;
	constructor(failure: Failure) {
		super(failure.message);
		this.failure = failure;
	}
}

type Listener = (event: ChatEvent) => void;

/**
 * One chat alive in memory: its log, the state that the log adds up to, and who watches. All changes go through
 * `record` (disk, then state, then screen) or `show` (screen only).
 */
export class Session {
	readonly #log: Log;
	readonly #now: () => number;
	readonly #listeners = new Set<Listener>();
	#chat: Chat;
	#live: LiveState = idle;
	#writing: Promise<unknown> = Promise.resolve();
	#isDetached = false;
	readonly #work = new Set<Promise<unknown>>();

	/** `past`: the log so far, or the chat that it adds up to; empty for a new chat, whose first event is then `opened`. */
	constructor(log: Log, past: readonly Recorded[] | Chat = [], now: () => number = Date.now) {
		this.#log = log;
		this.#now = now;
		this.#chat = "turns" in past ? past : past.reduce(reduce, emptyChat);
	}

	get chat(): Chat {
		return this.#chat;
	}

	get live(): LiveState {
		return this.#live;
	}

	/** A turn was under way when the process that ran it ended. Meaningless while this process runs one. */
	get interrupted(): boolean {
		return isOpen(this.#chat);
	}

	/** Events come in order, recorded ones after they are on disk. Returns the way to stop listening. */
	subscribe(listener: Listener): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/**
	 * Stamps an event, writes it, then changes the state and tells the listeners. Calls made at once are written one
	 * after the other; a function makes its event of the chat as those before left it, or none. Rejects with `StorageError`;
	 * nothing is shown then.
	 */
	record(event: Unstamped | ((chat: Chat) => Unstamped | undefined)): Promise<void> {
		const written = this.#writing.then(() => this.#append(event));
		// A later event must not be lost with an earlier one's error, which its own caller gets.
		this.#writing = written.catch(() => undefined);
		return written;
	}

	show(event: Live): void {
		this.#tell(event);
	}

	/** For work that ends on record, such as the writing of files: `release` waits for it. Resolves, or rejects, as it does. */
	during<T>(work: Promise<T>): Promise<T> {
		this.#work.add(work);
		const over = () => this.#work.delete(work);
		work.then(over, over);
		return work;
	}

	/**
	 * Lets go of the log, so that the chat can be opened anew: what is still looked for is looked for there. Resolves once
	 * nothing is written any more.
	 */
	async release(): Promise<void> {
		await Promise.allSettled(this.#work);
		// What came of that work may be recorded just now.
		await this.#writing;
		this.detach();
	}

	/**
	 * Records and shows nothing from now on. For a process about to end: what it stops is then found as interrupted,
	 * and not as stopped by the person.
	 */
	detach(): void {
		this.#isDetached = true;
	}

	async #append(made: Unstamped | ((chat: Chat) => Unstamped | undefined)): Promise<void> {
		if (this.#isDetached) throw new StorageError({ code: "storage", message: "The chat is closed." });
		const event = typeof made === "function" ? made(this.#chat) : made;
		if (event) this.#take(await this.#write(event));
	}

	async #write(event: Unstamped): Promise<Recorded> {
		const recorded: Recorded = { ...event, seq: this.#chat.next, at: this.#now() };
		const result = await this.#log.append(recorded);
		if (result.ok) return recorded;
		const news = this.#log.news?.() ?? [];
		if (news.length === 0) throw new StorageError(result.failure);
		for (const each of news) this.#take({ ...each, seq: this.#chat.next });
		return this.#write(event);
	}

	#take(event: Recorded): void {
		this.#chat = reduce(this.#chat, event);
		this.#tell(event);
	}

	#tell(event: ChatEvent): void {
		if (this.#isDetached) return;
		this.#live = reduceLive(this.#live, event);
		for (const listener of this.#listeners) listener(event);
	}
}
