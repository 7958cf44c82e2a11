// Proposals in the diff editor, as the suites drive them: by commands, documents and tabs.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import type { FakeEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { asked, until, withFile, withScript } from "./setup.ts";

type Call = NonNullable<ScriptedReply["calls"]>[number];

export const LINES = Array.from({ length: 30 }, (_, n) => `line ${n}\n`).join("");

/** Edits of lines 3, 12 and 25 of `LINES`, far enough apart to be hunks of their own. */
export function edits(path: string): Call {
	const one = (n: number) => ({ old_string: `line ${n}\n`, new_string: `LINE ${n}\n` });
	return { tool: "Edit", args: { path, edits: [one(3), one(12), one(25)] } };
}

export function withLines(text: string, ...changed: readonly number[]): string {
	return changed.reduce((sum, n) => sum.replace(`line ${n}\n`, `LINE ${n}\n`), text);
}

/** Which documents a diff's tab shows. */
export interface Diff {
	readonly left: vscode.Uri;
	readonly right: vscode.Uri;
	readonly label: string;
}

export interface Reviewed {
	readonly app: App;
	readonly endpoint: FakeEndpoint;
	readonly path: string;
	readonly turn: Promise<void>;
	readonly diff: Diff;
	readonly document: vscode.TextDocument;
	readonly editor: vscode.TextEditor;
}

/** A file of `LINES` with three proposed hunks, whose diff is open and in front. */
export function reviewing(name: string, use: (reviewed: Reviewed) => Promise<void>): Promise<void> {
	return withFile(name, LINES, (path) =>
		withScript([{ calls: [edits(name)] }, { text: "Done." }], async (app, endpoint) => {
			const turn = app.send("Edit");
			await asked(app);
			await use({ app, endpoint, path, turn, ...(await openDiff()) });
		}),
	);
}

export async function openDiff(): Promise<Pick<Reviewed, "diff" | "document" | "editor">> {
	await vscode.commands.executeCommand("kimiK2.openDiff");
	await until(() => diffs().length > 0);
	const diff = diffs()[0] ?? assert.fail();
	await until(() => activeUri() === diff.right.toString());
	const editor = vscode.window.activeTextEditor ?? assert.fail();
	return { diff, document: editor.document, editor };
}

/** Of the file at `path` the person rejected line 3 and accepted line 12 before: it opens like that, and the rest is accepted. */
export async function acceptRest(path: string, turn: Promise<void>): Promise<void> {
	const { diff, document } = await openDiff();
	assert.equal(document.getText(), withLines(LINES, 12, 25));
	assert.deepEqual(await buttons(diff.right), [
		[12, "Accepted | Reconsider | 1 of 2"],
		[25, "Accept | Reject | 2 of 2"],
	]);
	await run("accept");
	await turn;
	assert.equal(await readFile(path, "utf8"), withLines(LINES, 12, 25));
}

function activeUri(): string | undefined {
	return vscode.window.activeTextEditor?.document.uri.toString();
}

export function diffs(): readonly Diff[] {
	return tabs().flatMap(({ input, label }) =>
		input instanceof vscode.TabInputTextDiff && input.modified.scheme === "kimi-k2"
			? [{ left: input.original, right: input.modified, label }]
			: [],
	);
}

export function tabs(): readonly vscode.Tab[] {
	return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

/** The words of the buttons on a document, by line. */
export async function buttons(uri: vscode.Uri): Promise<readonly (readonly [line: number, words: string])[]> {
	const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
	const byLine = new Map<number, string[]>();
	for (const { range, command } of lenses) {
		const { line } = range.start;
		byLine.set(line, [...(byLine.get(line) ?? []), command?.title.replace(/^\$\([\w-]+\)\u00A0/, "") ?? ""]);
	}
	return [...byLine].map(([line, titles]) => [line, titles.join(" | ")]);
}

/** Presses a button on a document. */
export async function press(uri: vscode.Uri, line: number, words: string): Promise<void> {
	const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
	const lens = lenses.find(({ range, command }) => range.start.line === line && command?.title.endsWith(words));
	const { command } = lens ?? assert.fail(`There is no button "${words}" on line ${line}.`);
	await vscode.commands.executeCommand(command?.command ?? "", ...(command?.arguments ?? []));
}

export function moveTo(editor: vscode.TextEditor, line: number): void {
	editor.selection = new vscode.Selection(line, 0, line, 0);
}

/** Changes a text as if it were typed. */
export async function typeInto(uri: vscode.Uri, line: number, text: string): Promise<void> {
	const edit = new vscode.WorkspaceEdit();
	edit.insert(uri, new vscode.Position(line, 0), text);
	await vscode.workspace.applyEdit(edit);
}

/** What the model was told of its last call. */
export function told(endpoint: FakeEndpoint): string {
	return String(endpoint.requests.at(-1)?.body.messages.at(-1)?.content ?? "");
}

/** One of our commands, by the name that it has in `package.json`. */
export async function run(command: string): Promise<void> {
	await vscode.commands.executeCommand(`kimiK2.${command}`);
}

/** Resolves when no text of a review is kept for after a reload. */
export async function nothingKept(app: App): Promise<void> {
	const folder = join((app.context.storageUri ?? app.context.globalStorageUri).fsPath, "reviews");
	while ((await readdir(folder).catch(() => [])).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
