import assert from "node:assert/strict";
import { appendFile, readFile, symlink, unlink } from "node:fs/promises";
import * as vscode from "vscode";
import { createPlaces } from "../../src/node/places.ts";
import { createEditorFiles } from "../../src/vscode/files.ts";
import { opHandlers } from "../../src/vscode/ops.ts";
import { plain } from "../../src/vscode/plain.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { answering } from "./dialogs.ts";
import { asked, diffInFront, setting, until, withFile, withScript, workspacePath } from "./setup.ts";

describe("several chats at once", () => {
	const edit = (path: string) => ({
		calls: [{ tool: "Edit", id: "functions.Edit:0", args: { path, old_string: "one", new_string: "two" } }],
	});
	const command = { calls: [{ tool: "Bash", id: "functions.Bash:0", args: { command: "touch unseen.txt" } }] };

	it("Accept in a diff decides on that diff's call, also when another chat in front asks for something else", () =>
		withFile("first.txt", "one\n", (path) =>
			withScript([edit("first.txt"), command, { text: "Both done." }, { text: "Both done." }], async (app) => {
				const first = app.send("Edit");
				const behind = (await asked(app)).run;
				await vscode.commands.executeCommand("kimiK2.openDiff");
				await app.chats.create();
				const second = app.send("Run");
				const inFront = (await asked(app)).run;
				assert.notEqual(behind, inFront);
				await vscode.commands.executeCommand("kimiK2.accept");
				await first;
				const decided = behind.session.chat.turns[0]?.steps[0]?.calls[0];
				assert.equal(decided?.state, "done", `${decided?.state}: ${decided?.reason} ${decided?.text}`);
				assert.equal(await readFile(path, "utf8"), "two\n");
				assert.equal(inFront.asked.length, 1);
				await inFront.stop();
				await second;
				await assert.rejects(readFile(workspacePath("unseen.txt")));
			}),
		));

	const refused = { status: 401, body: { error: { message: "Invalid Authentication" } } };

	it("a failure that was mended goes on in its own chat, whichever is in front by then", () =>
		withScript([{ text: "First." }, refused, { text: "Second." }], async (app, endpoint) => {
			await app.send("One");
			const finished = app.chats.active ?? assert.fail();
			await app.chats.create();
			await app.send("Two");
			const failed = app.chats.active ?? assert.fail();
			const whileAsked = async () => {
				await app.chats.open(finished.session.chat.id);
				return "sk-right-key";
			};
			await answering({ showInputBox: whileAsked }, async () => {
				await opHandlers(app).fix({ type: "fix", fix: "setKey", chat: failed.session.chat.id });
			});
			await app.keys.remove(endpoint.url);
			const mended = app.chats.runs.find(({ session }) => session.chat.id === failed.session.chat.id) ?? assert.fail();
			const turns = [finished, mended].map(({ session }) => session.chat.turns.map(({ steps }) => steps.length));
			assert.deepEqual(turns, [[1], [1]]);
			assert.equal(mended.session.chat.turns[0]?.ended, "done");
			assert.notEqual(app.chats.active, mended);
		}));

	it("an endpoint that is changed from the header restarts nothing that failed before", () =>
		withScript([refused, { text: "never" }], async (app, endpoint) => {
			await app.send("One");
			await answering({ showInputBox: () => "sk-right-key" }, async () => {
				await opHandlers(app).fix({ type: "fix", fix: "setKey" });
			});
			await app.keys.remove(endpoint.url);
			assert.deepEqual([endpoint.requests.length, app.chats.active?.running], [1, false]);
		}));

	it("a wait is ended, and a turn stopped, in the chat that is meant", () =>
		withScript([{ status: 503, headers: { "retry-after": "60" } }, command], async (app) => {
			const first = app.send("One");
			const waits = app.chats.active ?? assert.fail();
			await until(() => waits.session.live.waiting !== undefined);
			await app.chats.create();
			const second = app.send("Two");
			const { run: asks } = await asked(app);
			await opHandlers(app).stop({ type: "stop", chat: waits.session.chat.id });
			await first;
			assert.deepEqual([waits.running, asks.running], [false, true]);
			await asks.stop();
			await second;
		}));

	it("two calls with the same id each show their own change", () =>
		withFile("a.txt", "one\n", () =>
			withFile("b.txt", "one\n", () =>
				withScript([edit("a.txt"), edit("b.txt")], async (app) => {
					const first = app.send("Edit a");
					const behind = (await asked(app)).run;
					await app.chats.create();
					const second = app.send("Edit b");
					const inFront = (await asked(app)).run;
					const open = (chat: string) => app.approvals.openDiff({ chat, call: "functions.Edit:0" });
					await open(behind.session.chat.id);
					await diffInFront("a.txt");
					await open(inFront.session.chat.id);
					await diffInFront("b.txt");
					await Promise.all([behind.stop(), inFront.stop()]);
					await Promise.all([first, second]);
				}),
			),
		));

	it("a chat that runs stays at its endpoint when the person switches to another", async () => {
		const other = await startEndpoint({ script: [{ text: "wrong one" }] });
		try {
			await withScript([command, { text: "Still here." }], async (app, endpoint) => {
				const turn = app.send("Run");
				const { call } = await asked(app);
				await setting("baseUrl", other.url);
				call.answer({ verdict: "deny" });
				await turn;
				assert.deepEqual([endpoint.requests.length, other.requests.length], [2, 0]);
			});
		} finally {
			await other.close();
		}
	});
});

