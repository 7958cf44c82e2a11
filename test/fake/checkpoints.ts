import type { Checkpoints, Snapshot } from "../../src/agent/ports.ts";
import type { FileChange, FileState } from "../../src/shared/event.ts";

interface Found {
	readonly files: FileChange[];
	readonly uncovered?: string;
}

/** Keeps nothing: says what the test wrote in `files` and `found`, and in which order it was asked. */
export class FakeCheckpoints implements Checkpoints {
	readonly asked: string[] = [];
	readonly released: (string | null)[] = [];
	readonly closed: (string | null)[] = [];
	#taken = 0;
	/** What files are now; `ids` of a path that is missing here can't be kept. */
	files: Record<string, string | null> = {};
	/** What the next snapshots find, one after the other. */
	readonly found: (Found | Promise<Found>)[] = [];

	/** What the next snapshot finds, once the test says it. */
	findLater(): (found: Found) => void {
		const { promise, resolve } = Promise.withResolvers<Found>();
		this.found.push(promise);
		return resolve;
	}

	expect(): void {
		this.asked.push("expect");
	}

	async capture(paths: readonly string[]): Promise<ReadonlyMap<string, FileState | null>> {
		this.asked.push(`capture ${paths.join(" ")}`);
		return new Map(paths.filter((path) => path in this.files).map((path) => [path, stateOf(this.files[path] ?? null)]));
	}

	async snapshot(): Promise<Snapshot> {
		this.asked.push("snapshot");
		return this.reopen(`snapshot ${++this.#taken}`);
	}

	reopen(id: string | null): Snapshot {
		return {
			hold: async () => id,
			changes: async () => {
				this.asked.push("changes");
				return this.found.shift() ?? { files: [] };
			},
			release: async () => {
				this.released.push(id);
			},
			isElsewhere: async () => false,
			close: () => {
				this.closed.push(id);
			},
		};
	}
}

export function stateOf(id: string | null): FileState | null {
	return id === null ? null : { id, mode: "file" };
}

export function changeOf(path: string, before: string | null, after: string | null): FileChange {
	return { path, before: stateOf(before), after: stateOf(after) };
}
