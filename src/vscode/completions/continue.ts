import * as vscode from "vscode";
import { pause } from "../../agent/patient.ts";
import { delayBefore } from "../../agent/retry.ts";
import type { Around } from "../../model/completion-prompt.ts";
import { withoutRepeats } from "../../model/completion-trim.ts";
import type { Failure } from "../../shared/failure.ts";
import type { App } from "../app.ts";
import { plainWords } from "../in-words.ts";
import { withPlainEnds } from "../plain.ts";
import { say } from "../say.ts";
import { untrusted } from "../trust.ts";
import { Insertion } from "./insertion.ts";
import { type CompletionSource, tell } from "./source.ts";
import { aroundOf, hiddenReason } from "./surroundings.ts";

const BUDGET = { chars: 24_000, tokens: 512, stop: [] };

/** The context key that Esc looks at. */
const CONTINUING = "kimiK2.continuing";

type Progress = vscode.Progress<{ message?: string }>;

/** *Continue at Cursor*: what the model goes on with is written where the cursor is, one text at a time. */
export class Continuing implements vscode.Disposable {
	readonly #app: App;
	readonly #source: CompletionSource;
	#running: AbortController | undefined;

	constructor(app: App, source: CompletionSource) {
		this.#app = app;
		this.#source = source;
	}

	async start(): Promise<void> {
		const editor = vscode.window.activeTextEditor;
		if (this.#running) return;
		if (!editor) return say(vscode.l10n.t("Open a file and put the cursor where its text should go on."));
		const running = new AbortController();
		this.#running = running;
		try {
			const outside = { alsoOutside: true };
			const why = untrusted()?.message ?? (await hiddenReason(this.#app, editor.document, outside));
			if (why !== undefined) return say(why);
			await vscode.commands.executeCommand("setContext", CONTINUING, true);
			const title = vscode.l10n.t("Kimi K2 continues the text (Esc ends it)");
			await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, (progress) =>
				this.#write(editor, running.signal, progress),
			);
		} finally {
			this.#running = undefined;
			await vscode.commands.executeCommand("setContext", CONTINUING, false);
		}
	}

	/** What was written stays, as one step to undo. */
	stop(): void {
		this.#running?.abort();
	}

	dispose(): void {
		this.stop();
	}

	async #write(editor: vscode.TextEditor, stopped: AbortSignal, progress: Progress): Promise<void> {
		const around = aroundOf(editor.document, editor.selection.active);
		if (around.before.trim() === "") return say(vscode.l10n.t("There is no text before the cursor to go on from."));
		const insertion = new Insertion(editor);
		try {
			const signal = AbortSignal.any([stopped, insertion.signal]);
			const failure = await this.#patiently(around, insertion, signal, progress);
			if (!signal.aborted) await withoutTail(insertion, around);
			if (signal.aborted) return;
			if (failure) void tell(failure);
			else if (insertion.text === "") say(vscode.l10n.t("The model had nothing to add here."));
		} finally {
			insertion.dispose();
		}
	}

	/** Asks again where waiting may help and nothing is written yet. */
	async #patiently(
		around: Around,
		insertion: Insertion,
		signal: AbortSignal,
		progress: Progress,
	): Promise<Failure | undefined> {
		for (let next = 2; ; next++) {
			const failure = await this.#once(around, insertion, signal);
			const wait = failure && insertion.text === "" ? delayBefore(next, failure, Math.random()) : undefined;
			if (wait === undefined || signal.aborted) return failure;
			progress.report({ message: failure ? plainWords(failure) : "" });
			await pause(wait, signal);
		}
	}

	async #once(around: Around, insertion: Insertion, signal: AbortSignal): Promise<Failure | undefined> {
		for await (const delta of this.#source.ask(around, BUDGET, signal)) {
			if (delta.kind === "end") return delta.failure;
			if (!(await insertion.append(delta.text))) break;
		}
		return undefined;
	}
}

/** Takes out again what stands after the cursor already. */
async function withoutTail(insertion: Insertion, around: Around): Promise<void> {
	const text = withPlainEnds(insertion.text);
	const tail = text.slice(withoutRepeats(text, around).length);
	const lines = insertion.text === text ? 0 : tail.split("\n").length - 1;
	await insertion.shorten(tail.length + lines);
}
