import * as vscode from "vscode";
import type { App } from "../app.ts";
import { onSettingsChanged, readSettings } from "../settings.ts";
import { Continuing } from "./continue.ts";
import { InlineCompletions } from "./inline.ts";
import { CompletionSource } from "./source.ts";

/** What continues text: the command, and the suggestions while these are on. */
export function registerCompletions(app: App): vscode.Disposable {
	const source = new CompletionSource(app);
	const continuing = new Continuing(app, source);
	let inline: InlineCompletions | undefined;
	const follow = () => {
		const isOn = readSettings().inlineCompletions;
		if (isOn === (inline !== undefined)) return;
		inline?.dispose();
		inline = isOn ? new InlineCompletions(app, source) : undefined;
	};
	follow();
	return vscode.Disposable.from(
		source,
		continuing,
		onSettingsChanged(follow),
		{ dispose: () => inline?.dispose() },
		vscode.commands.registerCommand("kimiK2.continueAtCursor", () => continuing.start()),
		vscode.commands.registerCommand("kimiK2.stopContinuing", () => continuing.stop()),
	);
}
