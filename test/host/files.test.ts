import assert from "node:assert/strict";
import { chmod, readFile, rm, stat } from "node:fs/promises";
import * as vscode from "vscode";
import { createPlaces } from "../../src/node/places.ts";
import { createEditorFiles } from "../../src/vscode/files.ts";
import { until, withFile, workspacePath } from "./setup.ts";

describe("files as the editor has them", () => {
	const files = () => createEditorFiles(createPlaces(workspacePath()));
	const open = (path: string) => vscode.workspace.openTextDocument(path);

	async function typed(document: vscode.TextDocument, text: string): Promise<void> {
		const edit = new vscode.WorkspaceEdit();
		edit.insert(document.uri, new vscode.Position(0, 0), text);
		await vscode.workspace.applyEdit(edit);
	}

	async function read(path: string) {
		const result = await files().read(path);
		return result.ok ? result.value : assert.fail(result.failure.message);
	}

	it("a dirty document is read as it is on screen, not as it is on disk", () =>
		withFile("screen.txt", "disk\n", async (path) => {
			await typed(await open(path), "typed ");
			const { text, dirty } = await read(path);
			assert.deepEqual([text, dirty, await readFile(path, "utf8")], ["typed disk\n", true, "disk\n"]);
		}));

	it("a clean open document and the closed file have the same hash", () =>
		withFile("files-b.txt", "\ufeffGrüße\r\n", async (path) => {
			const closed = await read(path);
			const document = await open(path);
			assert.equal(document.isClosed, false);
			const opened = await read(path);
			assert.deepEqual(opened, closed);
		}));

	it("an open dirty document is changed in the editor, saved, and can be undone", () =>
		withFile("files-c.txt", "one\ntwo\n", async (path) => {
			const document = await open(path);
			await vscode.window.showTextDocument(document);
			await typed(document, "zero\n");
			const { hash, encoding, bom } = await read(path);
			const written = await files().write(path, { text: "zero\none\n2\n", encoding, bom }, hash);
			assert.equal(written.ok, true);
			assert.deepEqual([document.getText(), document.isDirty], ["zero\none\n2\n", false]);
			assert.equal(await readFile(path, "utf8"), "zero\none\n2\n");
			await vscode.commands.executeCommand("undo");
			assert.equal(document.getText(), "zero\none\ntwo\n");
		}));

	it("a document that the person typed in meanwhile is refused and left as it is", () =>
		withFile("files-d.txt", "one\n", async (path) => {
			const document = await open(path);
			const { hash, encoding, bom } = await read(path);
			await typed(document, "mine ");
			const written = await files().write(path, { text: "model\n", encoding, bom }, hash);
			assert.equal(!written.ok && written.failure.code, "changed");
			assert.deepEqual([document.getText(), await readFile(path, "utf8")], ["mine one\n", "one\n"]);
		}));

	it("line ends, byte-order mark and encoding of an open document survive", () =>
		withFile("files-e.txt", Buffer.from("\ufeffeins\r\nzwei\r\n", "utf16le"), async (path) => {
			await vscode.workspace.openTextDocument(vscode.Uri.file(path), { encoding: "utf16le" });
			const { hash, text, encoding, bom } = await read(path);
			const written = await files().write(path, { text: text.replace("zwei", "drei"), encoding, bom }, hash);
			assert.equal(written.ok, true);
			assert.deepEqual(await readFile(path), Buffer.from("\ufeffeins\r\ndrei\r\n", "utf16le"));
		}));

	it("text that the document's encoding cannot hold is refused", () =>
		withFile("files-f.txt", Buffer.from("caf\xe9\n", "latin1"), async (path) => {
			await vscode.workspace.openTextDocument(vscode.Uri.file(path), { encoding: "iso88591" });
			const { hash, encoding, bom } = await read(path);
			const written = await files().write(path, { text: "☕\n", encoding, bom }, hash);
			assert.equal(!written.ok && written.failure.code, "encoding");
			assert.deepEqual(await readFile(path), Buffer.from("caf\xe9\n", "latin1"));
		}));

	it("what a save would tidy is on disk as it was meant, can be undone, and the next edit finds it so", () =>
		withFile("tidy.txt", "one\ntwo\n", async (path) => {
			const config = vscode.workspace.getConfiguration("files");
			await config.update("trimTrailingWhitespace", true, true);
			try {
				const document = await open(path);
				await vscode.window.showTextDocument(document);
				const meant = "one\nTWO  \n";
				const { hash, encoding, bom } = await read(path);
				const written = await files().write(path, { text: meant, encoding, bom }, hash);
				assert.equal(await readFile(path, "utf8"), meant);
				const next = await read(path);
				assert.deepEqual([written, next.text], [{ ok: true, value: next.hash }, meant]);
				await until(() => document.getText() === meant && !document.isDirty);
				for (let n = 0; n < 5 && document.getText() !== "one\ntwo\n"; n++) await vscode.commands.executeCommand("undo");
				assert.equal(document.getText(), "one\ntwo\n");
			} finally {
				await config.update("trimTrailingWhitespace", undefined, true);
			}
		}));

	it("text that was read before the file was opened in another encoding is written as the bytes that were meant", () =>
		withFile("old2.txt", Buffer.from("Stra\xe1e\nx\n", "latin1"), async (path) => {
			const { text, hash, encoding, bom } = await read(path);
			await vscode.workspace.openTextDocument(vscode.Uri.file(path), { encoding: "cp850" });
			const written = await files().write(path, { text: text.replace("x", "X"), encoding, bom }, hash);
			assert.equal(written.ok, true);
			assert.deepEqual(await readFile(path), Buffer.from("Stra\xe1e\nX\n", "latin1"));
		}));

	it("a closed file is written without opening it", () =>
		withFile("files-g.txt", "one\n", async (path) => {
			const { hash, encoding, bom } = await read(path);
			const written = await files().write(path, { text: "two\n", encoding, bom }, hash);
			assert.equal(written.ok, true);
			assert.equal(await readFile(path, "utf8"), "two\n");
			assert.deepEqual(
				vscode.workspace.textDocuments.filter((document) => document.uri.fsPath === path),
				[],
			);
		}));

	const gone = (path: string) =>
		stat(path).then(
			() => false,
			() => true,
		);
	const documents = (path: string) =>
		vscode.workspace.textDocuments.filter(({ uri, isClosed }) => uri.fsPath === path && !isClosed);

	it("an open document is deleted, and its editor closes", () =>
		withFile("files-h.txt", "one\n", async (path) => {
			await vscode.window.showTextDocument(await open(path));
			const { hash } = await read(path);
			assert.deepEqual(await files().remove(path, hash), { ok: true, value: undefined });
			assert.equal(await gone(path), true);
			await until(() => documents(path).length === 0);
			const now = await files().read(path);
			assert.equal(!now.ok && now.failure.code, "missing");
		}));

	it("a document with changes that are not saved is not deleted", () =>
		withFile("files-i.txt", "one\n", async (path) => {
			const document = await open(path);
			await typed(document, "mine ");
			const { hash } = await read(path);
			const removed = await files().remove(path, hash);
			assert.equal(
				!removed.ok && removed.failure.message,
				"files-i.txt has changes in the editor that are not saved: the person has to save or close it first.",
			);
			assert.deepEqual([document.getText(), await readFile(path, "utf8")], ["mine one\n", "one\n"]);
		}));

	it("a document that changed meanwhile is neither deleted nor renamed", () =>
		withFile("files-j.txt", "one\n", async (path) => {
			const { hash } = await read(path);
			await typed(await open(path), "mine ");
			const results = [await files().remove(path, hash), await files().move(path, `${path}.new`, hash)];
			assert.deepEqual(
				results.map((each) => !each.ok && each.failure.code),
				["changed", "changed"],
			);
			assert.deepEqual([await readFile(path, "utf8"), await gone(`${path}.new`)], ["one\n", true]);
		}));

	it("a document is renamed with what the person typed and its mode, and is written there", () =>
		withFile("files-k.sh", "one\n", async (path) => {
			await chmod(path, 0o755);
			await vscode.window.showTextDocument(await open(path));
			await typed(await open(path), "typed ");
			const { hash, encoding, bom } = await read(path);
			const to = workspacePath("new-folder/l.sh");
			try {
				assert.deepEqual(await files().move(path, to, hash), { ok: true, value: undefined });
				assert.equal(await gone(path), true);
				const now = await read(to);
				assert.deepEqual([now.text, now.hash], ["typed one\n", hash]);
				const written = await files().write(to, { text: "typed two\n", encoding, bom }, hash);
				assert.equal(written.ok, true);
				assert.deepEqual([await readFile(to, "utf8"), (await stat(to)).mode & 0o777], ["typed two\n", 0o755]);
			} finally {
				await rm(workspacePath("new-folder"), { recursive: true, force: true });
			}
		}));

	it("a document is never renamed over a file", () =>
		withFile("files-m.txt", "one\n", (path) =>
			withFile("files-n.txt", "mine\n", async (other) => {
				await open(path);
				const { hash } = await read(path);
				const moved = await files().move(path, other, hash);
				assert.equal(!moved.ok && moved.failure.message, "There is a file files-n.txt already. Nothing was renamed.");
				assert.deepEqual([await readFile(path, "utf8"), await readFile(other, "utf8")], ["one\n", "mine\n"]);
			}),
		));

	it("a file that is not open is deleted and renamed without opening it", () =>
		withFile("files-o.txt", "one\n", async (path) => {
			const { hash } = await read(path);
			const to = workspacePath("p.txt");
			assert.equal((await files().move(path, to, hash)).ok, true);
			assert.equal((await files().remove(to, hash)).ok, true);
			assert.deepEqual([await gone(path), await gone(to), documents(path), documents(to)], [true, true, [], []]);
		}));
});
