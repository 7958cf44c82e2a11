import * as vscode from "vscode";
import type { Mode } from "../shared/event.ts";
import type { App } from "./app.ts";
import { onSettingsChanged, readSettings, writeSetting } from "./settings.ts";

type ModeItem = vscode.QuickPickItem & { readonly value: Mode };

export async function pickMode(app: App): Promise<void> {
	const { mode } = app.viewState();
	const item = (value: Mode, label: string, detail: string): ModeItem => ({
		label,
		detail,
		value,
		description: value === mode ? vscode.l10n.t("current") : "",
	});
	const items = [
		item("ask", vscode.l10n.t("Ask"), vscode.l10n.t("Reads run; every edit and every command asks first.")),
		item("edits", vscode.l10n.t("Accept edits"), vscode.l10n.t("Edits are written at once; commands ask.")),
		item("trusted", vscode.l10n.t("Trusted"), vscode.l10n.t("Edits and commands run unasked.")),
		item("plan", vscode.l10n.t("Plan"), vscode.l10n.t("Reads only: nothing is changed or run.")),
	];
	const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("How much may Kimi K2 do unasked?") });
	if (picked) await app.setMode(picked.value);
}

/**
 * Which mode to go back to once a plan is accepted, whatever way the person came to mode Plan. It is what this window
 * has seen: kept for longer it would bring back the Trusted of another folder.
 */
export class ModeBeforePlan implements vscode.Disposable {
	readonly #subscription: vscode.Disposable;
	#before: Mode = "ask";

	constructor() {
		this.#note();
		this.#subscription = onSettingsChanged(() => this.#note());
	}

	/** What a plan goes on in when it is accepted. */
	get after(): Mode {
		const { mode } = readSettings();
		return mode === "plan" ? this.#before : mode;
	}

	/** Does nothing in another mode than Plan. */
	async leavePlan(): Promise<void> {
		if (readSettings().mode !== "plan") return;
		try {
			await writeSetting("mode", this.#before);
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
