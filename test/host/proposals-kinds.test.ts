import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { WireRequest } from "../fake/endpoint-reply.ts";
import {
	acceptRest,
	buttons,
	diffs,
	edits,
	LINES,
	nothingKept,
	openDiff,
	press,
	reviewing,
	run,
	tabs,
	told,
	typeInto,
	withLines,
} from "./proposals.ts";
import { asked, calls, reopened, setting, until, withFile, withScript, workspacePath } from "./setup.ts";

describe("proposals of other kinds", () => {
	it("a new file has nothing on its left and is accepted or rejected as one", () =>
		withScript(
			[{ calls: [{ tool: "Write", args: { path: "made/new.txt", content: "one\ntwo\n" } }] }, { text: "Done." }],
			async (app) => {
				const turn = app.send("Write");
				await asked(app);
				const { diff } = await openDiff();
				const left = await vscode.workspace.openTextDocument(diff.left);
				assert.deepEqual([left.getText(), diff.label], ["", "made/new.txt (new file, proposed by Kimi K2)"]);
				assert.deepEqual(await buttons(diff.right), [[0, "New file | Accept | Reject"]]);
				await typeInto(diff.right, 1, "between\n");
				await press(diff.right, 0, "Accept");
				await turn;
				assert.equal(await readFile(workspacePath("made/new.txt"), "utf8"), "one\nbetween\ntwo\n");
				await rm(workspacePath("made"), { recursive: true });
			},
		));

	it("a patch of several files opens as one editor, and a rejected file stays as it is", async () => {
		await mkdir(workspacePath("many"));
		const file = (name: string) => workspacePath(`many/${name}`);
		for (const name of ["a.txt", "b.txt", "old.txt"]) await writeFile(file(name), `${name}\n${LINES}`);
		const patch = `*** Begin Patch
*** Update File: many/a.txt
@@
-line 3
+LINE 3
@@
-line 20
+LINE 20
*** Delete File: many/b.txt
*** Update File: many/old.txt
*** Move to: many/new.txt
@@
-line 5
+LINE 5
*** Add File: many/c.txt
+fresh
*** End Patch`;
		try {
			await withScript(
				[{ calls: [{ tool: "apply_patch", args: { input: patch } }] }, { text: "Done." }],
				async (app, endpoint) => {
					const turn = app.send("Patch");
					await asked(app);
					await run("openDiff");
					const label = "Proposed by Kimi K2";
					await until(() => tabs().some((tab) => tab.label.startsWith(label)));
					const ours = () => vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === "kimi-k2" && uri.query);
					await until(() => ours().length === 4);
					const right = (name: string) =>
						ours().find(({ uri }) => uri.path.endsWith(`/many/${name}`))?.uri ?? assert.fail(`no ${name}`);
					assert.deepEqual(await buttons(right("b.txt")), [[0, "This file is deleted | Accept | Reject"]]);
					assert.deepEqual(await buttons(right("new.txt")), [
						[0, "many/old.txt → many/new.txt | Accept | Reject"],
						[6, "Accept | Reject"],
					]);
					await press(right("a.txt"), 4, "Reject");
					await press(right("a.txt"), 21, "Accept");
					await press(right("b.txt"), 0, "Reject");
					await press(right("new.txt"), 0, "Accept");
					await press(right("c.txt"), 0, "Accept");
					assert.equal(app.chats.active?.asked.length, 1);
					await press(right("new.txt"), 6, "Reject");
					await turn;
					const now = await Promise.all(
						["a.txt", "b.txt", "new.txt", "c.txt"].map((name) => readFile(file(name), "utf8")),
					);
					assert.deepEqual(now, [`a.txt\n${withLines(LINES, 20)}`, `b.txt\n${LINES}`, `old.txt\n${LINES}`, "fresh\n"]);
					await assert.rejects(readFile(file("old.txt")));
					assert.match(told(endpoint), /many\/b\.txt: the person rejected this change/);
					await until(() => !tabs().some((tab) => tab.label.startsWith(label)));
				},
			);
		} finally {
			await rm(workspacePath("many"), { recursive: true });
		}
	});

	it("of several files the first opens by itself: one editor for all would take the focus", async () => {
		const patch = "*** Begin Patch\n*** Add File: x.txt\n+x\n*** Add File: y.txt\n+y\n*** End Patch";
		await withFile("mine.txt", LINES, () =>
			withScript([{ calls: [{ tool: "apply_patch", args: { input: patch } }] }, { text: "Done." }], async (app) => {
				await setting("openDiff", "automatically");
				const turn = app.send("Patch");
				await until(() => diffs().length === 1);
				assert.equal(diffs()[0]?.label, "x.txt (1 of 2 files proposed by Kimi K2)");
				await run("accept");
				await turn;
				await until(() => diffs().length === 0);
				assert.deepEqual(await Promise.all(["x.txt", "y.txt"].map((name) => readFile(workspacePath(name), "utf8"))), [
					"x\n",
					"y\n",
				]);
				for (const name of ["x.txt", "y.txt"]) await rm(workspacePath(name));
			}),
		);
	});

	it("a file in Latin-1 is compared as it was read", () =>
		withFile("latin1.txt", Buffer.from(`caf\xe9\n${LINES}`, "latin1"), (path) =>
			withScript([{ calls: [edits("latin1.txt")] }, { text: "Done." }], async (app) => {
				const turn = app.send("Edit");
				await asked(app);
				const { diff } = await openDiff();
				assert.deepEqual(
					(await buttons(diff.right)).map(([line]) => line),
					[4, 13, 26],
				);
				await press(diff.right, 4, "Reject");
				await run("accept");
				await turn;
				assert.equal(await readFile(path, "latin1"), `caf\xe9\n${withLines(LINES, 12, 25)}`);
			}),
		));
});

