import { isAbsolute, join, relative, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";
import type { Files } from "../../agent/ports.ts";
import type { Session } from "../../agent/session.ts";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import { foldersOf } from "../../node/checkpoints/folders.ts";
import type { ChangedFile } from "../../shared/protocol.ts";
import { openDocument } from "../files.ts";
import { pathBehind } from "./as-text.ts";
import {
	type Entry,
	entriesOf,
	isSameCurrent,
	isSameEntry,
	lineOf,
	type ReviewedFile,
	reviewed,
} from "./changed-file.ts";
import { reviewedAgain } from "./retyped.ts";
import { Sides } from "./sides.ts";

/** Milliseconds that typing and watchers are waited for, so that a burst is one look at the files. */
const PATIENCE = 80;

/** Of documents that hold what changed files were. */
export const BASE_SCHEME = "kimi-k2-base";

/** What of a chat's changes the file system and the open documents add to the log. */
interface Seen {
	readonly entry: Entry;
	/** Undefined: nothing is left to review in it. */
	readonly file: ReviewedFile | undefined;
}

/**
 * The files with unreviewed changes of the chat in front, kept up to date with its log, the disk and the open
 * documents. Looks at one file at a time and lets others work in between.
 */
export class Changes implements vscode.Disposable {
	readonly #files: Files;
	readonly #sides: Sides;
	readonly #changed = new vscode.EventEmitter<void>();
	/** `files` is another one. */
	readonly onChanged = this.#changed.event;
	#session: Session | undefined;
	#unfollow: () => void = () => {};
	/** By path; undefined until the chat in front was looked at. */
	#seen: ReadonlyMap<string, Seen> | undefined;
	#all: readonly ReviewedFile[] = [];
	#lines: readonly ChangedFile[] = [];
	/** Paths of what came, went or changed on disk or in an editor: files of ours, folders of theirs, and any others. */
	readonly #touched = new Set<string>();
	/** Paths to look at anew. */
	readonly #stale = new Set<string>();
	#timer: NodeJS.Timeout | undefined;
	#looking: Promise<void> | undefined;
	#again = false;
	#watching: vscode.Disposable | undefined;

	constructor(files: Files, checkpoints: () => WorkspaceCheckpoints | undefined) {
		this.#files = files;
		this.#sides = new Sides(files, checkpoints);
	}

	/** Sorted by path. */
	get files(): readonly ReviewedFile[] {
		return this.#all;
	}

	/** The same for the changes bar; equal until something changes. */
	get lines(): readonly ChangedFile[] {
		return this.#lines;
	}

	get sides(): Sides {
		return this.#sides;
	}

	/** By the file itself, or by what stands for what it was. */
	find(uri: vscode.Uri): ReviewedFile | undefined {
		if (this.#all.length === 0 || (uri.scheme !== "file" && uri.scheme !== BASE_SCHEME)) return undefined;
		const path = this.pathOf(uri);
		return this.#all.find(({ entry }) => entry.path === path || entry.from === path);
	}

	/** Where the editor shows a file. */
	uriOf(path: string): vscode.Uri {
		return vscode.Uri.file(join(this.#files.root ?? "", path));
	}

	/** As it is recorded. */
	pathOf(uri: vscode.Uri): string | undefined {
		const { root } = this.#files;
		const fsPath = pathBehind(uri);
		// Asked for with each of thousands of events.
		if (root !== undefined && fsPath.startsWith(`${root}${sep}`))
			return fsPath.slice(root.length + 1).replaceAll(sep, "/");
		const name = root === undefined ? "" : relative(root, fsPath);
		return name === "" || name.startsWith("..") || isAbsolute(name) ? undefined : name.replaceAll(sep, "/");
	}

	/** The chat in front. */
	follow(session: Session): void {
		if (this.#session === session) return;
		this.#unfollow();
		this.#session = session;
		this.#seen = undefined;
		this.#unfollow = session.subscribe((event) => {
			const isChange = event.type === "changed" || event.type === "reviewed" || event.type === "restored";
			if (isChange || (event.type === "finished" && event.details?.changes)) this.#soon(0);
		});
		this.#soon(0);
	}

	/** Resolves when `files` speaks of this moment. */
	async settled(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#again = true;
		this.#looking ??= this.#look().finally(() => {
			this.#looking = undefined;
		});
		await this.#looking;
	}

	/** One file, read again whatever is known of it. */
	async fresh(path: string): Promise<ReviewedFile | undefined> {
		const entry = entriesOf(this.#session?.chat.changes ?? {}).find((each) => each.path === path);
		return entry && this.#read(entry, this.#seen?.get(path));
	}

	dispose(): void {
		clearTimeout(this.#timer);
		this.#unfollow();
		this.#watching?.dispose();
		this.#changed.dispose();
	}

	#soon(ms: number): void {
		if (this.#timer !== undefined && ms > 0) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#match();
			if (ms === 0 || this.#stale.size > 0) void this.settled();
		}, ms);
	}

	async #look(): Promise<void> {
		while (this.#again) {
			this.#again = false;
			const session = this.#session;
			this.#match();
			const stale = new Set(this.#stale);
			this.#stale.clear();
			const next = new Map<string, Seen>();
			for (const entry of entriesOf(session?.chat.changes ?? {})) {
				const known = this.#seen?.get(entry.path);
				if (known && isSameEntry(known.entry, entry) && !stale.has(entry.path)) {
					next.set(entry.path, known);
					continue;
				}
				const file = await this.#read(entry, known);
				// Looked at for nothing, it is the same: each document of a review would be asked for again.
				const isKept = known && isSameEntry(known.entry, entry) && known.file === file;
				next.set(entry.path, isKept ? known : { entry, file });
				await setImmediate();
			}
			if (session === this.#session) this.#take(next);
		}
	}

	/** @param known of before */
	async #read(entry: Entry, known: Seen | undefined): Promise<ReviewedFile | undefined> {
		const { base, now, path } = entry;
		const current = await this.#sides.current(path);
		const isSame = known?.file && isSameEntry(known.entry, entry);
		if (isSame && isSameCurrent(known.file.current, current)) return known.file;
		const document = current.side.kind === "text" ? await openDocument(this.uriOf(path).fsPath) : undefined;
		const [was, left] = [
			await this.#sides.kept(base, document?.encoding),
			await this.#sides.kept(now, document?.encoding),
		];
		return (isSame && reviewedAgain(known.file, left, current)) || reviewed(entry, was, left, current);
	}

	#take(next: ReadonlyMap<string, Seen>): void {
		const known = this.#seen;
		const isSame = next.size === known?.size && [...next].every(([path, seen]) => known.get(path) === seen);
		this.#seen = next;
		this.#watch();
		if (isSame) return;
		this.#all = [...next.values()].map(({ file }) => file).filter((file) => file !== undefined);
		this.#lines = this.#all.map(lineOf);
		this.#changed.fire();
	}

	/** Nothing is watched while nothing waits for review. */
	#watch(): void {
		if (!this.#seen?.size) {
			this.#watching?.dispose();
			this.#watching = undefined;
			return;
		}
		if (this.#watching || this.#files.root === undefined) return;
		const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(this.#files.root, "**"));
		const touch = (uri: vscode.Uri) => this.#touch(uri);
		this.#watching = vscode.Disposable.from(
			watcher,
			watcher.onDidChange(touch),
			watcher.onDidCreate(touch),
			watcher.onDidDelete(touch),
			vscode.workspace.onDidChangeTextDocument(({ document }) => touch(document.uri)),
			// What was typed and not saved is gone.
			vscode.workspace.onDidCloseTextDocument(({ uri }) => touch(uri)),
		);
	}

	#touch(uri: vscode.Uri): void {
		if (uri.scheme !== "file") return;
		const path = this.pathOf(uri);
		if (path === undefined) return;
		this.#touched.add(path);
		this.#soon(PATIENCE);
	}

	/** A folder that came or went takes its files along. */
	#match(): void {
		const seen = [...(this.#seen?.keys() ?? [])];
		const isTouched = (path: string) =>
			this.#touched.has(path) || foldersOf(path).some((each) => this.#touched.has(each));
		if (this.#touched.size > 0) for (const path of seen.filter(isTouched)) this.#stale.add(path);
		this.#touched.clear();
	}
}
