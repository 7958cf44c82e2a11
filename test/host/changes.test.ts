import assert from "node:assert/strict";
import { mkdir, readFile, rm, stat } from "node:fs/promises";
import * as vscode from "vscode";
import { shownHunks } from "../../src/vscode/review/hunk-edits.ts";
import { bash, command, cursorAt, edit, listed, put, TEN, TWO_HUNKS, text, withChanges } from "./changes-setup.ts";
import { answering, words } from "./dialogs.ts";
import { buttons, press } from "./proposals.ts";
import { diffInFront, heard, until, workspacePath } from "./setup.ts";

describe("changes that wait for review", () => {
	it("are listed with their kind and their lines, whoever of our tools made them", () =>
		withChanges(
			{
				files: {
					"gone.txt": "a\nb\n",
					"old name.txt": "the same\n",
					"run.sh": "echo\n",
					"data.bin": Buffer.from([0, 1, 2]),
					"ten.txt": TEN,
				},
				calls: [
					edit("ten.txt", "two", "2\n2b"),
					{ tool: "Write", args: { path: "sub/new.txt", content: "x\n" } },
					bash("rm gone.txt; mv 'old name.txt' 'new name.txt'; chmod +x run.sh; printf '\\0\\1' > data.bin"),
				],
			},
			async (app) => {
				await listed(app, 6);
				assert.deepEqual(app.viewState().changes, [
					{ path: "data.bin", kind: "binary", added: 0, removed: 0 },
					{ path: "gone.txt", kind: "deleted", added: 0, removed: 2 },
					{ path: "new name.txt", kind: "renamed", from: "old name.txt", added: 0, removed: 0 },
					{ path: "run.sh", kind: "mode", added: 0, removed: 0 },
					{ path: "sub/new.txt", kind: "created", added: 1, removed: 0 },
					{ path: "ten.txt", kind: "changed", added: 2, removed: 1 },
				]);
				// And all of it goes back, to the byte.
				const all = app.viewState().changes;
				const shown = await answering({ showInformationMessage: () => "Bring Them Back" }, async () => {
					await command("undoAll");
					// And an undo of all can be taken back.
					await until(() => app.chats.active?.session.chat.untold?.includes("took that undo back") === true);
					await listed(app, 6);
				});
				assert.deepEqual(words(shown), [["showInformationMessage", "The changes in 6 files are undone."]]);
				assert.deepEqual([app.viewState().changes, await text("new name.txt")], [all, "the same\n"]);
				await command("undoAll");
				assert.deepEqual(app.viewState().changes, []);
				assert.deepEqual(
					[await text("gone.txt"), await text("old name.txt"), await text("ten.txt")],
					["a\nb\n", "the same\n", TEN],
				);
				assert.deepEqual([...(await readFile(workspacePath("data.bin")))], [0, 1, 2]);
				assert.equal((await stat(workspacePath("run.sh"))).mode & 0o111, 0);
				await assert.rejects(stat(workspacePath("new name.txt")));
				await assert.rejects(stat(workspacePath("sub/new.txt")));
			},
		));

	it("Review opens all of them in one editor, and one file's against what it was", () =>
		withChanges(TWO_HUNKS, async (app) => {
			await command("reviewChanges");
			const reviews = () =>
				vscode.window.tabGroups.all
					.flatMap(({ tabs }) => tabs)
					.filter(({ label }) => label.startsWith("Changes by Kimi K2 to Review"));
			await until(() => reviews().length === 1);
			// Again: the one there is or another one in its place, never two.
			await command("reviewChanges");
			await until(() => reviews().length === 1);
			await app.changes.editor.open("ten.txt");
			const input = await diffInFront("ten.txt");
			assert.equal(input.modified.fsPath, workspacePath("ten.txt"));
			assert.equal((await vscode.workspace.openTextDocument(input.original)).getText(), TEN);
		}));

	it("keep and undo of a hunk at the cursor: the file, the list, and the next request say so", () =>
		withChanges(TWO_HUNKS, async (app, endpoint) => {
			await cursorAt("ten.txt", 1);
			const kept = await heard(app, () => command("keepHunk"));
			assert.deepEqual(kept, ["Kept a change in ten.txt. Left there: 1"]);
			assert.deepEqual(app.viewState().changes, [{ path: "ten.txt", kind: "changed", added: 1, removed: 1 }]);
			await cursorAt("ten.txt", 8);
			const undone = await heard(app, () => command("undoHunk"));
			assert.deepEqual(undone, ["Undid a change in ten.txt. Left there: 0"]);
			assert.deepEqual(app.viewState().changes, []);
			assert.equal(await text("ten.txt"), TEN.replace("two", "TWO"));
			await app.send("Go on");
			const told = JSON.stringify(endpoint.requests.at(-1)?.body.messages.at(-1)?.content);
			assert.match(told, /The person reviewed your changes and undid these/);
			assert.match(told, /-NINE\\n\+nine/);
			assert.doesNotMatch(told, /TWO\\n/);
		}));

	it("of very many hunks the first have buttons, and the next get theirs as soon as one is decided", () =>
		withChanges(
			{
				files: { "many.txt": Array.from({ length: 420 }, (_, at) => `line ${at}\n`).join("") },
				calls: [bash("sed -i 's/line \\([0-9]*\\)[13579]$/odd \\1/' many.txt")],
			},
			async (app) => {
				await listed(app, 1);
				const { uri } = (await cursorAt("many.txt", 0)).document;
				const first = await buttons(uri);
				assert.deepEqual(first[0], [1, "Buttons on the First 200 of 210 Changes | Keep | Undo"]);
				assert.equal(first.length, 200);
				assert.deepEqual(first.at(-1), [399, "Keep | Undo"]);
				await press(uri, 1, "Undo");
				await app.changes.settled();
				const next = await buttons(uri);
				assert.deepEqual(next[0], [3, "Buttons on the First 200 of 209 Changes | Keep | Undo"]);
				assert.deepEqual(next.at(-1), [401, "Keep | Undo"]);
			},
		));

	it("buttons stand above each hunk, and act on the hunk that they were made for", () =>
		withChanges(TWO_HUNKS, async (app) => {
			const editor = await cursorAt("ten.txt", 0);
			const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
				"vscode.executeCodeLensProvider",
				editor.document.uri,
			);
			assert.deepEqual(
				lenses.map(({ range, command: pressed }) => [range.start.line, pressed?.title]),
				[
					[1, "$(check)\u00A0Keep"],
					[1, "$(discard)\u00A0Undo"],
					[8, "$(check)\u00A0Keep"],
					[8, "$(discard)\u00A0Undo"],
				],
			);
			const undo = lenses[3]?.command ?? assert.fail();
			await vscode.commands.executeCommand(undo.command, ...(undo.arguments ?? []));
			assert.equal(editor.document.getText(), TEN.replace("two", "TWO"));
			// The button is out of date: nothing is touched, and that is said.
			const shown = await answering({}, async () => {
				await vscode.commands.executeCommand(undo.command, ...(undo.arguments ?? []));
			});
			assert.deepEqual(words(shown), [["showWarningMessage", "ten.txt changed meanwhile. Look at it again."]]);
			assert.deepEqual(app.viewState().changes, [{ path: "ten.txt", kind: "changed", added: 1, removed: 1 }]);
		}));

	it("an undo leaves line ends, encoding and byte-order mark of the rest as they are", async () => {
		const files = {
			"crlf.txt": Buffer.from(TEN.replaceAll("\n", "\r\n")),
			"bom.txt": Buffer.from(`\ufeff${TEN}`),
			"utf16.txt": Buffer.from(`\ufeff${TEN}`, "utf16le"),
			"latin1.txt": Buffer.from(`${TEN}caf\xe9\n`, "latin1"),
		};
		const names = Object.keys(files);
		const made = names.flatMap((path) => [edit(path, "two", "TWO"), edit(path, "nine", "NINE")]);
		await withChanges({ files, calls: made }, async (app) => {
			const run = app.chats.active ?? assert.fail();
			for (const path of names) {
				const [, hunk] = shownHunks((await app.changes.find(path)) ?? assert.fail());
				await app.changes.decisions.undoHunk(run, hunk ?? assert.fail());
			}
			const wanted = (bytes: Buffer) =>
				Buffer.from(bytes.toString("latin1").replace("t\0w\0o", "T\0W\0O").replace("two", "TWO"), "latin1");
			for (const [path, bytes] of Object.entries(files))
				assert.deepEqual(await readFile(workspacePath(path)), wanted(bytes), path);
			assert.deepEqual(
				app.viewState().changes.map(({ added, removed }) => [added, removed]),
				names.map(() => [1, 1]),
			);
			await command("undoAll");
			for (const [path, bytes] of Object.entries(files))
				assert.deepEqual(await readFile(workspacePath(path)), bytes, path);
			assert.deepEqual(app.viewState().changes, []);
		});
	});

	it("what is one piece has its buttons above the first line; of a deleted file above what it was", () =>
		withChanges(
			{
				files: { "old.txt": "the same\n", "gone.txt": "gone\n", "run.sh": "echo\n" },
				calls: [
					{ tool: "Write", args: { path: "new.txt", content: "new\n" } },
					bash("mv old.txt moved.txt; rm gone.txt; chmod +x run.sh"),
				],
			},
			async (app) => {
				await listed(app, 4);
				const undos = [];
				for (const { path } of app.viewState().changes) {
					await app.changes.editor.open(path);
					const input = await diffInFront(path);
					const shown = path === "gone.txt" ? input.original : input.modified;
					const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
						"vscode.executeCodeLensProvider",
						shown,
					);
					const undo = lenses[1]?.command ?? assert.fail(path);
					undos.push([path, undo.title]);
					await vscode.commands.executeCommand(undo.command, ...(undo.arguments ?? []));
				}
				assert.deepEqual(undos, [
					["gone.txt", "$(discard)\u00A0Undo: Bring File Back"],
					["moved.txt", "$(discard)\u00A0Undo: Name It old.txt Again"],
					["new.txt", "$(discard)\u00A0Undo: Delete File"],
					["run.sh", "$(discard)\u00A0Undo: Change Back Whether It May Be Executed"],
				]);
				assert.deepEqual(app.viewState().changes, []);
				assert.deepEqual([await text("old.txt"), await text("gone.txt")], ["the same\n", "gone\n"]);
			},
		));

	it("files that were created, deleted or renamed are kept and undone as a whole, from the list as well", () =>
		withChanges(
			{
				files: { "old.txt": "the same\n", "gone.txt": "gone\n" },
				calls: [
					{ tool: "Write", args: { path: "new.txt", content: "new\n" } },
					{ tool: "Write", args: { path: "kept.txt", content: "kept\n" } },
					bash("mv old.txt moved.txt; rm gone.txt"),
				],
			},
			async (app, endpoint) => {
				await listed(app, 4);
				const row = (path: string) => ({ resourceUri: vscode.Uri.file(workspacePath(path)) });
				await command("keepFile", row("kept.txt"));
				await command("undoFile", row("new.txt"), row("moved.txt"));
				await command("undoFile", row("gone.txt"));
				assert.deepEqual(app.viewState().changes, []);
				assert.deepEqual(
					[await text("kept.txt"), await text("old.txt"), await text("gone.txt")],
					["kept\n", "the same\n", "gone\n"],
				);
				await assert.rejects(stat(workspacePath("new.txt")));
				await assert.rejects(stat(workspacePath("moved.txt")));
				await app.send("Go on");
				const told = JSON.stringify(endpoint.requests.at(-1)?.body.messages.at(-1)?.content);
				for (const said of ["new.txt is deleted again", "moved.txt is deleted again", "old.txt is there again"])
					assert.match(told, new RegExp(said));
				assert.doesNotMatch(told, /kept\.txt/);
			},
		));

	it("a file that can't be written stays in the list, and why is said", () =>
		withChanges(TWO_HUNKS, async (app) => {
			// Root may write everything: a folder in place of the file can't be written by anybody.
			await rm(workspacePath("ten.txt"));
			await mkdir(workspacePath("ten.txt"));
			await put("ten.txt/inside.txt", "mine\n");
			const shown = await answering({ showWarningMessage: () => "Undo with My Edits" }, async () => {
				await command("undoAll");
			});
			assert.match(words(shown).at(-1)?.[1] ?? "", /^ten\.txt was not undone/);
			assert.equal(await text("ten.txt/inside.txt"), "mine\n");
			assert.equal(app.viewState().changes.length, 1);
		}));

	it("the next change is found across files, in both directions", () =>
		withChanges(
			{
				files: { "a.txt": TEN, "b.txt": TEN },
				calls: [edit("a.txt", "two", "TWO"), edit("a.txt", "nine", "NINE"), edit("b.txt", "five", "FIVE")],
			},
			async () => {
				const where = () => {
					const { document, selection } = vscode.window.activeTextEditor ?? assert.fail();
					return [vscode.workspace.asRelativePath(document.uri), selection.active.line];
				};
				const seen = [];
				for (const name of ["next", "next", "next", "next", "previous", "previous"]) {
					await command(`${name}Change`);
					seen.push(where());
				}
				assert.deepEqual(seen, [
					["a.txt", 1],
					["a.txt", 8],
					["b.txt", 4],
					["a.txt", 1],
					["b.txt", 4],
					["a.txt", 8],
				]);
			},
		));
});
