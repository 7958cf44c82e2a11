import * as vscode from "vscode";
import type { Answer } from "../agent/calls.ts";
import type { QuestionAnswer } from "../shared/questions.ts";
import type { Asked, ChatRun } from "./chat-run.ts";
import { titleInWords } from "./in-words.ts";
import { plain } from "./plain.ts";
import { decideHunk, type HunkAction, stepHunk } from "./review/hunk-commands.ts";
import type { CallKey } from "./review/proposal-files.ts";
import type { HunkRef } from "./review/proposal-lenses.ts";
import { Review } from "./review/proposals.ts";
import { readSettings } from "./settings.ts";

export interface ApprovalsHost {
	/** Absolute path of the workspace folder. */
	readonly root: string | undefined;
	/** Absolute path of the folder for what is kept of reviews through a reload. */
	readonly folder: string;
	/** The chat in front. */
	active(): ChatRun | undefined;
	/** All chats in memory: one that is not in front may run and ask as well. */
	runs(): readonly ChatRun[];
	/** Brings a chat to the front and shows the view. */
	show(run: ChatRun): Promise<void>;
	/** The person accepts the plan of this chat: what it says may be done now. */
	planAccepted(run: ChatRun): void;
	/** Says what came of a key or a button. */
	readonly announce: (text: string) => void;
	/** Takes work that nobody waits for, and says its failures. */
	background(work: Promise<unknown>): void;
}

/** Calls that wait for the person: their diffs, the commands and keys that decide, the notification when away. */
export class Approvals implements vscode.Disposable {
	readonly #host: ApprovalsHost;
	readonly #review: Review;
	readonly #watched = new WeakSet<ChatRun>();
	readonly #subscriptions: vscode.Disposable[];

