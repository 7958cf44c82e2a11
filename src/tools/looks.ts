import type { Repository } from "../agent/probe.ts";
import type { Ctx } from "../agent/tool.ts";

/** Paths that are looked at for one line: the person waits for its card meanwhile. */
const MOST_LOOKS = 5000;

export type Ports = Pick<Ctx, "files" | "search" | "shell">;
type Trouble = string | undefined;

/** What was looked at for one line: nothing of it twice. */
export class Looks {
	readonly ports: Ports;
	readonly signal: AbortSignal;
	readonly #done = new Map<string, Promise<unknown>>();
	#left = MOST_LOOKS;

	constructor(ports: Ports, signal: AbortSignal) {
		this.ports = ports;
		this.signal = signal;
	}

	once<T>(what: string, look: () => Promise<T>): Promise<T> {
		const known = this.#done.get(what) as Promise<T> | undefined;
		if (known !== undefined) return known;
		this.#left--;
		const looking = look();
		this.#done.set(what, looking);
		return looking;
	}

	/** Why no more is looked at. */
	get over(): Trouble {
		if (this.signal.aborted) return "It was not looked at to the end.";
		return this.#left > 0 ? undefined : "It looks at more files than can be checked for secrets.";
	}

	place(path: string): ReturnType<Ports["files"]["place"]> {
		return this.once(`place ${path}`, () => this.ports.files.place(path));
	}

	/** Where a folder really is: what comes after a `cd` begins there. */
	async real(path: string): Promise<string> {
		const placed = await this.place(path);
		return placed.ok ? placed.value.path : path;
	}

	async kind(path: string): Promise<"file" | "directory" | "other" | "missing"> {
		const found = await this.once(`stat ${path}`, () => this.ports.files.stat(path));
		if (found.ok) return found.value.kind;
		return found.failure.code === "missing" ? "missing" : "other";
	}

	hiding(): Promise<boolean> {
		return this.once("hiding", () => this.ports.search.hiding(this.signal));
	}

	repository(folder: string): Promise<Repository> {
		return this.once(`git ${folder}`, () => this.ports.shell.probe.git(folder, this.signal));
	}
}
