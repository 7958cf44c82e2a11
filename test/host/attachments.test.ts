import assert from "node:assert/strict";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename } from "node:path";
import * as vscode from "vscode";
import { hashOf } from "../../src/node/encoding.ts";
import type { Attached, MentionRow } from "../../src/shared/attachments.ts";
import type { App } from "../../src/vscode/app.ts";
import { attachDropped, pickFiles } from "../../src/vscode/attachments/dropped.ts";
import { answering } from "./dialogs.ts";
import { activeApp, setting, until, withFile, withScript, workspacePath } from "./setup.ts";

const PNG = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
	"base64",
);
const turns = (app: App) => app.chats.active?.session.chat.turns ?? [];
const given = (app: App, turn = 0): readonly Attached[] => turns(app)[turn]?.attached ?? [];
const names = (app: App) => app.attachments.rows.map(({ kind, detail }) => `${kind} ${detail}`);
const clear = (app: App) => {
	for (const { id } of app.attachments.rows) app.attachments.remove(id);
};

/** What `@` answers last: once the files are listed. */
async function mentioned(app: App, query: string): Promise<readonly MentionRow[]> {
	let last: readonly MentionRow[] = [];
	app.view.mentions = (_, rows) => {
		last = rows;
	};
	try {
		await app.attachments.ask(1, query);
		return last;
	} finally {
		Reflect.deleteProperty(app.view, "mentions");
	}
}

