import assert from "node:assert/strict";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { idOf } from "../../src/node/checkpoints/blobs.ts";
import { createPlaces } from "../../src/node/places.ts";
import { createEditorFiles } from "../../src/vscode/files.ts";
import { createWriteOpen } from "../../src/vscode/review/write-open.ts";
import { until, withFile, workspacePath } from "./setup.ts";

describe("what goes back where the editor has text that is not saved", () => {
	const write = createWriteOpen(createEditorFiles(createPlaces(workspacePath())));
	const stateOf = (text: string) => ({ id: idOf(Buffer.from(text)), mode: "file" as const });

	afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

	async function typed(path: string, text: string): Promise<vscode.TextDocument> {
		const document = await vscode.workspace.openTextDocument(path);
		const edit = new vscode.WorkspaceEdit();
		edit.insert(document.uri, new vscode.Position(0, 0), text);
		assert.ok(await vscode.workspace.applyEdit(edit));
		return document;
	}

	it("is written without moving the focus; another file in front keeps its own; Undo has what was typed", () =>
		withFile("back.txt", "agent\n", (path) =>
			withFile("front.txt", "front\n", async (other) => {
				const document = await typed(path, "mine ");
				await vscode.window.showTextDocument(document, { preview: false });
				const front = await typed(other, "not saved ");
				await vscode.window.showTextDocument(front, { preview: false });
				assert.equal(await write(path, Buffer.from("before\n"), stateOf("mine agent\n")), "written");
				assert.equal(await readFile(path, "utf8"), "before\n");
				await until(() => document.getText() === "before\n" && !document.isDirty);
				assert.deepEqual(
					[front.getText(), front.isDirty, vscode.window.activeTextEditor?.document.fileName],
					["not saved front\n", true, other],
				);
				await vscode.window.showTextDocument(document);
				await vscode.commands.executeCommand("undo");
				assert.equal(document.getText(), "mine agent\n");
				await document.save();
				await front.save();
			}),
		));

	it("is refused when more was typed than was looked at", () =>
		withFile("more.txt", "agent\n", async (path) => {
			const document = await typed(path, "mine ");
			const result = await write(path, Buffer.from("before\n"), stateOf("agent\n"));
			assert.ok(typeof result === "object" && result.why.startsWith("It changed since"));
			assert.deepEqual([document.getText(), document.isDirty], ["mine agent\n", true]);
			assert.equal(await readFile(path, "utf8"), "agent\n");
			await document.save();
		}));

	it("takes the place of a file that is newer, and of one that no text of its encoding is", () =>
		withFile("newer.txt", "agent\n", async (path) => {
			const document = await typed(path, "mine ");
			await writeFile(path, "a command was here\n");
			assert.equal(await write(path, Buffer.from("before\n"), stateOf("mine agent\n")), "written");
			assert.equal(await readFile(path, "utf8"), "before\n");
			await until(() => document.getText() === "before\n" && !document.isDirty);
			const again = await typed(path, "mine ");
			assert.equal(await write(path, Buffer.from([0, 1]), stateOf("mine before\n")), "written");
			assert.deepEqual([...(await readFile(path))], [0, 1]);
			assert.equal(again.isDirty, false);
		}));

	it("is deleted with the file, also where that is gone already", () =>
		withFile("gone.txt", "agent\n", async (path) => {
			await typed(path, "mine ");
			await rm(path);
			assert.equal(await write(path, null, stateOf("mine agent\n")), "written");
			await assert.rejects(stat(path));
		}));

	it("stays as it is, unsaved, where nothing can be written", () =>
		withFile("stuck.txt", "agent\n", async (path) => {
			const document = await typed(path, "mine ");
			// No right to write would not stop root, which runs these.
			await rm(path);
			await mkdir(path);
			await writeFile(`${path}/x`, "");
			await assert.rejects(Promise.resolve(write(path, Buffer.from("before\n"), stateOf("mine agent\n"))));
			assert.deepEqual([document.getText(), document.isDirty], ["mine agent\n", true]);
			await rm(path, { recursive: true });
			await document.save();
		}));
});
