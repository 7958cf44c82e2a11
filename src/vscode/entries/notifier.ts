import * as vscode from "vscode";
import type { App } from "../app.ts";
import type { ChatRun } from "../chat-run.ts";
import { shown } from "../plain.ts";
import { readSettings } from "../settings.ts";

/** A task that ends sooner is not worth a word, in milliseconds. */
const LONG = 10_000;

/** Says that a long task ended while the person looks at another window. That one waits for them is said by approvals. */
export class Notifier implements vscode.Disposable {
	readonly #app: App;
	readonly #long: number;
	readonly #subscription: vscode.Disposable;
	/** Since when chats run, in milliseconds. */
	#since: ReadonlyMap<ChatRun, number> = new Map();

	/** @param long how long a task takes at least for its end to be said, in milliseconds */
	constructor(app: App, long = LONG) {
		this.#app = app;
		this.#long = long;
		this.#subscription = app.onUpdated(() => this.#look());
	}

	dispose(): void {
		this.#subscription.dispose();
	}

	#look(): void {
		const now = performance.now();
		const before = this.#since;
		const running = this.#app.chats.runs.filter((run) => run.running);
		this.#since = new Map(running.map((run) => [run, before.get(run) ?? now]));
		if (vscode.window.state.focused || !readSettings().notify) return;
		for (const [run, began] of before) {
			const says = this.#since.has(run) || now - began < this.#long ? undefined : endWords(run);
			if (says !== undefined) this.#say(run, says);
		}
	}

	#say({ session: { chat } }: ChatRun, says: string): void {
		const show = vscode.l10n.t("Show");
		void vscode.window.showInformationMessage(says, show).then(async (pressed) => {
			if (pressed !== show) return;
			await this.#app.chats.open(chat.id);
			await this.#app.showView();
		});
	}
}

/** Undefined where the person ended it, or is asked whether it goes on. */
function endWords({ session: { chat } }: ChatRun): string | undefined {
	const title = shown(chat.title, 80);
	const ended = chat.turns.at(-1)?.ended;
	if (ended === "done") return vscode.l10n.t("Kimi K2 is done: “{0}”", title);
	return ended === "failed" ? vscode.l10n.t("Kimi K2 could not go on: “{0}”", title) : undefined;
}
