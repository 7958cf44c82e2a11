import { isSameState } from "../../shared/changes.ts";
import type { FileChange, FileState } from "../../shared/event.ts";
import type { WorkspaceCheckpoints } from "./checkpoints.ts";
import { pathTroubleOf, whyOf } from "./look.ts";
import { pathOf } from "./names.ts";
import type { RestoreFile, RestorePlan } from "./restore.ts";
import { CHANGED, deleteFile, removeEmptyAbove, setMode, writeState } from "./write.ts";

/** How a host writes a file that is open in its editor, by its absolute path; null bytes delete it. */
export type HostWrite = (
	path: string,
	bytes: Buffer | null,
) => Promise<"written" | "not open" | { readonly why: string }>;

export interface RestoreOptions {
	/** Whether files that are `edited` are put back as well: all, or these paths. What they were is kept. */
	readonly overwrite: boolean | ReadonlySet<string>;
	/** Asked first for every file but links. */
	readonly write?: HostWrite;
}

export interface Restored {
	/** What was really written, for the log: `planRestore` of it takes the restore back. */
	readonly changes: readonly FileChange[];
	/** What was not, and why, in words for the person. Files that were `edited` and not to be overwritten are not in it. */
	readonly failed: readonly { readonly path: string; readonly why: string }[];
}

const LOST = "What it was is not kept any more, so it was left alone.";
const TOO_LARGE = "What is there now can't be kept, so it was left alone.";

/** Carries a plan out. Each file is checked once more just before it is written; one that fails stops no other. */
export async function applyRestore(
	checkpoints: WorkspaceCheckpoints,
	plan: RestorePlan,
	options: RestoreOptions,
): Promise<Restored> {
	const changes: FileChange[] = [];
	const failed: { path: string; why: string }[] = [];
	for (const file of inOrder(plan.files.filter((one) => isMeant(one, options.overwrite)))) {
		const done = await restoreFile(checkpoints, file, options.write);
		if (typeof done === "string") failed.push({ path: file.path, why: done });
		else changes.push(done);
		if (typeof done !== "string") await checkpoints.wrote([file.path]);
	}
	return { changes, failed };
}

function isMeant({ path, kind }: RestoreFile, overwrite: RestoreOptions["overwrite"]): boolean {
	if (kind === "edited") return overwrite === true || (overwrite !== false && overwrite.has(path));
	return kind !== "same";
}

/** What goes makes room first: for a folder in its place, or for the same name in other letters. */
function inOrder(files: readonly RestoreFile[]): readonly RestoreFile[] {
	return [...files.filter(({ to }) => to === null), ...files.filter(({ to }) => to !== null)];
}

/** A sentence says why nothing was written. */
async function restoreFile(
	checkpoints: WorkspaceCheckpoints,
	{ path, kind, now, to }: RestoreFile,
	write: HostWrite | undefined,
): Promise<FileChange | string> {
	const bytes = await checkpoints.read(to);
	if (kind === "lost" || now === undefined || bytes === undefined) {
		return (await pathTroubleOf(checkpoints.root, path)) ?? LOST;
	}
	const kept = (await checkpoints.capture([path])).get(path);
	if (kept === undefined) return TOO_LARGE;
	if (!isSameState(kept, now)) return CHANGED;
	const isStill = async () => {
		const state = await checkpoints.stateOf(path);
		return state !== undefined && isSameState(state, now);
	};
	try {
		const hosted = await writeHosted(checkpoints, { path, now, to }, bytes, write);
		if (hosted !== undefined) return hosted;
		const { root } = checkpoints;
		const refused =
			to === null ? await deleteFile(root, path, isStill) : await writeState(root, path, { to, bytes, isStill });
		return refused ?? { path, before: now, after: to };
	} catch (error) {
		return whyOf(error);
	}
}

/** Undefined where the file is not open in an editor. A save may change more than it was asked to: what is there counts. */
async function writeHosted(
	checkpoints: WorkspaceCheckpoints,
	{ path, now, to }: { path: string; now: FileState | null; to: FileState | null },
	bytes: Buffer,
	write: HostWrite | undefined,
): Promise<FileChange | string | undefined> {
	const { root } = checkpoints;
	const target = pathOf(root, path);
	if (!write || typeof target !== "string" || to?.mode === "link" || now?.mode === "link") return undefined;
	const trouble = await pathTroubleOf(root, path);
	if (trouble !== undefined) return trouble;
	const done = await write(target, to && bytes);
	if (done === "not open") return undefined;
	if (done !== "written") return done.why;
	if (to) await setMode(root, path, to);
	else await removeEmptyAbove(root, path);
	const after = await checkpoints.stateOf(path);
	return { path, before: now, after: after === undefined ? to : after };
}
