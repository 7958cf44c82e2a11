import { realpath } from "node:fs/promises";
import type { Checkpoints } from "../../agent/ports.ts";
import type { FileState } from "../../shared/event.ts";
import { type Blobs, createBlobs } from "./blobs.ts";
import { Folders } from "./folders.ts";
import { filesBelow, look } from "./look.ts";
import { pruneCheckpoints } from "./prune.ts";
import { createSeries } from "./series.ts";
import { createSince, someOf } from "./since.ts";
import { createUse } from "./use.ts";

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
	 * Milliseconds that a command waits for a snapshot at most; 10,000 by default. What is late goes on in the
	 * background, so that the next one may be in time.
	 */
	readonly patience?: number;
	/** What nobody used for so many days is deleted with the first use, before anything is kept; absent: nothing is. */
	readonly keptDays?: number;
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
	/**
	 * To be called right after the person, or we for them, wrote these files on disk or deleted them: a save in the
	 * editor, a hunk that was undone. A restore does it by itself. For a command that runs, the state right after is the
	 * new `before`: `Snapshot.changes()` of every snapshot that is open lists such a file only where it changed once more
	 * after its last write, and from there. What the command did to the file before that write is not counted as its.
	 * Cheap, and without effect where no snapshot is open.
	 */
	wrote(paths: readonly string[]): Promise<void>;
	/** Takes a snapshot to find out. */
	coverage(): Promise<Coverage>;
	/** What a file is now, as `stateOf`, and kept. For putting files back: `capture` is for what is about to change. */
	keep(path: string): Promise<FileState | null | undefined>;
	/** Folders that came with changes, as far as is known: when one is empty it may go. */
	readonly folders: Folders;
	/** Stops what runs in the background. */
	dispose(): void;
}

export function createCheckpoints(options: CheckpointOptions): WorkspaceCheckpoints {
	const { root, folder, liveBytes } = options;
	const blobs = createBlobs(folder);
	const stop = new AbortController();
	const use = createUse(folder, async () => {
		if (options.keptDays !== undefined) await pruneCheckpoints(folder, { olderThanDays: options.keptDays });
	});
	const series = createSeries({ ...options, blobs, use, signal: stop.signal, root: realpath(root).catch(() => root) });
	const keep = async (path: string, live?: typeof liveBytes) => {
		await use.begin();
		const found = await look(root, path, live);
		if (found.kind === "none") return null;
		return found.kind === "file" && found.bytes && (await blobs.put(found.bytes)) ? found.state : undefined;
	};
	const folders = new Folders(root, folder);
	const since = createSince({ ...options, series, keep, folders, below: (name) => filesBelow(root, name) });
	return {
		root,
		blobs,
		expect: series.warm,
		snapshot: since.snapshot,
		reopen: since.reopen,
		wrote: since.wrote,
		async capture(paths) {
			const kept = new Map<string, FileState | null>();
			for (const path of new Set(paths)) {
				const state = await keep(path, liveBytes);
				if (state !== undefined) kept.set(path, state);
			}
			await folders.missing([...kept].flatMap(([path, state]) => (state ? [] : [path])));
			return kept;
		},
		keep: (path) => keep(path, liveBytes),
		folders,
		read: (state) => (state ? blobs.get(state.id) : Promise.resolve(Buffer.alloc(0))),
		async stateOf(path) {
			const found = await look(root, path, liveBytes);
			return found.kind === "file" ? found.state : found.kind === "none" ? null : undefined;
		},
		async coverage() {
			const taken = await since.take();
			return typeof taken === "string"
				? { git: false, uncovered: `Only the agent's own edits can be undone, not what commands change. ${taken}` }
				: { git: true, uncovered: leftOutWords([...taken.tree.leftOut.keys()].sort()) };
		},
		dispose() {
			stop.abort();
			use.end();
		},
	};
}

function leftOutWords(names: readonly string[]): string {
	if (names.length === 0) return "Files that .gitignore names, and folders such as node_modules, are not kept.";
	return `Files that .gitignore names, and folders such as node_modules, are not kept, nor files over 2 MB or without access: ${someOf(names)}.`;
}
