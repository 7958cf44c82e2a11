import type { Answer } from "../agent/calls.ts";
import { shorten } from "../agent/fitting.ts";
import { runTurn, type TurnEnd, type TurnEnv } from "../agent/loop.ts";
import { changeQueue, nextQueued, type Prompt } from "../agent/queue.ts";
import type { CompactWish } from "../agent/room.ts";
import type { Session } from "../agent/session.ts";
import type { Plan } from "../agent/tool.ts";
import type { Attached } from "../shared/attachments.ts";
import type { Mode } from "../shared/event.ts";
import type { QueueChange } from "../shared/queue.ts";

/** A call that waits for the person. */
export interface Asked {
	readonly id: string;
	readonly plan: Plan;
	answer(answer: Answer): void;
}

export interface RunHost {
	/** Made anew for each run: settings may have changed. */
	env(run: ChatRun): Omit<TurnEnv, "approve" | "pause">;
	/** A call waits. */
	asked(run: ChatRun, asked: Asked): void;
	/** A turn paused: it goes on, or not, as the person says. */
	paused(run: ChatRun): void;
	/** The run began or ended, or a waiting call was decided. */
	changed(run: ChatRun): void;
	/** An answer had to be mended: what to change at the server. */
	advised(text: string): void;
	/** Something runs in it, or is on its way to it: it stays in memory. */
	isAwaited(run: ChatRun): boolean;
	/** The chat with this id is deleted: nothing of it may run any more, nor these full outputs of its commands be kept. */
	removed(chat: string, outputs: readonly string[]): Promise<void>;
	/** A run ended with a failure that the log could not take. */
	broken(run: ChatRun, end: TurnEnd): void;
}

/** One chat with the run that may be under way in it. */
export class ChatRun {
	readonly session: Session;
	/** Another window worked in it when it was opened here. */
	readonly isElsewhere: boolean;
	readonly #host: RunHost;
	readonly #asked = new Map<string, Asked>();
	#model = "";
	/** What the turn that runs is under, whatever the setting says; undefined: what that says. */
	#own: Mode | undefined;
	/** The setting as this run knows it. */
	#setting: Mode | undefined;
	#stop: AbortController | undefined;
	#hurry: (() => void) | undefined;
	/** The chat is to be shortened at the next step. */
	#wish: CompactWish | undefined;
	/** The last run in this process came to its end by itself: what is queued from now on need not wait. */
	#isDone = false;
	#ending: Promise<unknown> = Promise.resolve();

	constructor(session: Session, host: RunHost, isElsewhere = false) {
		this.session = session;
		this.isElsewhere = isElsewhere;
		this.#host = host;
	}

	get running(): boolean {
		return this.#stop !== undefined;
	}

	/** The id of the model that the last turn asked; empty before the first, and where it was not known then. */
	get model(): string {
		return this.#model;
	}

	/** The turn was cut off by a reload or a crash, and can go on. */
	get interrupted(): boolean {
		return !this.running && !this.isElsewhere && this.session.interrupted;
	}

	/** The last turn waits for the person's word before it goes on. */
	get paused(): boolean {
		const ended = this.session.chat.turns.at(-1)?.ended;
		return !this.running && (ended === "limit" || ended === "looping");
	}