describe("trouble with the log", () => {
	it("brings the prompt back to the composer", () =>
		withScript([{ text: "never" }], async (app) => {
			const run = app.chats.active ?? assert.fail();
			const composed: string[] = [];
			const { compose } = app.view;
			app.view.compose = (text) => composed.push(text);
			run.session.detach();
			await app.send("A long thought");
			app.view.compose = compose;
			assert.deepEqual([composed, app.drafts.text], [["A long thought"], "A long thought"]);
			app.drafts.text = "";
			await app.chats.remove(run.session.chat.id);
		}));
});

describe("a chat that another window continued", () => {
	it("is stopped here with a sentence, and then shown as it is on disk", () =>
		withScript([{ text: "Mine." }, { text: "Never." }], async (app) => {
			await app.send("One");
			const before = app.chats.active ?? assert.fail();
			const { id, next } = before.session.chat;
			const storage = app.context.storageUri?.fsPath ?? assert.fail();
			const lines = [
				{ type: "titled", seq: next, at: 1, title: "From elsewhere" },
				{ type: "allowed", seq: next + 1, at: 1, rules: [] },
			].map((line) => `${JSON.stringify(line)}\n`);
			await appendFile(`${storage}/chats/${id}.jsonl`, lines.join(""));
			await app.send("Two");
			await until(() => app.chats.active !== before);
			assert.match(app.viewState().notice?.text ?? "", /Another window/);
			assert.equal(app.chats.active?.session.chat.title, "From elsewhere");
			await app.send("Three");
			assert.equal(app.chats.active?.session.chat.turns.at(-1)?.prompt, "Three");
		}));
});

describe("a folder that was opened through a link", () => {
	it("has its open documents read and written in their editors", () =>
		withFile("real.txt", "disk\n", async (path) => {
			const link = `${workspacePath()}-link`;
			await symlink(workspacePath(), link);
			try {
				const document = await vscode.workspace.openTextDocument(`${link}/real.txt`);
				const typing = new vscode.WorkspaceEdit();
				typing.insert(document.uri, new vscode.Position(0, 0), "typed ");
				await vscode.workspace.applyEdit(typing);
				const files = createEditorFiles(createPlaces(link));
				const place = await files.place("real.txt");
				assert.ok(place.ok);
				const read = await files.read(place.value.path);
				assert.ok(read.ok);
				assert.deepEqual([read.value.text, read.value.dirty], ["typed disk\n", true]);
				const written = await files.write(place.value.path, { ...read.value, text: "both\n" }, read.value.hash);
				assert.equal(written.ok, true);
				assert.deepEqual([document.getText(), await readFile(path, "utf8")], ["both\n", "both\n"]);
			} finally {
				await unlink(link);
			}
		}));
});

describe("text of others in VS Code's own messages", () => {
	it("holds no link, no icon, and no character that cannot be seen", () => {
		assert.equal(plain("Run true # [Show](command:kimiK2.accept)"), "Run true # [Show] (command:kimiK2.accept)");
		assert.equal(plain("a\u202eb\u0000c\nd"), "a b c d");
		assert.equal(plain("$(check) $\u200b(x)"), "$ (check) $ (x)");
	});
	it("says where it was cut", () => {
		assert.equal(plain("x".repeat(300)), "x".repeat(300));
		assert.equal(plain("x".repeat(301)), `${"x".repeat(299)}…`);
	});
});

describe("a command that prints without end", () => {
	it("leaves the view's share of it small", () =>
		withScript([{ calls: [{ tool: "Bash", args: { command: "yes" } }] }], async (app) => {
			await setting("mode", "trusted");
			const turn = app.send("Run");
			const live = () => Object.values(app.chats.active?.session.live.running ?? {})[0]?.output ?? "";
			await until(() => live().length === 8_000);
			await app.chats.active?.stop();
			await turn;
			assert.equal(app.chats.active?.session.chat.turns.at(-1)?.ended, "stopped");
		}));
});
