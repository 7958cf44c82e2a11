import { isSameState } from "../../shared/changes.ts";
import type { FileChange, FileState } from "../../shared/event.ts";
import type { WorkspaceCheckpoints } from "./checkpoints.ts";
import { Going } from "./going.ts";
import { pathTroubleOf, whyOf } from "./look.ts";
import { pathOf } from "./names.ts";
import type { RestoreFile, RestorePlan } from "./restore.ts";
import { CHANGED, deleteFile, removeEmptyAbove, setMode, writeState } from "./write.ts";

/**
 * How a host writes a file that is open in its editor, by its absolute path; null bytes delete it. It checks that the
 * file, unsaved text included, is still what is `expected`, in the moment in which it acts.
 */
export type HostWrite = (
	path: string,
	bytes: Buffer | null,
	expected: FileState | null,
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

/**
 * Carries a plan out: writes first and deletes after, so that no moment and no failure leaves less than there was. Each
 * file is checked once more just before it is written; one that fails stops no other but the other half of its rename.
 */
export async function applyRestore(
	checkpoints: WorkspaceCheckpoints,
	plan: RestorePlan,
	{ overwrite, write }: RestoreOptions,
): Promise<Restored> {
	const done = new Done((file) => restoreFile(checkpoints, file, write));
	const planned = new Map(plan.files.map((file) => [file.path, file]));
	const files = plan.files.filter((file) => {
		const isGoing = isMeant(file, overwrite);
		const why = isGoing ? splitOf(file, planned, overwrite) : undefined;
		if (why !== undefined) done.failed.set(file.path, why);
		return isGoing && why === undefined;
	});
	const going = new Going(files.filter(({ to }) => to === null));
	for (const file of files.filter(({ to }) => to !== null)) await done.replace(file, going.takeInTheWayOf(file.path));
	for (const file of going.left) await done.remove(file);
	return {
		changes: [...done.changes.values()],
		failed: [...done.failed].map(([path, why]) => ({ path, why })),
	};
}

/** What came of a restore so far. */
class Done {
	readonly changes = new Map<string, FileChange>();
	readonly failed = new Map<string, string>();
	readonly #restore: (file: RestoreFile) => Promise<FileChange | string>;

	constructor(restore: (file: RestoreFile) => Promise<FileChange | string>) {
		this.#restore = restore;
	}

	/** Writes a file for which others have to go first. */
	async replace(file: RestoreFile, first: readonly RestoreFile[]): Promise<void> {
		const { path, half } = file;
		let stuck: RestoreFile | undefined;
		for (const other of first) if (!(await this.#run(other))) stuck = other;
		if (stuck) this.failed.set(path, `${stuck.path} is in its place.`);
		else if (await this.#run(file)) return;
		for (const other of first.toReversed()) await this.#takeBack(other.path, `${path} could not be put back.`);
		if (half !== undefined) await this.#takeBack(half, splitWords(path));
	}

	async remove(file: RestoreFile): Promise<void> {
		const { path, half } = file;
		if (half !== undefined && this.failed.has(half)) this.failed.set(path, splitWords(half));
		else if (!(await this.#run(file)) && half !== undefined) await this.#takeBack(half, splitWords(path));
	}

	async #run(file: RestoreFile): Promise<boolean> {
		const done = await this.#restore(file);
		if (typeof done === "string") this.failed.set(file.path, done);
		else this.changes.set(file.path, done);
		return typeof done !== "string";
	}

	/** As if it had never been done. Where that fails it stays, and stays on record. */
	async #takeBack(path: string, why: string): Promise<void> {
		const made = this.changes.get(path);
		if (!made) return;
		const back = await this.#restore({ path, kind: "clean", now: made.after, to: made.before });
		if (typeof back === "string") return;
		this.changes.delete(path);
		this.failed.set(path, why);
	}
}

function isMeant({ path, kind }: RestoreFile, overwrite: RestoreOptions["overwrite"]): boolean {
	if (kind === "edited") return overwrite === true || (overwrite !== false && overwrite.has(path));
	return kind !== "same";
}

/** Why a file is left alone with the other half of its rename, where that is. */
function splitOf(
	{ half }: RestoreFile,
	planned: ReadonlyMap<string, RestoreFile>,
	overwrite: RestoreOptions["overwrite"],
): string | undefined {
	const other = half === undefined ? undefined : planned.get(half);
	const isLeft = other && (other.kind === "lost" || (other.kind === "edited" && !isMeant(other, overwrite)));
	return isLeft ? splitWords(other.path) : undefined;
}

function splitWords(other: string): string {
	return `It was renamed, and ${other} could not be put back with it.`;
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
	const kept = await checkpoints.keep(path);
	if (kept === undefined) return TOO_LARGE;
	if (!isSameState(kept, now)) return CHANGED;
	const isStill = async () => {
		const state = await checkpoints.stateOf(path);
		return state !== undefined && isSameState(state, now);
	};
	try {
		const { root } = checkpoints;
		// What is made above it goes with it again, where this restore is undone.
		if (to !== null) await checkpoints.folders.missing([path]);
		const hosted = await writeHosted(checkpoints, { path, now, to }, bytes, write);
		const refused =
			hosted ??
			(to === null ? await deleteFile(root, path, isStill) : await writeState(root, path, { to, bytes, isStill }));
		if (typeof refused === "string") return refused;
		if (to === null) await removeEmptyAbove(root, path, checkpoints.folders);
		await checkpoints.wrote([path]);
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
	const done = await write(target, to && bytes, now);
	if (done === "not open") return undefined;
	if (done !== "written") return done.why;
	if (to) await setMode(root, path, to);
	const after = await checkpoints.stateOf(path);
	return { path, before: now, after: after === undefined ? to : after };
}
