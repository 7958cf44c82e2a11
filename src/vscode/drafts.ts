import type * as vscode from "vscode";

const TEXT = "kimiK2.draft";
const ASIDE = "kimiK2.draftAside";

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
}
