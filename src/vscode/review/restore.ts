import * as vscode from "vscode";
import { lookBack } from "../../agent/look-back.ts";
import { inTime } from "../../agent/patient.ts";
import { StorageError } from "../../agent/session.ts";
import { applyRestore, type Restored } from "../../node/checkpoints/apply.ts";
import type { WorkspaceCheckpoints } from "../../node/checkpoints/checkpoints.ts";
import { planRestore, type RestorePlan } from "../../node/checkpoints/restore.ts";
import type { FileChange, Unstamped } from "../../shared/event.ts";
import type { Chat, Turn } from "../../shared/reduce.ts";
import type { App } from "../app.ts";
import type { ChatRun } from "../chat-run.ts";
import { inWords, plainWords } from "../in-words.ts";
import { plain } from "../plain.ts";
import { findRun } from "./find-run.ts";
import { askEdited, askFiles, askScope, type Choice, mayStop, nothingToUndo } from "./restore-ask.ts";
import { changesFrom, countOf, decided, isSettled, partsOf, turnsFrom, uncoveredFrom } from "./restore-plan.ts";
import { RestorePreview } from "./restore-preview.ts";
import { againNote, backNote, files, otherNote, titleOf } from "./restore-words.ts";
import { withUnsaved, writeUnsaved } from "./restore-write.ts";

/** One of the three ways back. */
interface Way {
	readonly title: string;
	/** What happened to the files that go back, in order. */
	made(chat: Chat): readonly FileChange[];
	ask(plan: RestorePlan, show: () => Promise<void>): Promise<Choice | undefined>;
	/** What goes on record; undefined where nothing came of it. */
	event(restored: Restored, choice: Choice, others: readonly string[]): Event | undefined;
	/** What is said about `count` files. */
	said(count: number, choice: Choice): string;
}

/** What the person decided on. */
interface Decision {
	readonly plan: RestorePlan;
	readonly made: readonly FileChange[];
	readonly choice: Choice;
}

type Event = Extract<Unstamped, { type: "restored" }>;

const NOTHING: Restored = { changes: [], failed: [] };
/** How long the question waits for what commands changed. */
const PATIENCE_MS = 10_000;

/** Undo task, Restore to here, and taking either back: each asks first, and loses no edit of the person's. */
export class Restores implements vscode.Disposable {
	readonly #app: App;
	readonly #preview: RestorePreview;
	/** One at a time: what is under way. */
	#working: Promise<void> | undefined;
	#isWriting = false;

	constructor(app: App) {
		this.#app = app;
		this.#preview = new RestorePreview(() => app.checkpoints);
	}

	/** Files are on their way back: no turn may begin. */
	get isWriting(): boolean {
		return this.#isWriting;
	}

