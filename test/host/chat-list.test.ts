import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import { deleteChat, fork, importFile, renameChat } from "../../src/vscode/chat-actions.ts";
import { itemsOf } from "../../src/vscode/history.ts";
import { opHandlers } from "../../src/vscode/ops.ts";
import { canary, pieceIn } from "../security/canary.ts";
import { answering, words } from "./dialogs.ts";
import { asked, setting, until, withFile, withScript, workspacePath } from "./setup.ts";

const DAY = 24 * 3_600_000;
const command = { calls: [{ tool: "Bash", id: "functions.Bash:0", args: { command: "touch unseen.txt" } }] };

/** Without what other suites left. */
async function deleteAll(app: App): Promise<void> {
	for (const { id } of await app.chats.list()) await app.chats.remove(id);
}

const front = ({ chats }: App) => (chats.active ?? assert.fail()).session.chat;
const folderOf = ({ context }: App) => join(context.storageUri?.fsPath ?? assert.fail(), "chats");
const named = ({ id, title }: { id: string; title: string }) => ({ id, title });
const exported = () => workspacePath("exported");

async function exportFront(app: App, kind: number): Promise<string> {
	const answers = {
		showQuickPick: (items: readonly unknown[]) => items[kind],
		showSaveDialog: () => vscode.Uri.file(exported()),
	};
	await answering(answers, async () => {
		await vscode.commands.executeCommand("kimiK2.exportChat");
	});
	const text = await readFile(exported(), "utf8");
	await rm(exported());
	assert.ok(front(app));
	return text;
}

/** Imports a file with this text; what was said. */
async function importText(app: App, text: string) {
	await writeFile(exported(), text);
	const shown = await answering({ showOpenDialog: () => [vscode.Uri.file(exported())] }, () => importFile(app));
	await rm(exported());
	return words(shown).filter(([dialog]) => dialog === "showErrorMessage");
}

