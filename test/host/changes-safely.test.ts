import assert from "node:assert/strict";
import { rename, stat, symlink, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import { shownHunks } from "../../src/vscode/review/hunk-edits.ts";
import {
	bash,
	command,
	cursorAt,
	edit,
	listed,
	put,
	TEN,
	TWO_HUNKS,
	text,
	type,
	withChanges,
} from "./changes-setup.ts";
import { answering, words } from "./dialogs.ts";
import { calls, until, workspacePath } from "./setup.ts";

describe("what the person decides on changes", () => {
	it("is done at once while a question about another file waits, and for what they saw", () =>
		withChanges(
			{ files: { "ten.txt": TEN, "other.txt": "a\n" }, calls: [...TWO_HUNKS.calls, edit("other.txt", "a", "b")] },
			async (app) => {
				const editor = await cursorAt("ten.txt", 0);
				await type(editor, 1, "mine ");
				await until(() => app.changes.files.some(({ edited }) => edited === true));
				const question = Promise.withResolvers<string>();
				await answering({ showWarningMessage: () => question.promise }, async () => {
					const undone = command("undoFile", "ten.txt");
					await command("keepFile", "other.txt");
					assert.deepEqual(
						app.changes.files.map(({ path }) => path),
						["ten.txt"],
					);
					await command("keepFile", "ten.txt");
					// What the answer is about is reviewed by now: nothing is written.
					question.resolve("Undo with My Edits");
					await undone;
				});
				assert.deepEqual([app.changes.files, editor.document.getText().includes("mine TWO")], [[], true]);
			},
		));

	it("is done to what they were asked about: what changes while the question waits stays, and that is said", () =>
		withChanges(
			{
				files: { "back.txt": TEN, "beside.txt": TEN, "ten.txt": TEN },
				calls: ["back.txt", "beside.txt", "ten.txt"].map((path) => edit(path, "two", "TWO")),
			},
			async (app) => {
				const changed = TEN.replace("two", "TWO");
				await put("back.txt", TEN);
				await put("ten.txt", TEN.replace("two", "mine"));
				const shown = await answering(
					{
						showWarningMessage: async (text: string) => {
							if (!text.startsWith("You edited ten.txt in the same lines")) return undefined;
							await put("back.txt", changed);
							await put("beside.txt", `${changed}more\n`);
							await put("ten.txt", TEN.replace("two", "mine since"));
							return "Undo with My Edits";
						},
					},
					async () => {
						await command("undoAll");
					},
				);
				const left = "was not undone. It changed since it was looked at, so it was left alone.";
				assert.deepEqual(
					words(shown)
						.slice(1)
						.map(([, text]) => text),
					[`beside.txt ${left} ten.txt ${left} back.txt changed meanwhile. Look at it again.`],
				);
				assert.deepEqual(
					[await text("back.txt"), await text("beside.txt"), await text("ten.txt")],
					[changed, `${changed}more\n`, TEN.replace("two", "mine since")],
				);
				await listed(app, 3);
			},
		));

	it("by a hunk's button stands for the lines that were shown, not for what came in their place", () =>
		withChanges(TWO_HUNKS, async (app) => {
			const [hunk] = shownHunks((await app.changes.find("ten.txt")) ?? assert.fail());
			await writeFile(workspacePath("ten.txt"), TEN.replace("two", "other").replace("nine", "NINE"));
			const shown = await answering({}, async () => {
				await command("undoHunk", hunk);
				await command("keepHunk", hunk);
			});
			const refused = ["showWarningMessage", "ten.txt changed meanwhile. Look at it again."];
			assert.deepEqual(words(shown), [refused, refused]);
			assert.equal(await text("ten.txt"), TEN.replace("two", "other").replace("nine", "NINE"));
		}));

	it("writes nothing through a folder that became a link", () =>
		withChanges(
			{ files: { "src/a.txt": TEN, "lib/a.txt": TEN.replace("two", "TWO") }, calls: [edit("src/a.txt", "two", "TWO")] },
			async (app) => {
				const [hunk] = shownHunks((await app.changes.find("src/a.txt")) ?? assert.fail());
				await rename(workspacePath("src"), workspacePath("moved"));
				await symlink("lib", workspacePath("src"));
				await answering({ showWarningMessage: () => "Undo with My Edits" }, async () => {
					await command("undoHunk", hunk);
				});
				assert.equal(await text("lib/a.txt"), TEN.replace("two", "TWO"));
			},
		));

	it("goes to a chat that was closed and opened again since", () =>
		withChanges(TWO_HUNKS, async (app) => {
			const id = app.chats.active?.session.chat.id ?? "";
			const offer = Promise.withResolvers<string>();
			await answering({ showInformationMessage: () => offer.promise }, async () => {
				await command("undoAll");
				await app.chats.create();
				await app.chats.open(id);
				offer.resolve("Bring Them Back");
				await listed(app, 1);
			});
			assert.match(app.chats.active?.session.chat.untold ?? "", /took that undo back/);
			assert.equal(await text("ten.txt"), TEN.replace("two", "TWO").replace("nine", "NINE"));
		}));

	it("and saves while a command runs is not the command's", () =>
		withChanges(
			{
				files: { "mine.txt": "a\n" },
				calls: [bash("true")],
				more: [
					{ calls: [bash("echo x > begun.txt; until test -e go; do sleep 0.1; done; echo x > made.txt")] },
					{ text: "Done." },
				],
			},
			async (app) => {
				const turn = app.send("Again");
				const isBegun = () =>
					stat(workspacePath("begun.txt")).then(
						() => true,
						() => false,
					);
				while (!(await isBegun())) await new Promise((resolve) => setTimeout(resolve, 50));
				const editor = await cursorAt("mine.txt", 0);
				await type(editor, 0, "typed ");
				assert.ok(await editor.document.save());
				await put("go", "");
				await turn;
				assert.equal(calls(app).at(-1)?.state, "done");
				await until(() => app.changes.files.some(({ path }) => path === "made.txt"));
				assert.equal(
					app.changes.files.some(({ path }) => path === "mine.txt"),
					false,
				);
				await vscode.commands.executeCommand("kimiK2.undoAll");
				assert.equal(await text("mine.txt"), "typed a\n");
			},
		));
});
