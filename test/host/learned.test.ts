import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Facts } from "../../src/vscode/facts.ts";
import { answering } from "./dialogs.ts";
import { activeApp, until, withScript } from "./setup.ts";

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
			// A page that was open before follows in its own time.
			await until(() =>
				/\| It refuses `temperature`: left out\. \| a refusal, or Verify \|/.test(page()?.getText() ?? ""),
			);
			assert.match(page()?.getText() ?? "", /\| dialect \| `"k2"` \|/);

			const first = (items: readonly vscode.QuickPickItem[]) => items[0];
			await answering({ showQuickPick: first }, async () => {
				await vscode.commands.executeCommand("kimiK2.forgetLearned");
			});
			assert.deepEqual([app.facts.all(), app.context.globalState.get(key)], [[], undefined]);
			await until(() => /Nothing was learned yet/.test(page()?.getText() ?? ""));
		}));

	it("is one book for all who write in it: nobody's page is lost, and what is forgotten stays so", async () => {
		const { context } = await activeApp();
		const [one, two] = [new Facts(context.globalState), new Facts(context.globalState)];
		one.book("http://shared/v1", "a").learn({ images: true });
		two.book("http://shared/v1", "a").learn({ thinkTags: true });
		assert.deepEqual(one.book("http://shared/v1", "a").read(), { images: true, thinkTags: true });
		one.forget("http://shared/v1 a");
		two.book("http://shared/v1", "a").learn({ omit: ["top_p"] });
		assert.deepEqual(two.book("http://shared/v1", "a").read(), { omit: ["top_p"] });
		two.forget("http://shared/v1 a");
	});
});
