import { join } from "node:path";
import * as vscode from "vscode";
import type { Hunk } from "../../agent/hunks.ts";
import type { Files } from "../../agent/ports.ts";
import { StorageError } from "../../agent/session.ts";
import { broughtBackNote, undoneNote } from "../../agent/undone.ts";
import type { HostWrite } from "../../node/checkpoints/apply.ts";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import { pathTroubleOf } from "../../node/checkpoints/look.ts";
import type { FileChange, FileState, Unreviewed } from "../../shared/event.ts";
import type { Chat } from "../../shared/reduce.ts";
import type { ChatRun } from "../chat-run.ts";
import { inWords, plainWords } from "../in-words.ts";
import { plain } from "../plain.ts";
import { bringBack } from "./bring-back.ts";
import { type Entry, entriesOf, isSameEntry, pathsOf, type ReviewedFile } from "./changed-file.ts";
import type { Changes } from "./changes.ts";
import { findHunk, type HunkAt, hasHunks, leftOfKept, leftOfUndone, withoutHunk } from "./hunk-edits.ts";
import { changedWords, mayUndo, type UndoneFiles, undoFiles } from "./undo-files.ts";

export interface KeepUndoHost {
	readonly changes: Changes;
	readonly files: Files;
	/** Writes files that are open. */
	readonly write: HostWrite;
	checkpoints(): WorkspaceCheckpoints | undefined;
	/** Says what was done. */
	readonly announce: (text: string) => void;
	/** The chat as it is this moment; it may have been closed and opened since. */
	find(chat: string): Promise<ChatRun | undefined>;
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

	/** The changes of one file; without a path, all: those that wait at this moment. */
	keep(run: ChatRun, path?: string): Promise<void> {
		return this.#keepFiles(run, chosen(run, path));
	}

	/** The same. An undo of all offers to take it back: files that are not open have no Undo of their own. */
	async undo(run: ChatRun, path?: string): Promise<void> {
		const undone = await this.#undoFiles(run, chosen(run, path));
		if (undone && path === undefined) void this.#offerBack(run, undone);
	}