	/** All files as they were before the turn; the conversation stays. */
	undoTask(chat: string, turn: number): Promise<void> {
		return this.#alone(chat, async (run) => {
			const found = turnsFrom(run.session.chat, turn)[0];
			if (!found) return;
			const why = this.#unreachable();
			if (why !== undefined) return void vscode.window.showWarningMessage(why);
			const title = vscode.l10n.t("Undo task: {0}", titleOf(found.prompt));
			await this.#goBack(run, {
				...filesOf(found),
				title,
				ask: async (plan, show) => {
					const parts = partsOf(plan);
					const uncovered = openFrom(run.session.chat, turn);
					if (parts.clean.length + parts.merged.length + parts.edited.length === 0) {
						void vscode.window.showInformationMessage(nothingToUndo(parts.lost.length, uncovered));
						return undefined;
					}
					const edited = await askFiles({ title, plan, show, uncovered });
					return edited && { edited, conversation: false };
				},
			});
		});
	}

	/**
	 * Files, conversation or both as they were before the turn.
	 * @param toEdit its prompt is to be written anew: nothing is asked where no file would go back
	 */
	restore(chat: string, turn: number, toEdit = false): Promise<void> {
		return this.#alone(chat, async (run) => {
			const found = turnsFrom(run.session.chat, turn)[0];
			if (!found) return;
			const title = vscode.l10n.t("Restore to before: {0}", titleOf(found.prompt));
			const ask = (plan: RestorePlan, show: () => Promise<void>) => {
				const messages = turnsFrom(run.session.chat, turn).length;
				const uncovered = openFrom(run.session.chat, turn);
				return askScope({ title, plan, show, uncovered }, { messages, why: this.#unreachable(), toEdit });
			};
			const choice = await this.#goBack(run, { ...filesOf(found), title, ask });
			if (choice?.conversation && this.#app.chats.active === run) this.#app.compose(found.prompt, found.attached);
		});
	}

	/** Takes the last restore back. */
	undoRestore(chat: string): Promise<void> {
		return this.#alone(chat, async (run) => {
			const { restored } = run.session.chat;
			if (!restored) return void vscode.window.showInformationMessage(vscode.l10n.t("There is no restore to undo."));
			const title = vscode.l10n.t("Undo the restore");
			const prompt = restored.chat.turns[run.session.chat.turns.length]?.prompt;
			const { conversation } = restored;
			const choice = await this.#goBack(run, {
				title,
				made: (now) => now.restored?.changes ?? [],
				ask: async (plan, show) => {
					// The person wrote something else meanwhile, while they were asked.
					if (!run.session.chat.restored) return undefined;
					const { merged, edited } = partsOf(plan);
					if (merged.length + edited.length === 0) return { edited: "merge", conversation };
					const answer = await askEdited({ title, plan, show });
					return answer && { edited: answer, conversation };
				},
				event: ({ changes }) => {
					const note = conversation ? undefined : againNote(changes.map(({ path }) => path));
					return { type: "restored", undo: true, changes: [...changes], ...(note !== undefined && { note }) };
				},
				said: (count) => vscode.l10n.t("The restore is undone: {0} changed.", files(count)),
			});
			// It was put there to be sent again, and stands in the conversation once more.
			if (choice && conversation && this.#app.drafts.text === prompt) this.#app.compose("");
		});
	}

	dispose(): void {
		this.#preview.dispose();
	}

	async #alone(chat: string, work: (run: ChatRun) => Promise<void>): Promise<void> {
		if (this.#working !== undefined) return;
		this.#working = findRun(this.#app, chat).then((run) => run && work(run));
		await this.#working.finally(() => {
			this.#working = undefined;
		});
	}

	/** Why no file can be put back. */
	#unreachable(): string | undefined {
		if (this.#app.checkpoints) return undefined;
		return vscode.workspace.isTrusted
			? vscode.l10n.t("No folder is open, so no files were kept.")
			: vscode.l10n.t("You have not trusted this workspace, so its files are left alone.");
	}

	/** Asks, does it, records it and says it. Returns what the person chose when it was done. */
	async #goBack(run: ChatRun, way: Way): Promise<Choice | undefined> {
		for (;;) {
			if (!(await mayStop(run.running, way.title))) return undefined;
			await run.stop();
			const { checkpoints } = this.#app;
			// Where the log fails, so will the restore, and says it.
			const looking = lookBack(run.session, checkpoints).catch(() => undefined);
			await inTime(looking, { ms: PATIENCE_MS }, undefined);
			const { chat } = run.session;
			const made = way.made(chat);
			const plan = checkpoints
				? await withUnsaved(checkpoints.root, await planRestore(checkpoints, made))
				: { files: [] };
			const show = () => this.#preview.show(way.title, decided(plan, made, "merge").plan);
			const choice = await way.ask(plan, show);
			if (!choice) return undefined;
			// The chat went on while the person thought about it: what they decided on is another thing now.
			if (run.running || run.session.chat.next !== chat.next) continue;
			this.#isWriting = true;
			const isDone = await this.#do(run, way, { plan, made, choice }).finally(() => {
				this.#isWriting = false;
			});
			return isDone ? choice : undefined;
		}
	}

	async #do(run: ChatRun, way: Way, { plan, made, choice }: Decision): Promise<boolean> {
		const { checkpoints } = this.#app;
		const { edited } = choice;
		const writing = checkpoints && edited ? carryOut(checkpoints, plan, made, edited) : Promise.resolve(NOTHING);
		const restored = await run.session.during(writing);
		const isRecorded = await this.#record(run, way.event(restored, choice, notAsBefore(plan, restored)));
		if (isRecorded) this.#say(run, restored, way.said(countOf(restored.changes), choice));
		return isRecorded;
	}

	async #record(run: ChatRun, event: Event | undefined): Promise<boolean> {
		if (!event) return true;
		try {
			await run.session.record(event);
			return true;
		} catch (error) {
			if (!(error instanceof StorageError)) throw error;
			const why = plainWords(error.failure);
			void vscode.window.showErrorMessage(vscode.l10n.t("The files were put back, but the chat was not: {0}", why));
			await this.#app.chats.reopen(run);
			return false;
		}
	}

	#say(run: ChatRun, { failed }: Restored, done: string): void {
		const undo = vscode.l10n.t("Undo");
		const buttons = run.session.chat.restored ? [undo] : [];
		const why = failed.slice(0, 5).map((file) => `${plain(file.path)}: ${plain(inWords(file.why))}`);
		const trouble = vscode.l10n.t("{0} could not be put back. {1}", files(failed.length), why.join(" "));
		const shown =
			failed.length === 0
				? vscode.window.showInformationMessage(done, ...buttons)
				: vscode.window.showWarningMessage(`${done} ${trouble}`, ...buttons);
		const { id } = run.session.chat;
		void shown.then(async (pressed) => {
			await this.#working;
			if (pressed === undo) await this.undoRestore(id);
		});
	}
}

