import assert from "node:assert/strict";
import { realpath, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import * as vscode from "vscode";
import type { App } from "../../src/vscode/app.ts";
import { manageServer, startOrAsk } from "../../src/vscode/mcp/server-page.ts";
import { createSignIn } from "../../src/vscode/mcp/sign-in.ts";
import { McpSite } from "../fake/mcp-site.ts";
import { answering, words } from "./dialogs.ts";
import { filesServer, offered, started, withServers, workspaceFile } from "./mcp-setup.ts";
import { listing, type Picked } from "./picked.ts";
import { until, withScript, workspacePath } from "./setup.ts";

const PAGE = "kimiK2.mcpServers";
const bye = { text: "Done." };
const agree = (_question: string, _options: object, yes: string) => yes;

/** The lines of the list that begin with one of these. */
function lines(list: Picked | undefined, ...about: readonly string[]): readonly string[] {
	return list?.lines.filter((line) => about.some((each) => line.includes(each))) ?? [];
}

/** A press on what the person may do with a server. */
const choose = (action: string) => (items: readonly vscode.QuickPickItem[]) =>
	items.find(({ label }) => label.endsWith(action)) ?? assert.fail(`no ${action}`);

async function manage(app: App, action: string, more: Parameters<typeof answering>[0] = {}): Promise<void> {
	const [server] = app.tools.mcp.files.servers;
	await answering({ showQuickPick: choose(action), ...more }, () =>
		manageServer(app.tools.mcp, server?.id ?? assert.fail(), () => undefined),
	);
}

describe("the page of MCP servers", () => {
	it("shows each with whose it is, how it is and its tools, and starts and stops it", () =>
		withServers({ own: { files: filesServer() }, workspace: { db: { command: "db" }, bad: {} } }, (app) =>
			listing(PAGE, async ([list]) => {
				await until(() => lines(list, "files").length === 1);
				const shown = lines(list, "files", "db", "line 1", "-- ").filter((line) => !line.includes("extensions"));
				assert.deepEqual(shown, [
					"-- yours",
					"$(circle-outline) files · starts when it is needed",
					"-- of this workspace",
					"$(circle-slash) db · off: look at it and turn it on",
					"-- to correct",
					"$(warning) .vscode/mcp.json, line 1 · ",
					"-- more",
				]);
				list?.press("$(circle-outline) files", "play");
				await until(() => lines(list, "$(circle-filled) files").length === 1);
				assert.match(lines(list, "files")[0] ?? "", /running · \d+ tools$/);
				list?.press("$(circle-filled) files", "debug-stop");
				await until(() => app.tools.mcp.rows[0]?.state.kind === "stopped");
			}),
		));

	it("a server that the person stopped is not started by a turn, and one that is turned off is not either", () =>
		withServers({ own: { files: filesServer() } }, () =>
			withScript([bye, bye, bye, bye], async (app, { requests }) => {
				await started(app, "files");
				await app.send("One");
				await manage(app, "Stop");
				await app.send("Two");
				await manage(app, "Start");
				await started(app, "files");
				await app.send("Three");
				await manage(app, "Turn Off");
				await app.send("Four");
				const counts = requests.map((request) => offered(request).length > 0);
				assert.deepEqual(counts, [true, false, true, false]);
			}),
		));

	it("lets the person look at a server of the workspace as a whole before it is turned on, and leave it off", () =>
		withServers(
			{
				workspace: {
					db: {
						command: "npx",
						args: ["-y", "db \u202e server"],
						env: { KEY: "${" + "env:SECRET}" },
						cwd: "${" + "workspaceFolder}/db",
					},
				},
			},
			async (app) => {
				await app.tools.mcp.files.load();
				const shown = await answering({}, async () => {
					await startOrAsk(app.tools.mcp, app.tools.mcp.files.servers[0] ?? assert.fail());
				});
				assert.deepEqual(words(shown), [["showWarningMessage", "Turn on the MCP server “db” of this workspace?"]]);
				const [, { detail, modal }] = (shown[0] ?? assert.fail()).args as [string, { detail: string; modal: boolean }];
				assert.equal(modal, true);
				assert.deepEqual(
					detail.split("\n").filter((line) => line !== ""),
					[
						"This command runs on your machine, with your rights:",
						'npx -y "db ⟨U+202E⟩ server"',
						"In this folder:",
						"${" + "workspaceFolder}/db",
						"With these environment variables:",
						"KEY=${" + "env:SECRET}",
						"It gets these of your own environment variables:",
						"SECRET",
						"When any of this changes, it is off until you turn it on again.",
					],
				);
				assert.equal(app.tools.mcp.rows[0]?.standing, "new");
			},
		));

	it("turns on no server of the workspace that is too long to be looked at", () =>
		withServers({ workspace: { long: { command: "sh", args: ["-c", `${" ".repeat(3000)}evil`] } } }, async (app) => {
			await app.tools.mcp.files.load();
			const [server] = app.tools.mcp.files.servers;
			const shown = await answering({ showWarningMessage: agree }, () =>
				startOrAsk(app.tools.mcp, server ?? assert.fail()),
			);
			assert.equal(shown[0]?.dialog, "showErrorMessage");
			assert.equal(app.tools.mcp.rows[0]?.standing, "new");
		}));

	it("says that a server of the workspace takes no name of the person's own", () =>
		withServers({ own: { "my files": { command: "x" } }, workspace: { "My-Files": { command: "y" } } }, async (app) => {
			await app.tools.mcp.files.load();
			const { servers, troubles } = app.tools.mcp.files;
			assert.deepEqual(
				servers.map(({ entry }) => entry.name),
				["my files"],
			);
			assert.match(troubles[0]?.text ?? "", /^Another server is called “My-Files”/);
		}));
});

describe("what a server needs of the person", () => {
	const secret = { env: { KEY: "${" + "input:key}" } };
	const own = {
		servers: { files: { ...filesServerLater(), ...secret } },
		inputs: [{ type: "promptString", id: "key", description: "The key", password: true }],
	};
	function filesServerLater() {
		return { command: "node", args: ["-e", "console.error('got', process.env.KEY); process.exit(1)"] };
	}

	it("is asked for when they start it, kept secret, and no turn asks for it", () =>
		withServers({ own: {} }, () =>
			withScript([bye], async (app) => {
				const { mcp } = app.tools;
				await writeFile(mcp.files.own, JSON.stringify(own));
				const quiet = await answering({}, () => app.send("Go"));
				assert.deepEqual(words(quiet), []);
				assert.match(app.notices.current?.text ?? "", /needs a value from you/);
				let asked: vscode.InputBoxOptions = {};
				const showInputBox = (options: vscode.InputBoxOptions) => {
					asked = options;
					return "k1";
				};
				await manage(app, "Start", { showInputBox });
				assert.deepEqual([asked.password, asked.title], [true, "For the MCP server “files”"]);
				assert.equal(mcp.rows[0]?.state.kind, "failed");
				assert.match(JSON.stringify(mcp.rows[0]?.state), /got k1/);
				const kept = await app.context.secrets.get("kimiK2.mcpInputs:own");
				assert.equal(kept, '{"key":"k1"}');
				await app.context.secrets.delete("kimiK2.mcpInputs:own");
			}),
		));

	it("is told to the entry of a workspace that they typed it for alone, and forgotten when that changed", () =>
		withServers({ workspace: {} }, async (app) => {
			const { mcp } = app.tools;
			const entry = { command: "node", args: ["-e", "process.exit(1)"], ...secret };
			const put = async (server: object) => {
				await writeFile(workspaceFile(), JSON.stringify({ servers: { db: server }, inputs: own.inputs }));
				await mcp.files.load();
				return mcp.files.servers[0] ?? assert.fail();
			};
			const first = await put(entry);
			await mcp.turn(first, true);
			await answering({ showInputBox: () => "k1" }, () => mcp.start(first));
			assert.deepEqual(await mcp.inputs.values(first), { key: "k1" });
			const other = await put({ ...entry, command: "./evil" });
			assert.equal(mcp.rows[0]?.standing, "changed");
			assert.equal(await mcp.inputs.values(other), undefined);
			await mcp.turn(other, true);
			assert.equal(await mcp.inputs.values(first), undefined);
		}));

	it("runs in their own folder, where no package of the workspace passes for another; one of the workspace in its own", () => {
		const where = { command: "node", args: ["-e", "console.error('in', process.cwd()); process.exit(1)"] };
		return withServers({ own: { mine: where }, workspace: { theirs: where } }, (app) =>
			withScript([bye], async () => {
				const { mcp } = app.tools;
				await mcp.files.load();
				await mcp.turn(mcp.files.servers[1] ?? assert.fail(), true);
				await app.send("Go");
				const said = mcp.rows.map(({ state }) => ("message" in state ? state.message : ""));
				assert.ok(said[0]?.includes(`in ${await realpath(homedir())}`), said[0]);
				assert.ok(said[1]?.includes(`in ${await realpath(workspacePath())}`), said[1]);
			}),
		);
	});

	it("is no environment file of the workspace where the server is their own", () =>
		withServers({ own: { db: { command: "db", envFile: "${" + "workspaceFolder}/.env" } } }, async (app) => {
			await writeFile(workspacePath(".env"), "NODE_OPTIONS=--require ./evil.cjs\n");
			await app.tools.mcp.files.load();
			const [server] = app.tools.mcp.files.servers;
			assert.match(server?.trouble ?? "", /^Its envFile lies in the workspace/);
			assert.deepEqual(server?.env, {});
			await rm(workspacePath(".env"));
		}));

	it("turns a server of the workspace off when its environment file changes", () =>
		withServers({ workspace: { db: { command: "db", envFile: ".env" } } }, async (app) => {
			const { mcp } = app.tools;
			await writeFile(workspacePath(".env"), "A=1\n");
			await mcp.files.load();
			await mcp.turn(mcp.files.servers[0] ?? assert.fail(), true);
			assert.deepEqual([mcp.rows[0]?.standing, mcp.rows[0]?.server.env], ["on", { A: "1" }]);
			await writeFile(workspacePath(".env"), "A=1\nNODE_OPTIONS=--require ./evil.cjs\n");
			await mcp.files.load();
			assert.equal(mcp.rows[0]?.standing, "changed");
			await rm(workspacePath(".env"));
		}));
});

describe("signing in to an MCP server", () => {
	const slot = { get: async () => undefined, set: async () => undefined };
	const opened = async (page: string, answer: typeof agree | (() => undefined)) => {
		const { openExternal } = vscode.env;
		const pages: unknown[] = [];
		Object.assign(vscode.env, { openExternal: (target: unknown) => pages.push(target) > 0 });
		try {
			const shown = await answering({ showInformationMessage: answer }, async () => {
				await createSignIn(slot, "docs").open(page);
			});
			return { pages, said: words(shown).map(([, text]) => text) };
		} finally {
			Object.assign(vscode.env, { openExternal });
		}
	};
	const page = "https://login.example.com/authorize?redirect_uri=http%3A%2F%2F127.0.0.1%2Fcb%3Fa%3D1%2526b";

	it("opens the page, to the letter, once the person saw whose it is", async () => {
		const said = ["Sign in to the MCP server “docs” at login.example.com?"];
		assert.deepEqual(await opened(page, agree), { pages: [page], said });
		assert.deepEqual(await opened(page, () => undefined), { pages: [], said });
	});

	it("is for the person to begin: then the server runs, its tokens lie in the secret storage until they sign out", async () => {
		const site = await new McpSite().open();
		site.wantsSignIn = true;
		const { openExternal } = vscode.env;
		// A browser goes on by itself, to where it is sent back to: through code-server's proxy, which its bare server lacks.
		const browser = async (page: string) => {
			const { headers } = await fetch(page, { redirect: "manual" });
			const back = headers.get("location") ?? assert.fail("no way back");
			void fetch(back.replace(/^.*\/proxy\/(\d+)\//, "http://127.0.0.1:$1/"));
			return true;
		};
		Object.assign(vscode.env, { openExternal: browser });
		try {
			await withServers({ own: { docs: { type: "http", url: site.url } } }, (app) =>
				withScript([bye, bye], async () => {
					const { mcp } = app.tools;
					const key = `kimiK2.mcpSignIn:own:docs:${site.url}`;
					const state = () => mcp.rows[0]?.state.kind;
					assert.deepEqual(words(await answering({}, () => app.send("Go"))), []);
					assert.deepEqual([state(), site.count("/authorize")], ["signIn", 0]);
					const host = new URL(site.url).host;
					const shown = await answering({ showQuickPick: choose("Sign In…"), showInformationMessage: agree }, () =>
						manageServer(mcp, mcp.files.servers[0]?.id ?? assert.fail(), () => undefined),
					);
					assert.deepEqual(words(shown).slice(1), [
						["showInformationMessage", `Sign in to the MCP server “docs” at ${host}?`],
					]);
					assert.equal(state(), "running");
					assert.match((await app.context.secrets.get(key)) ?? "", /access_token/);
					await manage(app, "Sign Out");
					assert.equal(await app.context.secrets.get(key), undefined);
					await app.send("Go");
					assert.equal(state(), "signIn");
				}),
			);
		} finally {
			Object.assign(vscode.env, { openExternal });
			await site.close();
		}
	});

	it("opens nothing but pages of the web: no program, no file, nobody's name in front of the host", async () => {
		const strange = [
			"file:///etc/passwd",
			"vscode://a.b/c",
			"http://a.example/",
			"https://google.com@evil.example/",
			"x",
		];
		for (const each of strange) assert.deepEqual(await opened(each, agree), { pages: [], said: [] }, each);
	});
});
