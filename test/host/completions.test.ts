import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import { answering, words } from "./dialogs.ts";
import { setting, until, withFile, withScript, workspacePath } from "./setup.ts";

const texts = ({ requests }: FakeEndpoint) => requests.map(({ body }) => body["prompt"]);
const continueAtCursor = () => vscode.commands.executeCommand("kimiK2.continueAtCursor");

/** The file in an editor, with the cursor behind `before`. */
async function editorAt(path: string, before: string): Promise<vscode.TextEditor> {
	const document = await vscode.workspace.openTextDocument(path);
	const editor = await vscode.window.showTextDocument(document);
	const at = document.positionAt(document.getText().indexOf(before) + before.length);
	editor.selection = new vscode.Selection(at, at);
	return editor;
}

/** Edits a document that changes meanwhile, for which VS Code may have to be asked anew. */
async function applied(make: (edit: vscode.WorkspaceEdit) => void): Promise<void> {
	for (let isDone = false; !isDone; ) {
		const edit = new vscode.WorkspaceEdit();
		make(edit);
		isDone = await vscode.workspace.applyEdit(edit);
	}
}

describe("continue at cursor", () => {
	it("writes what the model goes on with, without what follows already, as one step to undo", () =>
		withFile("a.txt", "const a = f(\r\n);\r\nend();\r\n", (path) =>
			withScript([{ text: "\n\t1,\n\t2,\n);", chunkSize: 3, chunkMs: 5 }], async (_, endpoint) => {
				const editor = await editorAt(path, "f(");
				await continueAtCursor();
				assert.equal(editor.document.getText(), "const a = f(\r\n\t1,\r\n\t2,\r\n);\r\nend();\r\n");
				assert.deepEqual(texts(endpoint), ["const a = f("]);
				assert.deepEqual(editor.selection.active, new vscode.Position(2, 3));
				await vscode.commands.executeCommand("undo");
				assert.equal(editor.document.getText(), "const a = f(\r\n);\r\nend();\r\n");
			}),
		));

	it("stays at its place and loses nothing while the person writes elsewhere", () =>
		withFile("elsewhere.txt", "top\nIt goes on\nbottom\n", (path) =>
			withScript([{ text: " and on and on and on.", chunkSize: 2, chunkMs: 20 }], async () => {
				const editor = await editorAt(path, "goes on");
				const { document } = editor;
				const writing = continueAtCursor();
				await until(() => document.getText().includes(" and"));
				await applied((edit) => {
					edit.insert(document.uri, new vscode.Position(0, 0), "first\n");
					edit.insert(document.uri, new vscode.Position(2, 0), "last, ");
				});
				await writing;
				assert.equal(document.getText(), "first\ntop\nIt goes on and on and on and on.\nlast, bottom\n");
			}),
		));

	it("ends where the person edits what is written, and leaves it as they made it", () =>
		withFile("edited.txt", "It goes on", (path) =>
			withScript([{ text: " and on and on", chunkSize: 1, hang: "mid" }], async (_, endpoint) => {
				const { document } = await editorAt(path, "goes on");
				const writing = continueAtCursor();
				await until(() => document.getText().includes(" and"));
				await applied((edit) => edit.replace(document.uri, new vscode.Range(0, 3, 0, 14), "STOP"));
				await writing;
				assert.match(document.getText(), /^It STOP/);
				assert.equal(await endpoint.requests[0]?.ended, "left");
			}),
		));

	it("is ended by Esc, which leaves what was written, to be undone at once", () =>
		withFile("esc.txt", "It goes on", (path) =>
			withScript([{ text: " and on and on", chunkSize: 1, hang: "mid" }], async (_, endpoint) => {
				const { document } = await editorAt(path, "goes on");
				const writing = continueAtCursor();
				await until(() => document.getText().includes(" and"));
				await vscode.commands.executeCommand("kimiK2.stopContinuing");
				await writing;
				assert.match(document.getText(), /^It goes on and/);
				assert.equal(await endpoint.requests[0]?.ended, "left");
				await vscode.commands.executeCommand("undo");
				assert.equal(document.getText(), "It goes on");
			}),
		));

	it("asks a busy server again, and says so where a model has nothing to add", () =>
		withFile("busy.txt", "It goes on", (path) =>
			withScript([{ status: 503, body: {} }, { text: "!" }, { text: "" }], async (_, endpoint) => {
				const { document } = await editorAt(path, "goes on");
				const shown = await answering({}, async () => {
					await continueAtCursor();
					await continueAtCursor();
				});
				assert.equal(document.getText(), "It goes on!");
				assert.deepEqual(texts(endpoint), ["It goes on", "It goes on", "It goes on!"]);
				assert.deepEqual(words(shown), [["showInformationMessage", "The model had nothing to add here."]]);
			}),
		));

	it("asks the profile that is set for it, with both sides between its tokens", () =>
		withFile("profile.txt", "one three", (path) =>
			withScript([], async (_, chat) => {
				const base = await startEndpoint({ script: [{ text: " two" }] });
				const fillInTheMiddle = { prefix: "<P>", suffix: "<S>", middle: "<M>" };
				try {
					await setting("profiles", [{ name: "Base", baseUrl: base.url, model: "k2-base", fillInTheMiddle }]);
					await setting("completionProfile", "Base");
					const { document } = await editorAt(path, "one");
					await continueAtCursor();
					assert.equal(document.getText(), "one two three");
					assert.deepEqual(texts(base), ["<P>one<S> three<M>"]);
					assert.equal(base.requests[0]?.body.model, "k2-base");
					assert.deepEqual(chat.requests, []);
				} finally {
					await setting("completionProfile", undefined);
					await setting("profiles", undefined);
					await base.close();
				}
			}),
		));

	it("sends nothing of files that hold secrets, by any name, or that .kimiignore hides, and says why", () =>
		withFile(".env", "TOKEN=", (secret) =>
			withFile("hidden.txt", "Hidden", (hidden) =>
				withScript([{ text: "x" }], async (_, endpoint) => {
					await writeFile(workspacePath(".kimiignore"), "hidden.txt\n");
					await symlink(secret, workspacePath("plain.txt"));
					try {
						const shown = await answering({}, async () => {
							await editorAt(secret, "TOKEN=");
							await continueAtCursor();
							await editorAt(workspacePath("plain.txt"), "TOKEN=");
							await continueAtCursor();
							await editorAt(hidden, "Hidden");
							await continueAtCursor();
						});
						assert.deepEqual(
							words(shown).map(([, text]) => text),
							[
								".env may hold secrets, so its text is not sent.",
								"plain.txt may hold secrets, so its text is not sent.",
								"hidden.txt is hidden by .kimiignore, so its text is not sent.",
							],
						);
						assert.deepEqual(endpoint.requests, []);
					} finally {
						await rm(workspacePath(".kimiignore"));
						await rm(workspacePath("plain.txt"));
					}
				}),
			),
		));

	it("says what to do where the endpoint has no such path, which is known from then on until it does", () =>
		withFile("lacking.txt", "It goes on", (path) =>
			withScript([{ status: 404, body: { detail: "Not Found" } }, { text: "!" }], async (app, endpoint) => {
				const { document } = await editorAt(path, "goes on");
				const book = app.facts.book(endpoint.url, "kimi-k2.7-code");
				const shown = await answering({}, async () => void (await continueAtCursor()));
				assert.match(words(shown)[0]?.[1] ?? "", /has no \/completions.*kimiK2\.completionProfile/);
				assert.equal(book.read().completions, false);
				await continueAtCursor();
				assert.equal(document.getText(), "It goes on!");
				assert.equal(book.read().completions, true);
			}),
		));
});

