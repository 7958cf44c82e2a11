import assert from "node:assert/strict";
import { appendFile, rm } from "node:fs/promises";
import * as vscode from "vscode";
import type { Unstamped } from "../../src/shared/event.ts";
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
import { asked, calls, heard, setting, until, workspacePath } from "./setup.ts";

describe("changes that wait for review, while others change things", () => {
	it("what the person types beside a change is theirs: not shown as the agent's, and an undo leaves it", () =>
		withChanges(TWO_HUNKS, async (app) => {
			const editor = await cursorAt("ten.txt", 0);
			await type(editor, 5, "typed\n");
			await until(() => app.changes.files[0]?.added === 2);
			await app.changes.settled();
			assert.deepEqual(app.viewState().changes, [{ path: "ten.txt", kind: "changed", added: 2, removed: 2 }]);
			await cursorAt("ten.txt", 1);
			await command("undoHunk");
			assert.equal(editor.document.getText(), TEN.replace("nine", "NINE").replace("six", "typed\nsix"));
			await type(editor, 0, "typed too\n");
			await command("undoFile");
			assert.deepEqual(app.viewState().changes, []);
			assert.deepEqual(
				[await text("ten.txt"), editor.document.getText(), editor.document.isDirty],
				[`typed too\n${TEN.replace("six", "typed\nsix")}`, editor.document.getText(), false],
			);
		}));

	it("where the person edited the same lines, an undo of the file asks first", () =>
		withChanges(TWO_HUNKS, async (app) => {
			const editor = await cursorAt("ten.txt", 0);
			await type(editor, 1, "mine ");
			await app.changes.settled();
			await until(() => app.changes.files[0]?.edited === true);
			const edited = TEN.replace("two", "mine TWO").replace("nine", "NINE");
			const asked = await answering({}, async () => {
				await command("undoFile");
			});
			assert.deepEqual(words(asked), [
				[
					"showWarningMessage",
					"You edited ten.txt in the same lines as Kimi K2. If its changes are undone, your edits there are lost.",
				],
			]);
			assert.equal(editor.document.getText(), edited);
			// A hunk alone needs no question: what goes is what is seen.
			await cursorAt("ten.txt", 8);
			await command("undoHunk");
			assert.equal(editor.document.getText(), TEN.replace("two", "mine TWO"));
			assert.deepEqual(app.viewState().changes, [
				{ path: "ten.txt", kind: "changed", added: 1, removed: 1, edited: true },
			]);
			await answering({ showWarningMessage: () => "Undo with My Edits" }, async () => {
				await command("undoAll");
			});
			assert.deepEqual([await text("ten.txt"), app.viewState().changes], [TEN, []]);
		}));

	it("an edit of the person that brings a file back to what it was leaves nothing to review, until it is changed again", () =>
		withChanges(TWO_HUNKS, async (app) => {
			const editor = await cursorAt("ten.txt", 0);
			const now = editor.document.getText();
			const all = new vscode.Range(0, 0, 99, 0);
			await editor.edit((change) => change.replace(all, TEN));
			await listed(app, 0);
			await editor.edit((change) => change.replace(all, now));
			await listed(app, 1);
		}));

	it("what others delete, bring back and change is followed", () =>
		withChanges(TWO_HUNKS, async (app) => {
			const now = await text("ten.txt");
			await rm(workspacePath("ten.txt"));
			await until(() => app.changes.files[0]?.kind === "deleted");
			await put("ten.txt", now);
			await until(() => app.changes.files[0]?.kind === "changed");
			await put("ten.txt", TEN);
			await listed(app, 0);
		}));

	it("what Kimi changed again just then is not kept and not said to be, and the log tells of no decision", () =>
		withChanges(
			{ files: { "one.txt": "1\n", ...TWO_HUNKS.files }, calls: [edit("one.txt", "1", "2"), ...TWO_HUNKS.calls] },
			async (app) => {
				const run = app.chats.active ?? assert.fail();
				const { session } = run;
				const before = session.chat.changes["ten.txt"]?.now ?? assert.fail();
				const found = (after: typeof before | null): Unstamped => ({
					type: "changed",
					callId: "late",
					files: [{ path: "ten.txt", before: after ? null : before, after }],
				});
				const keep = async (path?: string) => {
					const said: string[] = [];
					const asked = await answering({}, async () => {
						said.push(
							...(await heard(app, async () => {
								const keeping = app.changes.decisions.keep(run, path);
								await session.record(found(session.chat.changes["ten.txt"]?.now ? null : before));
								await keeping;
							})),
						);
					});
					return [said, words(asked)];
				};
				const warned = [["showWarningMessage", "ten.txt changed meanwhile. Look at it again."]];
				const { next } = session.chat;
				assert.deepEqual(await keep("ten.txt"), [[], warned]);
				assert.equal(session.chat.next, next + 1);
				assert.deepEqual(await keep(), [["Kept the changes in one.txt"], warned]);
				assert.deepEqual(Object.keys(session.chat.changes), ["ten.txt"]);
			},
		));

	it("a new file that Kimi changed again just then is not kept by the button of what was shown", () =>
		withChanges({ files: {}, calls: [{ tool: "Write", args: { path: "new.txt", content: "1\n" } }] }, async (app) => {
			const run = app.chats.active ?? assert.fail();
			const [shown] = shownHunks((await app.changes.find("new.txt")) ?? assert.fail());
			const { now } = run.session.chat.changes["new.txt"] ?? assert.fail();
			const after = { id: "0".repeat(40), mode: "file" as const };
			const asked = await answering({}, async () => {
				const files = [{ path: "new.txt", before: now, after }];
				await run.session.record({ type: "changed", callId: "late", files });
				await app.changes.decisions.keepHunk(run, shown ?? assert.fail());
			});
			assert.deepEqual(words(asked), [["showWarningMessage", "new.txt changed meanwhile. Look at it again."]]);
			assert.deepEqual(run.session.chat.changes["new.txt"], { base: null, now: after });
		}));

	it("each chat has its own, and finds them again in its log", () =>
		withChanges(
			{ ...TWO_HUNKS, more: [{ calls: [edit("ten.txt", "five", "FIVE")] }, { text: "Done." }] },
			async (app) => {
				const first = app.chats.active?.session.chat.id ?? assert.fail();
				await command("keepHunk", shownHunks((await app.changes.find("ten.txt")) ?? assert.fail())[0]);
				await app.chats.create();
				await app.changes.settled();
				assert.deepEqual(app.viewState().changes, []);
				await app.send("Go");
				await app.changes.settled();
				assert.deepEqual(app.viewState().changes, [{ path: "ten.txt", kind: "changed", added: 1, removed: 1 }]);
				const run = await app.chats.open(first);
				assert.ok("run" in run);
				await app.changes.settled();
				// What the other chat changed is not this one's.
				assert.deepEqual(app.viewState().changes, [{ path: "ten.txt", kind: "changed", added: 1, removed: 1 }]);
				await command("undoAll");
				assert.equal(await text("ten.txt"), TEN.replace("two", "TWO").replace("five", "FIVE"));
			},
		));

	it("what another window wrote to the log is not overwritten, and that is said", () =>
		withChanges(TWO_HUNKS, async (app) => {
			const run = app.chats.active ?? assert.fail();
			const { id } = run.session.chat;
			const folder = app.context.storageUri ?? assert.fail();
			const log = vscode.Uri.joinPath(folder, "chats", `${id}.jsonl`).fsPath;
			const { next } = run.session.chat;
			const lines = [
				{ type: "titled", title: "by the other window", seq: next, at: 1 },
				{ type: "allowed", rules: [], seq: next + 1, at: 1 },
			].map((line) => `${JSON.stringify(line)}\n`);
			await appendFile(log, lines.join(""));
			const shown = await answering({}, async () => {
				await command("keepAll");
			});
			assert.match(words(shown)[0]?.[1] ?? "", /^The chat could not note what you decided\./);
			await app.changes.settled();
			assert.equal(app.chats.active?.session.chat.title, "by the other window");
			assert.equal(app.viewState().changes.length, 1);
			await command("keepAll");
			assert.deepEqual(app.viewState().changes, []);
		}));

	it("while a turn runs, changes are reviewed, and new ones are added to them", () =>
		withChanges(
			{
				...TWO_HUNKS,
				more: [
					{ calls: [bash("echo | tee /dev/null")] },
					{ calls: [{ tool: "Read", args: { path: "ten.txt" } }] },
					{ calls: [edit("ten.txt", "five", "FIVE")] },
					{ text: "Done." },
				],
			},
			async (app, endpoint) => {
				await setting("mode", "edits");
				const turn = app.send("Go on");
				const { call } = await asked(app);
				await command("undoAll");
				assert.equal(await text("ten.txt"), TEN);
				call.answer({ verdict: "allow" });
				await turn;
				await app.changes.settled();
				assert.deepEqual(calls(app).at(-1)?.state, "done", calls(app).at(-1)?.text);
				assert.deepEqual(app.viewState().changes, [{ path: "ten.txt", kind: "changed", added: 1, removed: 1 }]);
				// With the result of the command, as soon as there was one.
				const result = JSON.stringify(endpoint.requests[3]?.body.messages.at(-1));
				assert.match(result, /The person reviewed your changes and undid these/);
			},
		));
});
