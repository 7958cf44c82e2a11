import * as vscode from "vscode";
import type { ChangedFile } from "../../shared/protocol.ts";
import type { App } from "../app.ts";
import type { ChatRun } from "../chat-run.ts";
import { BaseDocuments } from "./base-documents.ts";
import type { ReviewedFile } from "./changed-file.ts";
import { BASE_SCHEME, Changes } from "./changes.ts";
import { findRun } from "./find-run.ts";
import { type HunkAt, hasHunks, hunkAt, placesOf, shownHunks } from "./hunk-edits.ts";
import { KeepUndo } from "./keep-undo.ts";
import { HunkLenses, type Lens } from "./lenses.ts";
import { ReviewEditor } from "./review-editor.ts";
import { ChangesInScm } from "./scm.ts";
import { createWriteOpen } from "./write-open.ts";

/** The review of what is written already: its parts, and the commands for them. */
export class ChangeReview implements vscode.Disposable {
	readonly #app: App;
	readonly #changes: Changes;
	readonly #bases: BaseDocuments;
	readonly #scm: ChangesInScm;
	readonly #lenses: HunkLenses;
	readonly #subscriptions: readonly vscode.Disposable[];
	readonly editor: ReviewEditor;
	readonly decisions: KeepUndo;

	constructor(app: App) {
		this.#app = app;
		const { files } = app.ports;
		const checkpoints = () => app.checkpoints;
		this.#changes = new Changes(files, checkpoints);
		this.#bases = new BaseDocuments(this.#changes, checkpoints);
		this.editor = new ReviewEditor(this.#changes, this.#bases, (text) => app.announce(text));
		this.decisions = new KeepUndo({
			changes: this.#changes,
			files,
			write: createWriteOpen(files),
			checkpoints,
			announce: (text) => app.announce(text),
			find: (chat) => findRun(app, chat),
			reopen: (run) => app.chats.reopen(run),
		});
		this.#scm = new ChangesInScm(this.#changes, this.#bases);
		this.#lenses = new HunkLenses([{ scheme: "file" }, { scheme: BASE_SCHEME }], ({ uri }) =>
			lensesOf(uri, this.#changes.find(uri)),
		);
		this.#subscriptions = [
			app.chats.onActivated(({ session }) => this.#changes.follow(session)),
			this.#changes.onChanged(() => {
				this.#tellKeys();
				this.#lenses.refresh();
				app.view.refresh();
			}),
			vscode.window.onDidChangeActiveTextEditor(() => this.#tellKeys()),
			...this.#ownWrites(),
			...this.#commands(),
		];
	}

	/** For the changes bar, sorted by path. */
	get files(): readonly ChangedFile[] {
		return this.#changes.lines;
	}

	/** A file of the list with its hunks, as it is this moment. */
	find(path: string): Promise<ReviewedFile | undefined> {
		return this.#changes.fresh(path);
	}

	/** Resolves when `files` and everything that is shown speaks of this moment. */
	settled(): Promise<void> {
		return this.#changes.settled();
	}