	/** In the chat in front, as the other one. */
	async keepHunk(run: ChatRun, at: HunkAt): Promise<void> {
		const whole = this.#wholeOf(at);
		if (whole) return this.#keepFiles(run, [whole]);
		return this.#withHunk(run, at, async ({ run: found, file, hunk, checkpoints }) => {
			const { entry } = file;
			const now = await capture(checkpoints, entry.path);
			const left = now && (await leftOfKept(file, hunk, now, checkpoints.blobs));
			if (left === undefined) return warn(vscode.l10n.t("The change could not be kept: it can't be stored."));
			const [kept] = await record(found, [{ entry, left }], []);
			if (!kept) return warn(changedWords(entry.path));
			this.#host.announce(
				vscode.l10n.t("Kept a change in {0}. Left there: {1}", plain(entry.path), file.hunks.length - 1),
			);
		});
	}

	async undoHunk(run: ChatRun, at: HunkAt): Promise<void> {
		const whole = this.#wholeOf(at);
		if (whole) return void (await this.#undoFiles(run, [whole]));
		return this.#withHunk(run, at, async ({ run: found, file, hunk, checkpoints }) => {
			const { entry, text = "", current } = file;
			if (current.side.kind !== "text") return warn(changedWords(entry.path));
			const was = await capture(checkpoints, entry.path);
			const trouble = await pathTroubleOf(checkpoints.root, entry.path);
			if (!was || trouble !== undefined) return warn(notUndone(entry.path, trouble ?? NOT_KEPT));
			const after = withoutHunk(file, hunk);
			const content = { ...current.side.content, text: after };
			const absolute = join(this.#host.files.root ?? "", entry.path);
			const written = await this.#host.files.write(absolute, content, current.hash);
			if (!written.ok) return warn(notUndone(entry.path, written.failure.message));
			await checkpoints.wrote([entry.path]);
			const is = await capture(checkpoints, entry.path);
			const changes = is ? [{ path: entry.path, before: was, after: is }] : [];
			const left = await leftOfUndone(file, is, checkpoints.blobs);
			await record(found, [{ entry, left }], changes, undoneNote([{ path: entry.path, before: text, after }]));
			this.#host.announce(
				vscode.l10n.t("Undid a change in {0}. Left there: {1}", plain(entry.path), file.hunks.length - 1),
			);
		});
	}

	async #keepFiles({ session }: ChatRun, entries: readonly Entry[]): Promise<void> {
		if (entries.length === 0) return this.#host.announce(vscode.l10n.t("No changes wait for review."));
		await this.#inOrder(session.chat.id, async (run) => {
			const kept = await record(run, entries.map(done), []);
			const [only] = kept;
			if (only && kept.length === 1) this.#host.announce(vscode.l10n.t("Kept the changes in {0}", plain(only.path)));
			else if (only) this.#host.announce(vscode.l10n.t("Kept the changes in {0} files", kept.length));
			const changed = entries.filter((entry) => !kept.includes(entry));
			if (changed.length > 0) warn(changed.map(({ path }) => changedWords(path)).join(" "));
		});
	}

	/** Asks first, and only then takes its turn: a question nobody answers holds nothing up. */
	async #undoFiles({ session }: ChatRun, entries: readonly Entry[]): Promise<UndoneFiles | undefined> {
		await this.#last;
		const checkpoints = this.#host.checkpoints();
		if (entries.length === 0 || !checkpoints) this.#host.announce(vscode.l10n.t("No changes wait for review."));
		if (entries.length === 0 || !checkpoints) return undefined;
		const may = await mayUndo(checkpoints, entries);
		if (!may) return undefined;
		let undone: UndoneFiles | undefined;
		await this.#inOrder(session.chat.id, async (run) => {
			const same = entries.filter(stillIn(run.session.chat.changes));
			undone = await undoFiles(checkpoints, same, may, this.#host.write);
			const { changes, note } = undone;
			if (undone.done.length > 0 || changes.length > 0) await record(run, undone.done.map(done), changes, note);
			this.#sayUndone(
				undone,
				entries.filter((entry) => !same.includes(entry)).map(({ path }) => changedWords(path)),
			);
		});
		return undone;
	}

	#sayUndone({ done: entries, failed }: UndoneFiles, changed: readonly string[]): void {
		const [only] = entries;
		if (only && entries.length === 1) this.#host.announce(vscode.l10n.t("Undid the changes in {0}", plain(only.path)));
		else if (only) this.#host.announce(vscode.l10n.t("Undid the changes in {0} files", entries.length));
		const words = [...failed, ...changed];
		if (words.length > 0) warn(words.join(" "));
	}

	async #offerBack({ session }: ChatRun, { done: entries, changes: undone }: UndoneFiles): Promise<void> {
		if (undone.length === 0) return;
		const back = vscode.l10n.t("Bring Them Back");
		const text = vscode.l10n.t("The changes in {0} files are undone.", entries.length);
		if ((await vscode.window.showInformationMessage(text, back)) !== back) return;
		await this.#inOrder(session.chat.id, async (run) => {
			const checkpoints = this.#host.checkpoints();
			if (!checkpoints) return;
			const { files, changes, left } = await bringBack(checkpoints, entries, undone, this.#host.write);
			const note = broughtBackNote(changes.map(({ path }) => path));
			if (changes.length > 0)
				await run.session.record({ type: "reviewed", files: { ...files }, changes: [...changes], note });
			this.#host.announce(vscode.l10n.t("The changes are back."));
			if (left.length > 0) warn(vscode.l10n.t("Changed since, so left as they are: {0}", plain(left.join(", "))));
		});
	}

	/** What is one piece and has no hunks to decide on, as it was shown. */
	#wholeOf({ path }: HunkAt): Entry | undefined {
		const file = this.#host.changes.files.find(({ entry }) => entry.path === path);
		return file && !hasHunks(file) ? file.entry : undefined;
	}

	#withHunk({ session }: ChatRun, at: HunkAt, use: (target: Target) => Promise<void>): Promise<void> {
		return this.#inOrder(session.chat.id, async (run) => {
			const file = await this.#host.changes.fresh(at.path);
			const checkpoints = this.#host.checkpoints();
			const hunk = file && hasHunks(file) ? findHunk(file, at) : undefined;
			if (!file || !hunk || !checkpoints) return warn(changedWords(at.path));
			await use({ run, file, hunk, checkpoints });
		});
	}

	/** The chat is looked up when its turn has come. */
	#inOrder(chat: string, work: (run: ChatRun) => Promise<void>): Promise<void> {
		const done = this.#last.then(async () => {
			const run = await this.#host.find(chat);
			if (!run) return;
			try {
				await run.session.during(work(run));
			} catch (error) {
				if (!(error instanceof StorageError)) throw error;
				warn(vscode.l10n.t("The chat could not note what you decided. {0}", plainWords(error.failure)));
				if (!run.running) await this.#host.reopen(run);
			}
			await this.#host.changes.settled();
		});
		this.#last = done.catch(() => undefined);
		return done;
	}
}

/** A hunk that is still as it was shown. */
interface Target {
	readonly run: ChatRun;
	readonly file: ReviewedFile;
	readonly hunk: Hunk;
	readonly checkpoints: WorkspaceCheckpoints;
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

/** Tells of an entry whether it still waits as it did. */
function stillIn(changes: Chat["changes"]): (entry: Entry) => boolean {
	const now = new Map(entriesOf(changes).map((entry) => [entry.path, entry]));
	return (entry) => {
		const found = now.get(entry.path);
		return found !== undefined && isSameEntry(found, entry);
	};
}

/**
 * What the agent changed again meanwhile waits on: the person has not seen it. Returns what is decided; where that is
 * nothing and nothing was written, nothing is recorded.
 */
async function record(
	run: ChatRun,
	decided: readonly Decided[],
	changes: readonly FileChange[],
	note?: string,
): Promise<readonly Entry[]> {
	let same: readonly Decided[] = [];
	await run.session.record((chat) => {
		const isStill = stillIn(chat.changes);
		same = decided.filter(({ entry }) => isStill(entry));
		if (same.length === 0 && changes.length === 0) return undefined;
		const files = same.flatMap(({ entry, left }) => pathsOf(entry).map((path) => [path, left] as const));
		return {
			type: "reviewed",
			files: Object.fromEntries(files),
			changes: [...changes],
			...(note !== undefined && { note }),
		};
	});
	return same.map(({ entry }) => entry);
}

/** Kept, so that what was undone can be put back. Undefined where that does not work. */
async function capture(checkpoints: WorkspaceCheckpoints, path: string): Promise<FileState | undefined> {
	return (await checkpoints.capture([path])).get(path) ?? undefined;
}

const NOT_KEPT = "What is there now can't be kept, so it was left alone.";

function notUndone(path: string, why: string): string {
	return vscode.l10n.t("{0} was not undone. {1}", plain(path), plain(inWords(why)));
}

function warn(text: string): void {
	void vscode.window.showWarningMessage(text);
}
