import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { originOf } from "../../src/model/endpoint.ts";
import type { App } from "../../src/vscode/app.ts";
import { exportProfiles } from "../../src/vscode/profile-io.ts";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { recordNetwork } from "../fake/network.ts";
import { canary, filesWith, filesWithKey, forms, pieceIn } from "../security/canary.ts";
import { answering } from "./dialogs.ts";
import { activeApp, calls, setting, until, workspacePath } from "./setup.ts";

const call = (tool: string, args: object): ScriptedReply => ({ calls: [{ tool, args }] });
const refusal = (status: number, text: string): ScriptedReply => ({
	status,
	body: { error: { message: `Incorrect API key provided: ${text}. It was sent as "authorization: Bearer ${text}".` } },
});

/** Starts an endpoint that wants the canary, which is typed as a person does, and makes it the chosen one. */
async function withKey(
	script: (n: number) => ScriptedReply,
	use: (app: App, endpoint: FakeEndpoint) => Promise<void>,
): Promise<void> {
	const app = await activeApp();
	const endpoint = await startEndpoint({ script: (_, n) => script(n), key: canary });
	try {
		await setting("baseUrl", endpoint.url);
		await setting("model", "kimi-k2.7-code");
		await setting("endpoint", "custom");
		await answering({ showInputBox: () => canary }, async () => {
			await vscode.commands.executeCommand("kimiK2.setKey");
		});
		await app.chats.create();
		await use(app, endpoint);
	} finally {
		await app.chats.active?.stop();
		await endpoint.close();
		await app.keys.remove(endpoint.url);
		for (const key of ["endpoint", "baseUrl", "model", "mode", "profiles"]) await setting(key, undefined);
		app.facts.forget();
		await vscode.commands.executeCommand("workbench.action.closeAllEditors");
	}
}

/** Everything that VS Code writes for this window: settings, storage, logs. */
const userData = (app: App) => join(app.context.globalStorageUri.fsPath, "../../..");

/** What the view is sent, as `ChatView` makes it. */
const forView = (app: App) =>
	JSON.stringify([app.viewState(), app.chats.active?.session.chat, app.chats.active?.session.live]);

