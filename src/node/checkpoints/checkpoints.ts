import type { Checkpoints } from "../../agent/ports.ts";
import type { FileState } from "../../shared/event.ts";
import { type Blobs, createBlobs } from "./blobs.ts";

export interface CheckpointOptions {
	/** Absolute path of the workspace folder. */
	readonly root: string;
	/** Where all is kept: a folder of the extension's storage that belongs to this workspace. Two windows may share it. */
	readonly folder: string;
	/** Absolute path of git; by default it is looked for on the PATH. */
	readonly git?: string;
	/** The bytes that saving would write, where a document of this absolute path is open with unsaved changes. */
	readonly liveBytes?: (path: string) => Promise<Buffer | undefined>;
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
	/** Absolute, links resolved. */
	readonly root: string;
	readonly blobs: Blobs;
	/** The bytes of a state (of a link: its target); empty for null, where no file was. Undefined: they are lost. */
	read(state: FileState | null): Promise<Buffer | undefined>;
	/** What a file is now, an open document's live text included; not kept. Undefined: no file, or out of reach. */
	stateOf(path: string): Promise<FileState | null | undefined>;
	coverage(): Promise<Coverage>;
	/** Stops what runs in the background. */
	dispose(): void;
}

export function createCheckpoints({ root, folder }: CheckpointOptions): WorkspaceCheckpoints {
	const blobs = createBlobs(folder);
	return {
		root,
		blobs,
		expect: () => {},
		capture: () => Promise.resolve(new Map()),
		snapshot: () => Promise.resolve({ changes: () => Promise.resolve({ files: [] }) }),
		read: (state) => (state ? blobs.get(state.id) : Promise.resolve(Buffer.alloc(0))),
		stateOf: () => Promise.resolve(undefined),
		coverage: () => Promise.resolve({ git: false, uncovered: "" }),
		dispose: () => {},
	};
}
