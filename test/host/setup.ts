import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import type { Asked, ChatRun } from "../../src/vscode/chat-run.ts";
import { type EndpointOptions, type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";

/** The app inside the extension: given to suites only. */
export async function activeApp(): Promise<App> {
	const extension = vscode.extensions.getExtension<App>("kimi-k2-agent.kimi-k2-agent");
	const app = await extension?.activate();
	return app ?? assert.fail("the extension gave no app: is this a test host?");
}

export function workspacePath(name = ""): string {
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail("no folder is open");
	return join(folder, name);
}

/** Writes a setting that is not so already: VS Code takes its time for each. */
export async function setting(key: string, value: unknown): Promise<void> {
	const config = vscode.workspace.getConfiguration("kimiK2");
	if (isDeepStrictEqual(config.inspect(key)?.globalValue, value)) return;
	await config.update(key, value, vscode.ConfigurationTarget.Global);
}

/** Starts an endpoint that follows the script, and makes it the chosen one; a new chat is in front. */
export async function withScript(
	script: EndpointOptions["script"],
	use: (app: App, endpoint: FakeEndpoint) => Promise<void>,
): Promise<void> {
	const app = await activeApp();
	const endpoint = await startEndpoint({ script });
	try {
		await setting("baseUrl", endpoint.url);
		await setting("model", "kimi-k2.7-code");
		await setting("endpoint", "custom");
		await app.chats.create();
		// What came back to the composer in an earlier test would stand below what comes in this one.
		app.drafts.text = "";
		for (const { id } of app.attachments.rows) app.attachments.remove(id);
		await use(app, endpoint);
	} finally {
		await app.chats.active?.stop();
		await endpoint.close();
		// Without an endpoint its address and model mean nothing; most tests want the same model next.
		for (const key of ["endpoint", "mode", "openDiff"]) await setting(key, undefined);
		await vscode.commands.executeCommand("workbench.action.closeAllEditors");
	}
}

/** Resolves when `holds` does; the mocha time limit is the only clock. */
export async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What a diff shows, of this file if any, once it is in front: VS Code tells of its tabs in its own time. */
export async function diffInFront(name?: string): Promise<vscode.TabInputTextDiff> {
	const isIt = ({ path }: vscode.Uri) => name === undefined || path === vscode.Uri.file(workspacePath(name)).path;
	const front = () => {
		const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
		const isDiff = input instanceof vscode.TabInputTextDiff;
		return isDiff && (isIt(input.original) || isIt(input.modified)) ? input : undefined;
	};
	await until(() => front() !== undefined);
	return front() ?? assert.fail();
}

/** Resolves with the oldest call that waits for the person. */
export async function asked(app: App): Promise<{ run: ChatRun; call: Asked }> {
	await until(() => (app.chats.active?.asked.length ?? 0) > 0);
	const run = app.chats.active ?? assert.fail();
	return { run, call: run.asked[0] ?? assert.fail() };
}

/** Ends the turn of the chat in front as a window does that goes, and reads the chat from its log again. */
export async function reopened(app: App, turn: Promise<void>): Promise<ChatRun> {
	const { id } = (app.chats.active ?? assert.fail()).session.chat;
	await app.chats.close();
	await turn;
	await vscode.commands.executeCommand("workbench.action.closeAllEditors");
	const opened = await app.chats.open(id);
	assert.ok("run" in opened);
	return opened.run;
}

/** Calls of the chat in front, as the model got their results. */
export function calls(app: App) {
	return app.chats.active?.session.chat.turns.flatMap((turn) => turn.steps.flatMap((step) => step.calls)) ?? [];
}

/** What is said to screen readers meanwhile. */
export async function heard(app: App, act: () => PromiseLike<unknown>): Promise<readonly string[]> {
	const said: string[] = [];
	app.view.announce = (text) => void said.push(text);
	try {
		await act();
	} finally {
		Reflect.deleteProperty(app.view, "announce");
	}
	return said;
}

/** In a workspace that the person does not trust. */
export async function untrusted(act: () => Promise<void>): Promise<void> {
	const { isTrusted } = vscode.workspace;
	Object.defineProperty(vscode.workspace, "isTrusted", { value: false, configurable: true });
	try {
		await act();
	} finally {
		Object.defineProperty(vscode.workspace, "isTrusted", { value: isTrusted, configurable: true });
	}
}

/** A file in the workspace, removed afterwards. */
export async function withFile(name: string, content: string | Uint8Array, use: (path: string) => Promise<void>) {
	const path = workspacePath(name);
	await writeFile(path, content);
	try {
		await use(path);
	} finally {
		await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
		await vscode.commands.executeCommand("workbench.action.closeAllEditors");
		await rm(path, { force: true });
	}
}
