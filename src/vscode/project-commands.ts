import * as vscode from "vscode";
import { commandText, type ProjectCommand, readProjectCommands } from "../agent/project-commands.ts";
import type { SlashRow } from "../shared/slash.ts";
import type { App } from "./app.ts";

/** Where they lie, and what hides them. Folders too: of one that is deleted, its files may not be told. */
const PLACES = "{.kimiignore,.agents,.agents/**,.github/prompts,.github/prompts/**}";

/** Several files are written at once: what changes is looked at after so many milliseconds. */
const SOON = 200;

/** The commands and skills that lie in the project; none where nobody trusts it. */
export class ProjectCommands {
	readonly #app: App;
	#all: readonly ProjectCommand[] = [];
	#isWatched = false;
	#timer: NodeJS.Timeout | undefined;

	constructor(app: App) {
		this.#app = app;
	}

	/** What is known of them. Asked for the first time it is looked for, and the view is told of it. */
	rows(): readonly SlashRow[] {
		this.#watch();
		return this.#all.map(({ name, about, takes, kind }) => {
			const words = kind === "skill" ? vscode.l10n.t("what to do") : takes;
			return { name, about, own: kind, ...(words !== undefined && { takes: words }) };
		});
	}

	/** What is said for the command; undefined: its file is gone. Null: there is none of this name. */
	async textOf(name: string, rest: string): Promise<string | undefined | null> {
		const found = this.#all.find((each) => each.name.toLowerCase() === name.toLowerCase());
		return found && vscode.workspace.isTrusted ? await commandText(this.#app.ports.files, found, rest) : null;
	}

	#watch(): void {
		const { root } = this.#app.ports.files;
		if (this.#isWatched || !vscode.workspace.isTrusted || root === undefined) return;
		const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(root, PLACES));
		const soon = () => this.#lookIn(SOON);
		const heard = [watcher.onDidCreate(soon), watcher.onDidChange(soon), watcher.onDidDelete(soon)];
		this.#app.context.subscriptions.push(watcher, ...heard, { dispose: () => clearTimeout(this.#timer) });
		this.#isWatched = true;
		this.#lookIn(0);
	}

	#lookIn(ms: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.#look().catch((error: Error) => this.#app.log.error(error)), ms);
	}

	async #look(): Promise<void> {
		const before = JSON.stringify(this.#all);
		this.#all = await readProjectCommands(this.#app.ports.files);
		if (JSON.stringify(this.#all) !== before) this.#app.update();
	}
}