	dispose(): void {
		for (const part of [...this.#subscriptions, this.#lenses, this.#scm, this.#bases, this.#changes]) part.dispose();
	}

	/** For `when` clauses. */
	#tellKeys(): void {
		const front = vscode.window.activeTextEditor?.document.uri;
		const isChanged = front !== undefined && this.#changes.find(front) !== undefined;
		void vscode.commands.executeCommand("setContext", "kimiK2.changes", this.#changes.files.length > 0);
		void vscode.commands.executeCommand("setContext", "kimiK2.changedFile", isChanged);
	}

	/** What the person writes while a command runs is not the command's work. */
	#ownWrites(): vscode.Disposable[] {
		const { workspace } = vscode;
		const wrote = (...uris: readonly vscode.Uri[]) => {
			const paths = uris.map((uri) => this.#changes.pathOf(uri)).filter((path) => path !== undefined);
			this.#app.checkpointStore.wrote(paths);
		};
		return [
			workspace.onDidSaveTextDocument(({ uri }) => wrote(uri)),
			workspace.onDidCreateFiles(({ files }) => wrote(...files)),
			workspace.onDidDeleteFiles(({ files }) => wrote(...files)),
			workspace.onDidRenameFiles(({ files }) => wrote(...files.flatMap(({ oldUri, newUri }) => [oldUri, newUri]))),
		];
	}

	#commands(): vscode.Disposable[] {
		const { editor, decisions } = this;
		const all: Readonly<Record<string, (run: ChatRun, ...args: readonly unknown[]) => Promise<void>>> = {
			reviewChanges: () => editor.open(),
			reviewFile: (_run, ...args) => this.#onFiles(args, (path) => editor.open(path)),
			keepAll: (run) => decisions.keep(run),
			undoAll: (run) => decisions.undo(run),
			keepFile: (run, ...args) => this.#onFiles(args, (path) => decisions.keep(run, path)),
			undoFile: (run, ...args) => this.#onFiles(args, (path) => decisions.undo(run, path)),
			keepHunk: (run, at) => this.#onHunk(at, (hunk) => decisions.keepHunk(run, hunk)),
			undoHunk: (run, at) => this.#onHunk(at, (hunk) => decisions.undoHunk(run, hunk)),
			nextChange: () => editor.move(1),
			previousChange: () => editor.move(-1),
		};
		return Object.entries(all).map(([name, run]) =>
			vscode.commands.registerCommand(`kimiK2.${name}`, async (...args: unknown[]) => {
				// Found again after a reload.
				await run(await this.#app.restore(), ...args);
			}),
		);
	}

	/** The files that a button or a menu hands over; else the one in front. */
	async #onFiles(args: readonly unknown[], use: (path: string) => Promise<void>): Promise<void> {
		const handed = args.map((argument) => this.#pathOf(argument)).filter((path) => path !== undefined);
		const front = this.#pathOf(vscode.window.activeTextEditor?.document.uri);
		const paths = handed.length > 0 ? handed : front === undefined ? [] : [front];
		if (paths.length === 0) this.#nothingHere();
		for (const path of new Set(paths)) await use(path);
	}

	/** Our buttons hand over a path, menus of editors a URI, those of Source Control a row. */
	#pathOf(argument: unknown): string | undefined {
		if (typeof argument === "string") return argument;
		if (argument instanceof vscode.Uri) return this.#changes.pathOf(argument);
		const uri = (argument as Partial<vscode.SourceControlResourceState> | undefined)?.resourceUri;
		return uri && this.#changes.pathOf(uri);
	}

	/** The hunk whose button was pressed; else the one at the cursor. */
	async #onHunk(at: unknown, use: (hunk: HunkAt) => Promise<void>): Promise<void> {
		const pressed = at as HunkAt | undefined;
		if (pressed?.hunk) return use(pressed);
		await this.#changes.settled();
		const editor = vscode.window.activeTextEditor;
		const file = editor && this.#changes.find(editor.document.uri);
		const hunk = file && editor.document.uri.scheme === "file" && hunkAt(file, editor.selection.active.line);
		if (hunk) await use(hunk);
		else this.#nothingHere();
	}

	#nothingHere(): void {
		this.#app.announce(vscode.l10n.t("No change of Kimi K2 waits for review here."));
	}
}

function lensesOf(uri: vscode.Uri, file: ReviewedFile | undefined): readonly Lens[] {
	if (!file) return [];
	if (uri.scheme !== "file") return file.kind === "deleted" ? lensesOfFile(file) : [];
	if (!hasHunks(file) || file.hunks.length === 0) return lensesOfFile(file);
	const places = placesOf(file);
	return shownHunks(file).flatMap((shown, index) => {
		const args: readonly HunkAt[] = [shown];
		return pair(places[index] ?? 0, vscode.l10n.t("Undo"), ["kimiK2.keepHunk", "kimiK2.undoHunk"], args);
	});
}

/** What is one piece has its buttons above the first line. */
function lensesOfFile({ kind, entry }: ReviewedFile): readonly Lens[] {
	const undo = {
		created: vscode.l10n.t("Undo: Delete File"),
		deleted: vscode.l10n.t("Undo: Bring File Back"),
		renamed: vscode.l10n.t("Undo: Name It {0} Again", entry.from ?? ""),
		mode: vscode.l10n.t("Undo: Change Back Whether It May Be Executed"),
		changed: vscode.l10n.t("Undo"),
		binary: vscode.l10n.t("Undo"),
	}[kind];
	return pair(0, undo, ["kimiK2.keepFile", "kimiK2.undoFile"], [entry.path]);
}

function pair(line: number, undo: string, [keeps, undoes]: [string, string], args: readonly unknown[]): Lens[] {
	return [
		{ line, title: `$(check) ${vscode.l10n.t("Keep")}`, command: keeps, args },
		{ line, title: `$(discard) ${undo}`, command: undoes, args },
	];
}
