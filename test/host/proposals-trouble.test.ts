// What may happen to an open proposal from outside: git, another window, the disk.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import { git, withBranches } from "./branches.ts";
import { answering, words } from "./dialogs.ts";
import { buttons, edits, LINES, openDiff, press, reviewing, run, told, withLines } from "./proposals.ts";
import { edit, withBox } from "./restore.ts";
import { activeApp, asked, calls, setting, until } from "./setup.ts";

const execute = promisify(execFile);

async function repository(box: string): Promise<void> {
	await writeFile(join(box, "a.txt"), LINES);
	await withBranches(box);
}

function storage(app: App, ...path: readonly string[]): string {
	return join((app.context.storageUri ?? app.context.globalStorageUri).fsPath, ...path);
}

describe("another branch that is checked out", () => {
	it("under an open proposal is not written over, and the model is told", () =>
		withBox([{ calls: [edits("box/a.txt")] }, { text: "Done." }], repository, async (app, box, endpoint) => {
			await setting("mode", "ask");
			const turn = app.send("Edit");
			await asked(app);
			const { diff } = await openDiff();
			await answering({}, async () => {
				await git(box, "checkout", "-q", "other");
				await until(() => vscode.workspace.textDocuments.some((each) => each.getText() === "another text\n"));
			});
			assert.match((await buttons(diff.right))[0]?.[1] ?? "", /^The file changed since/);
			await run("accept");
			await turn;
			assert.match(told(endpoint), /changed while the call waited for approval/);
			const status = await git(box, "status", "-s");
			assert.deepEqual([await readFile(join(box, "a.txt"), "utf8"), status], ["another text\n", ""]);
		}));

	it("under changes that wait is not written over by an undo, and they are as they were on the way back", () =>
		withBox(
			[{ calls: [edit("box/a.txt", "line 3\n", "LINE 3\n")] }, { text: "Done." }],
			repository,
			async (app, box) => {
				await app.send("Edit");
				await app.changes.settled();
				const waiting = app.viewState().changes;
				assert.deepEqual(waiting, [{ path: "box/a.txt", kind: "changed", added: 1, removed: 1 }]);
				await git(box, "commit", "-qam", "edited");
				await git(box, "checkout", "-q", "other");
				await until(() => app.viewState().changes[0]?.edited === true);
				const shown = await answering({}, () => vscode.commands.executeCommand("kimiK2.undoAll") as Promise<void>);
				assert.match(words(shown)[0]?.[1] ?? "", /^You edited box\/a\.txt in the same lines/);
				const status = await git(box, "status", "-s");
				assert.deepEqual([await readFile(join(box, "a.txt"), "utf8"), status], ["another text\n", ""]);
				await git(box, "checkout", "-q", "main");
				await until(() => app.viewState().changes[0]?.edited === undefined);
				assert.deepEqual(app.viewState().changes, waiting);
				await vscode.commands.executeCommand("kimiK2.undoAll");
				assert.equal(await readFile(join(box, "a.txt"), "utf8"), LINES);
			},
		));
});

describe("an open proposal", () => {
	it("whose file became read-only is not written, and the model is told why", function () {
		return reviewing("locked.txt", async ({ turn, path, endpoint, app }) => {
			// Root may write what is read-only, but nobody what the file system holds for immutable.
			const isLocked = await execute("chattr", ["+i", path]).then(
				() => true,
				() => false,
			);
			try {
				if (!isLocked) await app.chats.active?.stop();
				else await run("accept");
				await turn;
			} finally {
				if (isLocked) await execute("chattr", ["-i", path]);
			}
			// Not every file system and container knows the attribute.
			if (!isLocked) return this.skip();
			assert.equal(await readFile(path, "utf8"), LINES);
			assert.deepEqual([calls(app)[0]?.state, /locked\.txt/.test(told(endpoint))], ["failed", true]);
		});
	});

	it("whose file became a folder changes nothing in it", () =>
		reviewing("folder.txt", async ({ turn, path, endpoint, app }) => {
			await answering({}, async () => {
				await rm(path);
				await mkdir(path);
				await writeFile(join(path, "mine.txt"), "mine\n");
			});
			await run("accept");
			await turn;
			assert.deepEqual(await readdir(path), ["mine.txt"]);
			assert.equal(calls(app)[0]?.state, "failed", told(endpoint));
			await rm(path, { recursive: true });
		}));

	it("of a chat that another window went on with is not carried out: the chat is shown as that window left it", () =>
		reviewing("elsewhere.txt", async ({ app, turn, path }) => {
			const chat = app.chats.active?.session.chat ?? assert.fail();
			const lines = [
				{ type: "titled", title: "by the other window", seq: chat.next, at: 1 },
				{ type: "allowed", rules: [], seq: chat.next + 1, at: 1 },
			].map((line) => `${JSON.stringify(line)}\n`);
			await appendFile(storage(app, "chats", `${chat.id}.jsonl`), lines.join(""));
			await run("accept");
			await turn;
			await until(() => app.chats.active?.session.chat.title === "by the other window");
			assert.equal(await readFile(path, "utf8"), LINES);
		}));

	it("is reviewed to its end where nothing can be kept for after a reload, and that is said once", async () => {
		const folder = storage(await activeApp(), "reviews");
		await rename(folder, `${folder}.away`).catch(() => undefined);
		// As on a full disk, whoever runs this: no draft can be written below a file.
		await writeFile(folder, "");
		try {
			const shown = await answering({}, () =>
				reviewing("full.txt", async ({ app, diff, turn, path }) => {
					const chat = app.chats.active ?? assert.fail();
					const reviewed = () => chat.session.live.reviewing[chat.asked[0]?.id ?? ""];
					await press(diff.right, 12, "Reject");
					await until(() => reviewed()?.rejected === 1);
					await press(diff.right, 3, "Accept");
					await until(() => reviewed()?.accepted === 1);
					await press(diff.right, 25, "Accept");
					await turn;
					assert.equal(await readFile(path, "utf8"), withLines(LINES, 3, 25));
					await until(() => vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0));
				}),
			);
			const said = words(shown).filter(([, text]) => /can't be kept for after a reload/.test(text ?? ""));
			assert.equal(said.length, 1);
		} finally {
			for (const each of [folder, `${folder}.away`]) await rm(each, { recursive: true, force: true });
		}
	});
});
