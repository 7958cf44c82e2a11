import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { startOrAsk } from "../../src/vscode/mcp/server-page.ts";
import { answering } from "./dialogs.ts";
import { filesServer, killServers, offered, started, withServers, workspaceFile, write } from "./mcp-setup.ts";
import { asked, calls, until, withScript, workspacePath } from "./setup.ts";

const listing = () => ({ calls: [{ tool: "mcp_files_list_directory", args: { path: workspacePath() } }] });
const bye = { text: "Done." };

describe("an MCP server of the person's own", () => {
	it("gives the model its tools: a call asks, and its result reaches the model", () =>
		withServers({ own: { files: filesServer() } }, () =>
			withScript([listing(), bye], async (app, { requests }) => {
				await started(app, "files");
				const turn = app.send("What is there?");
				const { call } = await asked(app);
				assert.match(call.plan.title, /list_directory/);
				assert.ok(offered(requests[0]).includes("mcp_files_list_directory"));
				call.answer({ verdict: "allow" });
				await turn;
				assert.match(calls(app)[0]?.text ?? "", /\[FILE\] hello\.txt/);
				assert.match(requests[1]?.raw ?? "", /\[FILE\] hello\.txt/);
			}),
		));

	it("does not start before a turn needs it, and offers the same bytes to every turn", () =>
		withServers({ own: { files: filesServer() } }, () =>
			withScript([bye, bye], async (app, { requests }) => {
				await app.tools.mcp.files.load();
				assert.deepEqual(
					app.tools.mcp.rows.map(({ state }) => state.kind),
					["stopped"],
				);
				await started(app, "files");
				await app.send("One");
				await app.send("Two");
				const [one, two] = requests.map(({ body }) => JSON.stringify(body["tools"]));
				assert.equal(one, two);
				assert.deepEqual(offered(requests[0]), [...offered(requests[0])].sort());
			}),
		));

	it("a tool that is turned off is not offered, and not called by a turn that still knows it", () =>
		withServers({ own: { files: filesServer() } }, () =>
			withScript([listing(), bye, bye], async (app, { requests }) => {
				const { mcp } = app.tools;
				await started(app, "files");
				const turn = app.send("Look");
				const { call } = await asked(app);
				const [server] = mcp.files.servers;
				await mcp.turnToolsOff(server ?? assert.fail(), ["list_directory"]);
				call.answer({ verdict: "allow" });
				await turn;
				assert.match(calls(app)[0]?.text ?? "", /the person turned this tool or its server off/);
				await app.send("Again");
				assert.ok(!offered(requests.at(-1)).includes("mcp_files_list_directory"));
				assert.ok(offered(requests.at(-1)).includes("mcp_files_read_text_file"));
			}),
		));

	it("that can't start is gone without, and the person is told why, once", () =>
		withServers(
			{ own: { broken: { command: "node", args: ["-e", "console.error('no such database'); process.exit(3)"] } } },
			() =>
				withScript([bye, bye], async (app, { requests }) => {
					await app.send("Go");
					assert.deepEqual(offered(requests[0]), []);
					assert.match(app.notices.current?.text ?? "", /^The MCP server “broken” did not start: .*no such database/s);
					assert.deepEqual(app.notices.current?.fixes, ["manageMcp"]);
					await app.send("Again");
					assert.equal(app.notices.current, undefined);
				}),
		));

	it("that takes too long to start is gone without, and each turn says so", () =>
		withServers(
			{ own: { files: filesServer(), slow: { command: "node", args: ["-e", "setInterval(() => {}, 1000)"] } } },
			() =>
				withScript([bye, bye], async (app, { requests }) => {
					const words = "The MCP server “slow” is still starting: this turn goes on without it.";
					await started(app, "files");
					await app.send("One");
					assert.equal(app.notices.current?.text, words);
					await app.send("Two");
					assert.equal(app.notices.current?.text, words);
					const [one, two] = requests;
					assert.deepEqual(offered(two), offered(one));
					assert.ok(offered(one).length > 0);
				}),
		));

	it("that ends while it runs says so, and the next call starts it again", () =>
		withServers({ own: { files: filesServer() } }, () =>
			withScript([listing(), bye], async (app) => {
				await started(app, "files");
				const turn = app.send("Look");
				const { call } = await asked(app);
				killServers();
				await until(() => app.tools.mcp.rows[0]?.state.kind === "asleep");
				assert.match(app.notices.current?.text ?? "", /^The MCP server “files” ended: /);
				call.answer({ verdict: "allow" });
				await turn;
				assert.match(calls(app)[0]?.text ?? "", /hello\.txt/);
			}),
		));

	it("whose environment file changed runs anew, and its tools are called as before", async () => {
		const envFile = join(await mkdtemp(join(tmpdir(), "env-")), ".env");
		await writeFile(envFile, "TOKEN=1");
		await withServers({ own: { files: { ...filesServer(), envFile } } }, () =>
			withScript([bye, listing(), bye], async (app) => {
				await started(app, "files");
				await app.send("One");
				await writeFile(envFile, "TOKEN=2");
				await started(app, "files");
				const turn = app.send("Two");
				const { call } = await asked(app);
				call.answer({ verdict: "allow" });
				await turn;
				assert.match(calls(app)[0]?.text ?? "", /hello\.txt/);
			}),
		);
	});

	it("whose file is wrong in one place is named with its line, and the others work", () =>
		withServers({ own: { files: filesServer(), wrong: { args: [] } } }, () =>
			withScript([bye], async (app, { requests }) => {
				await started(app, "files");
				await app.send("Go");
				assert.ok(offered(requests[0]).length > 5);
				const { troubles, own } = app.tools.mcp.files;
				const words = "The server “wrong” needs a “command” to start it, or a “url” to reach it.";
				assert.deepEqual(troubles, [{ file: own, line: 1, text: words }]);
				const problems = vscode.languages.getDiagnostics(vscode.Uri.file(own));
				assert.deepEqual(
					problems.map(({ message }) => message),
					[words],
				);
			}),
		));
});

describe("an MCP server of the workspace", () => {
	it("is off until the person enabled exactly this entry; one that changed asks again", () =>
		withServers({ workspace: { files: filesServer() } }, () =>
			withScript([bye, bye, bye], async (app, { requests }) => {
				const { mcp } = app.tools;
				await app.send("One");
				assert.deepEqual(offered(requests[0]), []);
				assert.deepEqual(
					mcp.rows.map(({ standing, state }) => [standing, state.kind]),
					[["new", "stopped"]],
				);
				const shown = await answering({ showWarningMessage: (_: string, __: object, yes: string) => yes }, () =>
					startOrAsk(mcp, mcp.files.servers[0] ?? assert.fail()),
				);
				assert.match(JSON.stringify(shown[0]?.args), /server-filesystem.*In this folder:/);
				await started(app, "files");
				await app.send("Two");
				assert.ok(offered(requests[1]).includes("mcp_files_list_directory"));
				await write(workspaceFile(), { files: filesServer("/") });
				await app.send("Three");
				assert.deepEqual(offered(requests[2]), []);
				assert.deepEqual(
					mcp.rows.map(({ standing, state }) => [standing, state.kind]),
					[["changed", "stopped"]],
				);
				assert.match(app.notices.current?.text ?? "", /“files” of this workspace changed/);
			}),
		));
});
