import * as vscode from "vscode";
import type { Answer } from "../agent/calls.ts";
import type { Asked, ChatRun } from "./chat-run.ts";
import type { Review } from "./review.ts";
import { readSettings } from "./settings.ts";

/** Calls that wait for the person: their diffs, the commands and keys that decide, the notification when away. */
export class Approvals {
	readonly #review: Review;
	readonly #active: () => ChatRun | undefined;
	readonly #background: (work: Promise<unknown>) => void;

	/** `background`: takes work that nobody waits for, and says its failures. */
	constructor(review: Review, active: () => ChatRun | undefined, background: (work: Promise<unknown>) => void) {
		this.#review = review;
		this.#active = active;
		this.#background = background;
	}

	async opened(run: ChatRun, asked: Asked): Promise<void> {
		const { proposal } = asked.plan;
		if (proposal) {
			this.#review.add(asked.id, proposal);
			this.#closeWhenDone(run, asked.id);
		}
		if (proposal && run === this.#active() && readSettings().openDiff === "automatically")
			await this.#review.open(asked.id, true);
		if (!vscode.window.state.focused) await this.#notify(asked);
	}

	/** Not at the decision: closing the diff may close the document that is being written. */
	#closeWhenDone(run: ChatRun, callId: string): void {
		const stop = run.session.subscribe((event) => {
			if (event.type !== "finished" || event.callId !== callId) return;
			stop();
			this.#background(this.#review.close(callId));
		});
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
