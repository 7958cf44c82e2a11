import * as vscode from "vscode";

/** Times that an edit is made anew since the document had just changed. */
const MAX_TRIES = 5;

/**
 * A text that grows in a document while the person goes on working there: it stays where it began, and is one step for
 * Undo. It ends where the person edits it, or no longer sees it: what is there then stays.
 */
export class Insertion implements vscode.Disposable {
	readonly #editor: vscode.TextEditor;
	readonly #ended = new AbortController();
	/** Aborts when nothing more can be put there. */
	readonly signal: AbortSignal = this.#ended.signal;
	readonly #subscriptions: vscode.Disposable;
	/** Offset where it begins. */
	#start: number;
	/** With the document's line ends. */
	#text = "";
	/** The edit of ours that is under way. */
	#own: { readonly offset: number; readonly length: number; readonly text: string; readonly all: string } | undefined;

	constructor(editor: vscode.TextEditor) {
		this.#editor = editor;
		this.#start = editor.document.offsetAt(editor.selection.active);
		this.#subscriptions = vscode.Disposable.from(
			vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
				if (document === editor.document) for (const change of contentChanges) this.#changed(change);
			}),
			vscode.workspace.onDidCloseTextDocument((document) => {
				if (document === editor.document) this.#ended.abort();
			}),
			vscode.window.onDidChangeVisibleTextEditors((editors) => {
				if (!editors.includes(editor)) this.#ended.abort();
			}),
		);
	}

	/** Puts a text behind what is there. False where that can't be done any more. */
	append(text: string): Promise<boolean> {
		const isCrlf = this.#editor.document.eol === vscode.EndOfLine.CRLF;
		const bare = text.replaceAll("\r", "");
		return this.#replace(this.#text.length, isCrlf ? bare.replaceAll("\n", "\r\n") : bare);
	}

	/** Takes so many characters away from its end, as the document has them. */
	shorten(length: number): Promise<boolean> {
		return this.#replace(this.#text.length - length, "");
	}

	/** What is there, with the document's line ends. */
	get text(): string {
		return this.#text;
	}

	dispose(): void {
		this.#subscriptions.dispose();
	}

	/** Puts `text` in place of all from `from` on. */
	async #replace(from: number, text: string): Promise<boolean> {
		for (let tries = 0; tries < MAX_TRIES && !this.signal.aborted; tries++)
			if (await this.#edit(from, text)) return true;
		this.#ended.abort();
		return false;
	}

	async #edit(from: number, text: string): Promise<boolean> {
		const { document } = this.#editor;
		const offset = this.#start + from;
		const length = this.#text.length - from;
		if (length === 0 && text === "") return true;
		const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
		this.#own = { offset, length, text, all: this.#text.slice(0, from) + text };
		try {
			const isFirst = this.#text === "";
			// An insertion and no replacement: the cursor goes along with it.
			const edit = (builder: vscode.TextEditorEdit) =>
				length === 0 ? builder.insert(range.start, text) : builder.replace(range, text);
			return await this.#editor.edit(edit, { undoStopBefore: isFirst, undoStopAfter: false });
		} catch {
			// The editor is closed.
			this.#ended.abort();
			return false;
		} finally {
			this.#own = undefined;
		}
	}

	#changed({ rangeOffset, rangeLength, text }: vscode.TextDocumentContentChangeEvent): void {
		const own = this.#own;
		if (own && own.offset === rangeOffset && own.length === rangeLength && own.text === text) this.#text = own.all;
		else if (rangeOffset > this.#start + this.#text.length) return;
		else if (rangeOffset + rangeLength < this.#start) this.#start += text.length - rangeLength;
		else this.#ended.abort();
	}
}
