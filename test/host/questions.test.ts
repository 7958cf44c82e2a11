import assert from "node:assert/strict";
import * as vscode from "vscode";
import { asked, calls, reopened, until, withScript } from "./setup.ts";

const ask = {
	calls: [
		{
			tool: "Ask",
			args: { questions: [{ question: "Tabs or spaces?", options: [{ label: "Tabs" }, { label: "Spaces" }] }] },
		},
	],
};

describe("a question inside VS Code", () => {
	it("waits as an approval does, is decided on by no key from afar, and its answer is the result", () =>
		withScript([ask, { text: "Fine." }], async (app) => {
			const turn = app.send("Go");
			const { run, call } = await asked(app);
			await vscode.commands.executeCommand("kimiK2.accept");
			await vscode.commands.executeCommand("kimiK2.reject");
			const key = { chat: run.session.chat.id, call: call.id };
			await app.approvals.decide(key, { verdict: "allow" });
			assert.equal(run.asked.length, 1);
			app.approvals.answer(key, [{ picked: [1] }]);
			await turn;
			assert.equal(calls(app)[0]?.text, "The person answered:\n\nTabs or spaces?\n→ Spaces");
			assert.equal(run.asked.length, 0);
		}));

	it("an answer allows nothing that is no question", () =>
		withScript(
			[{ calls: [{ tool: "Bash", args: { command: "touch asked.txt" } }] }, { text: "Fine." }],
			async (app) => {
				const turn = app.send("Go");
				const { run, call } = await asked(app);
				app.approvals.answer({ chat: run.session.chat.id, call: call.id }, []);
				assert.equal(run.asked.length, 1);
				call.answer({ verdict: "deny" });
				await turn;
			},
		));

	it("Stop ends it, and messages that wait are said afterwards", () =>
		withScript([ask, { text: "Later." }], async (app) => {
			const turn = app.send("Go");
			const { run } = await asked(app);
			await app.queue(run, { do: "add", text: "Never mind" });
			await vscode.commands.executeCommand("kimiK2.stop");
			await turn;
			assert.equal(calls(app)[0]?.text, "Stopped by the person before it ran.");
			await app.sendQueued(run, undefined);
			await until(() => !run.running);
			assert.equal(run.session.chat.turns.at(-1)?.prompt, "Never mind");
		}));

	it("is asked again on Continue after a reload", () =>
		withScript([ask, { text: "Fine." }], async (app) => {
			const first = app.send("Go");
			await asked(app);
			const run = await reopened(app, first);
			const turn = app.resume(run);
			const { call } = await asked(app);
			app.approvals.answer({ chat: run.session.chat.id, call: call.id }, [{ picked: [], other: "Both" }]);
			await turn;
			assert.match(calls(app)[0]?.text ?? "", /→ Both$/);
		}));
});
