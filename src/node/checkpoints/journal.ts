import type { FileState } from "../../shared/event.ts";

type State = FileState | null;

/** Files that are kept at once. Of a folder of more, the rest counts as the person's work, whatever a command does. */
const MOST = 2000;

interface Write {
	readonly at: number;
	/** Undefined where it can't be told. */
	readonly state: Promise<State | undefined>;
}

/** The last write of each path. Found by the folders that they are in as well: of thousands none is looked at in vain. */
class Writes {
	readonly #last = new Map<string, Write>();
	readonly #in = new Map<string, Set<string>>();

	set(path: string, write: Write): void {
		if (!this.#last.has(path))
			for (const folder of above(path)) this.#in.set(folder, (this.#in.get(folder) ?? new Set()).add(path));
		this.#last.set(path, write);
	}

	/** Forgets what is in a folder. */
	deleteIn(folder: string): void {
		for (const path of this.#in.get(folder) ?? []) {
			this.#last.delete(path);
			for (const each of above(path)) {
				const paths = this.#in.get(each);
				paths?.delete(path);
				if (paths?.size === 0) this.#in.delete(each);
			}
		}
	}

	clear(): void {
		this.#last.clear();
		this.#in.clear();
	}

	after(moment: number): readonly (readonly [path: string, write: Write])[] {
		return [...this.#last].filter(([, { at }]) => at > moment);
	}
}

/** `a` and `a/b` of `a/b/c`. */
function above(path: string): readonly string[] {
	const names = path.split("/");
	return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}

/**
 * What files were right after the person, or we for them, wrote them while a command ran: from there on, and not from
 * the snapshot on, a change of such a file is the command's. Any number of snapshots may be open at once.
 */
export class Journal {
	readonly #keep: (path: string) => Promise<State | undefined>;
	readonly #writes = new Writes();
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
		for (const path of paths) this.#writes.deleteIn(path);
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
		for (const [path, { state }] of this.#writes.after(moment)) found.set(path, await state);
		return found;
	}
}
