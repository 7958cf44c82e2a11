import { join } from "node:path";
import * as vscode from "vscode";
import type { Result } from "../agent/ports.ts";
import { replay } from "../agent/replay.ts";
import { Session, StorageError } from "../agent/session.ts";
import { beginChat, promptFor, type Workplace } from "../node/begin-chat.ts";
import { isEmpty } from "../node/chat-index.ts";
import { ChatStore, type StoredChat } from "../node/chat-store.ts";
import { FileLog } from "../node/log.ts";
import type { Recorded } from "../shared/event.ts";
import type { Failure } from "../shared/failure.ts";
import { ChatRun, type RunHost } from "./chat-run.ts";

/** A chat in memory with the file that its log has open. */
interface LiveChat {
	readonly run: ChatRun;
	readonly file: FileLog;
}

const ACTIVE = "kimiK2.activeChat";

type Opened = { readonly run: ChatRun } | { readonly failure: Failure };

/** All chats of this workspace: a JSONL file each in the extension's storage, and the live ones in memory. */
export class Chats {
	readonly #store: ChatStore;
	readonly #memory: vscode.Memento;
	readonly #host: RunHost;
	readonly #workplace: () => Workplace;
	readonly #live = new Map<string, LiveChat>();
	readonly #opening = new Map<string, Promise<Opened>>();
	readonly #changed = new vscode.EventEmitter<ChatRun>();
	/** Another chat came to the front. */
	readonly onActivated = this.#changed.event;
	readonly #damaged = new vscode.EventEmitter<number>();
	/** So many lines of a log that was just opened can't be read, and are left out. */
	readonly onDamaged = this.#damaged.event;
	#active: ChatRun | undefined;

	/** @param workplace as it is now, for a chat that begins */
	constructor(context: vscode.ExtensionContext, workplace: () => Workplace, host: RunHost) {
		// Without a folder there is no storage of a workspace's own.
		this.#store = new ChatStore(join((context.storageUri ?? context.globalStorageUri).fsPath, "chats"));
		this.#memory = context.workspaceState;
		this.#workplace = workplace;
		this.#host = host;
	}

	/** As it is now. */
	get workplace(): Workplace {
		return this.#workplace();
	}

	get active(): ChatRun | undefined {
		return this.#active;
	}

