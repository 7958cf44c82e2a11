import * as vscode from "vscode";
import { plain } from "../plain.ts";
import { asTextUri } from "./as-text.ts";
import type { BaseDocuments } from "./base-documents.ts";
import type { ReviewedFile } from "./changed-file.ts";
import type { Changes } from "./changes.ts";
import { placesOf } from "./hunk-edits.ts";

/** Files in the review editor: VS Code loads them all at once. */
const MOST = 300;

/** Shows changes in VS Code's own editors and moves among them. */
export class ReviewEditor {
	readonly #changes: Changes;
	readonly #bases: BaseDocuments;
	readonly #announce: (text: string) => void;

	/** `announce` says what is not to be seen. */
	constructor(changes: Changes, bases: BaseDocuments, announce: (text: string) => void) {
		this.#changes = changes;
		this.#bases = bases;
		this.#announce = announce;
	}

	/** All changes in one editor, or those of one file. */
	async open(path?: string): Promise<void> {
		await this.#changes.settled();
		const { files } = this.#changes;
		const one = files.find(({ entry }) => entry.path === path || entry.from === path);
		if (path === undefined && files.length > 0) return this.#openAll(files);
		if (one) return this.#openOne(one);
		this.#announce(vscode.l10n.t("No changes wait for review."));
	}

	/** The next change after the cursor or, with -1, the one before it; past the last one of a file, in the next file. */
	async move(by: 1 | -1): Promise<void> {
		const { files } = this.#changes;
		const editor = vscode.window.activeTextEditor;
		const here = editor && this.#changes.find(editor.document.uri);
		const line = editor?.selection.active.line ?? 0;
		const inside = here && firstBeyond(placesOf(here), line, by);
		if (editor && inside !== undefined) return reveal(editor, inside);
		const target = neighbour(files, here, by);
		if (!target) return this.#announce(vscode.l10n.t("No changes wait for review."));
		// What is no text, or is gone, is shown as a whole.
		if (target.text === undefined || target.current.state === null) return this.#openOne(target);
		const uri = this.#changes.uriOf(target.entry.path);
		const shown = await vscode.window.showTextDocument(uri);
		const places = placesOf(target);
		reveal(shown, (by > 0 ? places[0] : places.at(-1)) ?? 0);
	}

	async #openAll(files: readonly ReviewedFile[]): Promise<void> {
		const title = vscode.l10n.t("Changes by Kimi K2 to Review");
		if (files.length > MOST) this.#announce(vscode.l10n.t("The first {0} of {1} files are shown.", MOST, files.length));
		const rows = files.slice(0, MOST).map((file) => [this.#changes.uriOf(file.entry.path), ...this.#sidesOf(file)]);
		await vscode.commands.executeCommand("vscode.changes", title, rows);
		// An older one shows the files of when it was opened. Labels go on with how many they are.
		const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
		const old = tabs.filter(({ label, isActive }) => label.startsWith(title) && !isActive);
		if (old.length > 0) await vscode.window.tabGroups.close(old, true);
	}

	async #openOne(file: ReviewedFile): Promise<void> {
		const { path } = file.entry;
		const [left, right] = this.#sidesOf(file);
		const title = vscode.l10n.t("{0} (changed by Kimi K2)", plain(path));
		const before = left ?? this.#bases.before(file.entry);
		const after = right ?? this.#bases.now(file.entry);
		await vscode.commands.executeCommand("vscode.diff", before, after, title, { preview: true });
	}

	/** Undefined where there is no file. */
	#sidesOf({ entry, base, current, text }: ReviewedFile): [vscode.Uri | undefined, vscode.Uri | undefined] {
		const before = base.kind === "none" ? undefined : this.#bases.before(entry);
		if (!current.state) return [before, undefined];
		const uri = this.#changes.uriOf(entry.path);
		// A notebook's own file would open in the editor for notebooks.
		return [before, text === undefined || asTextUri(uri) !== uri ? this.#bases.now(entry) : uri];
	}
}

function firstBeyond(places: readonly number[], line: number, by: 1 | -1): number | undefined {
	return by > 0 ? places.find((place) => place > line) : places.findLast((place) => place < line);
}

function neighbour(
	files: readonly ReviewedFile[],
	here: ReviewedFile | undefined,
	by: 1 | -1,
): ReviewedFile | undefined {
	const at = here ? files.indexOf(here) : by > 0 ? -1 : 0;
	return files.at((at + by) % Math.max(1, files.length));
}

function reveal(editor: vscode.TextEditor, line: number): void {
	const at = new vscode.Position(line, 0);
	editor.selection = new vscode.Selection(at, at);
	editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
