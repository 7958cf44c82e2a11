import { inTime } from "../agent/patient.ts";
import type { ShellResult } from "../agent/ports.ts";
import { CommandLog } from "./command-log.ts";
import { type Ended, type Launched, launch, type Start } from "./launch.ts";
import { createHeadTail, createStripper } from "./output.ts";

/** Output that was followed by none for so long is complete enough to be read. */
const QUIET_MS = 300;

export type Taken = Pick<ShellResult, "output" | "omitted" | "log">;

/** A command that was started, with what it prints: bounded memory, whatever that is. */
export class Command {
	/** It ended and all of its output is here. Never rejects. */
	readonly ended: Promise<Ended>;
	readonly #launched: Launched;
	readonly #stripper = createStripper();
	readonly #log: CommandLog | undefined;
	#kept = createHeadTail();
	#came = 0;
	#taken = 0;

	/** @param logs folder for all of its output; undefined: it is not kept */
	constructor(start: Omit<Start, "onText">, logs: string | undefined, onOutput: ((text: string) => void) | undefined) {
		this.#log = logs === undefined ? undefined : new CommandLog(logs);
		this.#launched = launch({
			...start,
			onText: (text) => {
				onOutput?.(text);
				return this.#push(this.#stripper.push(text));
			},
		});
		this.ended = this.#end();
	}

	/**
	 * Waits until there is output to take and no more comes, until it ended, `ms` are over, or `signal` aborts. How it
	 * ended, if it did.
	 */
	async settled(ms: number, signal: AbortSignal): Promise<Ended | undefined> {
		const until = performance.now() + ms;
		for (let left = ms; left > 0 && !signal.aborted; left = until - performance.now()) {
			const came = this.#came;
			const ended = await inTime(this.ended, { ms: Math.min(QUIET_MS, left), signal }, undefined);
			if (ended || (came > this.#taken && came === this.#came)) return ended;
		}
		return undefined;
	}

	/** What came since it was last taken. */
	take(): Taken {
		const { text: output, omitted } = this.#kept.end();
		this.#kept = createHeadTail();
		this.#taken = this.#came;
		const log = omitted > 0 ? this.#log?.path : undefined;
		return { output, omitted, ...(log !== undefined && { log }) };
	}

	/** Resolves when it ended. */
	async stop(graceMs: number): Promise<void> {
		await this.#launched.end(graceMs);
		await this.ended;
	}

	#push(text: string): Promise<void> | undefined {
		this.#came += text.length;
		this.#kept.push(text);
		return this.#log?.push(text);
	}

	async #end(): Promise<Ended> {
		const ended = await this.#launched.ended;
		await this.#push(this.#stripper.end());
		await this.#log?.end();
		return ended;
	}
}
