import type { FileState } from "../../shared/event.ts";

type State = FileState | null;

/** Files that are kept at once. Of a folder of more, the rest counts as the person's work, whatever a command does. */
const MOST = 2000;

/**
 * What files were right after the person, or we for them, wrote them while a command ran: from there on, and not from
 * the snapshot on, a change of such a file is the command's. Any number of snapshots may be open at once.
 */
export class Journal {
	readonly #keep: (path: string) => Promise<State | undefined>;
	/** The last write of each path; its state is undefined where it can't be told. */
	readonly #writes = new Map<string, { readonly at: number; readonly state: Promise<State | undefined> }>();
	readonly #below: (folder: string) => Promise<readonly string[]>;
	readonly #open = new Set<number>();
	/** Folders that are listed. */
	#listing: Promise<unknown> = Promise.resolve();
	#clock = 0;

	/** `keep` reads what is on disk, and keeps it; `below` names the files in a folder. Neither rejects. */
	constructor(
		keep: (path: string) => Promise<State | undefined>,
		below: (folder: string) => Promise<readonly string[]>,
	) {
		this.#keep = keep;
		this.#below = below;
	}

	/** A snapshot begins to be taken. Returns the moment, for `since` and `end`. */
	begin(): number {
		const at = ++this.#clock;
		this.#open.add(at);
		return at;
	}

	end(at: number): void {
		this.#open.delete(at);
		if (this.#open.size === 0) this.#writes.clear();
	}

	/** A folder that came, went or was renamed stands for all in it. */
	async wrote(paths: readonly string[]): Promise<void> {
		if (this.#open.size === 0) return;
		for (const path of paths)
			for (const known of this.#writes.keys()) if (known.startsWith(`${path}/`)) this.#writes.delete(known);
		const states = this.#note(paths);
		const listed = Promise.all(paths.map(this.#below)).then((names) => Promise.all(this.#note(names.flat())));
		this.#listing = Promise.all([this.#listing, listed]);
		await Promise.all([...states, this.#listing]);
	}

	#note(paths: readonly string[]): Promise<State | undefined>[] {
		if (this.#open.size === 0) return [];
		return paths.map((path, index) => {
			const state = index < MOST ? this.#keep(path) : Promise.resolve(undefined);
			this.#writes.set(path, { at: ++this.#clock, state });
			return state;
		});
	}

	/**
	 * What was written since that moment, by path. Undefined: it can't be told. What is below such a path, and not one
	 * itself, was not there then.
	 */
	async since(moment: number): Promise<ReadonlyMap<string, State | undefined>> {
		await this.#listing;
		const found = new Map<string, State | undefined>();
		for (const [path, { at, state }] of this.#writes) if (at > moment) found.set(path, await state);
		return found;
	}
}
