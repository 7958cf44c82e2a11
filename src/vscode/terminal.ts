import * as vscode from "vscode";
import type { Exit, Shell, ShellResult } from "../agent/ports.ts";
import { visible } from "../shared/visible.ts";
import { plain } from "./plain.ts";
import { TerminalScreen } from "./terminal-screen.ts";

const NAME = "Kimi K2";
const MAX_NAME = 40;

type Options = Parameters<Shell["run"]>[1];

/** A command line as it runs, or ran, in its folder. */
export interface CommandAt {
	readonly command: string;
	/** Absolute. */
	readonly cwd: string;
}

/** What runs now. */
export interface RunningCommand extends CommandAt {
	readonly isJob: boolean;
	/** Ends it with all that it started. */
	stop(): Promise<void>;
	/** Resolves when it ended. */
	readonly ended: Promise<void>;
}

interface Entry extends CommandAt {
	readonly screen: TerminalScreen;
	isJob: boolean;
	end: () => void;
	readonly over: () => void;
	readonly ended: Promise<void>;
}

/**
 * Commands shown live in terminals of VS Code. The command is a child process of ours and the terminal only shows it:
 * exit codes are exact and nothing is lost, which shell integration does not promise. Ctrl+C there ends the command. A
 * terminal shows one command at a time; one that goes on in the background keeps its own, named after it.
 */
export class CommandTerminals implements vscode.Disposable {
	readonly #running = new Set<Entry>();
	readonly #screens = new Set<TerminalScreen>();
	/** Those that belong to a background command, also one that ended. */
	readonly #taken = new WeakSet<TerminalScreen>();
	/** Where a command was shown last. */
	readonly #shown = new Map<string, TerminalScreen>();
	readonly #closed = vscode.window.onDidCloseTerminal((terminal) => {
		for (const screen of this.#screens) screen.closedByEditor(terminal);
	});

	/** The same shell, with all it does on show. */
	wrap(shell: Shell): Shell {
		return { ...shell, run: (command, options) => this.#run(shell, command, options) };
	}

	get running(): readonly RunningCommand[] {
		return [...this.#running].map((entry) => ({
			command: entry.command,
			cwd: entry.cwd,
			isJob: entry.isJob,
			ended: entry.ended,
			stop: async () => {
				entry.end();
				await entry.ended;
			},
		}));
	}

	/** Brings the terminal of a command to the front, that of the last one by default. False: it was closed. */
	show(of?: CommandAt): boolean {
		const screen = of ? this.#shown.get(keyOf(of)) : [...this.#shown.values()].at(-1);
		screen?.show();
		return screen !== undefined;
	}

	dispose(): void {
		this.#closed.dispose();
		for (const screen of this.#screens) screen.dispose();
	}

	async #run(shell: Shell, command: string, options: Options): Promise<ShellResult> {
		const interrupt = new AbortController();
		const { background = false, cwd } = options;
		const screen = background ? this.#open(nameOf(command)) : this.#idle();
		if (background) this.#taken.add(screen);
		const { promise: ended, resolve: over } = Promise.withResolvers<void>();
		const entry: Entry = { command, cwd, screen, isJob: background, end: () => interrupt.abort(), over, ended };
		this.#running.add(entry);
		const key = keyOf(entry);
		// Last in the order of the map: it is the one that is shown unasked.
		this.#shown.delete(key);
		this.#shown.set(key, screen);
		screen.write(`\x1b[2m${visible(cwd, true)}\x1b[0m\n\x1b[1m$ ${visible(command, false)}\x1b[0m\n`);
		const onOutput = (text: string) => {
			screen.write(text);
			options.onOutput?.(text);
		};
		const signal = AbortSignal.any([options.signal, interrupt.signal]);
		const result = await shell.run(command, { ...options, signal, onOutput });
		if (result.ended === "background" && result.job !== undefined) this.#follow(shell, result.job, entry);
		else this.#end(entry, endOf(result));
		return result;
	}

	/** It goes on in the background: its terminal is its own from now on. */
	#follow({ jobs }: Shell, id: string, entry: Entry): void {
		entry.isJob = true;
		entry.end = () => void jobs.end(id);
		this.#taken.add(entry.screen);
		if (!entry.screen.isClosed) entry.screen.rename(nameOf(entry.command));
		const unsubscribe = jobs.onChanged(() => look());
		const look = () => {
			const job = jobs.list().find((each) => each.id === id);
			if (job && !job.exit) return;
			unsubscribe();
			this.#end(entry, exitWords(job?.exit));
		};
		look();
	}

	#end(entry: Entry, words: string): void {
		this.#running.delete(entry);
		entry.screen.write(`\n\x1b[2m${words}\x1b[0m\n\n`);
		entry.over();
	}

	/** A terminal in which nothing runs. */
	#idle(): TerminalScreen {
		const busy = new Set([...this.#running].map(({ screen }) => screen));
		const idle = [...this.#screens].find((screen) => !busy.has(screen) && !this.#taken.has(screen));
		return idle ?? this.#open(NAME);
	}

	#open(name: string): TerminalScreen {
		const here = () => [...this.#running].filter((entry) => entry.screen === screen);
		const screen: TerminalScreen = new TerminalScreen(name, {
			interrupt: () => {
				for (const { end } of here()) end();
			},
			closed: () => {
				this.#screens.delete(screen);
				for (const [key, shown] of this.#shown) if (shown === screen) this.#shown.delete(key);
				// Nobody would see any more what goes on in the background; any other command is still in the chat.
				for (const { isJob, end } of here()) if (isJob) end();
			},
		});
		this.#screens.add(screen);
		return screen;
	}
}

const keyOf = ({ command, cwd }: CommandAt) => `${cwd}\0${command}`;

function nameOf(command: string): string {
	const line = plain(command.trim().split("\n")[0] ?? "");
	return `${NAME}: ${line.length > MAX_NAME ? `${line.slice(0, MAX_NAME - 1).toWellFormed()}…` : line}`;
}

function endOf({ ended, exitCode, signal }: ShellResult): string {
	if (ended === "exit") return exitWords({ exitCode, signal });
	if (ended === "timeout") return vscode.l10n.t("ended: out of time");
	return ended === "aborted" ? vscode.l10n.t("stopped") : vscode.l10n.t("could not start");
}

function exitWords(exit: Exit | undefined): string {
	if (!exit) return vscode.l10n.t("ended");
	if (exit.exitCode !== null) return vscode.l10n.t("exit code {0}", String(exit.exitCode));
	return exit.signal === null ? vscode.l10n.t("ended") : vscode.l10n.t("ended by {0}", exit.signal);
}
