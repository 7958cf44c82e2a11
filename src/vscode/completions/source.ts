import * as vscode from "vscode";
import type { Result } from "../../agent/ports.ts";
import { resolveCapabilities } from "../../model/capabilities.ts";
import { type CompletionDelta, complete, lacksCompletions } from "../../model/completion.ts";
import { type Around, promptFor } from "../../model/completion-prompt.ts";
import { chosenEndpoint } from "../../model/profile.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Profile } from "../../shared/settings.ts";
import type { App } from "../app.ts";
import type { Target } from "../endpoints.ts";
import { plainWords } from "../in-words.ts";
import { onSettingsChanged, readSettings } from "../settings.ts";
import { untrusted } from "../trust.ts";

/** How much is sent and wanted. */
interface Budget {
	readonly chars: number;
	readonly tokens: number;
	/** More that ends an answer. */
	readonly stop: readonly string[];
}

/** Characters of code in a token, at least. */
const CHARS_PER_TOKEN = 2;
/** A small context still gets so much of the text. */
const LEAST_CHARS = 500;
/** What continues is to fit, not to surprise. */
const TEMPERATURE = 0.2;

/** Who continues text: the profile that is set for it, else the endpoint in use. */
export class CompletionSource implements vscode.Disposable {
	readonly #app: App;
	#target: Target | undefined;
	/** Grows with each change of what may be known of the target. */
	#version = 0;
	readonly #subscriptions: vscode.Disposable;

	constructor(app: App) {
		this.#app = app;
		const forget = () => {
			this.#target = undefined;
			this.#version++;
		};
		this.#subscriptions = vscode.Disposable.from(onSettingsChanged(forget), app.keys.onChanged(forget));
	}

	/** Whether it refused to continue text before, so that only the person asks it again. */
	async isKnownToLack(signal: AbortSignal): Promise<boolean> {
		const target = await this.#reach(signal);
		return target.ok && this.#app.endpoints.book(target.value).read().completions === false;
	}

	/** Never throws. Text, and one end. */
	async *ask(around: Around, budget: Budget, signal: AbortSignal): AsyncGenerator<CompletionDelta, void> {
		const target = await this.#reach(signal);
		if (!target.ok) return yield { kind: "end", failure: target.failure };
		const { endpoint, wishes } = target.value;
		const book = this.#app.endpoints.book(target.value);
		const { contextTokens } = resolveCapabilities({ ...target.value, facts: book.read() });
		const room = contextTokens === 0 ? budget.chars : (contextTokens - budget.tokens) * CHARS_PER_TOKEN;
		const chars = Math.max(LEAST_CHARS, Math.min(budget.chars, room));
		const { text, stop } = promptFor(around, wishes.fillInTheMiddle, chars);
		const request = {
			text,
			stop: [...stop, ...budget.stop],
			maxTokens: budget.tokens,
			temperature: wishes.temperature ?? TEMPERATURE,
			topP: wishes.topP,
		};
		for await (const delta of complete(request, target.value, signal)) {
			const lacks = delta.kind === "end" && delta.failure !== undefined && lacksCompletions(delta.failure);
			const known = book.read().completions;
			if (lacks && known !== false) book.learn({ completions: false });
			if (delta.kind === "text" && known === false) book.learn({ completions: true });
			yield lacks ? { ...delta, failure: lacking(endpoint.name, delta.failure) } : delta;
		}
	}

	dispose(): void {
		this.#subscriptions.dispose();
	}

	async #reach(signal: AbortSignal): Promise<Result<Target>> {
		const failure = untrusted();
		if (failure) return { ok: false, failure };
		if (this.#target) return { ok: true, value: this.#target };
		const version = this.#version;
		const { completionProfile } = readSettings();
		const other = completionProfile === "" ? undefined : named(completionProfile);
		const target = await this.#app.endpoints.target(signal, other);
		if (target.ok && version === this.#version) this.#target = target.value;
		return target;
	}
}

function named(profile: string): Result<Profile> {
	const chosen = chosenEndpoint({ ...readSettings(), profile });
	if (!chosen.ok) return chosen;
	return chosen.value
		? { ok: true, value: chosen.value }
		: { ok: false, failure: { code: "no-endpoint", message: "" } };
}

function lacking(name: string, failure: Failure | undefined): Failure {
	const message = vscode.l10n.t(
		"{0} can't continue a text: it has no /completions for this model. Servers such as vLLM, SGLang and llama.cpp have it. Name a profile of one in the setting kimiK2.completionProfile.",
		name,
	);
	return { ...failure, code: "unfit", message };
}

/** Says why a text was not continued, with the way to another model. */
export async function tell(failure: Failure): Promise<void> {
	const settings = vscode.l10n.t("Open Settings");
	const chosen = await vscode.window.showWarningMessage(plainWords(failure), settings);
	if (chosen === settings)
		await vscode.commands.executeCommand("workbench.action.openSettings", "kimiK2.completionProfile");
}
