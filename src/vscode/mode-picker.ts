import * as vscode from "vscode";
import type { Mode } from "../shared/event.ts";
import type { App } from "./app.ts";

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
