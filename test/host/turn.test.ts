import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { startEndpoint } from "../fake/endpoint.ts";
import { activeApp, asked, calls, diffInFront, reopened, setting, until, withFile, withScript } from "./setup.ts";

const last = (app: Awaited<ReturnType<typeof activeApp>>) => app.chats.active?.session.chat.turns.at(-1);

describe("a turn inside VS Code", () => {
	it("reads, finds, and tells the model what it found", () =>
		withScript(
			[
				{
					reasoning: "Look first.",
					calls: [
						{ tool: "Read", args: { path: "hello.txt" } },
						{ tool: "Grep", args: { pattern: "workspace" } },
						{ tool: "Glob", args: { pattern: "*.txt" } },
					],
				},
				{ text: "Found." },
			],
			async (app, endpoint) => {
				await app.send("Look around");
				assert.deepEqual(
					calls(app).map((call) => [call.tool, call.state]),
					[
						["Read", "done"],
						["Grep", "done"],
						["Glob", "done"],
					],
				);
				const [, assistant, ...results] = endpoint.requests[1]?.body.messages.slice(1) ?? [];
				assert.equal(assistant?.reasoning_content, "Look first.");
				assert.match(results[0]?.content ?? "", /Hello from the workspace/);
				assert.match(results[1]?.content ?? "", /hello\.txt:1:/);
				assert.match(results[2]?.content ?? "", /hello\.txt/);
			},
		));

	it("opens the diff before anything is written, and Accept writes and closes it", () =>
		withFile("edit.txt", "one\n", (path) =>
			withScript(
				[
					{ calls: [{ tool: "Edit", args: { path: "edit.txt", old_string: "one", new_string: "two" } }] },
					{ text: "Done." },
				],
				async (app) => {
					const turn = app.send("Edit");
					await asked(app);
					await vscode.commands.executeCommand("kimiK2.openDiff");
					const input = await diffInFront("edit.txt");
					assert.equal(input.original.fsPath, path);
					const proposed = await vscode.workspace.openTextDocument(input.modified);
					assert.deepEqual([proposed.getText(), await readFile(path, "utf8")], ["two\n", "one\n"]);
					await vscode.commands.executeCommand("kimiK2.accept");
					await turn;
					assert.equal(calls(app)[0]?.state, "done", calls(app)[0]?.text);
					assert.equal(await readFile(path, "utf8"), "two\n");
					const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
					await until(() => !tabs().some((tab) => tab.input instanceof vscode.TabInputTextDiff));
				},
			),
		));

	it("a rejection with a reason reaches the model and the file stays", () =>
		withFile("keep.txt", "one\n", (path) =>
			withScript(
				[
					{ calls: [{ tool: "Edit", args: { path: "keep.txt", old_string: "one", new_string: "two" } }] },
					{ text: "I see." },
				],
				async (app, endpoint) => {
					const turn = app.send("Edit");
					const { call } = await asked(app);
					call.answer({ verdict: "deny", reason: "Not this one." });
					await turn;
					assert.equal(await readFile(path, "utf8"), "one\n");
					assert.match(endpoint.requests[1]?.body.messages.at(-1)?.content ?? "", /Their reason: Not this one\./);
				},
			),
		));

	it("an edit of a dirty document goes into the live buffer", () =>
		withFile("dirty.txt", "one\n", (path) =>
			withScript(
				[
					{ calls: [{ tool: "Read", args: { path: "dirty.txt" } }] },
					{ calls: [{ tool: "Edit", args: { path: "dirty.txt", old_string: "one", new_string: "two" } }] },
					{ text: "Done." },
				],
				async (app, endpoint) => {
					const document = await vscode.workspace.openTextDocument(path);
					const edit = new vscode.WorkspaceEdit();
					edit.insert(document.uri, new vscode.Position(0, 0), "typed\n");
					await vscode.workspace.applyEdit(edit);
					await setting("mode", "edits");
					await app.send("Edit");
					assert.match(endpoint.requests[1]?.body.messages.at(-1)?.content ?? "", /typed/);
					assert.deepEqual([document.getText(), document.isDirty], ["typed\ntwo\n", false]);
				},
			),
		));

	it("runs an approved command with its exact exit code and shows it in a terminal", () =>
		withScript(
			[{ calls: [{ tool: "Bash", args: { command: "echo from-the-shell; exit 7" } }] }, { text: "It failed." }],
			async (app) => {
				const turn = app.send("Run");
				(await asked(app)).call.answer({ verdict: "allow" });
				await turn;
				const [call] = calls(app);
				assert.deepEqual([call?.state, call?.details?.exitCode], ["failed", 7]);
				assert.match(call?.text ?? "", /from-the-shell/);
				assert.ok(vscode.window.terminals.some((terminal) => terminal.name === "Kimi K2"));
			},
		));

	it("tells a chat that begins of the shell of the setting now, also one that was empty in front before", () =>
		withScript([{ text: "Fine." }, { text: "Fine." }], async (app, endpoint) => {
			try {
				await setting("shell", "/bin/sh");
				await app.send("Go");
				await setting("shell", undefined);
				await app.chats.create();
				await app.send("Go");
			} finally {
				await setting("shell", undefined);
			}
			const told = endpoint.requests.map(
				({ body }) => /Commands run in (\w+)/.exec(body.messages[0]?.content ?? "")?.[1],
			);
			assert.deepEqual(told, ["sh", "bash"]);
		}));

	it("Stop ends a running command with its children, and the chat goes on", () =>
		withScript(
			[{ calls: [{ tool: "Bash", args: { command: "sleep 1000 & echo $!; wait" } }] }, { text: "Fine." }],
			async (app) => {
				await setting("mode", "trusted");
				const turn = app.send("Run");
				let pid = 0;
				await until(() => {
					pid = Number(Object.values(app.chats.active?.session.live.running ?? {})[0]?.output ?? 0);
					return pid > 0;
				});
				await vscode.commands.executeCommand("kimiK2.stop");
				await turn;
				assert.equal(last(app)?.ended, "stopped");
				await until(() => !isAlive(pid));
				await app.send("Go on");
				assert.equal(last(app)?.ended, "done");
			},
		));

	it("a chat comes back from its log as it was", () =>
		withScript([{ text: "First." }, { text: "Second." }], async (app) => {
			await app.send("One");
			const before = app.chats.active?.session.chat;
			await app.chats.create();
			await app.send("Two");
			const opened = await app.chats.open(before?.id ?? "");
			assert.ok("run" in opened);
			assert.deepEqual(opened.run.session.chat, JSON.parse(JSON.stringify(before)));
			const titles = (await app.chats.list()).map((chat) => chat.title);
			assert.deepEqual(titles.slice(0, 2), ["Two", "One"]);
		}));

	it("a command that runs longer than VS Code stays is found as interrupted, not as done", () =>
		withScript([{ calls: [{ tool: "Bash", args: { command: "sleep 1000" } }] }], async (app) => {
			await setting("mode", "trusted");
			const turn = app.send("Run");
			await until(() => Object.keys(app.chats.active?.session.live.running ?? {}).length > 0);
			const { interrupted, session } = await reopened(app, turn);
			assert.deepEqual([interrupted, session.chat.turns[0]?.ended], [true, undefined]);
		}));
});

describe("keys and settings", () => {
	it("a key goes to its own origin and to no other", async () => {
		const app = await activeApp();
		const mine = await startEndpoint({ script: [{ text: "ok" }], key: "sk-canary-1" });
		const other = await startEndpoint({ script: [{ text: "ok" }] });
		try {
			await setting("model", "kimi-k2.7-code");
			await setting("endpoint", "custom");
			await setting("baseUrl", mine.url);
			await app.keys.set(mine.url, "sk-canary-1");
			await app.chats.create();
			await app.send("Hi");
			assert.equal(last(app)?.ended, "done");
			await setting("baseUrl", other.url);
			await app.send("Hi");
			assert.equal(last(app)?.ended, "done");
			assert.deepEqual([mine.requests.length, other.requests[0]?.headers["authorization"]], [1, undefined]);
			const log = JSON.stringify(app.chats.active?.session.chat);
			assert.equal(log.includes("sk-canary-1"), false);
		} finally {
			await app.keys.remove(mine.url);
			for (const key of ["endpoint", "baseUrl", "model"]) await setting(key, undefined);
			await Promise.all([mine.close(), other.close()]);
		}
	});
});

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