/** The ways back to before a turn, as far as they are the same. */
function filesOf({ seq, prompt }: Turn): Pick<Way, "made" | "event" | "said"> {
	return {
		made: (chat) => changesFrom(chat, seq),
		event: ({ changes }, { conversation }, others) => {
			if (changes.length === 0 && !conversation) return undefined;
			const note = conversation
				? otherNote(others)
				: backNote(
						changes.map(({ path }) => path),
						prompt,
					);
			const event = { type: "restored" as const, changes: [...changes], ...(note !== undefined && { note }) };
			return conversation ? { ...event, turn: seq } : event;
		},
		said: (count, { edited, conversation }) => {
			if (!edited) return vscode.l10n.t("The conversation is as it was before “{0}”.", titleOf(prompt));
			return conversation
				? vscode.l10n.t("Conversation and {0} are as before “{1}”.", files(count), titleOf(prompt))
				: vscode.l10n.t("Put back to before “{1}”: {0}.", files(count), titleOf(prompt));
		},
	};
}

/** What can't be told or put back, or not yet: sentences for the person. */
function openFrom(chat: Chat, seq: number): readonly string[] {
	const later = vscode.l10n.t("What a command changed is still being looked for, and stays as it is.");
	return [...uncoveredFrom(chat, seq).map(inWords), ...(isSettled(chat, seq) ? [] : [later])];
}

function carryOut(
	checkpoints: WorkspaceCheckpoints,
	plan: RestorePlan,
	made: readonly FileChange[],
	edited: NonNullable<Choice["edited"]>,
): Promise<Restored> {
	const { plan: files, overwrite } = decided(plan, made, edited);
	const { root } = checkpoints;
	return applyRestore(checkpoints, files, { overwrite, write: (...file) => writeUnsaved(root, ...file) });
}

/** Files that are not as they were at that time: left alone, not written, or with the person's edits. */
function notAsBefore({ files }: RestorePlan, { changes }: Restored): readonly string[] {
	const back = new Set(changes.map(({ path }) => path));
	const isBack = (path: string, kind: string) => kind === "same" || (kind !== "merged" && back.has(path));
	return files.filter(({ path, kind }) => !isBack(path, kind)).map(({ path }) => path);
}
