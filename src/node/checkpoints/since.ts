import { inTime } from "../../agent/patient.ts";
import type { Snapshot } from "../../agent/ports.ts";
import { isSameState } from "../../shared/changes.ts";
import type { FileChange, FileState } from "../../shared/event.ts";
import type { Difference } from "./differences.ts";
import { type Folders, foldersOf } from "./folders.ts";
import { heldTree, holdTree, isHeldElsewhere, releaseTree } from "./held.ts";
import { Journal } from "./journal.ts";
import type { Series } from "./series.ts";
import type { Tree } from "./snapshots.ts";

type State = FileState | null;

const NEVER_KEPT = "The workspace could not be kept before it.";
const GONE = "What was kept of the workspace before it is not there any more.";
const FIRST = "The workspace is still being read for the first time, or its disk is slow.";
const PATIENCE_MS = 10_000;
/** Names in a sentence about files. */
const MAX_NAMES = 3;

/** Snapshots, and what changed since each; see the contracts of `Checkpoints` and `WorkspaceCheckpoints`. */
export function createSince(options: {
	readonly folder: string;
	readonly series: Series;
	readonly patience?: number;
	/** What is on disk, kept; undefined where it can't be. Never rejects. */
	readonly keep: (path: string) => Promise<State | undefined>;
	/** The files in a folder, as far as they are to be looked at. Never rejects. */
	readonly below: (folder: string) => Promise<readonly string[]>;
	readonly folders: Folders;
}) {
	const { folder, series, keep, folders } = options;
	const journal = new Journal(keep, options.below);
	/** When those that are held were begun, by their ids. */
	const begunAt = new Map<string, number>();
	const patience = options.patience ?? PATIENCE_MS;
	const take = () => inTime(series.take(), { ms: patience }, FIRST);
	const release = async (id: string | null, begun: number) => {
		journal.end(begun);
		if (id === null) return;
		begunAt.delete(id);
		await releaseTree(folder, id);
	};
	const changesSince = async (before: Tree, begun: number): ReturnType<Snapshot["changes"]> => {
		// No patience here: who waits for it has its own, and what is found late can still be undone.
		const after = await series.take();
		const found = typeof after === "string" ? after : await series.difference(before, after);
		if (typeof found === "string") return unknown(found);
		const made = found.files.flatMap((file) => (file.before ? [] : [file.path]));
		await folders.born(made, before.at);
		return worded(await sinceWrites(found, await journal.since(begun), keep));
	};
	return {
		/** A string says why there is none in time. */
		take,
		wrote: (paths: readonly string[]) => journal.wrote(paths),
		async snapshot(): Promise<Snapshot> {
			const begun = journal.begin();
			const taken = await take();
			if (typeof taken === "string") {
				journal.end(begun);
				return missing(taken);
			}
			let id: string | null = null;
			return {
				async hold() {
					id ??= await holdTree(folder, taken.tree);
					if (id !== null) begunAt.set(id, begun);
					return id;
				},
				changes: () => changesSince(taken.tree, begun),
				release: () => release(id, begun),
				isElsewhere: async () => false,
				close: () => journal.end(begun),
			};
		},
		reopen(id: string | null): Snapshot {
			if (id === null) return missing(NEVER_KEPT);
			// All that this process saw written came after a snapshot of an earlier one.
			const begun = begunAt.get(id) ?? 0;
			const opened = journal.begin();
			return {
				hold: async () => id,
				changes: async () => {
					const tree = await heldTree(folder, id);
					return tree ? changesSince(tree, begun) : unknown(GONE);
				},
				release: async () => {
					journal.end(opened);
					await release(id, begun);
				},
				isElsewhere: () => isHeldElsewhere(folder, id),
				close: () => journal.end(opened),
			};
		},
	};
}

function missing(why: string): Snapshot {
	return {
		hold: async () => null,
		changes: async () => unknown(why),
		release: async () => undefined,
		isElsewhere: async () => false,
		close: () => undefined,
	};
}

function unknown(why: string) {
	return { files: [], uncovered: `What this command changed is not known and can't be undone. ${why}` };
}

/** The same, with files that the person wrote meanwhile as they were left by that. */
async function sinceWrites(
	{ files, notKept }: Difference,
	written: ReadonlyMap<string, State | undefined>,
	keep: (path: string) => Promise<State | undefined>,
): Promise<Difference> {
	const isBelow = (path: string) => foldersOf(path).some((folder) => written.has(folder));
	const again: FileChange[] = [];
	const unreadable: string[] = [];
	for (const [path, before] of written) {
		if (before === undefined) continue;
		const after = await keep(path);
		if (after === undefined) unreadable.push(path);
		else if (!isSameState(before, after)) again.push({ path, before, after });
	}
	for (const change of files) {
		if (written.has(change.path)) continue;
		if (!isBelow(change.path)) again.push(change);
		// It was not there when the folder came or went.
		else if (change.after) again.push({ ...change, before: null });
	}
	return {
		files: again,
		notKept: [...notKept.filter((path) => !written.has(path) && !isBelow(path)), ...unreadable],
	};
}

function worded({ files, notKept }: Difference): Awaited<ReturnType<Snapshot["changes"]>> {
	if (notKept.length === 0) return { files };
	const uncovered = `Changed by this command, too large or not readable, and so not kept: ${someOf(notKept)}.`;
	return { files, uncovered };
}

export function someOf(names: readonly string[]): string {
	const shown = names.slice(0, MAX_NAMES).join(", ");
	return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}