	/** Calls that wait for the person, oldest first. */
	get asked(): readonly Asked[] {
		return [...this.#asked.values()];
	}

	/**
	 * The mode that calls are under where this one is for all chats. A turn that plans stays in Plan until its own plan
	 * is accepted or the person picks a mode: what another chat's plan opened is not open to it.
	 */
	under(common: Mode): Mode {
		return this.running ? (this.#own ?? common) : common;
	}

	/** Its plan is accepted: it goes on in this mode, also where the settings can't be written. */
	leavePlan(mode: Mode): void {
		this.#own = mode;
	}

	/** The person picked this mode, for all chats. */
	follow(mode: Mode): void {
		this.#own = mode === "plan" ? mode : undefined;
	}

	/** Settings changed, maybe others, and not by what the person picked here. */
	settingChanged(mode: Mode): void {
		if (mode === this.#setting) return;
		this.#setting = mode;
		if (this.#own !== "plan") this.follow(mode);
	}

	/**
	 * Runs a turn, then one for each message that waits, as long as each comes to its end by itself. `undefined` goes on
	 * with the last turn. Ignored while one runs.
	 */
	async start(prompt: Prompt | undefined): Promise<void> {
		if (this.#stop) return;
		const stop = new AbortController();
		this.#stop = stop;
		this.#isDone = false;
		const running = this.#turns(prompt, stop.signal);
		this.#ending = running;
		const end = await running;
		this.#stop = undefined;
		this.#isDone = end.reason === "done";
		if (end.failure) this.#host.broken(this, end);
		this.#host.changed(this);
		if (this.paused) this.#host.paused(this);
	}

	/** Shortens what is sent of the chat: before the next step where a turn runs. Rejects with `StorageError`. */
	async compact(wish: CompactWish): Promise<"later" | "done" | "nothing" | "stopped"> {
		if (this.#stop) {
			this.#wish = wish;
			return "later";
		}
		const stop = new AbortController();
		this.#stop = stop;
		const shortening = shorten(this.session, this.#env(), wish, stop.signal);
		this.#ending = shortening.catch(() => undefined);
		this.#host.changed(this);
		try {
			if (await shortening) return "done";
			return stop.signal.aborted ? "stopped" : "nothing";
		} finally {
			this.#stop = undefined;
			this.#host.changed(this);
		}
	}

	/** `attached` goes with a message that is added. Rejects with `StorageError`. */
	async queue(change: QueueChange, attached: readonly Attached[] = []): Promise<void> {
		await changeQueue(this.session, change, attached);
		// It came as the run was ending, or was all that the run waited for.
		const next = this.#isDone && !this.session.chat.restored && nextQueued(this.session.chat);
		if (next && !this.#stop) await this.start({ queued: next.id });
	}

	/** Says a message that waits, absent the first one: now where nothing runs, else at the next step. */
	async sendQueued(id = this.session.chat.queue.find(({ held }) => !held)?.id): Promise<void> {
		if (id === undefined) return;
		if (this.#stop) await this.queue({ do: "steer", id });
		else await this.start({ queued: id });
	}

	async #turns(prompt: Prompt | undefined, signal: AbortSignal): Promise<TurnEnd> {
		let next = prompt;
		for (;;) {
			const end = await this.#turn(next, signal);
			await this.#shortenAfter(signal);
			const queued = end.reason === "done" && !signal.aborted && nextQueued(this.session.chat);
			if (!queued) return end;
			next = { queued: queued.id };
		}
	}

	/** What the person wished in the last step of a turn. */
	async #shortenAfter(signal: AbortSignal): Promise<void> {
		const wish = this.#takeWish();
		if (!wish || signal.aborted) return;
		// A log that takes nothing any more is found with the next turn.
		await shorten(this.session, this.#env(), wish, signal).catch(() => false);
	}

	#takeWish(): CompactWish | undefined {
		const wish = this.#wish;
		this.#wish = undefined;
		return wish;
	}

	#env(given = this.#host.env(this)): TurnEnv {
		return {
			...given,
			mode: () => this.under(given.mode()),
			compactWish: () => this.#takeWish(),
			approve: (call, signal) => this.#approve(call, signal),
			pause: (ms, signal) => this.#pause(ms, signal),
		};
	}

	async #turn(prompt: Prompt | undefined, stop: AbortSignal): Promise<TurnEnd> {
		const given = this.#host.env(this);
		this.#setting = given.mode();
		this.follow(this.#setting);
		this.#host.changed(this);
		const env = this.#env(given);
		const ending = runTurn(this.session, prompt, env, stop);
		this.#model = env.model.name;
		const unwatch = this.session.subscribe((event) => {
			if (event.type === "replied") this.#host.changed(this);
			if (event.type === "advice") this.#host.advised(event.text);
		});
		return ending.finally(unwatch);
	}

	/** Ends a countdown to the next try. */
	retryNow(): void {
		this.#hurry?.();
	}

	/** Stops what runs; a turn that is paused is over. Rejects with `StorageError`. */
	async end(): Promise<void> {
		if (!this.paused) return this.stop();
		// Said twice at once, it ends once.
		await this.session.record(() => (this.paused ? { type: "ended", reason: "stopped" } : undefined));
		this.#host.changed(this);
	}

	/** Resolves when nothing runs any more. */
	async stop(): Promise<void> {
		this.#stop?.abort();
		await this.#ending;
	}

	#pause(ms: number, signal: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const over = () => {
				clearTimeout(timer);
				signal.removeEventListener("abort", over);
				this.#hurry = undefined;
				resolve();
			};
			const timer = setTimeout(over, ms);
			signal.addEventListener("abort", over);
			this.#hurry = over;
			if (signal.aborted) over();
		});
	}

	#approve(call: { id: string; plan: Plan }, signal: AbortSignal): Promise<Answer | undefined> {
		return new Promise((resolve) => {
			const settle = (answer: Answer | undefined) => {
				signal.removeEventListener("abort", aborted);
				this.#asked.delete(call.id);
				this.#host.changed(this);
				resolve(answer);
			};
			const aborted = () => settle(undefined);
			if (signal.aborted) return resolve(undefined);
			signal.addEventListener("abort", aborted);
			const asked: Asked = { ...call, answer: settle };
			this.#asked.set(call.id, asked);
			this.#host.asked(this, asked);
			this.#host.changed(this);
		});
	}
}
