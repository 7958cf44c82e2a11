import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import { createProblems } from "../../src/vscode/problems.ts";
import { activeApp, calls, setting, until, withFile, withScript, workspacePath } from "./setup.ts";

/** What the JSON and TypeScript services that VS Code brings along say, in real documents. */
describe("problems inside VS Code", () => {
	const edit = (path: string, from: string, to: string) => ({
		calls: [{ tool: "Edit", args: { path, old_string: from, new_string: to } }],
	});
	const results = (app: Parameters<typeof calls>[0]) => calls(app).map(({ text }) => text ?? "");

	// On a slow machine a service takes longer than a turn waits for its words.
	let usual: App["ports"]["problems"];
	before(async () => {
		const { ports } = await activeApp();
		usual = ports.problems;
		Object.assign(ports, { problems: createProblems(workspacePath(), 20_000) });
	});
	after(async () => Object.assign((await activeApp()).ports, { problems: usual }));

	it("new errors come back with the result of an edit of a file that has a tab", () =>
		withFile("data.json", '{ "one": 1 }\n', (path) =>
			withScript(
				[
					{ calls: [{ tool: "Read", args: { path: "data.json" } }] },
					edit("data.json", '"one": 1', '"one": '),
					edit("data.json", '"one": ', '"one": 2'),
					{ calls: [{ tool: "Problems", args: { path: "data.json" } }] },
					{ text: "Done." },
				],
				async (app) => {
					await setting("mode", "edits");
					await vscode.window.showTextDocument(vscode.Uri.file(path));
					await looked(path);
					await app.send("Edit");
					const [, broken, mended, now] = results(app);
					assert.match(
						broken ?? "",
						/\n\nNew errors that the editor reports after this change:\ndata\.json:1 error[^\n]*: Value expected$/,
					);
					assert.doesNotMatch(mended ?? "", /editor reports/);
					assert.equal(now, "No errors or warnings are reported in data.json.");
				},
			),
		));

	it("errors that were there before are not told again, wherever they stand now", () =>
		withFile("old.json", '{\n "one": ,\n "two": 2\n}\n', (path) =>
			withScript(
				[
					{ calls: [{ tool: "Read", args: { path: "old.json" } }] },
					edit("old.json", '{\n "one"', '{\n "zero": 0,\n "one"'),
					{ calls: [{ tool: "Problems", args: {} }] },
					{ text: "Done." },
				],
				async (app) => {
					await setting("mode", "edits");
					await vscode.window.showTextDocument(vscode.Uri.file(path));
					await reported(path, (found) => found.length > 0);
					// What services said of files of other suites goes a moment after them.
					await until(() =>
						vscode.languages.getDiagnostics().every((of) => of[0].fsPath === path || of[1].length === 0),
					);
					await app.send("Edit");
					const [, edited, all] = results(app);
					assert.doesNotMatch(edited ?? "", /editor reports/);
					assert.match(all ?? "", /^1 error and 0 warnings in the workspace\.[^\n]*\nold\.json:3 error/);
				},
			),
		));

	it("a text file waits for nobody and is not opened", () =>
		withFile("untouched-by-services.txt", "one\n", (path) =>
			withScript(
				[
					{ calls: [{ tool: "Read", args: { path: "untouched-by-services.txt" } }] },
					edit("untouched-by-services.txt", "one", "two"),
					{ text: "Done." },
				],
				async (app) => {
					await setting("mode", "edits");
					await app.send("Edit");
					assert.match(results(app)[1] ?? "", /^Edited untouched-by-services\.txt/);
					assert.equal(
						vscode.workspace.textDocuments.some(({ uri }) => uri.fsPath === path),
						false,
					);
				},
			),
		));

	it("a file without a tab waits for nobody, is not opened, and is not said to be without errors", () =>
		withFile("closed.json", "{}\n", (path) =>
			withScript(
				[
					{ calls: [{ tool: "Read", args: { path: "closed.json" } }] },
					edit("closed.json", "{}", "{"),
					{ calls: [{ tool: "Problems", args: { path: "closed.json" } }] },
					{ text: "Done." },
				],
				async (app) => {
					await setting("mode", "edits");
					await app.send("Edit");
					const [, edited, asked] = results(app);
					assert.doesNotMatch(edited ?? "", /editor reports/);
					assert.match(asked ?? "", /no language service said a word on this file/);
					assert.equal(
						vscode.workspace.textDocuments.some(({ uri }) => uri.fsPath === path),
						false,
					);
				},
			),
		));

	it("TypeScript's own service tells what an edit broke, once it runs", () =>
		withFile("sum.ts", "export const sum: number = 1;\n", (path) =>
			withScript(
				[
					{ calls: [{ tool: "Read", args: { path: "sum.ts" } }] },
					edit("sum.ts", "= 1;", '= "one";'),
					{ text: "Done." },
				],
				async (app) => {
					await setting("mode", "edits");
					const document = await vscode.workspace.openTextDocument(path);
					await vscode.window.showTextDocument(document);
					await warm(document);
					await app.send("Edit");
					assert.match(
						results(app)[1] ?? "",
						/\nsum\.ts:1 error ts\(2322\): Type 'string' is not assignable to type 'number'\.$/,
					);
				},
			),
		));
});

/** Resolves once what is reported of a file is so. */
async function reported(path: string, is: (found: readonly vscode.Diagnostic[]) => boolean): Promise<void> {
	const uri = vscode.Uri.file(path);
	while (!is(vscode.languages.getDiagnostics(uri))) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Resolves once a service looked at a file and found nothing. */
async function looked(path: string): Promise<void> {
	while (!vscode.languages.getDiagnostics().some(([{ fsPath }]) => fsPath === path))
		await new Promise((resolve) => setTimeout(resolve, 50));
}

/** A service that starts says nothing of a file in which nothing is wrong: breaks it for a moment. */
async function warm(document: vscode.TextDocument): Promise<void> {
	const put = async (text: string) => {
		const edit = new vscode.WorkspaceEdit();
		edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
		await vscode.workspace.applyEdit(edit);
	};
	const whole = document.getText();
	await put(`${whole}nothing;\n`);
	await reported(document.uri.fsPath, (found) => found.some(({ source }) => source === "ts"));
	await put(whole);
	await document.save();
	await reported(document.uri.fsPath, (found) => found.length === 0);
}
