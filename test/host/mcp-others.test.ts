import assert from "node:assert/strict";
import { otherTools } from "../../src/vscode/mcp/other-tools.ts";
import { pickOtherTools } from "../../src/vscode/mcp/server-page.ts";
import { answering } from "./dialogs.ts";
import { offered, withServers } from "./mcp-setup.ts";
import { asked, calls, until, withScript } from "./setup.ts";

const bye = { text: "Done." };

describe("tools of other extensions", () => {
	it("are named with whose they are, and none is offered before the person turned it on", () =>
		withServers({}, () =>
			withScript([bye, bye], async (app, { requests }) => {
				const found = otherTools().find(({ name }) => name === "weather");
				assert.deepEqual(
					[found?.id, found?.from, found?.description],
					["kimi-k2-tests.tools-extension/weather", "Weather Station", "The weather of a town."],
				);
				await app.send("Go");
				assert.deepEqual(offered(requests[0]), []);
				const tick = (items: readonly { readonly label: string; readonly picked: boolean }[]) => {
					assert.ok(items.every(({ picked }) => !picked));
					return items.filter(({ label }) => label === "weather");
				};
				await answering({ showQuickPick: tick }, () => pickOtherTools(app.tools.mcp, () => undefined));
				await app.send("Go");
				assert.equal(offered(requests[1]).length, 1);
			}),
		));

	it("ask before each call; the result's text reaches the model without escapes", () =>
		withServers({}, () =>
			withScript(
				(request, n) => (n === 0 ? { calls: [{ tool: offered(request)[0] ?? "", args: { town: "Turin" } }] } : bye),
				async (app, { requests }) => {
					await app.tools.mcp.turnOthers(["kimi-k2-tests.tools-extension/weather"]);
					const turn = app.send("How is it?");
					const { call } = await asked(app);
					assert.match(call.plan.title, /weather/);
					call.answer({ verdict: "allow" });
					await turn;
					assert.match(calls(app)[0]?.text ?? "", /Rain in Turin\./);
					assert.match(requests[1]?.raw ?? "", /Rain in Turin\./);
				},
			),
		));

	it("end at Stop, also where the tool goes on", () =>
		withServers({}, () =>
			withScript(
				(request, n) => (n === 0 ? { calls: [{ tool: offered(request)[0] ?? "", args: { town: "Nowhere" } }] } : bye),
				async (app) => {
					await app.tools.mcp.turnOthers(["kimi-k2-tests.tools-extension/weather"]);
					const turn = app.send("How is it?");
					const { run, call } = await asked(app);
					call.answer({ verdict: "allow" });
					await until(() => run.asked.length === 0);
					await run.stop();
					await turn;
					assert.match(calls(app)[0]?.text ?? "", /Stopped by the person/);
				},
			),
		));
});
