import * as vscode from "vscode";
import type { Answer } from "../agent/calls.ts";
import type { Asked, ChatRun } from "./chat-run.ts";
import { plain } from "./plain.ts";
import type { CallKey, Review } from "./review/proposals.ts";
import { readSettings } from "./settings.ts";

export interface ApprovalsHost {
	readonly review: Review;
	/** The chat in front. */
	active(): ChatRun | undefined;
	/** All chats in memory: one that is not in front may run and ask as well. */
	runs(): readonly ChatRun[];
	/** Brings a chat to the front and shows the view. */
	show(run: ChatRun): Promise<void>;
	/** Takes work that nobody waits for, and says its failures. */
	background(work: Promise<unknown>): void;
}

/** Calls that wait for the person: their diffs, the commands and keys that decide, the notification when away. */
export class Approvals {
	readonly #host: ApprovalsHost;

	constructor(host: ApprovalsHost) {
		this.#host = host;
	}

	async opened(run: ChatRun, asked: Asked): Promise<void> {
		const { review } = this.#host;
		const [proposal] = asked.plan.proposals ?? [];
		const key = { chat: run.session.chat.id, call: asked.id };
		const isInFront = run === this.#host.active();
		if (proposal) {
			review.add(key, proposal);
			this.#closeWhenDone(run, key);
			if (isInFront && readSettings().openDiff === "automatically") await review.open(key, true);
		}
		if (!isInFront || !vscode.window.state.focused) await this.#notify(run, asked);
	}

	/** Not at the decision: closing the diff may close the document that is being written. */
	#closeWhenDone(run: ChatRun, key: CallKey): void {
		const stop = run.session.subscribe((event) => {
			if (event.type !== "finished" || event.callId !== key.call) return;
			stop();
			this.#host.background(this.#host.review.close(key));
		});
	}

	/**
	 * The call that a key or a button means: the one whose diff is in front and no other, in whatever chat; without a
	 * diff in front, the one that waits longest in the chat that is.
	 */
	get current(): Asked | undefined {
		const { front } = this.#host.review;
		return front ? this.#find(front) : this.#host.active()?.asked[0];
	}

	accept(): void {
		this.current?.answer({ verdict: "allow" });
	}

	/** Asks for a reason first; Escape there leaves the call waiting. */
	async reject(): Promise<void> {
		const asked = this.current;
		if (!asked) return;
		const reason = await vscode.window.showInputBox({
			title: vscode.l10n.t("Reject: {0}", plain(asked.plan.title)),
			prompt: vscode.l10n.t("Tell Kimi why, or leave it empty. Nothing is changed."),
			ignoreFocusOut: true,
		});
		if (reason !== undefined) asked.answer({ verdict: "deny", reason });
	}

	/** Opens the diff of a call; without one, of the chat's oldest that waits. */
	async openDiff(key?: CallKey): Promise<void> {
		const active = this.#host.active();
		const oldest = active?.asked[0];
		const meant = key ?? (active && oldest ? { chat: active.session.chat.id, call: oldest.id } : undefined);
		if (meant && (await this.#host.review.open(meant, false))) return;
		void vscode.window.showInformationMessage(vscode.l10n.t("No edit waits to be reviewed."));
	}

	decide(key: CallKey, answer: Answer): void {
		this.#find(key)?.answer(answer);
	}

	#find({ chat, call }: CallKey): Asked | undefined {
		const run = this.#host.runs().find(({ session }) => session.chat.id === chat);
		return run?.asked.find(({ id }) => id === call);
	}

	async #notify(run: ChatRun, asked: Asked): Promise<void> {
		const show = vscode.l10n.t("Show");
		const text = vscode.l10n.t("Kimi K2 waits for you: {0}", plain(asked.plan.title));
		const answer = await vscode.window.showInformationMessage(text, show);
		if (answer === show) await this.#host.show(run);
	}
}
