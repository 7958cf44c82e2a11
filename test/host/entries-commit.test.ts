import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { gitOfEditor, type Repository } from "../../src/vscode/entries/git-extension.ts";
import { answering, words } from "./dialogs.ts";
import { heard, until, untrusted, withScript, workspacePath } from "./setup.ts";

interface Api {
	getAPI(version: 1): { openRepository(root: vscode.Uri): Promise<Repository | null> };
}

const git = (top: string, ...args: string[]) =>
	execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args], { cwd: top, stdio: "pipe" });

/** A repository in the workspace with two commits, open in VS Code's Source Control. */
async function repository(name: string): Promise<{ readonly top: string; readonly shown: Repository }> {
	const top = workspacePath(name);
	mkdirSync(top);
	git(top, "init", "-q");
	writeFileSync(join(top, "cart.js"), "export const sum = 1;\n");
	git(top, "add", ".");
	git(top, "commit", "-qm", "cart: begin with the sum");
	git(top, "commit", "-qm", "cart: say what it costs", "--allow-empty");
	const extension = vscode.extensions.getExtension<Api>("vscode.git") ?? assert.fail("VS Code has no git extension");
	const shown = await (await extension.activate()).getAPI(1).openRepository(vscode.Uri.file(top));
	return { top, shown: shown ?? assert.fail("the repository is not open") };
}

const write = (on?: unknown) => vscode.commands.executeCommand("kimiK2.writeCommit", on);

