import assert from "node:assert/strict";
import * as vscode from "vscode";
import { answering } from "./dialogs.ts";
import { until, withScript } from "./setup.ts";

describe("what was learned of an endpoint", () => {
	const refusal = {
		status: 400,
		body: { error: { message: "invalid temperature: only 1 is allowed for this model" } },
	};

	it("is kept in VS Code's memory, shown on a page that follows, and forgotten on demand", () =>
		withScript([refusal, { text: "Hello." }], async (app, endpoint) => {
			app.facts.forget();
			await app.send("Hi");
			const [learned] = app.facts.all();
			assert.deepEqual([learned?.baseUrl, learned?.facts.omit], [endpoint.url, ["temperature"]]);
			const key = `kimiK2.facts:${learned?.key}`;
			assert.deepEqual(app.context.globalState.get(key), learned?.facts);

			await vscode.commands.executeCommand("kimiK2.showLearned");
			const page = () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "kimi-k2-learned");
			assert.match(page()?.getText() ?? "", /\| It refuses `temperature`: left out\. \| a refusal, or Verify \|/);
			assert.match(page()?.getText() ?? "", /\| dialect \| `"k2"` \|/);

			const first = (items: readonly vscode.QuickPickItem[]) => items[0];
			await answering({ showQuickPick: first }, async () => {
				await vscode.commands.executeCommand("kimiK2.forgetLearned");
			});
			assert.deepEqual([app.facts.all(), app.context.globalState.get(key)], [[], undefined]);
			await until(() => /Nothing was learned yet/.test(page()?.getText() ?? ""));
		}));
});
