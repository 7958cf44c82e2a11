import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import type { FakeEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { calls, setting, until, withScript, workspacePath } from "./setup.ts";

type Calls = NonNullable<ScriptedReply["calls"]>;

export const TEN = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";

/** Files before, what the agent does to them, and then the person. */
interface Case {
	readonly files: Readonly<Record<string, string | Uint8Array>>;
	readonly calls: Calls;
	/** What else the model does when it is asked again. */
	readonly more?: readonly ScriptedReply[];
}

export async function withChanges(made: Case, use: (app: App, endpoint: FakeEndpoint) => Promise<void>): Promise<void> {
	const folder = workspacePath();
	const before = new Set(await readdir(folder));
	for (const [path, content] of Object.entries(made.files)) await put(path, content);
	try {
		const script = [{ calls: made.calls }, { text: "Done." }, ...(made.more ?? [{ text: "I see." }])];
		await withScript(script, async (app, endpoint) => {
			await setting("mode", "trusted");
			await app.send("Go");
			assert.deepEqual(
				calls(app).filter(({ state }) => state !== "done"),
				[],
			);
			await app.changes.settled();
			await use(app, endpoint);
		});
	} finally {
		await vscode.commands.executeCommand("workbench.action.closeAllEditors");
		for (const name of await readdir(folder))
			if (!before.has(name)) await rm(workspacePath(name), { recursive: true, force: true });
	}
}

export async function put(path: string, content: string | Uint8Array): Promise<void> {
	await mkdir(dirname(workspacePath(path)), { recursive: true });
	await writeFile(workspacePath(path), content);
}

export function edit(path: string, old_string: string, new_string: string): Calls[number] {
	return { tool: "Edit", args: { path, old_string, new_string } };
}

export const bash = (command: string): Calls[number] => ({ tool: "Bash", args: { command } });
export const text = (path: string) => readFile(workspacePath(path), "utf8");
export const command = (name: string, ...args: unknown[]) => vscode.commands.executeCommand(`kimiK2.${name}`, ...args);

/** What a command changed is found some time after it. */
export async function listed(app: App, count: number): Promise<void> {
	await until(() => app.changes.files.length === count);
}

/** Puts the cursor into a file. */
export async function cursorAt(path: string, line: number): Promise<vscode.TextEditor> {
	const editor = await vscode.window.showTextDocument(vscode.Uri.file(workspacePath(path)));
	editor.selection = new vscode.Selection(line, 0, line, 0);
	return editor;
}

export async function type(editor: vscode.TextEditor, line: number, words: string): Promise<void> {
	assert.ok(await editor.edit((change) => change.insert(new vscode.Position(line, 0), words)));
}

/** Changes of two lines, far from each other. */
export const TWO_HUNKS = {
	files: { "ten.txt": TEN },
	calls: [edit("ten.txt", "two", "TWO"), edit("ten.txt", "nine", "NINE")],
};
