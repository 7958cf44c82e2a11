import * as vscode from "vscode";
import type { Mode } from "../shared/event.ts";
import { onSettingsChanged, readSettings, writeSetting } from "./settings.ts";

type ModeItem = vscode.QuickPickItem & { readonly value: Mode };

export async function pickMode(): Promise<void> {
	const { mode } = readSettings();
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
	if (picked) await writeSetting("mode", picked.value);
}

const BEFORE_PLAN = "kimiK2.modeBeforePlan";

/** Which mode to go back to once a plan is accepted, whatever way the person came to mode Plan. */
export class ModeBeforePlan implements vscode.Disposable {
	readonly #memory: vscode.Memento;
	readonly #subscription: vscode.Disposable;

	constructor(memory: vscode.Memento) {
		this.#memory = memory;
		this.#note();
		this.#subscription = onSettingsChanged(() => this.#note());
	}

	/** Does nothing in another mode than Plan. */
	async leavePlan(): Promise<void> {
		if (readSettings().mode === "plan") await writeSetting("mode", this.#memory.get<Mode>(BEFORE_PLAN) ?? "ask");
	}

	dispose(): void {
		this.#subscription.dispose();
	}

	#note(): void {
		const { mode } = readSettings();
		if (mode !== "plan" && mode !== this.#memory.get(BEFORE_PLAN)) void this.#memory.update(BEFORE_PLAN, mode);
	}
}
