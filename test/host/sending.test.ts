// What the person sent, while what goes with it is still read: taken back, followed by more, left behind in its chat.
import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "../../src/vscode/app.ts";
import { asked, heard, setting, until, withScript } from "./setup.ts";

const turns = (app: App) => app.chats.active?.session.chat.turns ?? [];
const names = (app: App) => app.attachments.rows.map(({ kind, detail }) => `${kind} ${detail}`);
const sending = (app: App) => app.outbox.rows(app.chats.active).map(({ text, count }) => [text, count]);

/** A page that is answered when the test says so. */
interface Slow {
	readonly url: string;
	/** Requests that wait. */
	readonly waiting: Set<ServerResponse>;
	answer(): void;
}

async function withSlowPage(use: (page: Slow) => Promise<void>): Promise<void> {
	const waiting = new Set<ServerResponse>();
	const server = createServer((request, response) => {
		waiting.add(response);
		request.socket.on("close", () => waiting.delete(response));
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	try {
		const answer = () => {
			for (const each of waiting) each.writeHead(200, { "content-type": "text/plain" }).end("Words of the page");
		};
		await use({ url, waiting, answer });
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

describe("a message whose attachments are still read", () => {
	beforeEach(() => setting("activeEditor", false));
	afterEach(() => setting("activeEditor", undefined));

	it("is taken back by Stop with nothing lost and nothing sent, above what was typed meanwhile, and that is said", () =>
		withScript([{ text: "Never." }], (app, endpoint) =>
			withSlowPage(async ({ url, waiting }) => {
				app.attachments.add({ kind: "page", url });
				app.attachments.add({ kind: "text", name: "log", text: "boom" });
				const sent = app.send("Look.");
				await until(() => waiting.size === 1);
				assert.deepEqual([sending(app), names(app)], [[["Look.", 2]], []]);
				app.drafts.text = "Later";
				app.attachments.add({ kind: "text", name: "more", text: "x" });
				const run = app.chats.active;
				const said = await heard(app, async () => {
					await app.stop(run);
					await sent;
				});
				assert.deepEqual(said, ["Not sent. Your message is back to be changed."]);
				assert.deepEqual([app.drafts.text, names(app)], ["Look.\n\nLater", [`page ${url}`, "text log", "text more"]]);
				assert.deepEqual([turns(app).length, sending(app), endpoint.requests.length], [0, [], 0]);
				// The page is not read for nobody.
				await until(() => waiting.size === 0);
			}),
		));

	it("is said with what it had when it was sent, and what is written meanwhile waits for its turn", () =>
		withScript([{ text: "One." }, { text: "Two." }], (app) =>
			withSlowPage(async ({ url, waiting, answer }) => {
				app.attachments.add({ kind: "page", url });
				const first = app.send("Look.");
				await until(() => waiting.size === 1);
				app.attachments.add({ kind: "text", name: "log", text: "boom" });
				const second = app.send("And this.");
				await until(() => sending(app).length === 2);
				answer();
				await Promise.all([first, second]);
				const said = turns(app).map(({ prompt, attached }) => [prompt, attached?.map(({ text }) => text)]);
				assert.deepEqual(said, [
					["Look.", ["Words of the page"]],
					["And this.", ["boom"]],
				]);
				assert.deepEqual([sending(app), names(app), app.drafts.text], [[], [], ""]);
			}),
		));

	it("is taken back alone, and the one after it goes on", () =>
		withScript([{ text: "Two." }], (app) =>
			withSlowPage(async ({ url, waiting }) => {
				app.attachments.add({ kind: "page", url });
				const first = app.send("Look.");
				await until(() => waiting.size === 1);
				const second = app.send("And this.");
				await until(() => sending(app).length === 2);
				const [row] = app.outbox.rows(app.chats.active);
				app.outbox.stop(app.chats.active, row?.id);
				await Promise.all([first, second]);
				assert.deepEqual(
					[turns(app).map(({ prompt }) => prompt), app.drafts.text, names(app)],
					[["And this."], "Look.", [`page ${url}`]],
				);
			}),
		));

	it("comes back in order where several are taken back at once", () =>
		withScript([], (app) =>
			withSlowPage(async ({ url, waiting }) => {
				app.attachments.add({ kind: "page", url });
				const first = app.send("One");
				await until(() => waiting.size === 1);
				app.attachments.add({ kind: "text", name: "log", text: "boom" });
				const second = app.send("Two");
				await until(() => sending(app).length === 2);
				await app.stop(app.chats.active);
				await Promise.all([first, second]);
				assert.deepEqual([app.drafts.text, names(app)], ["One\n\nTwo", [`page ${url}`, "text log"]]);
			}),
		));

	it("is taken back with the turn that it would have waited for", () =>
		withScript([{ calls: [{ tool: "Write", args: { path: "w.txt", content: "1\n" } }] }], (app) =>
			withSlowPage(async ({ url, waiting }) => {
				const turn = app.send("Go");
				const { run } = await asked(app);
				app.attachments.add({ kind: "page", url });
				const queued = app.queue(run, { do: "add", text: "Next" });
				await until(() => waiting.size === 1);
				assert.deepEqual([sending(app), run.session.chat.queue], [[["Next", 1]], []]);
				await app.stop(run);
				await Promise.all([turn, queued]);
				assert.deepEqual(
					[turns(app)[0]?.ended, run.session.chat.queue, app.drafts.text, names(app)],
					["stopped", [], "Next", [`page ${url}`]],
				);
			}),
		));

	it("is said in its own chat, whichever is in front by then", () =>
		withScript([{ text: "One." }, { text: "Two." }], (app) =>
			withSlowPage(async ({ url, waiting, answer }) => {
				await app.send("Before");
				const run = app.chats.active ?? assert.fail();
				app.attachments.add({ kind: "page", url });
				const sent = app.send("Look.");
				await until(() => waiting.size === 1);
				await app.chats.create();
				assert.deepEqual([turns(app).length, sending(app)], [0, []]);
				answer();
				await sent;
				assert.deepEqual(
					run.session.chat.turns.map(({ prompt, ended }) => [prompt, ended]),
					[
						["Before", "done"],
						["Look.", "done"],
					],
				);
				assert.equal(turns(app).length, 0);
			}),
		));

	it("stands in the composer after a reload, above the draft", () =>
		withScript([], (app) =>
			withSlowPage(async ({ url, waiting }) => {
				app.attachments.add({ kind: "page", url });
				const sent = app.send("Look.");
				await until(() => waiting.size === 1);
				app.drafts.text = "Later";
				// What a reload finds.
				app.drafts.recover();
				assert.equal(app.drafts.text, "Look.\n\nLater");
				app.drafts.recover();
				assert.equal(app.drafts.text, "Look.\n\nLater");
				app.drafts.text = "";
				await app.stop(app.chats.active);
				await sent;
			}),
		));
});
