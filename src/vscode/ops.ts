import * as vscode from "vscode";
import type { Fix } from "../shared/protocol.ts";
import type { Call } from "../shared/reduce.ts";
import { scopesOf } from "../shared/rule.ts";
import type { App } from "./app.ts";
import { attachDropped, pickFiles } from "./attachments/dropped.ts";
import { fork } from "./chat-actions.ts";
import type { ChatRun } from "./chat-run.ts";
import type { OpHandlers } from "./chat-view.ts";
import { useFound, usePreset } from "./choose.ts";
import { commandHandlers } from "./command-ops.ts";
import { compactChat } from "./compact.ts";
import { editorUri } from "./files.ts";
import { showHistory } from "./history.ts";
import { editUrl, setKey } from "./in-use.ts";
import { raiseLimit } from "./limits.ts";
import { manageServers } from "./mcp/page.ts";
import { pickModel } from "./model-picker.ts";
import { openLink } from "./open-link.ts";
import { plain } from "./plain.ts";
import { reviewHandlers } from "./review/ops.ts";
import { runSlash } from "./slash.ts";
import { pickEndpoint } from "./switch-picker.ts";

/** What happens on each message of the webview. */
export function opHandlers(app: App): OpHandlers {
	return {
		send: ({ text }) => app.send(text),
		attach: ({ wanted }) => app.attachments.add(wanted),
		detach: ({ id }) => app.attachments.remove(id),
		pickFiles: () => pickFiles(app),
		dropped: ({ uris }) => attachDropped(app, uris),
		mention: ({ id, query }) => app.attachments.ask(id, query),
		stop: ({ chat }) => app.stop(runOf(app, chat)),
		unsend: ({ chat, id }) => void app.outbox.stop(runOf(app, chat), id),
		queue: ({ chat, change }) => app.queue(runOf(app, chat), change),
		sendQueued: ({ chat, id }) => app.sendQueued(runOf(app, chat), id),
		retryNow: ({ chat }) => runOf(app, chat)?.retryNow(),
		decide: ({ chat, callId, verdict, reason, remember }) => {
			const rule = remember && findCall(app, chat, callId)?.offers?.[remember.offer];
			const isOffered = remember && rule && scopesOf(rule).includes(remember.scope);
			const granted = isOffered && { remember: { rule, scope: remember.scope } };
			return app.approvals.decide({ chat, call: callId }, { verdict, reason, ...granted });
		},
		answer: ({ chat, callId, answers }) => app.approvals.answer({ chat, call: callId }, answers),
		openDiff: ({ chat, callId }) => app.approvals.openDiff({ chat, call: callId }),
		...reviewHandlers(app),
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
		...commandHandlers(app),
		draft: ({ text }) => {
			app.drafts.text = text;
		},
		setAside: ({ text }) => {
			app.drafts.aside = text;
		},
		setMode: ({ mode }) => app.setMode(mode),
		slash: ({ chat, ...call }) => runSlash(app, runOf(app, chat), call),
		newChat: async () => {
			await app.chats.create();
			app.view.focus();
		},
		showHistory: () => showHistory(app),
		fork: ({ chat, turn }) => fork(app, chat, turn),
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
		fix: async ({ fix, chat }) => {
			const run = chat === undefined ? undefined : runOf(app, chat);
			await fixes[fix](app, run);
		},
	};
}

function findCall(app: App, chat: string, id: string): Call | undefined {
	const last = runOf(app, chat)?.session.chat.turns.at(-1)?.steps.at(-1);
	return last?.calls.find((call) => call.id === id);
}

function runOf(app: App, chat: string): ChatRun | undefined {
	return app.chats.runs.find((run) => run.session.chat.id === chat);
}

/** What each button does; `run`: the chat under whose failure it stands. */
const fixes: Readonly<Record<Fix, (app: App, run?: ChatRun) => unknown>> = {
	setKey: (app, run) => mendAndGoOn(app, run, setKey),
	pickEndpoint: (app, run) => mendAndGoOn(app, run, pickEndpoint),
	pickModel: (app, run) => mendAndGoOn(app, run, pickModel),
	editUrl: (app, run) => mendAndGoOn(app, run, editUrl),
	retry: (app, run) => app.resume(run),
	resume: (app, run) => app.resume(run),
	raiseLimit: (app, run) => mendAndGoOn(app, run, () => raiseLimit(run)),
	newChat: (app) => app.chats.create(),
	compact: async (app, run) => {
		if (await compactChat(app, run, "")) await app.resume(run);
	},
	openFolder: () => vscode.commands.executeCommand("vscode.openFolder"),
	manageTrust: () => vscode.commands.executeCommand("workbench.trust.manage"),
	openSettings: () => openSettings(),
	showLog: (app) => app.log.show(),
	verify: () => vscode.commands.executeCommand("kimiK2.verify"),
	manageMcp: (app) => manageServers(app.tools.mcp),
};

/** Goes on with what failed once the person has mended it, unless that chat went on meanwhile. */
async function mendAndGoOn(app: App, run: ChatRun | undefined, mend: (app: App) => Promise<boolean>): Promise<void> {
	const { id, next } = run?.session.chat ?? {};
	if (!(await mend(app)) || id === undefined) return;
	// Another chat may have come to the front meanwhile, and this one been let go of.
	const now = await app.chats.wake(id);
	if ("run" in now && now.run.session.chat.next === next) await app.resume(now.run);
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
