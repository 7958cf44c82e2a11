import assert from "node:assert/strict";
import { chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { git, withBranches } from "./branches.ts";
import { bash, chatOf, choosing, edit, lists, said, tree, turnAt, withBox } from "./restore.ts";
import { until } from "./setup.ts";

const LINES = Array.from({ length: 12 }, (_, n) => `line ${n}\n`).join("");

async function fill(box: string): Promise<void> {
	await writeFile(join(box, "a.txt"), LINES);
	await writeFile(join(box, "gone.txt"), "still here\r\n");
	await writeFile(join(box, "pixels.bin"), Buffer.from([0, 1, 2, 255, 254, 0]));
	await writeFile(join(box, "run.sh"), "#!/bin/sh\n");
	await chmod(join(box, "run.sh"), 0o755);
	await writeFile(join(box, "plain.sh"), "#!/bin/sh\n");
	await mkdir(join(box, "old"));
	await writeFile(join(box, "old", "name.txt"), "a name\n");
	await symlink("a.txt", join(box, "link"));
}

const COMMAND = [
	"cd box",
	"rm gone.txt",
	"mv old/name.txt new-name.txt",
	"chmod +x plain.sh",
	"chmod 644 run.sh",
	"printf '\\000\\377\\001' > pixels.bin",
	"mkdir -p deep/er",
	"echo new > deep/er/new.txt",
	"ln -sf plain.sh link",
	"echo shell >> a.txt",
].join(" && ");

const task = [{ calls: [edit("box/a.txt", "line 3", "line three")] }, { calls: [bash(COMMAND)] }, { text: "Done." }];

async function type(path: string, text: string, line = 0): Promise<vscode.TextDocument> {
	const document = await vscode.workspace.openTextDocument(path);
	await vscode.window.showTextDocument(document);
	// VS Code may have it from a test before.
	const saved = await readFile(path, "utf8");
	await until(() => document.getText() === saved);
	const typing = new vscode.WorkspaceEdit();
	typing.insert(document.uri, new vscode.Position(line, 0), text);
	await vscode.workspace.applyEdit(typing);
	return document;
}

describe("Undo task", () => {
	it("puts every byte back, also what the shell did, and can be undone", () =>
		withBox([...task, { text: "I see." }], fill, async (app, box, endpoint) => {
			const before = await tree(box);
			await app.send("Change everything");
			const after = await tree(box);
			assert.notDeepEqual(after, before);
			const { id } = chatOf(app);
			const shown = await choosing([/Put 8 files back/], () => app.restores.undoTask(id, turnAt(app, 0)));
			assert.deepEqual(await tree(box), before);
			assert.deepEqual(said(shown), ["Put back to before “Change everything”: 8 files."]);
			assert.deepEqual(chatOf(app).changes, {});
			assert.equal(chatOf(app).turns.length, 1);

			await choosing([], () => app.restores.undoRestore(id));
			assert.deepEqual(await tree(box), after);
			assert.equal(chatOf(app).restored, undefined);

			await choosing([/Put 8 files back/], () => app.restores.undoTask(id, turnAt(app, 0)));
			assert.deepEqual(await tree(box), before);
			await app.send("And now?");
			const told = endpoint.requests.at(-1)?.body.messages.at(-1)?.content ?? "";
			assert.match(told, /^And now\?/);
			assert.match(told, /put files back .*"Change everything": .*box\/a\.txt/);
		}));

	it("of an earlier message takes the later ones' changes along", () =>
		withBox(
			[
				{ calls: [edit("box/a.txt", "line 3", "one")] },
				{ text: "One." },
				{ calls: [bash("cd box && sed -i 's/^one/two/' a.txt && echo b > b.txt")] },
				{ text: "Two." },
			],
			fill,
			async (app, box) => {
				const before = await tree(box);
				await app.send("One");
				await app.send("Two");
				await choosing([/Put 2 files back/], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
				assert.deepEqual(await tree(box), before);
			},
		));

	it("counts a rename as one file, as the changes bar does, and names both", () =>
		withBox(
			[{ calls: [bash("cd box && mv gone.txt kept.txt && echo x >> a.txt")] }, { text: "Done." }],
			fill,
			async (app) => {
				await app.send("Rename it");
				await until(() => app.changes.files.length === 2);
				const { id } = chatOf(app);
				const restoring = await choosing([], () => app.restores.restore(id, turnAt(app, 0)));
				assert.deepEqual(lists(restoring)[0]?.items[0], {
					label: "$(history) Files and conversation",
					description: "2 files change, 1 message goes",
					detail: "box/a.txt, box/gone.txt → box/kept.txt",
				});
				const shown = await choosing([/Put 2 files back/], () => app.restores.undoTask(id, turnAt(app, 0)));
				assert.deepEqual(said(shown), ["Put back to before “Rename it”: 2 files."]);
			},
		));

	it("changes nothing when the person leaves", () =>
		withBox(task, fill, async (app, box) => {
			await app.send("Change everything");
			const after = await tree(box);
			const { next } = chatOf(app);
			const shown = await choosing([], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			assert.equal(lists(shown).length, 1);
			assert.deepEqual([await tree(box), chatOf(app).next], [after, next]);
		}));

	it("shows what would change, and then asks again", () =>
		withBox(task, fill, async (app, box) => {
			await app.send("Change everything");
			const shown = await choosing([/Show what would change/], () =>
				app.restores.undoTask(chatOf(app).id, turnAt(app, 0)),
			);
			assert.equal(lists(shown).length, 2);
			const label = () => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? "";
			await until(() => label().startsWith("Undo task: Change everything"));
			await until(() => vscode.workspace.textDocuments.some(({ uri }) => uri.path === join(box, "gone.txt")));
			const right = (name: string) =>
				vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "kimi-k2-kept" && uri.path === join(box, name));
			assert.equal(right("gone.txt")?.getText(), "still here\r\n");
			assert.equal(right("a.txt")?.getText(), LINES);
		}));

	it("says so where nothing is left to undo", () =>
		withBox([{ text: "Nothing to do." }], fill, async (app) => {
			await app.send("Look");
			const shown = await choosing([], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			assert.deepEqual(lists(shown), []);
			assert.match(said(shown)[0] ?? "", /^Nothing to undo/);
		}));
});

describe("files that the person edited after the task", () => {
	const script = [
		{ calls: [edit("box/a.txt", "line 3", "line three"), bash("echo n > box/n.txt")] },
		{ text: "Done." },
	];

	it("keep their edits where both fit", () =>
		withBox(script, fill, async (app, box) => {
			await app.send("Edit");
			const path = join(box, "a.txt");
			await writeFile(path, (await readFile(path, "utf8")).replace("line 9", "mine"));
			const shown = await choosing([/Put 2 files back and keep my edits/], () =>
				app.restores.undoTask(chatOf(app).id, turnAt(app, 0)),
			);
			assert.equal(await readFile(path, "utf8"), LINES.replace("line 9", "mine"));
			const [list] = lists(shown);
			assert.equal(list?.placeHolder, "You edited 1 file since: box/a.txt");
			assert.deepEqual(
				list?.items.map(({ label }) => label.replace(/^\S+ /, "")),
				[
					"Put 2 files back and keep my edits",
					"Put 1 file back and leave those that I edited",
					"Put 2 files back and overwrite my edits",
					"Show what would change",
				],
			);
		}));

	it("stay as they are when the person wants that", () =>
		withBox(script, fill, async (app, box) => {
			await app.send("Edit");
			const path = join(box, "a.txt");
			const mine = (await readFile(path, "utf8")).replace("line 9", "mine");
			await writeFile(path, mine);
			await choosing([/leave those that I edited/], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			assert.equal(await readFile(path, "utf8"), mine);
			assert.equal("n.txt" in (await tree(box)), false);
		}));

	it("are overwritten only on their word, and come back with Undo", () =>
		withBox(script, fill, async (app, box) => {
			await app.send("Edit");
			const path = join(box, "a.txt");
			const mine = (await readFile(path, "utf8")).replace("line three", "line 3 is mine");
			await writeFile(path, mine);
			const { id } = chatOf(app);
			const shown = await choosing([/overwrite my edits/], () => app.restores.undoTask(id, turnAt(app, 0)));
			assert.match(lists(shown)[0]?.items[0]?.detail ?? "", /Stays as you have it: box\/a\.txt/);
			assert.equal(await readFile(path, "utf8"), LINES);
			await choosing([], () => app.restores.undoRestore(id));
			assert.equal(await readFile(path, "utf8"), mine);
		}));

	it("count as edited when they were not saved; overwritten, the editor shows what is on disk", () =>
		withBox(script, fill, async (app, box) => {
			await app.send("Edit");
			const path = join(box, "a.txt");
			const document = await type(path, "mine ", 3);
			const typed = document.getText();
			const { id } = chatOf(app);
			const shown = await choosing([/overwrite my edits/], () => app.restores.undoTask(id, turnAt(app, 0)));
			assert.deepEqual(said(shown), ["Put back to before “Edit”: 2 files."]);
			assert.equal(await readFile(path, "utf8"), LINES);
			await until(() => document.getText() === LINES);
			assert.equal(document.isDirty, false);
			await choosing([], () => app.restores.undoRestore(id));
			assert.equal(await readFile(path, "utf8"), typed);
			await until(() => document.getText() === typed);
		}));

	it("keep what was not saved where both fit, and it is saved then", () =>
		withBox(script, fill, async (app, box) => {
			await app.send("Edit");
			const path = join(box, "a.txt");
			const document = await type(path, "mine\n", 9);
			await choosing([/keep my edits/], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			const merged = LINES.replace("line 9", "mine\nline 9");
			assert.equal(await readFile(path, "utf8"), merged);
			await until(() => document.getText() === merged && !document.isDirty);
		}));

	it("are written as well where the person took the edit out by hand and did not save that", () =>
		withBox(script, fill, async (app, box) => {
			await app.send("Edit");
			const path = join(box, "a.txt");
			const document = await type(path, "");
			const back = new vscode.WorkspaceEdit();
			back.replace(document.uri, document.lineAt(3).range, "line 3");
			await vscode.workspace.applyEdit(back);
			assert.deepEqual([document.getText(), document.isDirty], [LINES, true]);
			await choosing([/Put 2 files back/], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			assert.equal(await readFile(path, "utf8"), LINES);
			await until(() => document.getText() === LINES && !document.isDirty);
		}));

	it("no conflict is left where a command wrote what the person has open and unsaved", () =>
		withBox(
			[{ calls: [bash("echo shell >> box/a.txt; rm box/gone.txt")] }, { text: "Done." }],
			fill,
			async (app, box) => {
				const document = await type(join(box, "gone.txt"), "mine ");
				await app.send("Edit");
				const { id } = chatOf(app);
				const list = await choosing([], () => app.restores.undoTask(id, turnAt(app, 0)));
				assert.match(lists(list)[0]?.placeHolder ?? "", /box\/gone\.txt/);
				await choosing([/overwrite my edits/], () => app.restores.undoTask(id, turnAt(app, 0)));
				assert.equal(await readFile(join(box, "gone.txt"), "utf8"), "still here\r\n");
				await until(() => document.getText() === "still here\r\n" && !document.isDirty);
			},
		));

	it("a file that became a folder is named, and the others go back", () =>
		withBox(script, fill, async (app, box) => {
			await app.send("Edit");
			await rm(join(box, "a.txt"));
			await mkdir(join(box, "a.txt"));
			await writeFile(join(box, "a.txt", "mine"), "mine\n");
			const shown = await choosing([/overwrite my edits/], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			assert.deepEqual(said(shown), [
				"Put back to before “Edit”: 1 file. 1 file could not be put back. box/a.txt: A folder of that name is there now.",
			]);
			const now = await tree(box);
			assert.deepEqual([now["a.txt/mine"], "n.txt" in now], ["644 mine\n", false]);
		}));

	it("are left alone where another branch was checked out meanwhile", () => {
		const repository = async (box: string) => {
			await fill(box);
			await withBranches(box);
		};
		return withBox(script, repository, async (app, box) => {
			await app.send("Edit");
			await git(box, "checkout", "-qf", "other");
			const before = await git(box, "rev-parse", "HEAD");
			await choosing([/Put 1 file back/], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			assert.equal(await readFile(join(box, "a.txt"), "utf8"), "another text\n");
			assert.deepEqual([await git(box, "rev-parse", "HEAD"), await git(box, "status", "-s")], [before, ""]);
		});
	});
});
