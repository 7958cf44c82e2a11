import * as vscode from "vscode";
import { pause } from "../../agent/patient.ts";
import { createSuggestionCache } from "../../model/completion-cache.ts";
import type { Around } from "../../model/completion-prompt.ts";
import { cutAt, inTheMiddle, trimSuggestion } from "../../model/completion-trim.ts";
import type { Failure } from "../../shared/failure.ts";
import type { App } from "../app.ts";
import { onSettingsChanged } from "../settings.ts";
import { type CompletionSource, tell } from "./source.ts";
import { aroundOf, hiddenReason, SCHEMES } from "./surroundings.ts";

const BUDGET = { chars: 8000, tokens: 128 };
const MAX_LINES = 12;
/** Typing goes on within this time, in milliseconds. */
const DEBOUNCE_MS = 250;
/** After a failure nothing is asked unasked for so long, doubled with each one that follows. */
const FIRST_QUIET_MS = 5000;
const MAX_QUIET_MS = 300_000;

/** Suggestions while the person types. */
export class InlineCompletions implements vscode.InlineCompletionItemProvider, vscode.Disposable {
	readonly #app: App;
	readonly #source: CompletionSource;
	readonly #cache = createSuggestionCache();
	readonly #subscriptions: vscode.Disposable;
	#failures = 0;
	/** Milliseconds since 1970. */
	#quietUntil = 0;

	constructor(app: App, source: CompletionSource) {
		this.#app = app;
		this.#source = source;
		const selector = SCHEMES.map((scheme) => ({ scheme }));
		this.#subscriptions = vscode.Disposable.from(
			vscode.languages.registerInlineCompletionItemProvider(selector, this),
			onSettingsChanged(() => this.#begin()),
			app.keys.onChanged(() => this.#begin()),
		);
	}

	async provideInlineCompletionItems(
		document: vscode.TextDocument,
		position: vscode.Position,
		{ triggerKind, selectedCompletionInfo }: vscode.InlineCompletionContext,
		token: vscode.CancellationToken,
	): Promise<vscode.InlineCompletionItem[]> {
		// What the list of completions has selected would be typed first.
		if (!vscode.workspace.isTrusted || selectedCompletionInfo) return [];
		const around = aroundOf(document, position);
		const name = document.uri.toString();
		const isAsked = triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
		const range = new vscode.Range(position, position);
		const items = (text: string) => (text === "" ? [] : [new vscode.InlineCompletionItem(text, range)]);
		const known = this.#cache.find(name, around);
		if (known !== undefined) return items(known);
		if (around.before.trim() === "" || (!isAsked && !this.#isTime(around))) return [];
		const signal = signalOf(token);
		if (!isAsked) await pause(DEBOUNCE_MS, signal);
		if (signal.aborted || (await this.#mayNot(document, signal))) return [];
		const text = await this.#ask(around, signal);
		// Given up half-way, it would be remembered as the whole.
		if (text === undefined || signal.aborted) return [];
		this.#cache.keep(name, around, text);
		return items(text);
	}

	dispose(): void {
		this.#subscriptions.dispose();
	}

	/** Settings or keys changed: others are asked now, or with more success. */
	#begin(): void {
		this.#cache.clear();
		this.#failures = 0;
		this.#quietUntil = 0;
	}

	/** Not in the middle of a word, and not soon after a failure. */
	#isTime({ after }: Around): boolean {
		return !/^\w/.test(after) && Date.now() >= this.#quietUntil;
	}

	async #mayNot(document: vscode.TextDocument, signal: AbortSignal): Promise<boolean> {
		const hidden = await hiddenReason(this.#app, document, { alsoOutside: false });
		return hidden !== undefined || (await this.#source.isKnownToLack(signal));
	}

	/** Undefined: it failed. */
	async #ask(around: Around, signal: AbortSignal): Promise<string | undefined> {
		const stop = [inTheMiddle(around) ? "\n" : "\n\n"];
		const limits = { maxLines: MAX_LINES, stop };
		let text = "";
		for await (const delta of this.#source.ask(around, { ...BUDGET, stop }, signal)) {
			if (delta.kind === "text") text += delta.text.replaceAll("\r", "");
			else if (delta.failure) return this.#failed(delta.failure);
			// More than is shown need not be waited for.
			if (cutAt(text, stop) !== text || text.split("\n").length > MAX_LINES) break;
		}
		this.#failures = 0;
		return trimSuggestion(text, around, limits);
	}

	#failed(failure: Failure): undefined {
		if (failure.code === "aborted") return;
		const wait = Math.min(FIRST_QUIET_MS * 2 ** this.#failures++, MAX_QUIET_MS);
		this.#quietUntil = Date.now() + Math.max(wait, failure.retryAfterMs ?? 0);
		this.#app.log.warn(failure.message, failure.detail ?? "");
		// It is known from now on, so this is said once.
		if (failure.code === "unfit") void tell(failure);
	}
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
	const controller = new AbortController();
	token.onCancellationRequested(() => controller.abort());
	if (token.isCancellationRequested) controller.abort();
	return controller.signal;
}
