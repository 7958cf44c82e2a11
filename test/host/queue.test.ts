import assert from "node:assert/strict";
import type { App } from "../../src/vscode/app.ts";
import { asked, reopened, until, withScript } from "./setup.ts";

const write = (path: string) => ({ calls: [{ tool: "Write", args: { path, content: "1\n" } }] });
const active = (app: App) => app.chats.active ?? assert.fail("no chat");
const chatOf = (app: App) => active(app).session.chat;
const prompts = (app: App) => chatOf(app).turns.map(({ prompt }) => prompt);
const add = (app: App, text: string) => app.queue(active(app), { do: "add", text });
const queue = (app: App) => chatOf(app).queue;

describe("messages that wait, inside VS Code", () => {
	it("follow one after the other once a turn is done; one that is rewritten holds them up until it is", () =>
		withScript([write("q.txt"), { text: "1" }, { text: "2" }, { text: "3" }, { text: "4" }], async (app) => {
			const turn = app.send("Go");
			const { call } = await asked(app);
			for (const text of ["one", "two", "three"]) await add(app, text);
			const [, two] = queue(app);
			await app.queue(active(app), { do: "hold", id: two?.id ?? "" });
			call.answer({ verdict: "deny" });
			await turn;
			assert.deepEqual(prompts(app), ["Go", "one"]);
			await app.queue(active(app), { do: "release", id: two?.id ?? "", text: "TWO" });
			assert.deepEqual(prompts(app), ["Go", "one", "TWO", "three"]);
			assert.deepEqual(queue(app), []);
			assert.deepEqual(
				chatOf(app).turns.map(({ ended }) => ended),
				["done", "done", "done", "done"],
			);
		}));

	it("that come as the turn ends are not left behind", () =>
		withScript([{ text: "1" }, { text: "2" }], async (app) => {
			await app.send("Go");
			await add(app, "one");
			assert.deepEqual([prompts(app), queue(app)], [["Go", "one"], []]);
		}));

	it("wait after Stop and after a reload, each chat with its own, until the person sends them", () =>
		withScript([write("q.txt"), write("q.txt"), { text: "2" }, { text: "3" }], async (app) => {
			const stopped = app.send("Go");
			await asked(app);
			await add(app, "one");
			await active(app).stop();
			await stopped;
			await add(app, "two");
			const texts = () => queue(app).map(({ text }) => text);
			assert.deepEqual([prompts(app), texts()], [["Go"], ["one", "two"]]);
			const { id } = chatOf(app);
			const other = app.chats.create().then(() => app.send("Other"));
			await until(() => prompts(app)[0] === "Other");
			await asked(app);
			assert.deepEqual(texts(), []);
			await active(app).stop();
			await other;
			await app.chats.open(id);
			await reopened(app, Promise.resolve());
			assert.deepEqual(texts(), ["one", "two"]);
			await app.queue(active(app), { do: "move", id: queue(app)[1]?.id ?? "", by: -1 });
			assert.deepEqual([prompts(app), texts()], [["Go"], ["two", "one"]]);
			await app.sendQueued(active(app), undefined);
			assert.deepEqual([prompts(app), texts()], [["Go", "two", "one"], []]);
		}));
});
