import { realpath } from "node:fs/promises";
import type { Checkpoints, Snapshot } from "../../agent/ports.ts";
import type { FileState } from "../../shared/event.ts";
import { type Blobs, createBlobs } from "./blobs.ts";
import { heldTree, holdTree, releaseTree } from "./held.ts";
import { look } from "./look.ts";
import { createSeries, type Kept } from "./series.ts";
import type { Tree } from "./snapshots.ts";

export interface CheckpointOptions {
	/** Absolute path of the workspace folder. */
	readonly root: string;
	/** Where all is kept: a folder of the extension's storage that belongs to this workspace. Two windows may share it. */
	readonly folder: string;
	/** Absolute path of git; by default it is looked for on the PATH. */
	readonly git?: string;
	/** The bytes that saving would write, where a document of this absolute path is open with unsaved changes. */
	readonly liveBytes?: (path: string) => Promise<Buffer | undefined>;
	/**
	 * Milliseconds that a command waits for a snapshot at most, 10,000 by default. The snapshot goes on in the background,
	 * so that the next one may be in time.
	 */
	readonly patience?: number;
}

/** What is kept before commands. */
export interface Coverage {
	/** False: only what our own edits change. */
	readonly git: boolean;
	/** What is not kept, in words for the person. */
	readonly uncovered: string;
}

/** Checkpoints of one workspace folder. Nothing here throws; paths are relative to the workspace, with `/`. */
export interface WorkspaceCheckpoints extends Checkpoints {
	/** Absolute. */
	readonly root: string;
	readonly blobs: Blobs;
	/** The bytes of a state (of a link: its target); empty for null, where no file was. Undefined: they are lost. */
	read(state: FileState | null): Promise<Buffer | undefined>;
	/**
	 * What a file is now, an open document's live text included; not kept. Null also for a folder, which is no file.
	 * Undefined: a device, a path through a link, or no right to read it.
	 */
	stateOf(path: string): Promise<FileState | null | undefined>;
	/** Takes a snapshot to find out. */
	coverage(): Promise<Coverage>;
	/** Stops what runs in the background. */
	dispose(): void;
}

const NEVER_KEPT = "The workspace could not be kept before it.";
const GONE = "What was kept of the workspace before it is not there any more.";
const PATIENCE_MS = 10_000;
/** Names in a sentence about files. */
const MAX_NAMES = 3;

export function createCheckpoints(options: CheckpointOptions): WorkspaceCheckpoints {
	const { root, folder, liveBytes } = options;
	const blobs = createBlobs(folder);
	const stop = new AbortController();
	const series = createSeries({ ...options, blobs, signal: stop.signal, root: realpath(root).catch(() => root) });
	const soon = () => withPatience(series.take(), options.patience ?? PATIENCE_MS);
	return {
		root,
		blobs,
		expect: series.warm,
		async capture(paths) {
			const kept = new Map<string, FileState | null>();
			for (const path of new Set(paths)) {
				const found = await look(root, path, liveBytes);
				if (found.kind === "none") kept.set(path, null);
				if (found.kind === "file" && found.bytes && (await blobs.put(found.bytes))) kept.set(path, found.state);
			}
			return kept;
		},
		async snapshot(): Promise<Snapshot> {
			const taken = await soon();
			if (typeof taken === "string") return missing(taken);
			const { tree } = taken;
			let id: string | null = null;
			return {
				async hold() {
					id ??= await holdTree(folder, tree);
					return id;
				},
				changes: () => changesSince(tree),
				release: async () => (id === null ? undefined : releaseTree(folder, id)),
			};
		},
		reopen: (id) =>
			id === null
				? missing(NEVER_KEPT)
				: {
						hold: async () => id,
						changes: async () => changesSince((await heldTree(folder, id)) ?? GONE),
						release: () => releaseTree(folder, id),
					},
		read: (state) => (state ? blobs.get(state.id) : Promise.resolve(Buffer.alloc(0))),
		async stateOf(path) {
			const found = await look(root, path, liveBytes);
			return found.kind === "file" ? found.state : found.kind === "none" ? null : undefined;
		},
		async coverage() {
			const taken = await soon();
			return typeof taken === "string"
				? { git: false, uncovered: `Only the agent's own edits can be undone, not what commands change. ${taken}` }
				: { git: true, uncovered: leftOutWords([...taken.tree.leftOut.keys()].sort()) };
		},
		dispose: () => stop.abort(),
	};

	function missing(why: string): Snapshot {
		return { hold: async () => null, changes: () => changesSince(why), release: async () => undefined };
	}

	async function changesSince(before: Tree | string): ReturnType<Snapshot["changes"]> {
		const after = typeof before === "string" ? before : await series.take();
		const found =
			typeof before === "string" || typeof after === "string" ? String(after) : await series.difference(before, after);
		if (typeof found === "string")
			return { files: [], uncovered: `What this command changed is not known and can't be undone. ${found}` };
		const { files, notKept } = found;
		if (notKept.length === 0) return { files };
		const uncovered = `Changed by this command, too large or not readable, and so not kept: ${someOf(notKept)}.`;
		return { files, uncovered };
	}
}

function leftOutWords(names: readonly string[]): string {
	const always = "Files that .gitignore names, and folders such as node_modules, are not kept";
	return names.length === 0 ? `${always}.` : `${always}, nor files over 2 MB or without access: ${someOf(names)}.`;
}

function someOf(names: readonly string[]): string {
	const shown = names.slice(0, MAX_NAMES).join(", ");
	return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}

async function withPatience(taken: Promise<Kept | string>, patience: number): Promise<Kept | string> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<string>((resolve) => {
		timer = setTimeout(resolve, patience, "The workspace is still being read for the first time, or its disk is slow.");
	});
	try {
		return await Promise.race([taken, late]);
	} finally {
		clearTimeout(timer);
	}
}
