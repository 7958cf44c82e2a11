import type * as vscode from "vscode";
import { putAbove } from "../shared/compose.ts";

const TEXT = "kimiK2.draft";
const ASIDE = "kimiK2.draftAside";
const SENDING = "kimiK2.sending";

/** What the person wrote and did not send, kept through reloads. */
export class Drafts {
	readonly #memory: vscode.Memento;

	/** @param memory of the workspace */
	constructor(memory: vscode.Memento) {
		this.#memory = memory;
	}

	/** What stands in the composer. */
	get text(): string {
		return this.#memory.get(TEXT, "");
	}

	set text(text: string) {
		void this.#memory.update(TEXT, text);
	}

	/** What stood there before a queued message took its place, to be rewritten; empty otherwise. */
	get aside(): string {
		return this.#memory.get(ASIDE, "");
	}

	set aside(text: string) {
		void this.#memory.update(ASIDE, text || undefined);
	}

	/** Messages that were sent and are not said yet, in order. */
	set sending(texts: readonly string[]) {
		void this.#memory.update(SENDING, texts.length > 0 ? texts : undefined);
	}

	/** After a reload: what was on its way then is not any more, and stands in the composer. */
	recover(): void {
		const sent = this.#memory.get<readonly string[]>(SENDING, []);
		this.text = sent.reduceRight((below, text) => putAbove(text, below), this.text);
		this.sending = [];
	}
}
