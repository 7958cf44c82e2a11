import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { command, cursorAt, edit, withChanges } from "./changes-setup.ts";
import { until, workspacePath } from "./setup.ts";

/** A file in an encoding that only VS Code knows, which the agent edited before it was opened. */
function opened(encoding: string, text: string, use: (was: Buffer, now: () => Promise<Buffer>) => Promise<void>) {
	return async () => {
		const was = Buffer.from(await vscode.workspace.encode(text, { encoding }));
		const calls = [edit("old.txt", "two", "TWO"), edit("old.txt", "nine", "NINE")];
		await withChanges({ files: { "old.txt": was }, calls }, async (app) => {
			const uri = vscode.Uri.file(workspacePath("old.txt"));
			const document = await vscode.workspace.openTextDocument(uri, { encoding });
			assert.match(document.getText(), /Straße/);
			await cursorAt("old.txt", 1);
			await app.changes.settled();
			await until(() => app.changes.files[0]?.added === 2);
			assert.deepEqual(app.viewState().changes, [{ path: "old.txt", kind: "changed", added: 2, removed: 2 }]);
			await use(was, () => readFile(uri.fsPath));
			assert.equal(document.isDirty, false);
		});
	};
}

const TEXT = "Straße\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";

describe("changes in a file that is open in an encoding that only VS Code knows", () => {
	for (const encoding of ["cp850", "windows1252"]) {
		it(
			`are undone to the byte: ${encoding}`,
			opened(encoding, TEXT, async (was, now) => {
				await command("undoFile", "old.txt");
				assert.deepEqual(await now(), was);
			}),
		);

		it(
			`are kept and undone hunk by hunk: ${encoding}`,
			opened(encoding, TEXT, async (was, now) => {
				await command("undoHunk");
				const half = Buffer.from(was.toString("latin1").replace("nine", "NINE"), "latin1");
				assert.deepEqual(await now(), half);
				await cursorAt("old.txt", 8);
				await command("keepHunk");
				assert.deepEqual(await now(), half);
			}),
		);
	}
});
