import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import type { ScriptedReply, WireRequest } from "../fake/endpoint-reply.ts";
import { goodKimi } from "../model/verify-kimi.ts";
import { answering, words } from "./dialogs.ts";
import { activeApp, setting, until, withScript } from "./setup.ts";

async function run(): Promise<void> {
	await vscode.commands.executeCommand("kimiK2.verify");
}

/** The page that is served for the last report. */
async function shownReport(url: string): Promise<string> {
	const uri = vscode.Uri.from({ scheme: "kimi-k2-report", path: "/x.md", query: `${url} kimi-k2.7-code` });
	return (await vscode.workspace.openTextDocument(uri)).getText();
}

function previews(): readonly string[] {
	const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
	return tabs.map(({ label }) => label).filter((label) => label.includes("Verify"));
}

/** A turn, to see what goes to the server now. */
async function turn(app: App): Promise<void> {
	await app.send("Hello");
	await until(() => app.chats.active?.running === false);
}

describe("Verify endpoint in VS Code", () => {
	afterEach(async () => (await activeApp()).facts.forget());

	it("tries a server on this machine at once, opens the report, and marks the endpoint", async () => {
		await withScript(goodKimi, async (app, { url }) => {
			const shown = await answering({}, run);
			assert.deepEqual(words(shown), [["showInformationMessage", `kimi-k2.7-code at ${new URL(url).host}: Ready.`]]);
			assert.equal(app.viewState().verified, "ready");
			assert.match(await shownReport(url), /^# Ready: kimi-k2\.7-code at /);
			await until(() => previews().length > 0);
		});
	});

	it("makes the next request as the server wants it", async () => {
		const script = (request: WireRequest): ScriptedReply =>
			"stream_options" in request.body
				? { status: 400, body: { error: { message: "Unknown field: stream_options" } } }
				: goodKimi(request);
		await withScript(script, async (app, { requests }) => {
			await answering({}, run);
			assert.equal(app.viewState().verified, "repairs");
			const before = requests.length;
			await turn(app);
			assert.deepEqual(
				requests.slice(before).map(({ body }) => "stream_options" in body),
				[false],
			);
		});
	});

	it("offers another model or endpoint where this one is not suitable", async () => {
		await withScript(
			() => ({ text: "I would rather talk." }),
			async (app) => {
				const [shown] = await answering({}, run);
				assert.equal(shown?.dialog, "showWarningMessage");
				assert.deepEqual(shown?.args.slice(1), ["Switch model", "Switch endpoint"]);
				assert.equal(app.viewState().verified, "unsuitable");
			},
		);
	});

	it("shows the last report again, or tries again", async () => {
		await withScript(goodKimi, async (_, { requests, url }) => {
			await answering({}, run);
			const before = requests.length;
			const labels = (items: readonly vscode.QuickPickItem[]) => items[0];
			const shown = await answering({ showQuickPick: labels }, run);
			assert.deepEqual([shown.length, requests.length], [1, before]);
			assert.match(await shownReport(url), /^# Ready/);
			await answering({ showQuickPick: (items: readonly vscode.QuickPickItem[]) => items[1] }, run);
			assert.equal(requests.length, 2 * before);
		});
	});

	it("says what it takes before it asks a server elsewhere, and sends nothing without a yes", async () => {
		await withScript(goodKimi, async (app, { requests, url }) => {
			// The same server, under an address that is not known to be this machine's.
			await setting("baseUrl", url.replace("127.0.0.1", "0.0.0.0"));
			const [asked, ...rest] = await answering({}, run);
			assert.deepEqual([asked?.dialog, rest, requests.length], ["showInformationMessage", [], 0]);
			const [question, how, button] = asked?.args ?? [];
			const { modal, detail } = how as vscode.MessageOptions;
			assert.match(String(question), /^Verify kimi-k2\.7-code at 0\.0\.0\.0:\d+\?$/);
			assert.match(
				detail ?? "",
				/^About \d+ requests, \d+ if the server is busy, with up to \d+k tokens in and \d+k tokens out\. The price is not known here\. It takes about \d+ min and can be stopped at any time\. Nothing of your code is sent\.$/,
			);
			assert.deepEqual([modal, button, app.viewState().verified], [true, "Verify", undefined]);
		});
	});

	it("is offered after an endpoint was chosen, until it ran or the person sends something", async () => {
		const offer = (app: App) => app.viewState().notice?.fixes.includes("verify") ?? false;
		await withScript([{ text: "Hi." }], async (app) => {
			assert.equal(offer(app), true);
			assert.match(app.viewState().notice?.text ?? "", /costs nothing/);
			await turn(app);
			assert.equal(offer(app), false);
		});
		await withScript(goodKimi, async (app) => {
			assert.equal(offer(app), true);
			await answering({}, run);
			assert.equal(offer(app), false);
		});
	});

	it("is still offered for an endpoint that was chosen while another was verified", async () => {
		await withScript(goodKimi, async (app, { url }) => {
			await answering({}, run);
			const elsewhere = url.replace("127.0.0.1", "localhost");
			const switching = async (items: readonly vscode.QuickPickItem[]) => {
				await setting("baseUrl", elsewhere);
				return items[1];
			};
			await answering({ showQuickPick: switching }, run);
			assert.equal(app.viewState().verified, undefined);
			assert.deepEqual(app.viewState().notice?.fixes, ["verify"]);
		});
	});

	it("shows the report that was kept in a page that is opened again", async () => {
		await withScript(goodKimi, async (_, { url }) => {
			assert.equal(await shownReport(url), "This report was not kept. Verify the endpoint again.");
		});
		await withScript(goodKimi, async (app, { url }) => {
			const verified = { at: Date.now(), verdict: "ready", report: "# Ready: as it was kept\n" } as const;
			app.facts.book(url, "kimi-k2.7-code").learn({ verified });
			assert.equal(await shownReport(url), verified.report);
		});
	});

	it("says why it cannot ask", async () => {
		await withScript(goodKimi, async () => {
			await setting("baseUrl", "nonsense");
			const shown = await answering({}, run);
			assert.deepEqual(
				shown.map(({ dialog }) => dialog),
				["showErrorMessage"],
			);
		});
	});
});
