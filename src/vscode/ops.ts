import * as vscode from "vscode";
import type { Fix } from "../shared/protocol.ts";
import { remedies } from "../shared/remedies.ts";
import type { App } from "./app.ts";
import type { OpHandlers } from "./chat-view.ts";
import { useFound, usePreset } from "./choose.ts";
import { editorUri } from "./files.ts";
import { showHistory } from "./history.ts";
import { editUrl, setKey } from "./in-use.ts";
import { pickModel } from "./model-picker.ts";
import { plain } from "./plain.ts";
import { writeSetting } from "./settings.ts";
import { pickEndpoint } from "./switch-picker.ts";

/** What happens on each message of the webview. */
export function opHandlers(app: App): OpHandlers {
	return {
		send: ({ text }) => app.send(text),
		stop: () => app.chats.active?.stop(),
		retryNow: () => app.chats.active?.retryNow(),
		decide: ({ chat, callId, verdict, reason, remember }) =>
			app.approvals.decide({ chat, call: callId }, { verdict, reason, remember }),
		openDiff: ({ chat, callId }) => app.approvals.openDiff({ chat, call: callId }),
		openFile: ({ path, line }) => openFile(app, path, line),
		openLink: ({ href }) => openLink(href),
		copy: async ({ text }) => {
			await vscode.env.clipboard.writeText(text);
		},
		insert: ({ text }) => insertAtCursor(text),
		newFile: async ({ text, language }) => {
			const document = await vscode.workspace.openTextDocument({ content: text, ...(language && { language }) });
			await vscode.window.showTextDocument(document);
		},
		showTerminal: () => app.terminal.show(),
		draft: ({ text }) => app.setDraft(text),
		setMode: ({ mode }) => writeSetting("mode", mode),
		newChat: async () => {
			await app.chats.create();
			app.view.focus();
		},
		showHistory: () => showHistory(app.chats),
		usePreset: async ({ preset }) => {
			await usePreset(app, preset);
			app.view.focus();
		},
		useFound: async ({ baseUrl }) => {
			const server = app.discovery.found?.find((found) => found.baseUrl === baseUrl);
			if (server) await useFound(app, server);
			app.view.focus();
		},
		findServers: () => app.lookAround(),
		fix: async ({ fix }) => {
			await fixes[fix](app);
		},
	};
}

/** What each button under an error does. */
const fixes: Readonly<Record<Fix, (app: App) => unknown>> = {
	setKey: (app) => fixAndGoOn(app, "setKey", setKey),
	pickEndpoint: (app) => fixAndGoOn(app, "pickEndpoint", pickEndpoint),
	pickModel: (app) => fixAndGoOn(app, "pickModel", pickModel),
	editUrl: (app) => fixAndGoOn(app, "editUrl", editUrl),
	retry: (app) => app.resume(),
	resume: (app) => app.resume(),
	newChat: (app) => app.chats.create(),
	openFolder: () => vscode.commands.executeCommand("vscode.openFolder"),
	manageTrust: () => vscode.commands.executeCommand("workbench.trust.manage"),
	openSettings: () => openSettings(),
	showLog: (app) => app.log.show(),
	verify: () => vscode.commands.executeCommand("kimiK2.verify"),
};

/** When the last turn failed in a way that this mends, goes on with what the person asked for. */
async function fixAndGoOn(app: App, fix: Fix, mend: (app: App) => Promise<boolean>): Promise<void> {
	const failed = app.chats.active?.session.chat.turns.at(-1)?.failure?.code;
	if ((await mend(app)) && failed !== undefined && remedies[failed].fixes.includes(fix)) await app.resume();
}

export async function openSettings(): Promise<void> {
	await vscode.commands.executeCommand("workbench.action.openSettings", "@ext:kimi-k2-agent.kimi-k2-agent");
}

async function openFile(app: App, path: string, line?: number): Promise<void> {
	const place = await app.ports.files.place(path);
	if (!place.ok || !place.value.inside) {
		void vscode.window.showWarningMessage(vscode.l10n.t("{0} is not a file of this workspace.", plain(path)));
		return;
	}
	const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), 0);
	try {
		await vscode.window.showTextDocument(await editorUri(app.ports.files.root, place.value.path), {
			preview: true,
			...(line === undefined ? {} : { selection: new vscode.Range(at, at) }),
		});
	} catch {
		void vscode.window.showWarningMessage(vscode.l10n.t("{0} can't be opened as text.", plain(path)));
	}
}

/** VS Code shows the whole target and asks, unless the person trusts the domain. Web pages and mail only. */
async function openLink(href: string): Promise<void> {
	if (/^(https?|mailto):/i.test(href)) await vscode.env.openExternal(vscode.Uri.parse(href, true));
}

async function insertAtCursor(text: string): Promise<void> {
	const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
	if (!editor) {
		void vscode.window.showInformationMessage(vscode.l10n.t("Open a file first: there is no cursor to insert at."));
		return;
	}
	const places = [...editor.selections];
	await editor.edit((edit) => {
		for (const place of places) edit.replace(place, text);
	});
}
