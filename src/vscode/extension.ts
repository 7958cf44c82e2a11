import * as vscode from "vscode";
import { App } from "./app.ts";
import { registerCommands } from "./commands.ts";
import { registerCompletions } from "./completions/completions.ts";
import { registerEntries } from "./entries/entries.ts";
import { foldersKnown } from "./folders-known.ts";
import { takeWords } from "./in-words.ts";
import { addFromLink } from "./link.ts";
import { offerChatModels } from "./lm/chat-models.ts";
import { servePlainView } from "./plain-view.ts";

let app: App | undefined;

/** Our own host suites get the app to look inside; nobody else gets anything. */
export async function activate(context: vscode.ExtensionContext): Promise<App | undefined> {
	takeWords(context.extensionPath);
	await foldersKnown();
	const made = new App(context);
	app = made;
	made.drafts.recover();
	context.subscriptions.push(
		vscode.window.registerWebviewViewProvider("kimiK2.chat", made.view),
		vscode.window.registerUriHandler({ handleUri: (uri) => addFromLink(made, uri) }),
		...registerCommands(made),
		offerChatModels(made),
		servePlainView(made),
		registerCompletions(made),
		registerEntries(made),
	);
	made.update();
	return context.extensionMode === vscode.ExtensionMode.Test ? made : undefined;
}

/** VS Code waits a few seconds for this: long enough to end the commands that still run. */
export async function deactivate(): Promise<void> {
	await app?.close();
}
