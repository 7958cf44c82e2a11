import assert from "node:assert/strict";
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "../../src/vscode/app.ts";
import { answering } from "./dialogs.ts";
import { bash, chatOf, choosing, edit, lists, said, tree, turnAt, withBox } from "./restore.ts";
import { until } from "./setup.ts";

const fill = (box: string) => writeFile(join(box, "a.txt"), "one\n");

const two = [
	{ calls: [edit("box/a.txt", "one", "two")] },
	{ text: "First." },
	{ calls: [bash("echo three > box/a.txt; echo b > box/b.txt")] },
	{ text: "Second." },
];

const prompts = (app: App) => chatOf(app).turns.map(({ prompt }) => prompt);

/** What the composer was given meanwhile. */
async function composed(app: App, use: () => Promise<void>): Promise<readonly string[]> {
	const texts: string[] = [];
	const { compose } = app.view;
	app.view.compose = (text) => texts.push(text);
	try {
		await use();
	} finally {
		app.view.compose = compose;
		app.drafts.text = "";
	}
	return texts;
}

/** As after a reload: the chat is read from its log again. */
async function reload(app: App): Promise<void> {
	const { id } = chatOf(app);
	await app.chats.create();
	await app.chats.open(id);
}

describe("Restore to here", () => {
	it("with files and conversation forgets what came after, gives the prompt back, and can be undone", () =>
		withBox([...two, { text: "Third." }], fill, async (app, box, endpoint) => {
			app.drafts.text = "";
			await app.send("First");
			const before = await tree(box);
			const then = chatOf(app);
			await app.send("Second\nwith more");
			const after = await tree(box);
			const { id } = then;
			const texts = await composed(app, async () => {
				const shown = await choosing([/Files and conversation/], () => app.restores.restore(id, turnAt(app, 1)));
				const [list] = lists(shown);
				assert.equal(list?.title, "Restore to before: Second");
				assert.deepEqual(
					list?.items.map(({ label, description }) => [label.replace(/^\S+ /, ""), description]),
					[
						["Files and conversation", "2 files change, 1 message goes"],
						["Only files", "2 files change"],
						["Only the conversation", "1 message goes"],
						["Show what would change", undefined],
					],
				);
				assert.deepEqual(said(shown), ["Conversation and 2 files are as before “Second”."]);
				assert.deepEqual([await tree(box), prompts(app)], [before, ["First"]]);
				assert.deepEqual([chatOf(app).seen, chatOf(app).changes], [then.seen, then.changes]);

				await choosing([], () => app.restores.undoRestore(id));
				assert.deepEqual([await tree(box), prompts(app)], [after, ["First", "Second\nwith more"]]);
			});
			assert.deepEqual(texts, ["Second\nwith more", ""]);

			await choosing([/Files and conversation/], () => app.restores.restore(id, turnAt(app, 1)));
			await app.send("Something else");
			assert.deepEqual([prompts(app), await tree(box)], [["First", "Something else"], before]);
			const { messages } = endpoint.requests.at(-1)?.body ?? assert.fail();
			assert.deepEqual(
				messages.filter(({ role }) => role === "user").map(({ content }) => content),
				["First", "Something else"],
			);
		}));

	it("with the conversation alone leaves the files and tells the model of them", () =>
		withBox([...two, { text: "Third." }], fill, async (app, box, endpoint) => {
			await app.send("First");
			await app.send("Second");
			const after = await tree(box);
			await choosing([/Only the conversation/], () => app.restores.restore(chatOf(app).id, turnAt(app, 1)));
			assert.deepEqual([prompts(app), await tree(box)], [["First"], after]);
			await app.send("Third");
			const told = endpoint.requests.at(-1)?.body.messages.at(-1)?.content ?? "";
			assert.match(told, /These files have changed meanwhile: box\/a\.txt, box\/b\.txt\./);
			const shown = await choosing([/Put 2 files back/], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			assert.deepEqual(said(shown), ["Put back to before “First”: 2 files."]);
			assert.deepEqual(await tree(box), { "a.txt": "644 one\n" });
		}));

	it("with files alone keeps the conversation", () =>
		withBox(two, fill, async (app, box) => {
			await app.send("First");
			await app.send("Second");
			await choosing([/Only files/], () => app.restores.restore(chatOf(app).id, turnAt(app, 0)));
			assert.deepEqual([prompts(app), await tree(box)], [["First", "Second"], { "a.txt": "644 one\n" }]);
		}));

	it("is undone by the button of its notification, also when another chat is in front by then", () =>
		withBox(two, fill, async (app, box) => {
			await app.send("First");
			await app.send("Second");
			const after = await tree(box);
			const { id } = chatOf(app);
			await answering(
				{
					showQuickPick: (items: readonly unknown[]) => items[0],
					showInformationMessage: async (text: string) => {
						if (!text.startsWith("Conversation and")) return undefined;
						await app.chats.create();
						return "Undo";
					},
				},
				async () => {
					await app.restores.restore(id, turnAt(app, 0));
					await until(() => app.chats.active?.session.chat.id === id && prompts(app).length === 2);
				},
			);
			assert.deepEqual([prompts(app), await tree(box)], [["First", "Second"], after]);
		}));

	it("to the first message leaves a chat that can be found and taken back, and is no new one", () =>
		withBox(two, fill, async (app) => {
			await app.send("First");
			const { id } = chatOf(app);
			await choosing([/Only the conversation/], () => app.restores.restore(id, turnAt(app, 0)));
			assert.deepEqual(prompts(app), []);
			await app.chats.create();
			assert.notEqual(chatOf(app).id, id);
			assert.deepEqual(chatOf(app).changes, {});
			assert.deepEqual((await app.chats.list()).find((chat) => chat.id === id)?.title, "First");
			await choosing([], () => app.restores.undoRestore(id));
			assert.deepEqual([chatOf(app).id, prompts(app)], [id, ["First"]]);
		}));

	it("keeps what stands in the composer already", () =>
		withBox([{ text: "Hello." }], fill, async (app) => {
			await app.send("First");
			app.drafts.text = "not sent yet";
			let draft = "";
			const texts = await composed(app, async () => {
				await choosing([/Only the conversation/], () => app.restores.restore(chatOf(app).id, turnAt(app, 0)));
				draft = app.drafts.text;
			});
			// The view knows best what stands there, and puts it above.
			assert.deepEqual([texts, draft], [["First"], "First\n\nnot sent yet"]);
		}));

	it("during a run stops it first, waits for its end, and then covers what it did", () =>
		withBox([{ calls: [bash("echo b > box/b.txt; sleep 60")] }, { text: "Never." }], fill, async (app, box) => {
			const before = await tree(box);
			const turn = app.send("Run");
			await until(() => Object.keys(app.chats.active?.session.live.running ?? {}).length > 0);
			await until(() => chatOf(app).turns.length > 0);
			while (!("b.txt" in (await tree(box)))) await new Promise((resolve) => setTimeout(resolve, 20));
			const { id } = chatOf(app);
			const refused = await choosing([], () => app.restores.restore(id, turnAt(app, 0)));
			assert.equal(lists(refused)[0]?.placeHolder, "Kimi K2 is still working on this chat.");
			assert.equal(app.chats.active?.running, true);
			await choosing([/Stop it and go on/, /Only files/], () => app.restores.restore(id, turnAt(app, 0)));
			await turn;
			assert.equal(chatOf(app).turns[0]?.ended, "stopped");
			assert.deepEqual(await tree(box), before);
		}));

	it("asks anew where the chat went on while the person thought", () =>
		withBox(two, fill, async (app, box) => {
			await app.send("First");
			const { id } = chatOf(app);
			const seen: string[] = [];
			await answering(
				{
					showQuickPick: async (items: readonly { label: string; description?: string }[]) => {
						seen.push(items[0]?.description ?? "");
						if (seen.length === 1) await app.send("Second");
						return items[0];
					},
				},
				() => app.restores.restore(id, turnAt(app, 0)),
			);
			assert.deepEqual(seen, ["1 file changes, 1 message goes", "2 files change, 2 messages go"]);
			assert.deepEqual([prompts(app), await tree(box)], [[], { "a.txt": "644 one\n" }]);
		}));
});

describe("checkpoints after a reload", () => {
	it("still undo the task, and the undo of it", () =>
		withBox(two, fill, async (app, box) => {
			await app.send("First");
			await app.send("Second");
			const after = await tree(box);
			app.checkpointStore.dispose();
			await reload(app);
			const { id } = chatOf(app);
			await choosing([/Files and conversation/], () => app.restores.restore(id, turnAt(app, 0)));
			assert.deepEqual(await tree(box), { "a.txt": "644 one\n" });
			await reload(app);
			await choosing([], () => app.restores.undoRestore(id));
			assert.deepEqual([await tree(box), prompts(app)], [after, ["First", "Second"]]);
		}));

	it("a chat that was deleted says so and changes nothing", () =>
		withBox(two, fill, async (app, box) => {
			await app.send("First");
			const { id } = chatOf(app);
			const turn = turnAt(app, 0);
			const after = await tree(box);
			await app.chats.remove(id);
			const shown = await choosing([], () => app.restores.undoTask(id, turn));
			assert.equal(shown[0]?.dialog, "showErrorMessage");
			assert.deepEqual(await tree(box), after);
		}));

	it("are deleted on the person's word, and the task says then that nothing is kept", () =>
		withBox([...two.slice(0, 2), ...two.slice(2)], fill, async (app, box) => {
			await app.send("First");
			const folder = join(app.context.storageUri?.fsPath ?? assert.fail(), "checkpoints");
			assert.ok((await stat(folder)).isDirectory());
			const { deleteCheckpoints } = await import("../../src/vscode/review/restore-commands.ts");
			await choosing([], () => deleteCheckpoints(app));
			assert.ok((await stat(folder)).isDirectory());
			await choosing([/Delete the checkpoints/], () => deleteCheckpoints(app));
			await assert.rejects(stat(folder));
			const shown = await choosing([], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 0)));
			assert.match(said(shown)[0] ?? "", /1 file can't be put back/);
			assert.equal(await readFile(join(box, "a.txt"), "utf8"), "two\n");
			// A new task is covered again.
			await app.send("Second");
			const before = await readFile(join(box, "a.txt"), "utf8");
			assert.equal(before, "three\n");
			await choosing([/Put 2 files back/], () => app.restores.undoTask(chatOf(app).id, turnAt(app, 1)));
			assert.equal(await readFile(join(box, "a.txt"), "utf8"), "two\n");
		}));
});