	/** All chats in memory, the one in front first. */
	get runs(): readonly ChatRun[] {
		const runs = [...this.#live.values()].map(({ run }) => run);
		return runs.sort((a, b) => Number(b === this.#active) - Number(a === this.#active));
	}

	/** The chat in front: the one of before the reload, else a new one. Says why an old one could not be opened. */
	async restore(): Promise<{ run: ChatRun; failure?: Failure }> {
		if (this.#active) return { run: isEmpty(this.#active.session.chat) ? await this.create() : this.#active };
		const id = this.#memory.get<string>(ACTIVE);
		const opened = id === undefined ? undefined : await this.open(id);
		// A log that was never begun is no failure: nothing was said in that chat.
		if (opened && "run" in opened) return opened;
		const run = await this.create();
		return opened && (await this.#store.exists(id ?? "")) ? { run, failure: opened.failure } : { run };
	}

	/** A new, empty chat in front. Its file begins with the first prompt. */
	async create(): Promise<ChatRun> {
		const workplace = this.#workplace();
		if (this.#active && isBlank(this.#active, workplace)) return this.#active;
		const id = crypto.randomUUID();
		const file = new FileLog(this.#store.path(id));
		const session = new Session(file);
		await beginChat(session, id, workplace);
		return this.#activate(id, { run: new ChatRun(session, this.#host), file });
	}

	/** Asked for twice at once, it is opened once: two sessions of a chat would take each other for another window. */
	open(id: string): Promise<Opened> {
		const opening = this.#opening.get(id) ?? this.#open(id).finally(() => this.#opening.delete(id));
		this.#opening.set(id, opening);
		return opening;
	}

	/** The chat in memory, so that it can go on, whichever is in front. */
	async wake(id: string): Promise<Opened> {
		await this.#opening.get(id);
		const loaded = await this.#load(id);
		if ("failure" in loaded) return loaded;
		this.#live.set(id, loaded);
		return { run: loaded.run };
	}

	async #open(id: string): Promise<Opened> {
		const loaded = await this.#load(id);
		return "failure" in loaded ? loaded : { run: await this.#activate(id, loaded) };
	}

	async #load(id: string): Promise<LiveChat | { readonly failure: Failure }> {
		const live = this.#live.get(id);
		if (live) return live;
		const log = await this.#store.read(id);
		if (!log.ok) return { failure: log.failure };
		const file = new FileLog(this.#store.path(id), log.value.bytes);
		const session = new Session(file, await replay(log.value.events));
		const run = new ChatRun(session, this.#host, await this.#store.isElsewhere(id));
		if (log.value.skipped > 0) this.#damaged.fire(log.value.skipped);
		return { run, file };
	}

	/** The log on disk is not what this chat remembers: what is on disk counts. Nothing there yet leaves it as it is. */
	async reopen(run: ChatRun): Promise<void> {
		const { id } = run.session.chat;
		const log = await this.#store.read(id);
		if (!log.ok) return;
		// It may have been opened anew already.
		if (this.#live.get(id)?.run === run) await this.#drop(id);
		if (this.#active === run) await this.open(id);
	}

	/** Newest first; chats in which nothing was said are left out. */
	list(): Promise<readonly StoredChat[]> {
		return this.#store.list([...this.#live.values()].map(({ run }) => run.session.chat));
	}

	pin(id: string, pinned: boolean): Promise<void> {
		return this.#store.pin(id, pinned);
	}

	/** Also of a chat that runs, here or in another window. */
	async rename(id: string, title: string): Promise<Failure | undefined> {
		const live = this.#live.get(id);
		if (!live) return this.#store.rename(id, title);
		try {
			await live.run.session.record({ type: "titled", title });
			return undefined;
		} catch (error) {
			if (error instanceof StorageError) return error.failure;
			throw error;
		}
	}

	/** A task began or ended in this chat: other windows are told. */
	worksOn(run: ChatRun): void {
		const live = this.#live.get(run.session.chat.id);
		if (live?.run === run) void live.file.work(run.running);
	}

	/** Another window works in this chat. */
	isElsewhere(id: string): Promise<boolean> {
		return this.#store.isElsewhere(id);
	}

	/** All that is on record of a chat. */
	async read(id: string): Promise<Result<readonly Recorded[]>> {
		const log = await this.#store.read(id);
		return log.ok ? { ok: true, value: log.value.events } : log;
	}

	/** A new chat in front, with this log; its `opened` names it. Rejects where it can't be written. */
	async add(events: readonly Recorded[]): Promise<Opened> {
		const [opened] = events;
		if (opened?.type !== "opened") throw new Error("A log begins with its chat.");
		await this.#store.add(opened.chat, events);
		return this.open(opened.chat);
	}

	async remove(id: string): Promise<void> {
		await this.#live.get(id)?.run.stop();
		const log = await this.#store.read(id);
		await this.#host.removed(id, log.ok ? outputsOf(log.value.events) : []);
		await this.#drop(id);
		await this.#store.remove(id);
		if (this.#active?.session.chat.id !== id) return;
		this.#active = undefined;
		await this.create();
	}

	/** The window goes: no command may outlive it, and the turns are found as interrupted afterwards. */
	async close(): Promise<void> {
		// One that is just being opened would be left over.
		await Promise.allSettled(this.#opening.values());
		const runs = [...this.#live.values()].map(({ run }) => run);
		for (const run of runs) run.session.detach();
		await Promise.all(runs.map((run) => run.stop()));
		await Promise.all([...this.#live.keys()].map((id) => this.#drop(id)));
	}

	async #activate(id: string, live: LiveChat): Promise<ChatRun> {
		const { run } = live;
		const previous = this.#active;
		if (previous && previous !== run && !this.#host.isAwaited(previous)) await this.#drop(previous.session.chat.id);
		this.#live.set(id, live);
		this.#active = run;
		// Shown before it is noted down, which takes a way to the window and back.
		this.#changed.fire(run);
		await this.#memory.update(ACTIVE, id);
		return run;
	}

	async #drop(id: string): Promise<void> {
		const live = this.#live.get(id);
		if (!live) return;
		// While something is still written, whoever opens the chat gets this one.
		await live.run.session.release();
		this.#live.delete(id);
		await live.file.close();
		await this.#store.left(live.run.session.chat);
	}
}

/** Also of calls that are not in the conversation any more. */
function outputsOf(events: readonly Recorded[]): readonly string[] {
	return events.flatMap((event) =>
		event.type === "finished" && event.details?.log !== undefined ? [event.details.log] : [],
	);
}

/** It can stand in for a new chat. One that was told of another shell or of other folders can't, unless it runs already. */
function isBlank({ running, session: { chat } }: ChatRun, workplace: Workplace): boolean {
	return isEmpty(chat) && (running || chat.system === promptFor(workplace));
}
