import { join } from "node:path";
import * as vscode from "vscode";
import type { Hunk } from "../../agent/hunks.ts";
import type { Files } from "../../agent/ports.ts";
import { StorageError } from "../../agent/session.ts";
import { undoneNote } from "../../agent/undone.ts";
import type { HostWrite } from "../../node/checkpoints/apply.ts";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import type { FileChange, FileState, Unreviewed } from "../../shared/event.ts";
import type { ChatRun } from "../chat-run.ts";
import { plain } from "../plain.ts";
import { bringBack } from "./bring-back.ts";
import { type Entry, entriesOf, isSameEntry, pathsOf, type ReviewedFile } from "./changed-file.ts";
import type { Changes } from "./changes.ts";
import { findHunk, hasHunks, leftOfKept, leftOfUndone, withoutHunk } from "./hunk-edits.ts";
import { type UndoneFiles, undoFiles } from "./undo-files.ts";

/** A hunk of a file in review, as it was shown. */
export interface HunkAt {
	readonly path: string;
	readonly hunk: Hunk;
}

export interface KeepUndoHost {
	readonly changes: Changes;
	readonly files: Files;
	/** Writes files that are open. */
	readonly write: HostWrite;
	checkpoints(): WorkspaceCheckpoints | undefined;
	/** Says what was done. */
	readonly announce: (text: string) => void;
	/** The log on disk is not what the chat remembers. */
	reopen(run: ChatRun): Promise<void>;
}

/** Does what the person decides on changes: one after the other, each said and kept in the log. */
export class KeepUndo {
	readonly #host: KeepUndoHost;
	#last: Promise<void> = Promise.resolve();

	constructor(host: KeepUndoHost) {
		this.#host = host;
	}

	/** The changes of one file; without a path, all. */
	keep(run: ChatRun, path?: string): Promise<void> {
		return this.#inOrder(run, () => this.#keepFiles(run, chosen(run, path)));
	}