describe("what goes with the person's words, inside VS Code", () => {
	beforeEach(() => setting("activeEditor", false));
	afterEach(async () => {
		clear(await activeApp());
		await setting("activeEditor", undefined);
	});

	it("is read when it is sent, reaches the model after the words, and waits no more", () =>
		withFile("given.ts", "let a = 1;\n", (path) =>
			withScript([{ text: "Seen." }, { text: "Again." }], async (app, endpoint) => {
				app.attachments.add({ kind: "file", path: "given.ts" });
				app.attachments.add({ kind: "file", path: "given.ts" });
				app.attachments.add({ kind: "text", name: "log", text: "boom" });
				assert.deepEqual(names(app), ["file given.ts", "text log"]);
				await writeFile(path, "let b = 2;\n");
				const hash = hashOf(Buffer.from("let b = 2;\n"));
				await app.send("Look.");
				assert.deepEqual(given(app), [
					{ kind: "file", name: "given.ts", path: "given.ts", text: "1\tlet b = 2;", seen: { "given.ts": hash } },
					{ kind: "text", name: "log", text: "boom" },
				]);
				const content = endpoint.requests[0]?.body?.messages.find(({ role }) => role === "user")?.content;
				assert.match(
					String(content),
					/^Look\.\n\n[\s\S]*\n\[File: "given\.ts"\]\n> 1\tlet b = 2;\n\[Pasted text: "log"\]\n> boom/,
				);
				assert.deepEqual(names(app), []);
				await app.send("And now?");
				assert.deepEqual(given(app, 1), []);
			}),
		));

	it("is there again where it could not be sent, and asks before it sends what may hold secrets", () =>
		withFile(".env.given", "TOKEN=1\n", () =>
			withScript([{ text: "Seen." }], async (app) => {
				app.attachments.add({ kind: "file", path: ".env.given" });
				const shown = await answering({}, () => app.send("Look."));
				assert.equal(shown[0]?.dialog, "showWarningMessage");
				assert.match(JSON.stringify(shown[0]?.args), /\.env\.given/);
				assert.deepEqual([turns(app).length, names(app)], [0, ["file .env.given"]]);
				await answering({ showWarningMessage: () => "Send" }, () => app.send("Look."));
				assert.equal(given(app)[0]?.text, "1\tTOKEN=1");
				app.drafts.text = "";
			}),
		));

	it("comes back with the words, above what was typed meanwhile, where files are put back by the time it is read", () =>
		withFile(".env.given", "TOKEN=1\n", () =>
			withScript([{ text: "Seen." }], async (app) => {
				app.attachments.add({ kind: "file", path: ".env.given" });
				const meanwhile = () => {
					Object.defineProperty(app.restores, "isWriting", { value: true, configurable: true });
					app.drafts.text = "Later";
					return "Send";
				};
				try {
					await answering({ showWarningMessage: meanwhile }, () => app.send("Look."));
				} finally {
					Reflect.deleteProperty(app.restores, "isWriting");
				}
				assert.deepEqual([turns(app).length, names(app)], [0, ["file .env.given"]]);
				assert.equal(app.drafts.text, "Look.\n\nLater");
				app.drafts.text = "";
				clear(app);
			}),
		));

	it("goes with a message that waits", () =>
		withScript(
			[{ calls: [{ tool: "Write", args: { path: "w.txt", content: "1\n" } }] }, { text: "1" }, { text: "2" }],
			async (app) => {
				const turn = app.send("Go");
				await until(() => (app.chats.active?.asked.length ?? 0) > 0);
				app.attachments.add({ kind: "text", name: "log", text: "boom" });
				await app.queue(app.chats.active, { do: "add", text: "Next" });
				assert.deepEqual(names(app), []);
				app.chats.active?.asked[0]?.answer({ verdict: "deny" });
				await turn;
				assert.deepEqual(given(app, 1), [{ kind: "text", name: "log", text: "boom" }]);
			},
		));

	it("is no more than a message takes, which is said", async () => {
		const app = await activeApp();
		const shown = await answering({}, async () => {
			for (let n = 0; n < 21; n++) app.attachments.add({ kind: "text", name: `${n}`, text: "x" });
		});
		assert.equal(app.attachments.rows.length, 20);
		assert.match(String(shown[0]?.args[0]), /^A message takes 20 attachments at most/);
	});

	it("comes by a drop and by VS Code's dialog: files, folders, pages and images", async () => {
		const app = await activeApp();
		await mkdir(workspacePath("dropped"), { recursive: true });
		await writeFile(workspacePath("dropped/a b.txt"), "a");
		await writeFile(workspacePath("dropped/shot.png"), PNG);
		await writeFile(workspacePath("dropped/fake.png"), "not an image");
		const uri = (name: string) => vscode.Uri.file(workspacePath(name)).toString();
		try {
			const uris = ["dropped/a b.txt", "dropped", "dropped/shot.png", "dropped/fake.png", "dropped/gone.txt"].map(uri);
			const shown = await answering({ showOpenDialog: () => [vscode.Uri.parse(uris[0] ?? "")] }, async () => {
				await attachDropped(app, ["# a comment", ...uris, "https://example.com/x", "command:evil"].join("\r\n"));
				await pickFiles(app);
			});
			assert.deepEqual(names(app), [
				"file dropped/a b.txt",
				"folder dropped",
				"image shot.png",
				"page https://example.com/x",
			]);
			assert.equal(shown.filter(({ dialog }) => dialog === "showWarningMessage").length, 3);
			assert.match(app.attachments.rows[2]?.thumb ?? "", /^data:image\/png;base64,iVBOR/);
		} finally {
			await rm(workspacePath("dropped"), { recursive: true });
		}
	});

	it("is the first of many that were dropped, which is said once", async () => {
		const app = await activeApp();
		const pages = Array.from({ length: 500 }, (_, n) => `https://example.com/${n}`);
		const shown = await answering({}, () => attachDropped(app, pages.join("\r\n")));
		assert.deepEqual(
			names(app),
			pages.slice(0, 20).map((url) => `page ${url}`),
		);
		assert.deepEqual(
			shown.map(({ args }) => args[0]),
			["A message takes 20 attachments, so only the first ones were added."],
		);
	});

	it("is found by @: files as they come and go, folders, problems, a URL", async () => {
		const app = await activeApp();
		await mkdir(workspacePath("mentioned"), { recursive: true });
		await writeFile(workspacePath("mentioned/UserOrderView.ts"), "");
		try {
			let row: MentionRow | undefined;
			while (!row) row = (await mentioned(app, "uov")).find(({ kind }) => kind === "file");
			assert.deepEqual(row, {
				label: "UserOrderView.ts",
				detail: "mentioned",
				marks: [0, 4, 9],
				kind: "file",
				wanted: { kind: "file", path: "mentioned/UserOrderView.ts" },
			});
			const [folder] = await mentioned(app, "mentioned");
			assert.deepEqual(folder?.wanted, { kind: "folder", path: "mentioned" });
			const [page] = await mentioned(app, "https://example.com/x?y");
			assert.deepEqual(page?.wanted, { kind: "page", url: "https://example.com/x?y" });
			const [changes] = await mentioned(app, "git");
			assert.deepEqual(changes?.wanted, { kind: "changes" });
		} finally {
			await rm(workspacePath("mentioned"), { recursive: true });
		}
	});

	describe("terminals", () => {
		/** A terminal that shows these words and is open. */
		const showing = async (name: string, words: string) => {
			const written = new vscode.EventEmitter<string>();
			const pty = { onDidWrite: written.event, open: () => written.fire(`${words}\r\n`), close: () => undefined };
			const terminal = vscode.window.createTerminal({ name, pty });
			terminal.show(true);
			await until(() => vscode.window.activeTerminal === terminal);
			return terminal;
		};
		const rows = async (app: App) => (await mentioned(app, "terminal")).filter(({ kind }) => kind === "terminal");

		it("are told apart by the folder that they began in", async () => {
			const app = await activeApp();
			const [here, elsewhere] = [workspacePath(), tmpdir()];
			const made = [here, elsewhere].map((cwd) => vscode.window.createTerminal({ name: "folders", cwd }));
			try {
				const found = (await rows(app)).filter(({ label }) => label.includes("folders"));
				assert.deepEqual(new Set(found.map(({ detail }) => detail)), new Set([basename(here), elsewhere]));
			} finally {
				for (const terminal of made) terminal.dispose();
			}
		});

		it("of one name are told apart, and the one that was picked is read, however fast", async () => {
			const app = await activeApp();
			const made = [await showing("same", "words of the first"), await showing("same", "words of the second")];
			try {
				const found = await rows(app);
				assert.deepEqual(
					found.slice(0, 2).map(({ label }) => label),
					["Terminal: same (2)", "Terminal: same"],
				);
				for (const { wanted } of found.slice(0, 2)) app.attachments.add(wanted ?? assert.fail());
				assert.deepEqual(names(app), ["terminal same (2)", "terminal same"]);
				const read = await app.attachments.take().read(new AbortController().signal);
				assert.deepEqual(
					read?.map(({ name, text }) => [name, text.trim()]),
					[
						["same (2)", "words of the second"],
						["same", "words of the first"],
					],
				);
			} finally {
				for (const terminal of made) terminal.dispose();
			}
		});
	});

	describe("the editor in front", () => {
		beforeEach(() => setting("activeEditor", undefined));
		const open = async (path: string, selection?: vscode.Range) =>
			vscode.window.showTextDocument(vscode.Uri.file(path), { ...(selection && { selection }), preview: false });

		it("goes along with its line, or with what is selected, until it is taken away", () =>
			withFile("front.txt", "one\ntwo\nthree\n", async (path) =>
				withScript([{ text: "1" }, { text: "2" }, { text: "3" }], async (app) => {
					await open(path, new vscode.Range(1, 0, 1, 0));
					await until(() => names(app)[0] === "active front.txt:2");
					await app.send("One");
					assert.deepEqual(given(app), [{ kind: "active", name: "front.txt:2", text: "", path: "front.txt", line: 2 }]);
					await open(path, new vscode.Range(0, 0, 1, 3));
					await until(() => names(app)[0] === "active front.txt:1-2");
					await app.send("Two");
					assert.equal(given(app, 1)[0]?.text, "1\tone\n2\ttwo");
					app.attachments.remove("active");
					assert.deepEqual(names(app), []);
					await app.send("Three");
					assert.deepEqual(given(app, 2), []);
				}),
			));

		it("stays at home where it was opened by a name of what holds secrets", () =>
			withFile("front.txt", "one\n", (path) =>
				withFile("plain.txt", "TOKEN=1\n", async (target) => {
					const app = await activeApp();
					const link = workspacePath(".env.linked");
					await symlink(target, link);
					try {
						await open(path);
						await until(() => names(app).length === 1);
						await open(link);
						await until(() => names(app)[0] !== "active front.txt:1");
						// By then the editor in front has looked at it too.
						await app.ports.files.place(link);
						await app.ports.files.place(link);
						assert.deepEqual(names(app), []);
					} finally {
						await rm(link);
					}
				}),
			));

		it("stays at home where it may hold secrets, is hidden, untitled, or named by the person", () =>
			withFile(".env.front", "TOKEN=1\n", (secret) =>
				withFile("front.txt", "one\n", async (path) => {
					const app = await activeApp();
					await open(path);
					await until(() => names(app).length === 1);
					app.attachments.add({ kind: "file", path: "front.txt" });
					assert.deepEqual(names(app), ["file front.txt"]);
					clear(app);
					await open(secret);
					await until(() => names(app).length === 0);
					await open(path);
					await until(() => names(app).length === 1);
					await setting("activeEditor", false);
					assert.deepEqual(names(app), []);
				}),
			));
	});
});
