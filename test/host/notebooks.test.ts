import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { buttons, openDiff, press, run } from "./proposals.ts";
import { asked, calls, diffInFront, setting, until, withFile, withScript } from "./setup.ts";

const NOTEBOOK = `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "first",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "old\\n"
     ]
    }
   ],
   "source": [
    "print('old')"
   ]
  }
 ],
 "metadata": {
  "language_info": {
   "name": "python"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`;
const EDITED = NOTEBOOK.replace("print('old')", "print('new')")
	.replace('"execution_count": 1', '"execution_count": null')
	.replace(/"outputs": \[[\s\S]*?\n {3}\],/, '"outputs": [],');

/** Notebooks as VS Code's own editor for them has them. */
describe("notebooks inside VS Code", () => {
	const SCRIPT = [
		{ calls: [{ tool: "Read", args: { path: "cells.ipynb" } }] },
		{
			calls: [
				{ tool: "NotebookEdit", args: { notebook_path: "cells.ipynb", cell_id: "first", new_source: "print('new')" } },
			],
		},
		{ text: "Done." },
	];
	const results = (app: Parameters<typeof calls>[0]) => calls(app).map(({ text }) => text ?? "");

	it("one that is open and saved is changed on disk, and its editor follows", () =>
		withFile("cells.ipynb", NOTEBOOK, (path) =>
			withScript(SCRIPT, async (app) => {
				await setting("mode", "edits");
				const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(path));
				await vscode.window.showNotebookDocument(notebook);
				await app.send("Edit");
				assert.match(results(app)[1] ?? "", /^Replaced cell-0 in cells\.ipynb/);
				assert.equal(await readFile(path, "utf8"), EDITED);
				await until(() => notebook.getCells()[0]?.document.getText() === "print('new')");
				assert.deepEqual([notebook.isDirty, notebook.cellAt(0).outputs], [false, []]);
			}),
		));

	it("one with unsaved changes is neither read nor written", () =>
		withFile("cells.ipynb", NOTEBOOK, (path) =>
			withScript(SCRIPT, async (app) => {
				await setting("mode", "edits");
				const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(path));
				await vscode.window.showNotebookDocument(notebook);
				const edit = new vscode.WorkspaceEdit();
				edit.insert(notebook.cellAt(0).document.uri, new vscode.Position(0, 0), "# typed\n");
				await vscode.workspace.applyEdit(edit);
				await until(() => notebook.isDirty);
				await app.send("Edit");
				const [read, edited] = results(app);
				assert.equal(
					read,
					"cells.ipynb: It has changes in the notebook editor that are not saved: the person has to save or revert them first.",
				);
				assert.match(edited ?? "", /not saved/);
				assert.equal(await readFile(path, "utf8"), NOTEBOOK);
			}),
		));

	it("one in which the person types while they are asked stays as it is", () =>
		withFile("cells.ipynb", NOTEBOOK, (path) =>
			withScript(SCRIPT, async (app) => {
				await setting("mode", "ask");
				const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(path));
				const sent = app.send("Edit");
				const { run: chat, call } = await asked(app);
				const edit = new vscode.WorkspaceEdit();
				edit.insert(notebook.cellAt(0).document.uri, new vscode.Position(0, 0), "# typed\n");
				await vscode.workspace.applyEdit(edit);
				await until(() => notebook.isDirty);
				await app.approvals.decide({ chat: chat.session.chat.id, call: call.id }, { verdict: "allow" });
				await sent;
				assert.match(results(app)[1] ?? "", /not saved/);
				assert.equal(await readFile(path, "utf8"), NOTEBOOK);
			}),
		));

	it("a proposal for one is shown as text, where its hunks can be decided on", () =>
		withFile("cells.ipynb", NOTEBOOK, (path) =>
			withScript(SCRIPT, async (app) => {
				await setting("mode", "ask");
				const sent = app.send("Edit");
				await asked(app);
				const { diff, document } = await openDiff();
				assert.equal(document.getText(), EDITED);
				const [first = assert.fail(), ...others] = await buttons(diff.right);
				assert.deepEqual([first, others.length], [[4, "Accept | Reject | 1 of 3"], 2]);
				await press(diff.right, 4, "Reject");
				await run("accept");
				await sent;
				assert.equal(await readFile(path, "utf8"), EDITED.replace('"execution_count": null', '"execution_count": 1'));
			}),
		));

	it("what was changed in one is reviewed as text, and undone", () =>
		withFile("cells.ipynb", NOTEBOOK, (path) =>
			withScript(SCRIPT, async (app) => {
				await setting("mode", "edits");
				await app.send("Edit");
				await app.changes.settled();
				await app.changes.editor.open("cells.ipynb");
				const { original: left, modified: right } = await diffInFront();
				const texts = await Promise.all(
					[left, right].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
				);
				assert.deepEqual(texts, [NOTEBOOK, EDITED]);
				await vscode.commands.executeCommand("kimiK2.undoFile", "cells.ipynb");
				await until(() => app.changes.files.length === 0);
				assert.equal(await readFile(path, "utf8"), NOTEBOOK);
			}),
		));
});
