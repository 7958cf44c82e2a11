import * as vscode from "vscode";
import { numbered, splitLines } from "../../agent/lines.ts";
import type { Place } from "../../agent/ports.ts";
import { nameOf } from "../../node/place.ts";
import type { Places } from "../../node/places.ts";
import type { Attached, Wanted } from "../../shared/attachments.ts";
import { mayBeSecret } from "./resolve.ts";

type Selection = Extract<Wanted, { kind: "selection" }>;

/** Characters of a selection that goes along unasked. */
const MOST = 50_000;
/** Milliseconds until the view shows where the cursor went. */
const SOON_MS = 150;

/** What is selected in an editor of a file, if anything. */
export function selectionOf(root: string | undefined, editor: vscode.TextEditor | undefined): Selection | undefined {
	if (!editor || root === undefined || editor.selection.isEmpty || editor.document.uri.scheme !== "file") return;
	const { document, selection } = editor;
	const text = document.getText(selection);
	const { start, end } = selection;
	// A line of which only the break is selected is not meant.
	const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
	return { kind: "selection", path: nameOf(root, document.uri.fsPath), from: start.line + 1, to: last + 1, text };
}

/**
 * The editor in front, which goes along unless the person takes it away: a file of the workspace, that nothing hides and
 * that holds no secrets. Its name and the cursor's line, and what is selected.
 */
export class ActiveEditor implements vscode.Disposable {
	readonly #places: Places;
	readonly #changed: () => void;
	readonly #subscriptions: vscode.Disposable;
	#editor: vscode.TextEditor | undefined;
	/** As tools name its file; undefined: it does not go along. */
	#name: string | undefined;
	/** The document that the person took away, until another one is in front. */
	#removed: vscode.TextDocument | undefined;
	#known: { readonly key: string; readonly attached: Attached } | undefined;
	#timer: NodeJS.Timeout | undefined;

	constructor(places: Places, changed: () => void) {
		this.#places = places;
		this.#changed = changed;
		this.#subscriptions = vscode.Disposable.from(
			vscode.window.onDidChangeActiveTextEditor((editor) => void this.#look(editor)),
			vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
				if (textEditor === this.#editor && this.#name !== undefined) this.#soon();
			}),
		);
		const { activeTextEditor } = vscode.window;
		// Without one there is nothing to tell, and nobody there yet to be told.
		if (activeTextEditor) void this.#look(activeTextEditor);
	}

	/** As it is now; the same object as long as nothing of it changes. */
	get attached(): Attached | undefined {
		const editor = this.#editor;
		if (!editor || this.#name === undefined || editor.document === this.#removed) return undefined;
		const { document, selection } = editor;
		const { start, end, active } = selection;
		const key = [
			this.#name,
			document.version,
			start.line,
			start.character,
			end.line,
			end.character,
			active.line,
		].join();
		if (this.#known?.key !== key) this.#known = { key, attached: this.#describe(editor, this.#name) };
		return this.#known.attached;
	}

	remove(): void {
		this.#removed = this.#editor?.document;
		this.#changed();
	}

	dispose(): void {
		clearTimeout(this.#timer);
		this.#subscriptions.dispose();
	}

	#describe(editor: vscode.TextEditor, name: string): Attached {
		const selected = selectionOf(this.#places.root, editor);
		const line = editor.selection.active.line + 1;
		if (!selected) return { kind: "active", name: `${name}:${line}`, text: "", path: name, line };
		const { from, to, text } = selected;
		const shown = splitLines(text.slice(0, MOST).toWellFormed()).map((each, at) => numbered(from + at, each));
		return {
			kind: "active",
			name: `${name}:${from === to ? from : `${from}-${to}`}`,
			text: shown.join("\n"),
			...(text.length > MOST && { size: text.length }),
			path: name,
			line: from,
		};
	}

	/** The cursor moves with each letter that is typed. */
	#soon(): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#changed();
		}, SOON_MS);
	}

	async #look(editor: vscode.TextEditor | undefined): Promise<void> {
		// The last one stays while the chat has the focus, or an output.
		if (editor && editor.document.uri.scheme !== "file") return;
		if (!editor && vscode.window.visibleTextEditors.length > 0) return;
		if (editor?.document !== this.#removed) this.#removed = undefined;
		this.#editor = editor;
		this.#name = undefined;
		// Never at once, also without an editor: whoever asked for this is not made yet.
		const place = await (editor && this.#places.place(editor.document.uri.fsPath));
		if (this.#editor !== editor) return;
		if (editor && place?.ok && maySend(place.value, editor.document.uri.fsPath)) this.#name = place.value.name;
		this.#changed();
	}
}

function maySend(place: Place, opened: string): boolean {
	return place.inside && place.ignored === undefined && !mayBeSecret(place, opened);
}
