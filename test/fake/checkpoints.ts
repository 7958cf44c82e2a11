import type { Checkpoints } from "../../src/agent/ports.ts";
import type { FileChange, FileState } from "../../src/shared/event.ts";

/** Keeps nothing: says what the test wrote in `files` and `found`, and in which order it was asked. */
export class FakeCheckpoints implements Checkpoints {
	readonly asked: string[] = [];
	/** What files are now; `ids` of a path that is missing here can't be kept. */
	files: Record<string, string | null> = {};
	/** What the next snapshots find, one after the other. */
	readonly found: (
		| { files: FileChange[]; uncovered?: string }
		| Promise<{ files: FileChange[]; uncovered?: string }>
	)[] = [];

	expect(): void {
		this.asked.push("expect");
	}

	async capture(paths: readonly string[]): Promise<ReadonlyMap<string, FileState | null>> {
		this.asked.push(`capture ${paths.join(" ")}`);
		return new Map(paths.filter((path) => path in this.files).map((path) => [path, stateOf(this.files[path] ?? null)]));
	}

	async snapshot() {
		this.asked.push("snapshot");
		const next = this.found.shift() ?? { files: [] };
		return {
			changes: async () => {
				this.asked.push("changes");
				return next;
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
