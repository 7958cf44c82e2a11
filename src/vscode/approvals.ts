import * as vscode from "vscode";
import type { Answer } from "../agent/calls.ts";
import type { Asked, ChatRun } from "./chat-run.ts";
import type { Review } from "./review.ts";
import { readSettings } from "./settings.ts";

/** Calls that wait for the person: their diffs, the commands and keys that decide, the notification when away. */
export class Approvals {
	readonly #review: Review;
	readonly #active: () => ChatRun | undefined;

	constructor(review: Review, active: () => ChatRun | undefined) {
		this.#review = review;
		this.#active = active;
	}

	async opened(run: ChatRun, asked: Asked): Promise<void> {
		const { proposal } = asked.plan;
		if (proposal) this.#review.add(asked.id, proposal);
		if (proposal && run === this.#active() && readSettings().openDiff === "automatically")
			await this.#review.open(asked.id, true);
		if (!vscode.window.state.focused) await this.#notify(asked);
	}

	settled(callId: string): Promise<void> {
		return this.#review.close(callId);
	}

	/** The call that a key or a button means: the one whose diff is in front, else the one that waits longest. */
	get current(): Asked | undefined {
		const asked = this.#active()?.asked ?? [];
		return asked.find((call) => call.id === this.#review.activeCall) ?? asked[0];
	}

	accept(): void {
		this.current?.answer({ verdict: "allow" });
	}

	/** Asks for a reason first; Escape there leaves the call waiting. */
	async reject(): Promise<void> {
		const asked = this.current;
		if (!asked) return;
		const reason = await vscode.window.showInputBox({
			title: vscode.l10n.t("Reject: {0}", asked.plan.title),
			prompt: vscode.l10n.t("Tell Kimi why, or leave it empty. Nothing is changed."),
			ignoreFocusOut: true,
		});
		if (reason !== undefined) asked.answer({ verdict: "deny", reason });
	}

	async openDiff(callId = this.current?.id): Promise<void> {
		if (callId !== undefined && (await this.#review.open(callId, false))) return;
		void vscode.window.showInformationMessage(vscode.l10n.t("No edit waits to be reviewed."));
	}

	decide(callId: string, answer: Answer): void {
		this.#active()?.decide(callId, answer);
	}

	async #notify(asked: Asked): Promise<void> {
		const show = vscode.l10n.t("Show");
		const text = vscode.l10n.t("Kimi K2 waits for you: {0}", asked.plan.title);
		const answer = await vscode.window.showInformationMessage(text, show);
		if (answer === show) await vscode.commands.executeCommand("kimiK2.open");
	}
}
