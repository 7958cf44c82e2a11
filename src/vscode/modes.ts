import * as vscode from "vscode";
import type { Mode } from "../shared/event.ts";
import { onSettingsChanged, readSettings, writeSetting } from "./settings.ts";

/** The mode that the person wants for all chats. A setting keeps it, but what they decide counts before it is written. */
export class Modes implements vscode.Disposable {
	readonly #subscription: vscode.Disposable;
	/** The last one that is being written. */
	#writing: { readonly mode: Mode } | undefined;
	/**
	 * The last one but Plan, whatever way the person came to Plan. It is what this window has seen: kept for longer it
	 * would bring back the Trusted of another folder.
	 */
	#before: Mode = "ask";

	constructor() {
		this.#note();
		this.#subscription = onSettingsChanged(() => this.#note());
	}

	get current(): Mode {
		return this.#writing?.mode ?? readSettings().mode;
	}

	/** What a plan goes on in when it is accepted. */
	get afterPlan(): Mode {
		const { current } = this;
		return current === "plan" ? this.#before : current;
	}

	/** Counts at once. Rejects where the settings can't be written: it is what they say again then. */
	async pick(mode: Mode): Promise<void> {
		const writing = { mode };
		this.#writing = writing;
		try {
			await writeSetting("mode", mode);
		} finally {
			if (this.#writing === writing) this.#writing = undefined;
		}
	}

	/** Does nothing in another mode than Plan. */
	async leavePlan(): Promise<void> {
		if (this.current !== "plan") return;
		try {
			await this.pick(this.#before);
		} catch {
			void vscode.window.showWarningMessage(
				vscode.l10n.t("The plan goes on, but your settings can't be written: they still say mode Plan."),
			);
		}
	}

	dispose(): void {
		this.#subscription.dispose();
	}

	#note(): void {
		const { mode } = readSettings();
		if (mode !== "plan") this.#before = mode;
	}
}