describe("the list of chats", () => {
	it("has pinned ones first, then those of today, yesterday and earlier, each with its state", () =>
		withScript([{ text: "Done." }, command], async (app) => {
			await deleteAll(app);
			await app.send("First thing");
			const { id } = front(app);
			await app.chats.create();
			const turn = app.send("Second thing");
			await asked(app);
			await app.chats.pin(id, true);
			const stored = await app.chats.list();
			const now = new Date(2026, 10, 22, 9).getTime();
			const [second, first] = [stored.find((chat) => chat.id !== id), stored.find((chat) => chat.id === id)];
			assert.ok(first && second);
			const at = (chat: typeof first, days: number, more = {}) => ({ ...chat, at: now - days * DAY, ...more });
			const rows = itemsOf(
				app,
				[at(second, 0), at(first, 9), at(second, 1, { id: "y", open: true }), at(second, 2, { id: "z", open: false })],
				now,
			);
			assert.deepEqual(
				rows.map(({ label, description, chat }) => (chat ? [label, description?.split(" · ")[0]] : label)),
				[
					"Pinned",
					["First thing", rows[1]?.description?.split(" · ")[0]],
					"Today",
					["Second thing", "waits for you"],
					"Yesterday",
					["Second thing", "interrupted"],
					"Earlier",
					["Second thing", rows[7]?.description?.split(" · ")[0]],
				],
			);
			assert.deepEqual(
				rows[1]?.buttons?.map(({ tooltip }) => tooltip),
				["Unpin", "Rename", "Fork: go on in a copy", "Export", "Delete this chat"],
			);
			assert.equal(rows[1]?.detail, "First thing");
			await app.chats.active?.stop();
			await turn;
		}));

	it("renames a chat while it runs, and one that is only on disk", () =>
		withScript([{ text: "Done." }, command], async (app) => {
			await deleteAll(app);
			await app.send("First thing");
			const first = front(app);
			await app.chats.create();
			const turn = app.send("Second thing");
			await asked(app);
			await answering({ showInputBox: () => "Running" }, async () => {
				await vscode.commands.executeCommand("kimiK2.renameChat");
			});
			await answering({ showInputBox: () => " On disk " }, () => renameChat(app, named(first)));
			await answering({ showInputBox: () => undefined }, () => renameChat(app, named(first)));
			assert.deepEqual((await app.chats.list()).map(({ title }) => title).sort(), ["On disk", "Running"]);
			assert.equal(front(app).title, "Running");
			await app.chats.active?.stop();
			await turn;
		}));

	it("pins and deletes the chat in front from the palette, and says so", () =>
		withScript([{ text: "Done." }], async (app) => {
			await deleteAll(app);
			const command = (name: string) => vscode.commands.executeCommand(`kimiK2.${name}`);
			await answering({}, async () => void (await command("deleteChat")));
			await app.send("Work");
			const pins = async () => (await app.chats.list()).map(({ pinned }) => pinned);
			const spoken: string[] = [];
			const announce = app.announce.bind(app);
			app.announce = (text) => spoken.push(text);
			await command("pinChat");
			assert.deepEqual(await pins(), [true]);
			await command("pinChat");
			app.announce = announce;
			assert.deepEqual(await pins(), [false]);
			assert.match(spoken.join(), /is pinned.*no longer pinned/);
			await answering({}, async () => void (await command("deleteChat")));
			assert.equal((await pins()).length, 1);
			await answering({ showWarningMessage: () => "Delete" }, async () => void (await command("deleteChat")));
			assert.deepEqual(await pins(), []);
		}));

	it("deletes a chat once the person said so, also one that works", () =>
		withScript([command], async (app) => {
			await deleteAll(app);
			const turn = app.send("Work");
			const { run } = await asked(app);
			await answering({}, async () => assert.equal(await deleteChat(app, named(front(app))), false));
			assert.equal(run.running, true);
			const shown = await answering({ showWarningMessage: () => "Delete" }, async () => {
				assert.equal(await deleteChat(app, named(front(app))), true);
			});
			await turn;
			assert.match(JSON.stringify(shown), /It is working/);
			assert.deepEqual(await app.chats.list(), []);
			await assert.rejects(readFile(workspacePath("unseen.txt")));
		}));

	it("goes on in the window where a chat runs when another one renames, pins or deletes it", () =>
		withScript([command, { text: "Still here." }, command, { text: "never" }], async (app) => {
			const turn = app.send("Work");
			const { call } = await asked(app);
			const { id, next } = front(app);
			const line = JSON.stringify({ type: "titled", seq: next, at: 1, title: "From elsewhere" });
			await appendFile(join(folderOf(app), `${id}.jsonl`), `${line}\n`);
			await writeFile(join(folderOf(app), `${id}.pinned`), "");
			call.answer({ verdict: "deny" });
			await turn;
			assert.deepEqual([front(app).title, front(app).turns[0]?.ended], ["From elsewhere", "done"]);
			assert.equal((await app.chats.list()).find((chat) => chat.id === id)?.pinned, true);
			const second = app.send("More");
			await asked(app);
			for (const name of await readdir(folderOf(app))) if (name.startsWith(id)) await rm(join(folderOf(app), name));
			app.chats.active?.asked[0]?.answer({ verdict: "deny" });
			await second;
			assert.match(app.viewState().notice?.text ?? "", /deleted in another window/);
			await app.chats.remove(id);
		}));
});

describe("a chat that another window works in", () => {
	it("is listed as such, not as interrupted, and nothing is sent or noted in it until that window is done", () =>
		withScript([{ text: "Done." }, { text: "More." }], async (app) => {
			await deleteAll(app);
			await app.send("Work");
			const { id } = front(app);
			await app.chats.create();
			const log = join(folderOf(app), `${id}.jsonl`);
			const before = `${await readFile(log, "utf8")}${JSON.stringify({ type: "prompted", seq: front(app).next + 9, at: 1, text: "There" })}\n`;
			await writeFile(log, before);
			const claim = join(folderOf(app), `${id}.working`);
			// The window that started this one is alive for as long as it is.
			await writeFile(claim, String(process.ppid));
			const items = itemsOf(app, await app.chats.list(), Date.now());
			assert.match(items.find(({ chat }) => chat?.id === id)?.description ?? "", /^working in another window/);
			const shown = await answering({}, async () => void (await app.chats.open(id)));
			assert.match(JSON.stringify(shown), /Another window works in this chat/);
			assert.equal(app.viewState().interrupted, false);
			await app.send("Me too");
			assert.match(app.viewState().notice?.text ?? "", /Another window works in this chat/);
			assert.equal(await readFile(log, "utf8"), before);
			await rm(claim);
			await app.chats.create();
			await app.chats.open(id);
			assert.equal(app.viewState().interrupted, true);
			await app.resume(app.chats.active);
			assert.equal(front(app).turns.at(-1)?.ended, "done");
			await until(() => !existsSync(claim));
		}));
});

