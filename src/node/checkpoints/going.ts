import { foldersOf } from "./folders.ts";
import type { RestoreFile } from "./restore.ts";

/** Files that a restore deletes, found by what they are in the way of: thousands may go while thousands come. */
export class Going {
	readonly #left: Set<RestoreFile>;
	/** By name, and by the name of each folder above; in small letters, since some disks take `A` for `a`. */
	readonly #named: ReadonlyMap<string, readonly RestoreFile[]>;
	readonly #below = new Map<string, RestoreFile[]>();

	constructor(files: readonly RestoreFile[]) {
		this.#left = new Set(files);
		this.#named = Map.groupBy(files, ({ path }) => path.toLowerCase());
		for (const file of files)
			for (const folder of foldersOf(file.path.toLowerCase())) {
				const known = this.#below.get(folder);
				if (known) known.push(file);
				else this.#below.set(folder, [file]);
			}
	}

	/** Those that nothing took yet. */
	get left(): Iterable<RestoreFile> {
		return this.#left;
	}

	/** Takes what has to go first: a file in the place of a folder, all in a folder, the same name in other letters. */
	takeInTheWayOf(path: string): readonly RestoreFile[] {
		const name = path.toLowerCase();
		const above = foldersOf(name).toReversed();
		const found = [
			...[...above, name].flatMap((each) => this.#named.get(each) ?? []),
			...(this.#below.get(name) ?? []),
		];
		return found.filter((file) => this.#left.delete(file));
	}
}