describe("inline completions", () => {
	const trigger = () => vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
	/** Takes the suggestion as soon as there is one. */
	const take = async ({ document }: vscode.TextEditor) => {
		for (const before = document.getText(); document.getText() === before; )
			await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
	};
	afterEach(() => setting("inlineCompletions", undefined));

	it("are off until they are turned on: nothing is sent", () =>
		withFile("turned-on.txt", "const a = ", (path) =>
			withScript([{ text: "f(1);\n\nmore();" }], async (_, endpoint) => {
				const editor = await editorAt(path, "a = ");
				await trigger();
				await setting("inlineCompletions", true);
				await trigger();
				await take(editor);
				assert.equal(editor.document.getText(), "const a = f(1);");
				assert.deepEqual(texts(endpoint), ["const a = "]);
			}),
		));

	it("come while one types, and stay while one types what they say", () =>
		withFile("typed.txt", "const a =", (path) =>
			withScript([{ text: "one two three" }], async (_, endpoint) => {
				await setting("inlineCompletions", true);
				const editor = await editorAt(path, "a =");
				await vscode.commands.executeCommand("type", { text: " " });
				await until(() => endpoint.requests.length > 0);
				assert.equal(await endpoint.requests[0]?.ended, "answered");
				for (const text of "one ") await vscode.commands.executeCommand("type", { text });
				await take(editor);
				assert.equal(editor.document.getText(), "const a = one two three");
				assert.deepEqual(texts(endpoint), ["const a = "]);
			}),
		));

	it("are given up with the next key, and so is their request", () =>
		withFile("given-up.txt", "const a =", (path) =>
			withScript([{ text: "slow", hang: "after-headers" }, { text: "quick" }], async (_, endpoint) => {
				await setting("inlineCompletions", true);
				const editor = await editorAt(path, "a =");
				const asking = trigger();
				await until(() => endpoint.requests.length > 0);
				await vscode.commands.executeCommand("type", { text: " " });
				assert.equal(await endpoint.requests[0]?.ended, "left");
				await asking;
				await take(editor);
				assert.equal(editor.document.getText(), "const a = quick");
			}),
		));

	it("never ask for files that hold secrets or are elsewhere, and tell once of an endpoint that has none", () =>
		withFile(".env", "TOKEN=", (secret) =>
			withFile("once.txt", "const a = ", (path) =>
				withScript([{ status: 405, body: {} }], async (app, endpoint) => {
					await setting("inlineCompletions", true);
					const elsewhere = await mkdtemp(join(tmpdir(), "kimi-k2-elsewhere-"));
					await writeFile(join(elsewhere, "b.txt"), "const b = ");
					const shown = await answering({}, async () => {
						await editorAt(secret, "TOKEN=");
						await trigger();
						await editorAt(join(elsewhere, "b.txt"), "b = ");
						await trigger();
						await editorAt(path, "a = ");
						await trigger();
						await until(() => app.facts.book(endpoint.url, "kimi-k2.7-code").read().completions === false);
						await trigger();
						await continueAtCursor();
					});
					assert.deepEqual(texts(endpoint), ["const a = ", "const a = "]);
					assert.equal(words(shown).length, 2);
					await rm(elsewhere, { recursive: true });
				}),
			),
		));
});