describe("the key in VS Code", () => {
	before(async () => {
		await vscode.commands.executeCommand("_extensionTests.setLogLevel", "trace");
	});
	after(async () => {
		await vscode.commands.executeCommand("_extensionTests.setLogLevel", "info");
	});

	it("is sent in the header of requests, and no file, setting, log, message, page or child has it", async () => {
		const look =
			"env; set; cat /proc/self/environ /proc/$PPID/environ 2>/dev/null | tr '\\0' '\\n'; echo looked > looked.txt";
		const script = [
			call("Bash", { command: look }),
			call("Write", { path: "canary.txt", content: "a bird\n" }),
			refusal(503, canary),
			refusal(401, canary),
			...forms.map(([, text]) => refusal(401, text)),
		];
		await withKey(
			(n) => script[n] ?? refusal(400, canary),
			async (app, endpoint) => {
				await setting("mode", "trusted");
				assert.equal(app.log.logLevel, vscode.LogLevel.Trace);
				const shown = await answering(
					{ showSaveDialog: () => vscode.Uri.file(workspacePath("exported.json")) },
					async () => {
						await app.send("Look around");
						assert.match(calls(app)[0]?.text ?? "", /PATH=/);
						for (const _ of forms) {
							await app.resume(app.chats.active);
							assert.equal(pieceIn(forView(app)), undefined);
						}
						await vscode.commands.executeCommand("kimiK2.testEndpoint");
						await vscode.commands.executeCommand("kimiK2.verify");
						await setting("profiles", [{ name: "Mine", baseUrl: endpoint.url }]);
						await exportProfiles();
						await setting("profiles", undefined);
						await vscode.commands.executeCommand("kimiK2.showLearned");
					},
				);
				app.log.trace("The canary was looked for.");
				await until(() => filesWith(userData(app), (text) => text.includes("the canary was looked for.")).length > 0);
				assert.equal(pieceIn(JSON.stringify(shown)), undefined, JSON.stringify(shown));
				const pages = vscode.workspace.textDocuments.map((document) => document.getText());
				assert.equal(pieceIn(pages.join("\n")), undefined);
				assert.equal(pieceIn(JSON.stringify(app.facts.all())), undefined);
				assert.equal(
					pieceIn(JSON.stringify(app.context.globalState.keys().map((key) => app.context.globalState.get(key)))),
					undefined,
				);
				assert.deepEqual([filesWithKey(userData(app)), filesWithKey(workspacePath())], [[], []]);
				assert.ok(endpoint.requests.length > script.length);
				assert.equal(pieceIn(endpoint.requests.map(({ raw }) => raw).join("\n")), undefined);
				assert.deepEqual(
					[...new Set(endpoint.requests.map(({ headers }) => headers["authorization"]))],
					[`Bearer ${canary}`],
				);
				for (const name of ["looked.txt", "canary.txt", "exported.json"])
					await vscode.workspace.fs.delete(vscode.Uri.file(workspacePath(name)));
			},
		);
	}).timeout(120_000);

	it("is asked for anew wherever another origin is set, by whatever name, preset or profile", async () => {
		await withKey(
			() => ({ text: "Hello." }),
			async (app, { url }) => {
				const { port } = new URL(url);
				const keyAt = async (baseUrl: string) => {
					await setting("baseUrl", baseUrl);
					const endpoint = await app.endpoints.endpoint();
					return endpoint.ok ? endpoint.value.key : endpoint.failure.code;
				};
				const other = await startEndpoint({ script: [{ text: "Hello." }] });
				try {
					const same = [
						url,
						`http://127.0.0.1:${port}/other`,
						`HTTP://127.1:${port}/v1`,
						`http://0x7f000001:${port}/v1`,
					];
					const others = [
						other.url,
						`http://localhost:${port}/v1`,
						`https://127.0.0.1:${port}/v1`,
						`http://[::1]:${port}/v1`,
						`http://127.0.0.1/v1`,
					];
					for (const baseUrl of same) assert.equal(await keyAt(baseUrl), canary, baseUrl);
					for (const baseUrl of others) assert.equal(await keyAt(baseUrl), undefined, baseUrl);
					assert.equal(await keyAt(`http://me@127.0.0.1:${port}/v1`), "bad-endpoint");
					const file = { name: "Mine", preset: "custom", baseUrl: url };
					await setting("profiles", [{ ...file, baseUrl: other.url }]);
					await setting("profile", "Mine");
					await app.send("Hello");
					assert.equal(other.requests[0]?.headers["authorization"], undefined);
					assert.notEqual(originOf(other.url), originOf(url));
				} finally {
					await setting("profile", undefined);
					await other.close();
				}
			},
		);
	});
});

describe("a whole task in VS Code", () => {
	it("connects to nothing but the endpoint", async () => {
		const script = [
			call("Glob", { pattern: "**/*.txt" }),
			call("Grep", { pattern: "Hello" }),
			call("Read", { path: "hello.txt" }),
			call("Write", { path: "new.txt", content: "new\n" }),
			call("Bash", { command: "echo run > run.txt" }),
			{ status: 503, body: { error: { message: "Overloaded." } } },
			{ text: "Done: ![image](https://elsewhere.example/x.png) https://elsewhere.example/" },
		];
		const recorder = recordNetwork();
		try {
			await withKey(
				(n) => script[n] ?? {},
				async (app, { url }) => {
					await setting("mode", "trusted");
					await vscode.commands.executeCommand("kimiK2.open");
					await app.send("Do it");
					await until(() => app.changes.files.length > 0);
					await vscode.commands.executeCommand("kimiK2.reviewChanges");
					await vscode.commands.executeCommand("kimiK2.keepAll");
					assert.deepEqual([...new Set(recorder.seen)], [`tcp ${new URL(url).host}`]);
				},
			);
		} finally {
			recorder.stop();
			for (const name of ["new.txt", "run.txt"]) await vscode.workspace.fs.delete(vscode.Uri.file(workspacePath(name)));
		}
	}).timeout(60_000);
});
