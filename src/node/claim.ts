import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** So often a process says that it still works. */
const BEAT_MS = 5_000;
/** Whoever said nothing for so long is gone: its number may be another process' by now. */
const GONE_MS = 20_000;

/**
 * A file that says which process works on something, for as long as it does. It keeps nobody out by itself, and one that
 * a crash left behind counts for nothing. No method rejects: where it can't be written, others are not told.
 */
export class Claim {
	readonly #path: string;
	#beat: NodeJS.Timeout | undefined;
	/** Changes come one after the other. */
	#last: Promise<unknown> = Promise.resolve();

	/** @param path absolute; its folder need not exist */
	constructor(path: string) {
		this.#path = path;
	}

	/** It is ours, once no change of it is under way. */
	async isHeld(): Promise<boolean> {
		await this.#last;
		return this.#beat !== undefined;
	}

	/** Takes it, unless another process has it, or gives it back. */
	set(held: boolean): Promise<void> {
		const done = this.#last.then(() => (held ? this.#take() : this.#release()));
		this.#last = done;
		return done;
	}

	async #take(): Promise<void> {
		if (this.#beat || (await isElsewhere(this.#path))) return;
		await this.#write();
		this.#beat = setInterval(() => {
			this.#last = this.#last.then(() => this.#write());
		}, BEAT_MS).unref();
	}

	async #release(): Promise<void> {
		if (!this.#beat) return;
		clearInterval(this.#beat);
		this.#beat = undefined;
		await rm(this.#path, { force: true }).catch(() => undefined);
	}

	async #write(): Promise<void> {
		try {
			await mkdir(dirname(this.#path), { recursive: true });
			await writeFile(this.#path, String(process.pid), { mode: 0o600 });
		} catch {
			// As if nobody was told.
		}
	}
}

/** Whether another process that is alive holds the claim at this path. Never rejects. */
export async function isElsewhere(path: string): Promise<boolean> {
	try {
		const { mtimeMs } = await stat(path);
		const pid = Number(await readFile(path, "utf8"));
		return Math.abs(Date.now() - mtimeMs) < GONE_MS && Number.isSafeInteger(pid) && isOther(pid);
	} catch {
		return false;
	}
}

function isOther(pid: number): boolean {
	if (pid <= 0 || pid === process.pid) return false;
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// It is there, and another person's.
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
