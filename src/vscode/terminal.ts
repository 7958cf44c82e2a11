import * as vscode from "vscode";
import type { Shell } from "../agent/ports.ts";
import { visible } from "../shared/visible.ts";

/** Characters kept for a terminal that is not on screen yet. */
const BACKLOG = 200_000;
/** Milliseconds between two writes to the terminal. */
const BATCH = 50;

/**
 * Commands shown live in a terminal of VS Code. The command is a child process of ours and the terminal only shows it:
 * exit codes are exact and nothing is lost, which shell integration does not promise. Ctrl+C there ends the command.
 */
export class CommandTerminal implements vscode.Disposable {
	readonly #writes = new vscode.EventEmitter<string>();
	#terminal: vscode.Terminal | undefined;
	#isOpen = false;
	#backlog = "";
	#pending = "";
	#omitted = 0;
	#timer: NodeJS.Timeout | undefined;
	readonly #running = new Set<AbortController>();
	readonly #closed = vscode.window.onDidCloseTerminal((terminal) => {
		if (terminal === this.#terminal) this.#forget();
	});

	/** The same shell, with all it does on show. */
	wrap(shell: Shell): Shell {
		return {
			...shell,
			run: async (command, options) => {
				const interrupt = new AbortController();
				this.#running.add(interrupt);
				this.#ensure();
				this.#write(`\x1b[2m${options.cwd}\x1b[0m\n\x1b[1m$ ${visible(command, false)}\x1b[0m\n`);
				const onOutput = (text: string) => {
					this.#write(text);
					options.onOutput?.(text);
				};
				const signal = AbortSignal.any([options.signal, interrupt.signal]);
				const result = await shell.run(command, { ...options, signal, onOutput });
				this.#running.delete(interrupt);
				this.#write(`\n\x1b[2m${endOf(result.ended, result.exitCode)}\x1b[0m\n\n`);
				return result;
			},
		};
	}

	show(): void {
		this.#ensure().show(true);
	}

	dispose(): void {
		clearTimeout(this.#timer);
		this.#closed.dispose();
		this.#terminal?.dispose();
	}

	#ensure(): vscode.Terminal {
		this.#terminal ??= vscode.window.createTerminal({
			name: "Kimi K2",
			iconPath: new vscode.ThemeIcon("sparkle"),
			isTransient: true,
			pty: {
				onDidWrite: this.#writes.event,
				open: () => {
					this.#isOpen = true;
					this.#writes.fire(this.#backlog);
					this.#backlog = "";
				},
				close: () => this.#forget(),
				handleInput: (data: string) => {
					if (data === "\x03") for (const interrupt of this.#running) interrupt.abort();
				},
			},
		});
		return this.#terminal;
	}

	#forget(): void {
		this.#terminal = undefined;
		this.#isOpen = false;
		this.#backlog = "";
	}

	/** In batches, and no more than a person could see: a command may print hundreds of megabytes a second. */
	#write(text: string): void {
		this.#pending += text;
		if (this.#pending.length > 2 * BACKLOG) {
			const kept = this.#pending.slice(-BACKLOG);
			this.#omitted += this.#pending.length - kept.length;
			this.#pending = kept;
		}
		this.#timer ??= setTimeout(() => this.#flush(), BATCH);
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

function endOf(ended: string, exitCode: number | null): string {
	if (ended === "exit") return vscode.l10n.t("exit code {0}", String(exitCode));
	if (ended === "background") return vscode.l10n.t("goes on in the background");
	if (ended === "timeout") return vscode.l10n.t("ended: out of time");
	return ended === "aborted" ? vscode.l10n.t("stopped") : vscode.l10n.t("could not start");
}
