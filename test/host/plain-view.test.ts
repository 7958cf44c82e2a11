import assert from "node:assert/strict";
import * as vscode from "vscode";
import { asked, until, withFile, withScript } from "./setup.ts";

/** Opens the view and gives its document. */
async function opened(): Promise<vscode.TextDocument> {
	await vscode.commands.executeCommand("kimiK2.plainView");
	return vscode.window.activeTextEditor?.document ?? assert.fail("nothing was opened");
}

const answer =
	"## Why\n\nThe **total** ignored `coupon`, see [the guide](https://example.com/a).\n\n```ts\nlet a = 1;\n```";

describe("the last answer as plain text", () => {
	it("has no marks, says who speaks, and can't be edited", () =>
		withScript([{ text: answer }], async (app) => {
			await app.send("Why is it wrong?");
			const document = await opened();
			const plain = [
				"You: Why is it wrong?",
				"Kimi:",
				"Why\n\nThe total ignored coupon, see the guide (https://example.com/a).\n\nCode, ts:\nlet a = 1;\nEnd of code.\n",
			];
			await until(() => document.getText() === plain.join("\n\n"));
			await vscode.commands.executeCommand("type", { text: "x" });
			assert.equal(document.isDirty, false);
			assert.match(document.fileName, /Last Answer\.txt$/);
		}));

	it("shows the command that waits in full, and all that was said once the turn ends", () =>
		withScript(
			[{ text: "I run it.", calls: [{ tool: "Bash", args: { command: "rm -rf a \\\n  b" } }] }, { text: "Fine." }],
			async (app) => {
				const turn = app.send("Go");
				const { run, call } = await asked(app);
				const document = await opened();
				const waits = /^Waiting for you: .*\nrm -rf a \\\n {2}b\n\nYou: Go\n\nKimi:\n\nI run it\.\n\n/;
				// One that was open before follows a moment later.
				await until(() => waits.test(document.getText()));
				await app.queue(run, { do: "add", text: "Be quick", steer: true });
				call.answer({ verdict: "deny" });
				await turn;
				await until(() => document.getText().endsWith("\n\nYou: Be quick\n\nKimi:\n\nFine.\n"));
				assert.doesNotMatch(document.getText(), /Waiting for you/);
			},
		));

	it("shows the lines of an edit that waits", () =>
		withFile("plain.txt", "one\ntwo\n", () =>
			withScript(
				[
					{ calls: [{ tool: "Read", args: { path: "plain.txt" } }] },
					{ calls: [{ tool: "Edit", args: { path: "plain.txt", old_string: "two", new_string: "2" } }] },
					{ text: "Fine." },
				],
				async (app) => {
					const turn = app.send("Go");
					const { call } = await asked(app);
					const document = await opened();
					await until(() => /^Waiting for you: .*plain\.txt\n(?:.*\n)*?-two\n\+2\n/.test(document.getText()));
					call.answer({ verdict: "deny" });
					await turn;
				},
			),
		));

	it("follows the chat in front: another one, and the next turn of it", () =>
		withScript([{ text: "First." }, { text: "Second." }], async (app) => {
			await app.send("Go");
			const document = await opened();
			await app.chats.create();
			await until(() => document.getText() === "Nothing was said in this chat yet.");
			await app.send("And now?");
			await until(() => document.getText() === "You: And now?\n\nKimi:\n\nSecond.\n");
		}));
});
