import assert from "node:assert/strict";
import type { App } from "../../src/vscode/app.ts";
import { opHandlers } from "../../src/vscode/ops.ts";
import { readSettings } from "../../src/vscode/settings.ts";
import { answering } from "./dialogs.ts";
import { reopened, setting, withFile, withScript } from "./setup.ts";

describe("a task that pauses", () => {
	const read = (path: string, limit?: number) => ({
		calls: [{ tool: "Read", args: { path, ...(limit && { limit }) } }],
	});
	const twice = [read("a.txt", 1), read("a.txt", 2), { text: "Done." }];

	/** The number on the view. */
	const badge = (app: App) => {
		let shown = -1;
		Object.defineProperty(app.view, "badge", { configurable: true, set: (waiting: number) => (shown = waiting) });
		app.update();
		Reflect.deleteProperty(app.view, "badge");
		return shown;
	};

	const withLimit = async (use: () => Promise<void>) => {
		await setting("taskCalls", 1);
		try {
			await use();
		} finally {
			await setting("taskCalls", undefined);
		}
	};

	it("waits for the person with a badge, also after a reload, and Continue gives it the same again", () =>
		withLimit(() =>
			withFile("a.txt", "one\ntwo\n", () =>
				withScript(twice, async (app) => {
					await app.send("Go");
					const run = await reopened(app, Promise.resolve());
					const turn = () => run.session.chat.turns[0] ?? assert.fail();
					assert.deepEqual([run.paused, turn().limit], [true, { of: "calls", max: 1, used: 1 }]);
					assert.equal(badge(app), 1);
					await opHandlers(app).fix({ type: "fix", fix: "resume", chat: run.session.chat.id });
					assert.deepEqual([turn().ended, turn().steps.length], ["limit", 2]);
				}),
			),
		));

	it("goes on with a limit that was raised, which is kept in the person's settings", () =>
		withLimit(() =>
			withFile("a.txt", "one\ntwo\n", () =>
				withScript(twice, async (app) => {
					await app.send("Go");
					const run = app.chats.active ?? assert.fail();
					const fix = { type: "fix", fix: "raiseLimit", chat: run.session.chat.id } as const;
					await answering({ showInputBox: () => undefined }, async () => opHandlers(app).fix(fix));
					assert.deepEqual([readSettings().taskCalls, run.paused], [1, true]);
					await answering({ showInputBox: () => "5" }, async () => opHandlers(app).fix(fix));
					assert.deepEqual([readSettings().taskCalls, run.session.chat.turns[0]?.ended], [5, "done"]);
				}),
			),
		));

	it("is over with Stop, and no longer waits", () =>
		withFile("a.txt", "one\n", () =>
			withScript(
				Array.from({ length: 9 }, () => read("a.txt")),
				async (app) => {
					await app.send("Go");
					const run = app.chats.active ?? assert.fail();
					assert.deepEqual([run.paused, run.session.chat.turns[0]?.loop?.times], [true, 5]);
					await opHandlers(app).stop({ type: "stop", chat: run.session.chat.id });
					assert.deepEqual([run.paused, run.session.chat.turns[0]?.ended, badge(app)], [false, "stopped", 0]);
				},
			),
		));
});
