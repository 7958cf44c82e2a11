import { applyRestore, type HostWrite } from "../../node/checkpoints/apply.ts";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import { planRestore } from "../../node/checkpoints/restore.ts";
import type { FileChange, Unreviewed } from "../../shared/event.ts";
import { type Entry, pathsOf } from "./changed-file.ts";

/** What came of taking an undo back. */
export interface BroughtBack {
	/** What waits for review again. */
	readonly files: Readonly<Record<string, Unreviewed>>;
	/** What was written. */
	readonly changes: readonly FileChange[];
	/** Paths of files that somebody changed since; they are as they were left. */
	readonly left: readonly string[];
}

/** Puts files back to what they were before an undo. @param undone what the undo wrote */
export async function bringBack(
	checkpoints: WorkspaceCheckpoints,
	entries: readonly Entry[],
	undone: readonly FileChange[],
	write: HostWrite,
): Promise<BroughtBack> {
	const plan = await planRestore(checkpoints, undone);
	const clean = { files: plan.files.filter(({ kind }) => kind === "clean") };
	const { changes } = await applyRestore(checkpoints, clean, { overwrite: false, write });
	const back = new Set(changes.map(({ path }) => path));
	const waiting = entries.filter((entry) => pathsOf(entry).some((path) => back.has(path)));
	return {
		files: Object.fromEntries(waiting.flatMap(halvesOf)),
		changes,
		left: undone.map(({ path }) => path).filter((path) => !back.has(path)),
	};
}

function halvesOf({ path, from, base, now, unsure }: Entry): readonly [string, Unreviewed][] {
	const how = unsure && { unsure };
	if (from === undefined) return [[path, { base, now, ...how }]];
	return [
		[from, { base, now: null, ...how }],
		[path, { base: null, now, ...how }],
	];
}
