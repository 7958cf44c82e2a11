import * as vscode from "vscode";
import type { App } from "./app.ts";
import { deleteChat, fork, importFile, pinChat, renameChat, withChat } from "./chat-actions.ts";
import { showTerminal } from "./command-ops.ts";
import { compactChat } from "./compact.ts";
import { openDemoProject } from "./demo.ts";
import { explainApproval } from "./explain.ts";
import { exportChat } from "./export-chat.ts";
import { showHistory } from "./history.ts";
import { removeKey, setKey, testInUse } from "./in-use.ts";
import { forgetLearned, showLearned } from "./learned.ts";
import { manageServers } from "./mcp/page.ts";
import { pickMode } from "./mode-picker.ts";
import { pickModel } from "./model-picker.ts";
import { openSettings } from "./ops.ts";
import { showPlainView } from "./plain-view.ts";
import { exportProfiles, importProfiles } from "./profile-io.ts";
import { hunkRef } from "./review/proposal-lenses.ts";
import { deleteCheckpoints, pickRestore, undoLastRestore, undoLastTask } from "./review/restore-commands.ts";
import { manageRules } from "./rules-page.ts";
import { pickEndpoint } from "./switch-picker.ts";
import { pickToStop } from "./take-over.ts";

/** The commands of the palette; `package.json` names them and says when they apply. `on`: what a button stands on. */
const commands: Readonly<Record<string, (app: App, on?: unknown) => unknown>> = {
	open: async (app, on) => {
		if (typeof on === "string") await app.chats.open(on);
		await app.showView();
	},
	newChat: async (app) => {
		await app.chats.create();
		await app.showView();
	},
	history: (app) => showHistory(app),
	renameChat: (app) => withChat(app, (chat) => renameChat(app, chat)),
	pinChat: (app) => withChat(app, (chat) => pinChat(app, chat)),
	deleteChat: (app) => withChat(app, (chat) => deleteChat(app, chat)),
	forkChat: (app) => withChat(app, ({ id }) => fork(app, id)),
	exportChat: (app) => withChat(app, ({ id }) => exportChat(app, id)),
	importChat: (app) => importFile(app),
	settings: () => openSettings(),
	compact: async (app) => {
		await app.showView();
		await compactChat(app, app.chats.active, "");
	},
	stop: (app) => app.stop(app.chats.active),
	accept: (app) => app.approvals.accept(),
	reject: (app) => app.approvals.reject(),
	openDiff: (app) => app.approvals.openDiff(),
	acceptHunk: (app, on) => app.approvals.decideHunk("accept", hunkRef(on)),
	rejectHunk: (app, on) => app.approvals.decideHunk("reject", hunkRef(on)),
	reconsiderHunk: (app, on) => app.approvals.decideHunk("reconsider", hunkRef(on)),
	nextHunk: (app) => app.approvals.stepHunk("next"),
	previousHunk: (app) => app.approvals.stepHunk("previous"),
	undoTask: (app) => undoLastTask(app),
	restore: (app) => pickRestore(app),
	undoRestore: (app) => undoLastRestore(app),
	deleteCheckpoints: (app) => deleteCheckpoints(app),
	switchEndpoint: (app) => pickEndpoint(app),
	testEndpoint: (app) => testInUse(app),
	exportProfiles: () => exportProfiles(),
	importProfiles: () => importProfiles(),
	switchModel: (app) => pickModel(app),
	switchMode: (app) => pickMode(app),
	manageRules: (app) => manageRules(app),
	mcpServers: (app) => manageServers(app.tools.mcp),
	configureMcp: ({ tools: { mcp } }) => mcp.files.open(mcp.files.own),
	explainApproval: (app) => explainApproval(app),
	setKey: (app) => setKey(app),
	removeKey: (app) => removeKey(app),
	moveRight: async () => {
		await vscode.commands.executeCommand("kimiK2.chat.focus");
		await vscode.commands.executeCommand("workbench.action.moveFocusedView");
	},
	openDemo: (app) => openDemoProject(app.context),
	plainView: () => showPlainView(),
	showLearned: () => showLearned(),
	forgetLearned: (app) => forgetLearned(app),
	verify: (app) => app.verifier.run(),
	showLog: (app) => app.log.show(),
	showTerminal: (app) => showTerminal(app),
	stopCommands: (app) => pickToStop(app.terminal),
};

export function registerCommands(app: App): vscode.Disposable[] {
	return Object.entries(commands).map(([name, run]) =>
		vscode.commands.registerCommand(`kimiK2.${name}`, (on?: unknown) => run(app, on)),
	);
}
