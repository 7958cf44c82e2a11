import * as vscode from "vscode";
import { numbered, splitLines } from "../../agent/lines.ts";
import { isSecret } from "../../agent/policy.ts";
import { nameOf } from "../../node/place.ts";
import type { Places } from "../../node/places.ts";
import type { Attached, Wanted } from "../../shared/attachments.ts";

type Selection = Extract<Wanted, { kind: "selection" }>;

/** Characters of a selection that goes along unasked. */
const MOST = 50_000;

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

	constructor(places: Places, changed: () => void) {
		this.#places = places;
		this.#changed = changed;
		this.#subscriptions = vscode.Disposable.from(
			vscode.window.onDidChangeActiveTextEditor((editor) => void this.#look(editor)),
			vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
				if (textEditor === this.#editor && this.#name !== undefined) this.#changed();
			}),
		);
		const { activeTextEditor } = vscode.window;
		// Without one there is nothing to tell, and nobody there yet to be told.
		if (activeTextEditor) void this.#look(activeTextEditor);
	}

	/** As it is now. */
	get attached(): Attached | undefined {
		const editor = this.#editor;
		if (!editor || this.#name === undefined || editor.document === this.#removed) return undefined;
		const selected = selectionOf(this.#places.root, editor);
		const line = editor.selection.active.line + 1;
		if (!selected) return { kind: "active", name: `${this.#name}:${line}`, text: "", path: this.#name, line };
		const { from, to, text } = selected;
		const shown = splitLines(text.slice(0, MOST).toWellFormed()).map((each, at) => numbered(from + at, each));
		return {
			kind: "active",
			name: `${this.#name}:${from === to ? from : `${from}-${to}`}`,
			text: shown.join("\n"),
			...(text.length > MOST && { size: text.length }),
			path: this.#name,
			line: from,
		};
	}

	remove(): void {
		this.#removed = this.#editor?.document;
		this.#changed();
	}

	dispose(): void {
		this.#subscriptions.dispose();
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
		if (place?.ok && place.value.inside && place.value.ignored === undefined && !isSecret(place.value.name))
			this.#name = place.value.name;
		this.#changed();
	}
}