describe("a commit message written by the model", () => {
	let top = "";
	let shown: Repository;
	before(async () => {
		({ top, shown } = await repository("shop"));
	});
	after(() => rmSync(top, { recursive: true, force: true }));
	beforeEach(() => {
		git(top, "reset", "-q", "--hard");
		git(top, "clean", "-qfd");
		shown.inputBox.value = "";
		writeFileSync(join(top, "cart.js"), "export const sum = 2;\n");
	});
	afterEach(() => {
		shown.inputBox.value = "";
	});
	/** What the model was asked. */
	const prompt = (
		requests: readonly { readonly body: { readonly messages: readonly { readonly content?: unknown }[] } }[],
	) => String(requests[0]?.body.messages.at(-1)?.content);

	it("comes from what is staged, in the style of the last commits, into the box, without fences or thinking", () =>
		withScript(
			[{ reasoning: "I look.", text: "```\ncart: make the sum two\n\nIt was wrong.\n```", chunkSize: 4 }],
			async (app, { requests }) => {
				git(top, "add", "cart.js");
				writeFileSync(join(top, "later.js"), "not staged\n");
				const said = await heard(app, () => write({ rootUri: shown.rootUri }));
				assert.equal(shown.inputBox.value, "cart: make the sum two\n\nIt was wrong.");
				assert.equal(requests.length, 1);
				assert.match(prompt(requests), /> cart: say what it costs\n> cart: begin with the sum/);
				assert.match(prompt(requests), /> -export const sum = 1;\n> \+export const sum = 2;/);
				assert.doesNotMatch(prompt(requests), /not staged|later\.js/);
				assert.match(said.join(), /^The commit message is written/);
			},
		));

	it("comes from all that changed where nothing is staged, and never shows what may hold secrets or is hidden", () =>
		withScript([{ text: "cart: all" }], async (_, { requests }) => {
			writeFileSync(join(top, "new.js"), "export const fresh = 1;\n");
			writeFileSync(join(top, ".env"), "TOKEN=canary-1\n");
			git(top, "add", "-N", ".env");
			writeFileSync(join(top, "id_rsa"), "canary-2\n");
			writeFileSync(join(top, "hidden.txt"), "canary-3\n");
			writeFileSync(workspacePath(".kimiignore"), "hidden.txt\n");
			try {
				await write({ rootUri: shown.rootUri });
			} finally {
				rmSync(workspacePath(".kimiignore"));
			}
			assert.equal(shown.inputBox.value, "cart: all");
			assert.match(prompt(requests), /\+export const sum = 2;/);
			assert.match(prompt(requests), /export const fresh = 1;/);
			assert.match(prompt(requests), /without their patches:\n(?:.*\n)*> \.env\n/);
			assert.doesNotMatch(prompt(requests), /canary/);
		}));

	it("shows no secrets that a renamed file brought along", () =>
		withScript([{ text: "cart: rename" }], async (_, { requests }) => {
			writeFileSync(join(top, ".env"), "A=canary-a\nB=canary-b\nC=canary-c\n");
			git(top, "add", ".env");
			git(top, "commit", "-qm", "cart: settings");
			try {
				git(top, "mv", ".env", "settings.txt");
				await write({ rootUri: shown.rootUri });
				assert.match(prompt(requests), /settings\.txt/);
				assert.doesNotMatch(prompt(requests), /canary/);
			} finally {
				git(top, "reset", "-q", "--hard", "HEAD~1");
			}
		}));

	it("keeps what the person types meanwhile, and hangs up", () =>
		withScript([{ text: "cart: one two three ".repeat(50), chunkSize: 1, chunkMs: 20 }], async (_, { requests }) => {
			const writing = write({ rootUri: shown.rootUri });
			await until(() => shown.inputBox.value !== "");
			shown.inputBox.value = "mine";
			await writing;
			assert.equal(shown.inputBox.value, "mine");
			assert.equal(await requests[0]?.ended, "left");
		}));

	it("is ended by Stop, which brings back what was in the box; the model is told of that", () =>
		withScript([{ text: "cart: one two three four five", chunkSize: 2, hang: "mid" }], async (_, { requests }) => {
			shown.inputBox.value = "wip: the sum";
			const writing = write({ rootUri: shown.rootUri });
			await until(() => shown.inputBox.value.startsWith("ca"));
			await vscode.commands.executeCommand("kimiK2.stopCommit");
			await writing;
			assert.equal(shown.inputBox.value, "wip: the sum");
			assert.match(prompt(requests), /keep to what they mean:\nwip: the sum/);
			assert.equal(await requests[0]?.ended, "left");
		}));

	it("asks a busy server again, and says why it failed where that does not help", () =>
		withScript(
			[{ status: 503, body: {} }, { text: "cart: two" }, { status: 401, body: { error: { message: "bad key" } } }],
			async () => {
				await write({ rootUri: shown.rootUri });
				assert.equal(shown.inputBox.value, "cart: two");
				const told = await answering({}, async () => void (await write({ rootUri: shown.rootUri })));
				assert.equal(shown.inputBox.value, "cart: two");
				assert.match(words(told).join(), /showWarningMessage,.*key/i);
			},
		));

	it("needs a change, and asks nobody without one", () =>
		withScript([{ text: "x" }], async (_, { hits }) => {
			git(top, "checkout", "-q", ".");
			const told = await answering({}, async () => void (await write({ rootUri: shown.rootUri })));
			assert.deepEqual(words(told), [["showInformationMessage", "There is nothing to commit: no file is changed."]]);
			assert.deepEqual(
				hits.filter((hit) => hit.startsWith("POST")),
				[],
			);
		}));

	it("goes to the repository that was clicked; from the palette the person picks", () =>
		withScript([{ text: "docs: other" }, { text: "docs: again" }], async (_, { requests }) => {
			const other = await repository("docs");
			try {
				writeFileSync(join(other.top, "cart.js"), "other\n");
				await write({ rootUri: other.shown.rootUri });
				assert.deepEqual([shown.inputBox.value, other.shown.inputBox.value], ["", "docs: other"]);
				assert.match(prompt(requests), /\+other/);
				type Row = { label: string };
				const told = await answering(
					{ showQuickPick: (rows: readonly Row[]) => rows.find(({ label }) => label === "docs") },
					async () => void (await write()),
				);
				assert.deepEqual(((told[0]?.args[0] ?? []) as Row[]).map(({ label }) => label).sort(), ["docs", "shop"]);
				assert.equal(other.shown.inputBox.value, "docs: again");
			} finally {
				rmSync(other.top, { recursive: true, force: true });
			}
		}));

	it("does not wait without end for a git extension that never comes up", async () => {
		const { getExtension } = vscode.extensions;
		const onDidChangeState = () => ({ dispose: () => undefined });
		const api = { state: "uninitialized", onDidChangeState, git: { path: "git" }, repositories: [] };
		const activate = () => Promise.resolve({ enabled: true, getAPI: () => api });
		Object.assign(vscode.extensions, { getExtension: () => ({ activate }) });
		try {
			assert.deepEqual(await gitOfEditor(1), { path: "git", repositories: [] });
		} finally {
			Object.assign(vscode.extensions, { getExtension });
		}
	});

	it("sends nothing from a workspace that nobody trusts", () =>
		withScript([{ text: "x" }], async (_, { requests }) => {
			await untrusted(async () => {
				const told = await answering({}, async () => void (await write({ rootUri: shown.rootUri })));
				assert.match(words(told).join(), /Restricted Mode/);
				assert.deepEqual([requests.length, shown.inputBox.value], [0, ""]);
			});
		}));
});