describe("reviews beside each other, and after a reload", () => {
	it("two chats that ask at once keep their proposals apart", () =>
		withFile("one.txt", LINES, (one) =>
			withFile("two.txt", LINES, (two) =>
				withScript(
					(request) => {
						const { messages } = request.body;
						if (messages.at(-1)?.role === "tool") return { text: "Done." };
						return { calls: [edits(JSON.stringify(messages).includes("Edit two") ? "two.txt" : "one.txt")] };
					},
					async (app) => {
						const first = app.send("Edit one");
						await asked(app);
						const { diff } = await openDiff();
						await press(diff.right, 3, "Reject");
						await app.chats.create();
						const second = app.send("Edit two");
						await asked(app);
						await run("openDiff");
						await until(() => diffs().some(({ label }) => label.startsWith("two.txt")));
						await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.label.startsWith("two.txt") === true);
						await run("accept");
						await second;
						assert.deepEqual(
							[await readFile(one, "utf8"), await readFile(two, "utf8")],
							[LINES, withLines(LINES, 3, 12, 25)],
						);
						const waiting = app.chats.runs.find(({ asked: waits }) => waits.length > 0) ?? assert.fail();
						await app.chats.open(waiting.session.chat.id);
						await openDiff();
						await run("accept");
						await first;
						assert.equal(await readFile(one, "utf8"), withLines(LINES, 12, 25));
					},
				),
			),
		));

	it("goes on with the person's text and marks after a reload, and not with those of another proposal", () =>
		reviewing("reload.txt", async ({ app, diff, document, turn, path }) => {
			await press(diff.right, 3, "Reject");
			await press(diff.right, 12, "Accept");
			const chat = app.chats.active ?? assert.fail();
			await until(() => !document.isDirty && chat.session.live.reviewing[chat.asked[0]?.id ?? ""]?.accepted === 1);
			const resumed = app.resume(await reopened(app, turn));
			await asked(app);
			await acceptRest(path, resumed);
			await nothingKept(app);
		}));
});

