import * as vscode from "vscode";
import type { ChatRun } from "./chat-run.ts";
import type { Endpoints } from "./endpoints.ts";
import { titleInWords } from "./in-words.ts";
import { plain } from "./plain.ts";

/** The items in the status bar: idle, working with its step, or waiting for the person; and which model is asked where. */
export class Status implements vscode.Disposable {
	readonly #item = vscode.window.createStatusBarItem("kimiK2", vscode.StatusBarAlignment.Right, 100);

	readonly #endpoint = vscode.window.createStatusBarItem("kimiK2.endpoint", vscode.StatusBarAlignment.Right, 99);

	constructor() {
		this.#endpoint.name = vscode.l10n.t("Kimi K2 Agent: Endpoint");
		this.#endpoint.command = "kimiK2.switchEndpoint";
		this.#item.name = "Kimi K2 Agent";
	}

	/** @param runs all chats in memory, the one in front first */
	update(runs: readonly ChatRun[], endpoints: Endpoints): void {
		this.#showEndpoint(endpoints);
		const [asked] = runs.flatMap((each) => each.asked);
		const run = runs.find((each) => each.running);
		const paused = runs.find((each) => each.paused);
		if (asked) {
			const waits = runs.find((each) => each.asked.includes(asked));
			this.#set(
				"$(bell-dot) Kimi K2",
				vscode.l10n.t("Kimi K2 waits for you: {0}", plain(titleInWords(asked.plan.title))),
				waits,
			);
			this.#item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
		} else if (run) {
			const step = (run.session.chat.turns.at(-1)?.steps.length ?? 0) + 1;
			this.#set(`$(loading~spin) Kimi K2 ${step}`, vscode.l10n.t("Kimi K2 works: step {0}", step));
		} else if (paused) {
			this.#set("$(debug-pause) Kimi K2", vscode.l10n.t("Kimi K2 paused a task and waits for you."), paused);
		} else this.#set("$(sparkle) Kimi K2", vscode.l10n.t("Kimi K2 is idle. Open the chat."));
		this.#item.show();
	}

	#showEndpoint({ isSetUp, name, modelId }: Endpoints): void {
		if (!isSetUp) {
			this.#endpoint.hide();
			return;
		}
		const endpoint = plain(name);
		const model = modelId === "" ? vscode.l10n.t("the first model that fits") : plain(modelId);
		const tooltip = vscode.l10n.t("Kimi K2 asks {0} at {1}. Click to switch.", model, endpoint);
		this.#endpoint.text = `$(server) ${endpoint}`;
		this.#endpoint.tooltip = tooltip;
		this.#endpoint.accessibilityInformation = { label: tooltip, role: "button" };
		this.#endpoint.show();
	}

	/** @param chat what a click leads to, instead of the chat in front */
	#set(text: string, tooltip: string, chat?: ChatRun): void {
		const title = vscode.l10n.t("Open the chat");
		this.#item.command = { command: "kimiK2.open", title, ...(chat && { arguments: [chat.session.chat.id] }) };
		this.#item.text = text;
		this.#item.tooltip = tooltip;
		this.#item.accessibilityInformation = { label: tooltip, role: "button" };
		this.#item.backgroundColor = undefined;
	}

	dispose(): void {
		this.#item.dispose();
		this.#endpoint.dispose();
	}
}
