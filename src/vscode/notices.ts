import * as vscode from "vscode";
import type { ViewState } from "../shared/protocol.ts";
import { inWords } from "./in-words.ts";

type Notice = NonNullable<ViewState["notice"]>;

const ADVISED = "kimiK2.advised";

/** What stands above the composer until something else is more important. */
export class Notices {
	readonly #memory: vscode.Memento;
	#notice: Notice | undefined;
	#ignored: readonly string[] = [];

	constructor(memory: vscode.Memento) {
		this.#memory = memory;
	}

	get current(): Notice | undefined {
		return this.#notice ?? this.#ignoredNotice();
	}

	/** Trouble of our own. */
	fail(text: string): void {
		this.#notice = { text: inWords(text), fixes: ["showLog"] };
	}

	/** Servers of tools that are not there. */
	miss(text: string): void {
		this.#notice = { text, fixes: ["manageMcp"] };
	}

	/** What to change at a server: said once, and never again on this machine. True when it is new. */
	advise(text: string): boolean {
		const said = this.#memory.get<readonly string[]>(ADVISED, []);
		if (said.includes(text)) return false;
		void this.#memory.update(ADVISED, [...said, text]);
		this.#notice = { text: text.split("\n").map(inWords).join(" "), fixes: ["verify"] };
		return true;
	}

	clear(): void {
		this.#notice = undefined;
	}

	/** Settings that the workspace tries to make. */
	ignore(settings: readonly string[]): void {
		this.#ignored = settings;
	}

	#ignoredNotice(): Notice | undefined {
		if (this.#ignored.length === 0) return undefined;
		const text = vscode.l10n.t(
			"This workspace tries to set {0}. It has no effect: only your own settings count.",
			this.#ignored.join(", "),
		);
		return { text, fixes: ["openSettings"] };
	}
}
