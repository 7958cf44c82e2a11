import * as vscode from "vscode";
import { App } from "./app.ts";
import { registerCommands } from "./commands.ts";

let app: App | undefined;

/** Our own host suites get the app to look inside; nobody else gets anything. */
export function activate(context: vscode.ExtensionContext): App | undefined {
	app = new App(context);
	context.subscriptions.push(
		vscode.window.registerWebviewViewProvider("kimiK2.chat", app.view),
		...registerCommands(app),
	);
	app.update();
	return context.extensionMode === vscode.ExtensionMode.Test ? app : undefined;
}

/** VS Code waits a few seconds for this: long enough to end the commands that still run. */
export async function deactivate(): Promise<void> {
	await app?.close();
}
