import * as vscode from "vscode";
import { createTamer } from "../node/tame.ts";

/** Characters kept for a terminal that is not on screen yet. */
const BACKLOG = 200_000;
/** Milliseconds between two writes to the terminal. */
const BATCH = 50;

/** A terminal of VS Code that only shows: what runs is a child process of ours. */
export class TerminalScreen implements vscode.Disposable {
	readonly #writes = new vscode.EventEmitter<string>();
	readonly #names = new vscode.EventEmitter<string>();
	readonly #terminal: vscode.Terminal;
	readonly #tame = createTamer();
	readonly #onClosed: () => void;
	#isOpen = false;
	#isClosed = false;
	#backlog = "";
	#pending = "";
	#omitted = 0;
	#timer: NodeJS.Timeout | undefined;

	/** @param on `interrupt`: Ctrl+C was pressed in it; `closed`: the person closed it. */
	constructor(name: string, on: { readonly interrupt: () => void; readonly closed: () => void }) {
		this.#onClosed = on.closed;
		this.#terminal = vscode.window.createTerminal({
			name,
			iconPath: new vscode.ThemeIcon("sparkle"),
			isTransient: true,
			pty: {
				onDidWrite: this.#writes.event,
				onDidChangeName: this.#names.event,
				open: () => {
					this.#isOpen = true;
					this.#writes.fire(this.#backlog);
					this.#backlog = "";
				},
				close: () => this.#closed(),
				handleInput: (data: string) => {
					if (data === "\x03") on.interrupt();
				},
			},
		});
	}

	get isClosed(): boolean {
		return this.#isClosed;
	}

	/** Without the focus. */
	show(): void {
		this.#terminal.show(true);
	}

	rename(name: string): void {
		this.#names.fire(name);
	}

	/** A terminal that was never on screen tells nobody that it was closed, but VS Code does. */
	closedByEditor(terminal: vscode.Terminal): void {
		if (terminal === this.#terminal) this.#closed();
	}

	/** In batches, and no more than a person could see: a command may print hundreds of megabytes a second. */
	write(text: string): void {
		if (this.#isClosed) return;
		this.#pending += this.#tame(text);
		if (this.#pending.length > 2 * BACKLOG) {
			const kept = this.#pending.slice(-BACKLOG);
			this.#omitted += this.#pending.length - kept.length;
			this.#pending = kept;
		}
		this.#timer ??= setTimeout(() => this.#flush(), BATCH);
	}

	dispose(): void {
		this.#terminal.dispose();
		this.#closed();
	}

	#closed(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		clearTimeout(this.#timer);
		this.#backlog = "";
		this.#pending = "";
		this.#writes.dispose();
		this.#names.dispose();
		this.#onClosed();
	}

	#flush(): void {
		this.#timer = undefined;
		const note =
			this.#omitted === 0 ? "" : `\x1b[2m… ${vscode.l10n.t("{0} characters left out", this.#omitted)} …\x1b[0m\n`;
		const lines = (note + this.#pending).replace(/\r?\n/g, "\r\n");
		this.#omitted = 0;
		this.#pending = "";
		if (this.#isOpen) this.#writes.fire(lines);
		else this.#backlog = (this.#backlog + lines).slice(-BACKLOG);
	}
}
