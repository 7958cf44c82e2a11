import type { Exit, Job, JobOutput, Jobs } from "../agent/ports.ts";
import type { Chat } from "../shared/reduce.ts";
import type { Command } from "./command.ts";

/** Jobs of a chat that run at once. */
export const MOST_JOBS = 8;
/** Those that ended and can still be read. */
const MOST_ENDED = 20;
const GRACE_MS = 500;

interface Entry {
	readonly command: Command;
	job: Job;
}

/**
 * What to number a chat's jobs after: each came with events of its own, so their number in the log is not less than that
 * of any job, also of one that is not in the conversation any more. A chat that was only opened had none.
 */
export function lastJobOf({ next }: Chat): number {
	return next <= 1 ? 0 : next;
}

/** The commands of a chat that go on in the background. */
export class JobList implements Jobs {
	readonly #entries = new Map<string, Entry>();
	readonly #listeners = new Set<() => void>();
	#count: number;

	/** @param last the number of the last id that may have been given before */
	constructor(last = 0) {
		this.#count = last;
	}

	get isFull(): boolean {
		return this.list().filter(({ exit }) => !exit).length >= MOST_JOBS;
	}

	/** Takes in what runs, and gives it an id. */
	add(command: Command, line: string, cwd: string): string {
		const id = `b${++this.#count}`;
		const entry: Entry = { command, job: { id, command: line, cwd, startedAt: Date.now() } };
		this.#entries.set(id, entry);
		void command.ended.then((ended) => this.#ended(entry, ended));
		this.#changed();
		return id;
	}

	list(): readonly Job[] {
		return [...this.#entries.values()].map(({ job }) => job);
	}

	async read(id: string, { waitMs, signal }: { waitMs: number; signal: AbortSignal }): Promise<JobOutput | undefined> {
		const entry = this.#entries.get(id);
		if (!entry) return undefined;
		if (!entry.job.exit) await entry.command.settled(waitMs, signal);
		return { ...entry.command.take(), job: entry.job };
	}

	async kill(id: string): Promise<JobOutput | undefined> {
		await this.end(id);
		const entry = this.#entries.get(id);
		return entry && { ...entry.command.take(), job: entry.job };
	}

	async end(id: string): Promise<void> {
		const entry = this.#entries.get(id);
		if (entry && !entry.job.exit) await entry.command.stop(GRACE_MS);
	}

	onChanged(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#ended(entry: Entry, { exitCode, signal }: Exit): void {
		entry.job = { ...entry.job, exit: { exitCode, signal } };
		const ended = this.list().filter(({ exit }) => exit);
		for (const { id } of ended.slice(0, Math.max(0, ended.length - MOST_ENDED))) this.#entries.delete(id);
		this.#changed();
	}

	#changed(): void {
		for (const listener of this.#listeners) listener();
	}
}