	constructor(host: ApprovalsHost) {
		this.#host = host;
		this.#review = new Review({
			root: host.root,
			folder: host.folder,
			progress: ({ chat, call }, counts) => {
				if (!this.#find({ chat, call })) return;
				this.#runOf(chat)?.session.show({ type: "reviewing", callId: call, ...counts });
			},
			background: (work) => host.background(work),
		});
		this.#subscriptions = [
			this.#review,
			vscode.window.tabGroups.onDidChangeTabs(() => this.update()),
			vscode.window.tabGroups.onDidChangeTabGroups(() => this.update()),
		];
	}

	/** Tabs of calls close when they are done. Not at the decision: that may close the document that is being written. */
	watch(run: ChatRun): void {
		if (this.#watched.has(run)) return;
		this.#watched.add(run);
		run.session.subscribe((event) => {
			if (event.type !== "finished") return;
			this.#host.background(this.#review.close({ chat: run.session.chat.id, call: event.callId }));
		});
	}

	async opened(run: ChatRun, asked: Asked): Promise<void> {
		const { proposals = [], document } = asked.plan;
		const key = { chat: run.session.chat.id, call: asked.id };
		const isInFront = run === this.#host.active();
		if (proposals.length > 0 || document) {
			await this.#review.add(key, asked.plan);
			if (isInFront && readSettings().openDiff === "automatically") await this.#review.open(key, true);
			this.update();
		}
		if (!isInFront || isAway())
			await this.#notify(run, vscode.l10n.t("Kimi K2 waits for you: {0}", plain(titleInWords(asked.plan.title))));
	}

	/** A task waits for the person's word before it goes on. */
	async paused(run: ChatRun): Promise<void> {
		if (run === this.#host.active() && !isAway()) return;
		await this.#notify(run, vscode.l10n.t("Kimi K2 paused a task and waits for you."));
	}

	/** Tells VS Code what keys and buttons may do. */
	update(): void {
		const asked = this.#front;
		const what = asked && (asked.plan.document ? "plan" : "proposal");
		void vscode.commands.executeCommand("setContext", "kimiK2.reviewing", what);
	}

	async accept(): Promise<void> {
		const key = this.#current;
		if (key) await this.decide(key, { verdict: "allow" });
		else await this.#showQuestions();
	}

	/** Asks for a reason first; Escape there leaves the call waiting. */
	async reject(): Promise<void> {
		const key = this.#current;
		const asked = key && this.#find(key);
		if (!asked) return this.#showQuestions();
		const reason = await vscode.window.showInputBox({
			title: vscode.l10n.t("Reject: {0}", plain(titleInWords(asked.plan.title))),
			prompt: vscode.l10n.t("Tell Kimi why, or leave it empty. Nothing is changed."),
			ignoreFocusOut: true,
		});
		if (reason !== undefined) await this.decide(key, { verdict: "deny", reason });
	}

	/** One hunk: by its button, or at the cursor. The last one that is decided on answers the call. */
	async decideHunk(action: HunkAction, ref?: HunkRef): Promise<void> {
		const done = await decideHunk(this.#review, this.#host.announce, action, ref);
		if (done) await this.decide(done, { verdict: "allow" });
	}

	stepHunk(direction: "next" | "previous"): void {
		stepHunk(this.#review, direction);
	}

	/** Opens the diff of a call; without one, of the chat's oldest that waits. */
	async openDiff(key?: CallKey): Promise<void> {
		const active = this.#host.active();
		const oldest = active?.asked[0];
		const meant = key ?? (active && oldest ? { chat: active.session.chat.id, call: oldest.id } : undefined);
		if (meant && (await this.#review.open(meant, false))) return this.update();
		void vscode.window.showInformationMessage(vscode.l10n.t("No edit waits to be reviewed."));
	}

	/** Opens a plan that waits, as a document to read and change. */
	async openPlan(key: CallKey): Promise<void> {
		await this.openDiff(key);
	}

	/** Carries out what the person made of it: exactly what the right sides show. */
	async decide(key: CallKey, answer: Answer): Promise<void> {
		if (answer.verdict === "deny") return this.#find(key)?.answer(answer);
		const edits = await this.#review.take(key);
		// It may have been decided on or stopped meanwhile.
		const asked = this.#find(key);
		// Questions are answered and not accepted.
		if (!asked || asked.plan.questions) return;
		if (edits === null) return asked.answer({ verdict: "deny" });
		const run = asked.plan.document && this.#runOf(key.chat);
		if (run) this.#host.planAccepted(run);
		asked.answer(edits ? { ...answer, edits } : answer);
	}

	answer(key: CallKey, answers: readonly QuestionAnswer[]): void {
		const asked = this.#find(key);
		if (asked?.plan.questions) asked.answer({ verdict: "allow", edits: { texts: {}, refused: [], answers } });
	}

	dispose(): void {
		for (const part of this.#subscriptions) part.dispose();
	}

	/** The call that is in front, in whatever chat. */
	get #front(): Asked | undefined {
		const { front } = this.#review;
		return front && this.#find(front);
	}

	/**
	 * The call that a key or a button means: the one whose diff is in front and no other, in whatever chat; without a
	 * diff in front, the one that waits longest in the chat that is.
	 */
	get #current(): CallKey | undefined {
		const { front } = this.#review;
		if (front) return front;
		const active = this.#host.active();
		const oldest = active?.asked.find(({ plan }) => !plan.questions);
		return active && oldest ? { chat: active.session.chat.id, call: oldest.id } : undefined;
	}

	/** No key decides on questions from afar: it leads to their card. */
	async #showQuestions(): Promise<void> {
		const active = this.#host.active();
		if (active?.asked.some(({ plan }) => plan.questions)) await this.#host.show(active);
	}

	#find({ chat, call }: CallKey): Asked | undefined {
		return this.#runOf(chat)?.asked.find(({ id }) => id === call);
	}

	#runOf(chat: string): ChatRun | undefined {
		return this.#host.runs().find(({ session }) => session.chat.id === chat);
	}

	async #notify(run: ChatRun, text: string): Promise<void> {
		const show = vscode.l10n.t("Show");
		const answer = await vscode.window.showInformationMessage(text, show);
		if (answer === show) await this.#host.show(run);
	}
}

/** The person looks at another window, and wants to be called. */
function isAway(): boolean {
	return !vscode.window.state.focused && readSettings().notify;
}