describe("a copy of a chat", () => {
	it("forks before a message, with its text in the composer; the chat and the files stay as they are", () =>
		withScript([{ text: "One." }, { text: "Two." }, { text: "Three." }], async (app) => {
			await app.send("First");
			await app.send("Second");
			const before = front(app);
			app.drafts.text = "";
			const turn = before.turns[1]?.seq ?? assert.fail();
			await opHandlers(app).fork({ type: "fork", chat: before.id, turn });
			const forked = front(app);
			assert.notEqual(forked.id, before.id);
			assert.deepEqual(
				forked.turns.map(({ prompt }) => prompt),
				["First"],
			);
			assert.deepEqual([forked.title, app.drafts.text], ["First (fork)", "Second"]);
			await app.send("Second, otherwise");
			assert.equal(front(app).turns.length, 2);
			const again = await app.chats.open(before.id);
			assert.deepEqual("run" in again && again.run.session.chat, before);
			app.drafts.text = "";
		}));

	it("of one that works leaves out what is under way", () =>
		withScript([{ text: "One." }, command], async (app) => {
			await app.send("First");
			const turn = app.send("Work");
			const { run } = await asked(app);
			await fork(app, run.session.chat.id);
			assert.deepEqual(
				front(app).turns.map(({ prompt }) => prompt),
				["First"],
			);
			assert.equal(run.running, true);
			await run.stop();
			await turn;
		}));

	it("edits a prompt and sends it again, unasked where no file would go back", () =>
		withScript([{ text: "One." }, { text: "Two." }], async (app) => {
			app.drafts.text = "";
			await app.send("First");
			const { id, turns } = front(app);
			const shown = await answering({}, async () => {
				await opHandlers(app).editPrompt({ type: "editPrompt", chat: id, turn: turns[0]?.seq ?? -1 });
			});
			assert.deepEqual(
				shown.map(({ dialog }) => dialog),
				["showInformationMessage"],
			);
			assert.deepEqual([front(app).turns, app.drafts.text], [[], "First"]);
			await app.send("Better");
			assert.deepEqual(
				front(app).turns.map(({ prompt }) => prompt),
				["Better"],
			);
		}));
});

describe("a chat as a file", () => {
	it("is exported without secrets, to read and to import; the import has the same words and goes on", () =>
		withFile("notes.txt", `API_TOKEN=${canary}\nhome\n`, () =>
			withScript(
				[{ calls: [{ tool: "Read", args: { path: "notes.txt" } }] }, { text: `I saw ${canary}.` }, { text: "Again." }],
				async (app, endpoint) => {
					await app.keys.set(endpoint.url, canary);
					await app.send("Look");
					const chat = front(app);
					const [markdown, bundle] = [await exportFront(app, 0), await exportFront(app, 1)];
					await app.keys.remove(endpoint.url);
					assert.ok(pieceIn(JSON.stringify(chat)), JSON.stringify(chat.turns));
					for (const text of [markdown, bundle]) assert.equal(pieceIn(text), undefined, text);
					assert.match(markdown, /^# Look[\s\S]*> Look[\s\S]*<summary>Read · [\s\S]*I saw \[key\]\./);
					const [head = ""] = bundle.split("\n");
					assert.match(head, /"keys of endpoints":\d/);
					assert.ok(!bundle.includes(new URL(endpoint.url).host), bundle);
					assert.deepEqual(await importText(app, bundle), []);
					const imported = front(app);
					assert.notEqual(imported.id, chat.id);
					assert.equal(imported.title, "Look (imported)");
					assert.equal(imported.turns[0]?.steps.length, 2);
					await app.send("Go on");
					assert.equal(front(app).turns.length, 2);
				},
			),
		));

	it("that is none, or newer, or damaged, is refused with a sentence, and no chat comes of it", () =>
		withScript([], async (app) => {
			const before = (await app.chats.list()).length;
			for (const [text, says] of [
				["", /holds no chat/],
				['{"kimiK2Bundle":2}', /newer version/],
				['{"kimiK2Bundle":1}', /damaged/],
			] as const) {
				const [[, said] = ["", ""]] = await importText(app, text);
				assert.match(said, says);
			}
			assert.equal((await app.chats.list()).length, before);
		}));
});

describe("a chat in the background", () => {
	it("goes on when another one comes to the front, and says when it is done; Show leads there", () =>
		withScript([command, { text: "Done behind." }], async (app) => {
			await setting("mode", "ask");
			const turn = app.send("Work");
			const { run, call } = await asked(app);
			await app.chats.create();
			assert.equal(run.running, true);
			const shown = await answering({ showInformationMessage: () => "Show" }, async () => {
				call.answer({ verdict: "deny" });
				await turn;
				await until(() => app.chats.active === run);
			});
			assert.deepEqual(words(shown), [["showInformationMessage", "Done in another chat: Work"]]);
		}));
});