	/** The same. An undo of all offers to take it back: files that are not open have no Undo of their own. */
	undo(run: ChatRun, path?: string): Promise<void> {
		return this.#inOrder(run, async () => {
			const undone = await this.#undoFiles(run, chosen(run, path));
			if (undone && path === undefined) void this.#offerBack(run, undone);
		});
	}

	/** In the chat in front, as the other one. */
	keepHunk(run: ChatRun, at: HunkAt): Promise<void> {
		return this.#withHunk(run, at, async (file, hunk, checkpoints) => {
			const { entry } = file;
			if (!hasHunks(file)) return this.#keepFiles(run, [entry]);
			const now = await capture(checkpoints, entry.path);
			const left = now && (await leftOfKept(file, hunk, now, checkpoints.blobs));
			if (left === undefined) return warn(vscode.l10n.t("The change could not be kept: it can't be stored."));
			await record(run, [{ entry, left }], []);
			this.#host.announce(
				vscode.l10n.t("Kept a change in {0}. Left there: {1}", plain(entry.path), file.hunks.length - 1),
			);
		});
	}

	undoHunk(run: ChatRun, at: HunkAt): Promise<void> {
		return this.#withHunk(run, at, async (file, hunk, checkpoints) => {
			const { entry, text = "", current } = file;
			if (!hasHunks(file) || current.side.kind !== "text") return void (await this.#undoFiles(run, [entry]));
			const was = await capture(checkpoints, entry.path);
			const after = withoutHunk(file, hunk);
			const content = { ...current.side.content, text: after };
			const absolute = join(this.#host.files.root ?? "", entry.path);
			const written = await this.#host.files.write(absolute, content, current.hash);
			if (!written.ok)
				return warn(vscode.l10n.t("{0} was not undone. {1}", plain(entry.path), plain(written.failure.message)));
			const is = await capture(checkpoints, entry.path);
			const changes = was && is ? [{ path: entry.path, before: was, after: is }] : [];
			const left = await leftOfUndone(file, is, checkpoints.blobs);
			await record(run, [{ entry, left }], changes, undoneNote([{ path: entry.path, before: text, after }]));
			this.#host.announce(
				vscode.l10n.t("Undid a change in {0}. Left there: {1}", plain(entry.path), file.hunks.length - 1),
			);
		});
	}

	async #keepFiles(run: ChatRun, entries: readonly Entry[]): Promise<void> {
		if (entries.length === 0) return this.#host.announce(vscode.l10n.t("No changes wait for review."));
		await record(run, entries.map(done), []);
		const [only] = entries;
		if (only && entries.length === 1) this.#host.announce(vscode.l10n.t("Kept the changes in {0}", plain(only.path)));
		else this.#host.announce(vscode.l10n.t("Kept the changes in {0} files", entries.length));
	}

	/** Undefined when nothing was to be done. */
	async #undoFiles(run: ChatRun, entries: readonly Entry[]): Promise<UndoneFiles | undefined> {
		const checkpoints = this.#host.checkpoints();
		if (entries.length === 0 || !checkpoints) this.#host.announce(vscode.l10n.t("No changes wait for review."));
		if (entries.length === 0 || !checkpoints) return undefined;
		const undone = await undoFiles(checkpoints, entries, this.#host.write);
		if (!undone) return undefined;
		const { changes, note, failed } = undone;
		if (undone.done.length > 0 || changes.length > 0) await record(run, undone.done.map(done), changes, note);
		const [only] = undone.done;
		if (only && undone.done.length === 1)
			this.#host.announce(vscode.l10n.t("Undid the changes in {0}", plain(only.path)));
		else if (only) this.#host.announce(vscode.l10n.t("Undid the changes in {0} files", undone.done.length));
		if (failed.length > 0) warn(failed.join(" "));
		return undone;
	}

	async #offerBack(run: ChatRun, { done: entries, changes: undone }: UndoneFiles): Promise<void> {
		if (undone.length === 0) return;
		const back = vscode.l10n.t("Bring Them Back");
		const text = vscode.l10n.t("The changes in {0} files are undone.", entries.length);
		if ((await vscode.window.showInformationMessage(text, back)) !== back) return;
		await this.#inOrder(run, async () => {
			const checkpoints = this.#host.checkpoints();
			if (!checkpoints) return;
			const { files, changes, left } = await bringBack(checkpoints, entries, undone, this.#host.write);
			const paths = changes.map(({ path }) => path);
			const note = `The person took that undo back: ${paths.join(", ").slice(0, 2000)} are again as you left them.`;
			if (paths.length > 0)
				await run.session.record({ type: "reviewed", files: { ...files }, changes: [...changes], note });
			this.#host.announce(vscode.l10n.t("The changes are back."));
			if (left.length > 0) warn(vscode.l10n.t("Changed since, so left as they are: {0}", plain(left.join(", "))));
		});
	}

	#withHunk(
		run: ChatRun,
		{ path, hunk }: HunkAt,
		use: (file: ReviewedFile, hunk: Hunk, checkpoints: WorkspaceCheckpoints) => Promise<void>,
	): Promise<void> {
		return this.#inOrder(run, async () => {
			const file = await this.#host.changes.fresh(path);
			const checkpoints = this.#host.checkpoints();
			const found = file && findHunk(file, hunk);
			if (!file || !found || !checkpoints)
				return warn(vscode.l10n.t("{0} changed meanwhile. Look at it again.", plain(path)));
			await use(file, found, checkpoints);
		});
	}

	#inOrder(run: ChatRun, work: () => Promise<void>): Promise<void> {
		const done = this.#last.then(async () => {
			try {
				await work();
			} catch (error) {
				if (!(error instanceof StorageError)) throw error;
				warn(vscode.l10n.t("The chat could not note what you decided. {0}", plain(error.failure.message)));
				if (!run.running) await this.#host.reopen(run);
			}
			await this.#host.changes.settled();
		});
		this.#last = done.catch(() => undefined);
		return done;
	}
}

interface Decided {
	readonly entry: Entry;
	/** Null: nothing is left to review. */
	readonly left: Unreviewed | null;
}

function done(entry: Entry): Decided {
	return { entry, left: null };
}

function chosen(run: ChatRun, path: string | undefined): readonly Entry[] {
	const entries = entriesOf(run.session.chat.changes);
	return path === undefined ? entries : entries.filter((entry) => pathsOf(entry).includes(path));
}

/** What the agent changed again meanwhile waits on: the person has not seen it. */
async function record(run: ChatRun, decided: readonly Decided[], changes: readonly FileChange[], note?: string) {
	await run.session.record((chat) => {
		const now = entriesOf(chat.changes);
		const same = decided.filter(({ entry }) => now.some((each) => isSameEntry(each, entry)));
		const files = same.flatMap(({ entry, left }) => pathsOf(entry).map((path) => [path, left] as const));
		return {
			type: "reviewed",
			files: Object.fromEntries(files),
			changes: [...changes],
			...(note !== undefined && { note }),
		};
	});
}

/** Kept, so that what was undone can be put back. Undefined where that does not work. */
async function capture(checkpoints: WorkspaceCheckpoints, path: string): Promise<FileState | undefined> {
	return (await checkpoints.capture([path])).get(path) ?? undefined;
}

function warn(text: string): void {
	void vscode.window.showWarningMessage(text);
}
