import type { FileState } from "../../shared/event.ts";

type State = FileState | null;

/**
 * What files were right after the person, or we for them, wrote them while a command ran: from there on, and not from
 * the snapshot on, a change of such a file is the command's. Any number of snapshots may be open at once.
 */
export class Journal {
	readonly #keep: (path: string) => Promise<State | undefined>;
	/** The last write of each path; its state is undefined where it can't be told. */
	readonly #writes = new Map<string, { readonly at: number; readonly state: Promise<State | undefined> }>();
	readonly #open = new Set<number>();
	#clock = 0;

	/** `keep` reads what is on disk, and keeps it; it never rejects. */
	constructor(keep: (path: string) => Promise<State | undefined>) {
		this.#keep = keep;
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

	async wrote(paths: readonly string[]): Promise<void> {
		if (this.#open.size === 0) return;
		const states = paths.map((path) => {
			const state = this.#keep(path);
			this.#writes.set(path, { at: ++this.#clock, state });
			return state;
		});
		await Promise.all(states);
	}

	/** What was written since that moment, by path. */
	async since(moment: number): Promise<ReadonlyMap<string, State>> {
		const found = new Map<string, State>();
		for (const [path, { at, state }] of this.#writes) {
			const known = at > moment ? await state : undefined;
			if (known !== undefined) found.set(path, known);
		}
		return found;
	}
}