describe("a plan that waits", () => {
	it("opens as a document to change, and accepting it leaves mode Plan", () =>
		withScript(
			[{ calls: [{ tool: "Plan", args: { plan: "# Plan\n\n1. Look\n2. Do\n" } }] }, { text: "Done." }],
			async (app, endpoint) => {
				await setting("mode", "edits");
				await setting("mode", "plan");
				const turn = app.send("Plan it");
				const { run: chat, call } = await asked(app);
				await app.approvals.openPlan({ chat: chat.session.chat.id, call: call.id });
				const { document } = vscode.window.activeTextEditor ?? assert.fail();
				assert.equal(app.viewState().afterPlan, "edits");
				assert.deepEqual([document.languageId, document.getText()], ["markdown", "# Plan\n\n1. Look\n2. Do\n"]);
				await typeInto(document.uri, 4, "3. Test\n");
				await run("accept");
				await turn;
				await until(() => vscode.workspace.getConfiguration("kimiK2").get("mode") === "edits");
				assert.match(told(endpoint), /\+3\. Test/);
				await until(
					() => !tabs().some(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === "kimi-k2"),
				);
			},
		));

	it("of another chat opens nothing to a chat that plans: its calls are denied until its own plan is accepted", () => {
		const plan = { calls: [{ tool: "Plan", args: { plan: "1. Do it" } }] };
		const write = (path: string) => ({ calls: [{ tool: "Write", args: { path, content: "x\n" } }] });
		const first = [plan, write("first.txt"), { text: "Done." }];
		const second = [plan, write("second.txt"), plan, write("second.txt"), { text: "Done." }];
		const isSecond = ({ body }: WireRequest) => JSON.stringify(body.messages).includes("The second");
		return withScript(
			(request) => (isSecond(request) ? second.shift() : first.shift()) ?? { text: "Nothing left." },
			async (app) => {
				const decide = async (verdict: "allow" | "deny") => {
					const { run: chat, call } = await asked(app);
					await app.approvals.decide({ chat: chat.session.chat.id, call: call.id }, { verdict });
				};
				await setting("mode", "edits");
				await setting("mode", "plan");
				try {
					const turns = [app.send("The first")];
					const { run: other, call } = await asked(app);
					await app.chats.create();
					turns.push(app.send("The second"));
					await asked(app);
					await app.approvals.decide({ chat: other.session.chat.id, call: call.id }, { verdict: "allow" });
					await turns[0];
					assert.equal(await readFile(workspacePath("first.txt"), "utf8"), "x\n");
					await until(() => vscode.workspace.getConfiguration("kimiK2").get("mode") === "edits");
					assert.equal(app.viewState().mode, "plan");
					await decide("deny");
					await until(() => calls(app).length === 3);
					assert.deepEqual(
						calls(app)
							.slice(0, 2)
							.map(({ state }) => state),
						["denied", "denied"],
					);
					await decide("allow");
					await turns[1];
					assert.equal(await readFile(workspacePath("second.txt"), "utf8"), "x\n");
					assert.equal(app.viewState().mode, "edits");
				} finally {
					for (const name of ["first.txt", "second.txt"]) await rm(workspacePath(name), { force: true });
				}
			},
		);
	});

	it("opens nothing to a chat in the background for which the person picked Plan while it ran", () => {
		const command = { calls: [{ tool: "Bash", args: { command: "exit 0" } }] };
		const write = { calls: [{ tool: "Write", args: { path: "first.txt", content: "x\n" } }] };
		const first = [command, write, { text: "Done." }];
		const second = [command, { calls: [{ tool: "Plan", args: { plan: "1. Do it" } }] }, { text: "Done." }];
		const isSecond = ({ body }: WireRequest) => JSON.stringify(body.messages).includes("The second");
		return withScript(
			(request) => (isSecond(request) ? second.shift() : first.shift()) ?? { text: "Nothing left." },
			async (app) => {
				await setting("mode", "edits");
				try {
					const turns = [app.send("The first")];
					const behind = await asked(app);
					await app.chats.create();
					turns.push(app.send("The second"));
					const before = await asked(app);
					await app.setMode("plan");
					before.call.answer({ verdict: "deny" });
					await until(() => before.run.asked[0]?.id !== undefined && before.run.asked[0] !== before.call);
					const { run: chat, call } = await asked(app);
					await app.approvals.decide({ chat: chat.session.chat.id, call: call.id }, { verdict: "allow" });
					await turns[1];
					await until(() => vscode.workspace.getConfiguration("kimiK2").get("mode") === "edits");
					behind.call.answer({ verdict: "deny" });
					await turns[0];
					const made = behind.run.session.chat.turns[0]?.steps.flatMap((step) => step.calls) ?? [];
					assert.deepEqual(
						made.map(({ tool, state, by }) => [tool, state, by]),
						[
							["Bash", "denied", "person"],
							["Write", "denied", "policy"],
						],
					);
					await assert.rejects(readFile(workspacePath("first.txt")));
				} finally {
					await rm(workspacePath("first.txt"), { force: true });
				}
			},
		);
	});
});
