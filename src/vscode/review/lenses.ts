import * as vscode from "vscode";

/** A button above a line, counted from 0. Without a command it only says something. */
export interface Lens {
	readonly line: number;
	/** May begin with an icon, such as `$(check) Accept`. */
	readonly title: string;
	readonly tooltip?: string;
	/** A command's id; `args` go to it. */
	readonly command?: string;
	readonly args?: readonly unknown[];
}

/** Lines with buttons in one document. VS Code lays out all of them, in sight or not: 2,500 take it seconds. */
const MOST = 200;

/**
 * Buttons on hunks. `lensesOf` is asked whenever VS Code draws a document: it must be quick, and in order of lines.
 * Lenses of one line stand side by side.
 */
export class HunkLenses implements vscode.CodeLensProvider, vscode.Disposable {
	readonly #lensesOf: (document: vscode.TextDocument) => readonly Lens[];
	readonly #changed = new vscode.EventEmitter<void>();
	readonly #registration: vscode.Disposable;
	readonly onDidChangeCodeLenses = this.#changed.event;

	constructor(selector: vscode.DocumentSelector, lensesOf: (document: vscode.TextDocument) => readonly Lens[]) {
		this.#lensesOf = lensesOf;
		this.#registration = vscode.languages.registerCodeLensProvider(selector, this);
	}

	/** What the lenses say has changed, other than by a change of the document. */
	refresh(): void {
		this.#changed.fire();
	}

	provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
		const last = document.lineCount - 1;
		return limited(this.#lensesOf(document)).map(({ line, title, tooltip = "", command = "", args = [] }) => {
			// What was removed at the end stands below the last line.
			const at = Math.min(line, last);
			const range = new vscode.Range(at, 0, at, 0);
			return new vscode.CodeLens(range, { title: spaced(title), tooltip, command, arguments: [...args] });
		});
	}

	dispose(): void {
		this.#registration.dispose();
		this.#changed.dispose();
	}
}

/** Once the first ones are decided, the next get their buttons. The keys work on all of them. */
function limited(lenses: readonly Lens[]): readonly Lens[] {
	const lines = [...new Set(lenses.map(({ line }) => line))];
	const last = lines[MOST - 1];
	if (last === undefined || lines.length === MOST) return lenses;
	const [first = 0] = lines;
	const note = { line: first, title: vscode.l10n.t("Buttons on the First {0} of {1} Changes", MOST, lines.length) };
	return [note, ...lenses.filter(({ line }) => line <= last)];
}

/** VS Code lays a button out as a flex box, where a plain space after the icon comes to nothing. */
function spaced(title: string): string {
	return title.replace(/^(\$\([\w-]+\)) /, "$1\u00A0");
}
