import * as vscode from "vscode";
import type { App } from "../app.ts";

/** As `package.json` names it for a window that is loaded again. */
const VIEW_TYPE = "kimiK2.chatEditor";

/** Shows the chat beside the code; the panel that there is already comes to the front. */
export async function openInEditor(app: App): Promise<void> {
	if (!app.view.panel) {
		const title = vscode.l10n.t("Kimi K2 Chat");
		const panel = vscode.window.createWebviewPanel(VIEW_TYPE, title, vscode.ViewColumn.Beside);
		adopt(app, panel);
	}
	await app.showView();
}

/** The chat is in the side bar again. */
export async function closeEditor(app: App): Promise<void> {
	app.view.panel?.dispose();
	await app.showView();
}

/** Panels that VS Code opens again after a reload of the window. */
export function restorePanels(app: App): vscode.Disposable {
	return vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
		deserializeWebviewPanel: (panel) => {
			adopt(app, panel);
			return Promise.resolve();
		},
	});
}

function adopt(app: App, panel: vscode.WebviewPanel): void {
	panel.iconPath = vscode.Uri.joinPath(app.context.extensionUri, "media", "icon.png");
	app.view.moveTo(panel);
}