describe("the palette's ways back", () => {
	it("undo the last task that changed a file, list messages newest first, and undo the restore", () =>
		withBox([...two, { text: "Third." }], fill, async (app, box) => {
			await app.send("First");
			await app.send("Second");
			await app.send("Third");
			const { undoLastTask, pickRestore, undoLastRestore } = await import(
				"../../src/vscode/review/restore-commands.ts"
			);
			const after = await tree(box);
			const shown = await choosing([/Put 2 files back/], () => undoLastTask(app));
			assert.equal(lists(shown)[0]?.title, "Undo task: Second");
			await choosing([], () => undoLastRestore(app));
			assert.deepEqual(await tree(box), after);
			const listed = await choosing([/First/, /Files and conversation/], () => pickRestore(app));
			assert.deepEqual(
				lists(listed)[0]?.items.map(({ label, description }) => [label, description]),
				[
					["Third", ""],
					["Second", "2 files"],
					["First", "2 files"],
				],
			);
			assert.deepEqual([prompts(app), await tree(box)], [[], { "a.txt": "644 one\n" }]);
		}));
});

describe("where files can't go back", () => {
	it("Undo task says why, and Restore offers the conversation alone", () =>
		withBox(two, fill, async (app, box) => {
			await app.send("First");
			const after = await tree(box);
			const { id } = chatOf(app);
			Object.defineProperty(app, "checkpoints", { configurable: true, get: () => undefined });
			try {
				const why = "No folder is open, so no files were kept.";
				const undone = await choosing([], () => app.restores.undoTask(id, turnAt(app, 0)));
				assert.deepEqual([lists(undone), said(undone)], [[], [why]]);
				const shown = await choosing([/Only the conversation/], () => app.restores.restore(id, turnAt(app, 0)));
				assert.deepEqual([lists(shown)[0]?.placeHolder, lists(shown)[0]?.items.length], [why, 1]);
			} finally {
				Reflect.deleteProperty(app, "checkpoints");
			}
			assert.deepEqual([prompts(app), await tree(box)], [[], after]);
		}));

	it("because another window continued the chat, that is said, and the chat is shown as it is on disk", () =>
		withBox(two, fill, async (app, box) => {
			await app.send("First");
			const { id, next } = chatOf(app);
			const storage = app.context.storageUri?.fsPath ?? assert.fail();
			const lines = [
				{ type: "titled", seq: next, at: 1, title: "From elsewhere" },
				{ type: "allowed", seq: next + 1, at: 1, rules: [] },
			].map((line) => `${JSON.stringify(line)}\n`);
			await appendFile(join(storage, "chats", `${id}.jsonl`), lines.join(""));
			const shown = await choosing([/Put 1 file back/], () => app.restores.undoTask(id, turnAt(app, 0)));
			assert.match(said(shown)[0] ?? "", /^The files were put back, but the chat was not: .*[Aa]nother window/);
			assert.equal(chatOf(app).title, "From elsewhere");
			assert.deepEqual(await tree(box), { "a.txt": "644 one\n" });
			// It is not lost to the log of the other window: what is there already is nothing to undo.
			const again = await choosing([], () => app.restores.undoTask(id, turnAt(app, 0)));
			assert.match(said(again)[0] ?? "", /^Nothing to undo/);
		}));

	it("no turn begins while files are on their way back", () =>
		withBox(two, fill, async (app) => {
			await app.send("First");
			Object.defineProperty(app.restores, "isWriting", { configurable: true, get: () => true });
			const texts = await composed(app, () => app.send("Second"));
			Reflect.deleteProperty(app.restores, "isWriting");
			assert.deepEqual([texts, prompts(app)], [["Second"], ["First"]]);
		}));
});
