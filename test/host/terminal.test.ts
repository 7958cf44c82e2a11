import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Call } from "../../src/shared/reduce.ts";
import type { App } from "../../src/vscode/app.ts";
import { commandHandlers } from "../../src/vscode/command-ops.ts";
import { openCommandLog } from "../../src/vscode/open-log.ts";
import type { Script } from "../fake/endpoint.ts";
import { answering, words } from "./dialogs.ts";
import { activeApp, calls, heard, setting, until, withScript, workspacePath } from "./setup.ts";

/** A terminal as the extension made it, with what it wrote there. */
interface Made {
	readonly options: vscode.ExtensionTerminalOptions & vscode.TerminalOptions;
	readonly terminal: vscode.Terminal;
	text: string;
	name: string;
}

/** Watches the terminals that are made meanwhile; they are closed afterwards. */
async function watching(use: (made: readonly Made[]) => Promise<void>): Promise<void> {
	const made: Made[] = [];
	const { createTerminal } = vscode.window;
	const play = (options: Made["options"]) => {
		const terminal = createTerminal(options);
		const entry: Made = { options, terminal, text: "", name: options.name ?? "" };
		options.pty?.onDidWrite((text) => {
			entry.text += text;
		});
		options.pty?.onDidChangeName?.((name) => {
			entry.name = name;
		});
		made.push(entry);
		return terminal;
	};
	Object.assign(vscode.window, { createTerminal: play });
	try {
		await use(made);
	} finally {
		Object.assign(vscode.window, { createTerminal });
		for (const { terminal } of made) terminal.dispose();
		await until(() => made.every(({ terminal }) => !vscode.window.terminals.includes(terminal)));
	}
}

/** Goes on until `withGate`; the last line of its name is cut. */
const WAIT = "until [ -e gate ]; do sleep 0.05; done";

async function withGate(use: () => Promise<void>): Promise<void> {
	await writeFile(workspacePath("gate"), "");
	await use().finally(() => rm(workspacePath("gate")));
}

const bash = (command: string, more: object = {}): Script[number] => ({
	calls: [{ tool: "Bash", args: { command, ...more } }],
});

/** Runs a turn of these commands unasked, in a fresh chat, and all its terminals closed before. */
async function running(
	commands: readonly Script[number][],
	use: (app: App, made: readonly Made[], at: { chat: string; callId: string }) => Promise<void>,
): Promise<void> {
	const open = [...vscode.window.terminals];
	for (const terminal of open) terminal.dispose();
	await until(() => vscode.window.terminals.length === 0);
	await watching((made) =>
		withScript([...commands, { text: "Done." }], async (app) => {
			await setting("mode", "trusted");
			await app.send("Go");
			const chat = (app.chats.active ?? assert.fail()).session.chat.id;
			try {
				await use(app, made, { chat, callId: last(app).id });
			} finally {
				await app.shells.close(chat);
			}
		}),
	);
}

const last = (app: App): Call => calls(app).at(-1) ?? assert.fail();
const first = (made: readonly Made[]): Made => made[0] ?? assert.fail("no terminal");

describe("terminals of commands", () => {
	it("one shows commands that run one after the other", () =>
		running([bash("echo one"), bash("echo two; exit 3")], async (app, made, at) => {
			await commandHandlers(app).showTerminal({ type: "showTerminal", ...at });
			await until(() => first(made).text.includes("exit code 3"));
			assert.deepEqual(
				made.map(({ name }) => name),
				["Kimi K2"],
			);
			assert.match(first(made).text, /\$ echo one[^$]*one\r\n[^$]*exit code 0[^$]*\$ echo two; exit 3[^$]*two\r\n/);
		}));

	it("a background command has its own, named after it, which shows it live, and stays when it ended", () =>
		running(
			[bash(`echo up; ${WAIT}; echo bye; exit 4`, { background: true }), bash("echo other")],
			async (app, made, at) => {
				const [job, other] = [first(made), made[1]];
				assert.deepEqual([job.name, other?.name], [`Kimi K2: echo up; ${WAIT}`.slice(0, 48).concat("…"), "Kimi K2"]);
				const [call] = calls(app);
				await commandHandlers(app).showTerminal({ type: "showTerminal", chat: at.chat, callId: call?.id ?? "" });
				await until(() => vscode.window.activeTerminal === job.terminal && /\nup\r\n/.test(job.text));
				assert.doesNotMatch(job.text, /\nbye|exit code/);
				await withGate(() => until(() => /bye\r\n[^$]*exit code 4/.test(job.text)));
				assert.deepEqual(app.terminal.running, []);
				assert.ok(vscode.window.terminals.includes(job.terminal));
			},
		));

	it("a command that outlives its time limit takes its terminal with it, and the next one gets another", () =>
		running([bash(`echo up; ${WAIT}`, { timeout: 1 }), bash("echo next")], async (app, made) => {
			assert.deepEqual(
				app.terminal.running.map(({ isJob }) => isJob),
				[true],
			);
			first(made).terminal.show(true);
			made[1]?.terminal.show(true);
			await until(() => /\nup\r\n/.test(first(made).text) && /\nnext\r\n/.test(made[1]?.text ?? ""));
			assert.doesNotMatch(first(made).text, /next/);
		}));

	for (const [how, end] of [
		["Ctrl+C in its terminal", ({ options }: Made) => options.pty?.handleInput?.("\x03")],
		["closing its terminal", ({ terminal }: Made) => terminal.dispose()],
	] as const)
		it(`${how} ends a background command, and no other one`, () =>
			running([bash(WAIT, { background: true }), bash(`true; ${WAIT}`, { background: true })], async (app, made) => {
				assert.equal(app.terminal.running.length, 2);
				end(first(made));
				await until(() => app.terminal.running.length === 1);
				assert.equal(app.terminal.running[0]?.command, `true; ${WAIT}`);
			}));

	it("output can't reach the clipboard or pose as the editor's own shell integration", () =>
		running([bash("printf '\\033]52;c;ZXZpbA==\\007\\033[31mred\\033[0m'")], async (_, made) => {
			first(made).terminal.show(true);
			await until(() => first(made).text.includes("exit code"));
			assert.ok(first(made).text.includes("␛]52;c;ZXZpbA==\x07\x1b[31mred"), first(made).text);
		}));

	it("are no more once they were closed, and that is said", () =>
		running([bash("echo one")], async (app, made, at) => {
			first(made).terminal.dispose();
			await until(() => vscode.window.terminals.length === 0);
			const said = await heard(app, async () => commandHandlers(app).showTerminal({ type: "showTerminal", ...at }));
			assert.deepEqual(said, ["The terminal of this command was closed."]);
			assert.deepEqual(vscode.window.terminals, []);
		}));

	it("Stop Commands lists what runs and stops what is picked", () =>
		running([bash(WAIT, { background: true }), bash(`true; ${WAIT}`, { background: true })], async (app) => {
			const picked = (items: readonly { readonly label: string }[]) => {
				assert.deepEqual(
					items.map(({ label }) => label),
					[WAIT, `true; ${WAIT}`],
				);
				return items.slice(1);
			};
			await answering({ showQuickPick: picked }, async () => {
				await vscode.commands.executeCommand("kimiK2.stopCommands");
			});
			assert.deepEqual(
				app.terminal.running.map(({ command }) => command),
				[WAIT],
			);
			const shown = await answering({ showQuickPick: (items: readonly unknown[]) => items }, async () => {
				await vscode.commands.executeCommand("kimiK2.stopCommands");
				await vscode.commands.executeCommand("kimiK2.stopCommands");
			});
			assert.deepEqual(words(shown).at(-1), ["showInformationMessage", "No command of the agent runs."]);
		}));
});

describe("taking a command over", () => {
	const take = (app: App, at: { chat: string; callId: string }) =>
		commandHandlers(app).takeOver({ type: "takeOver", ...at });

	it("types it into a real terminal in its folder, and does not run it", function () {
		if (!hasTerminals()) return this.skip();
		return running([bash("echo ran >> taken.txt")], async (app, made, at) => {
			await rm(workspacePath("taken.txt"));
			await take(app, at);
			const own = made.at(-1) ?? assert.fail();
			assert.deepEqual(own.options, { cwd: workspacePath() });
			// What is typed after it: Ctrl+U takes the line away. Once this ran, the line before it would have run as well.
			// A shell that is still starting may lose what comes meanwhile.
			while (!existsSync(workspacePath("after.txt"))) {
				own.terminal.sendText("\x15echo > after.txt", true);
				await new Promise((resolve) => setTimeout(resolve, 1000));
			}
			assert.equal(existsSync(workspacePath("taken.txt")), false);
			await rm(workspacePath("after.txt"));
		});
	});

	it("types nothing where the command has lines, which would run, and offers to copy it", () =>
		running([bash("echo one\necho two")], async (app, made, at) => {
			await vscode.env.clipboard.writeText("before");
			const shown = await answering(
				{ showInformationMessage: () => "Copy Command" },
				() => take(app, at) as Promise<void>,
			);
			assert.deepEqual(words(shown), [
				[
					"showInformationMessage",
					"The command has several lines or special characters: it was not typed into the terminal.",
				],
			]);
			assert.equal(await vscode.env.clipboard.readText(), "echo one\necho two");
			assert.equal(made.length, 2);
		}));

	it("of a command that runs asks first, and leaves it alone where the person does not want that", () =>
		running([bash(WAIT, { background: true })], async (app, made, at) => {
			const shown = await answering({}, () => take(app, at) as Promise<void>);
			assert.deepEqual(words(shown), [
				["showWarningMessage", "The command still runs. It is stopped before you take it over."],
			]);
			assert.deepEqual([app.terminal.running.length, made.length], [1, 1]);
			await answering({ showWarningMessage: () => "Stop and Take Over" }, () => take(app, at) as Promise<void>);
			assert.deepEqual([app.terminal.running.length, made.length], [0, 2]);
		}));
});

/** Terminals of shells need a native module, which code-server 4.104 would have to build when it is installed. */
function hasTerminals(): boolean {
	const module = join(vscode.env.appRoot, "node_modules", "node-pty");
	const folders = ["build/Release", `prebuilds/${process.platform}-${process.arch}`];
	return folders.some((folder) => existsSync(join(module, folder, "pty.node")));
}

describe("all of a command's output", () => {
	const open = (app: App, at: { chat: string; callId: string }) =>
		commandHandlers(app).openLog({ type: "openLog", ...at });

	it("opens in an editor, to be read only", () =>
		running([bash("seq 20000")], async (app, _, at) => {
			assert.match(last(app).text ?? "", /bytes left out/);
			await open(app, at);
			const { document } = vscode.window.activeTextEditor ?? assert.fail("no editor");
			const lines = Array.from({ length: 20000 }, (_, index) => `${index + 1}\n`).join("");
			assert.equal(document.getText(), lines);
			await vscode.commands.executeCommand("type", { text: "x" });
			assert.deepEqual([document.getText() === lines, document.isDirty], [true, false]);
		}));

	it("is deleted with its chat, and no other is", () =>
		running([bash("seq 20000"), bash("seq 30000")], async (app, _, { chat }) => {
			const logs = calls(app).flatMap(({ details }) => details?.log ?? []);
			assert.deepEqual([logs.length, logs.map((path) => existsSync(path))], [2, [true, true]]);
			const other = join(app.shells.logs, "other.log");
			await writeFile(other, "");
			await app.chats.remove(chat);
			assert.deepEqual(
				[...logs, other].map((path) => existsSync(path)),
				[false, false, true],
			);
			await rm(other);
		}));

	it("is not opened where the record names a file of somebody else", () =>
		running([bash("seq 20000")], async (app) => {
			const shown = await answering({}, () => openCommandLog(workspacePath("hello.txt"), app.shells.logs));
			assert.deepEqual(words(shown), [
				["showInformationMessage", "The full output of this command is not kept any more."],
			]);
			assert.equal(vscode.window.activeTextEditor, undefined);
		}));
});

describe("commands in the sandbox", () => {
	const { status } = spawnSync("bwrap", ["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"]);
	if (status !== 0) {
		it.skip("bubblewrap can't run here");
		return;
	}

	it("write only in the workspace, and the card and the model are told of it", async () => {
		const { extensionPath } = (await activeApp()).context;
		const outside = join(extensionPath, "outside.txt");
		await setting("sandbox", "on");
		try {
			await running([bash(`echo in > inside.txt; echo out > "${outside}"`)], async (app) => {
				const call = last(app);
				const preview = call.preview?.kind === "command" ? call.preview : assert.fail();
				assert.deepEqual([preview.sandbox, call.state], ["no network", "failed"]);
				assert.match(call.text ?? "", /(?:Read-only file system|No such file)[\s\S]*It ran in the sandbox: no network/);
				assert.deepEqual([existsSync(workspacePath("inside.txt")), existsSync(outside)], [true, false]);
			});
		} finally {
			await setting("sandbox", undefined);
			await rm(workspacePath("inside.txt"), { force: true });
		}
	});

	it("can't read what the extension and VS Code keep", async () => {
		const app = await activeApp();
		const secret = join(app.context.globalStorageUri.fsPath, "canary.txt");
		await mkdir(app.context.globalStorageUri.fsPath, { recursive: true });
		await writeFile(secret, "CANARY");
		await setting("sandbox", "onWithNetwork");
		try {
			await running([bash(`cat '${secret}'`)], async (_) => {
				assert.equal(last(app).state, "failed");
				assert.doesNotMatch(last(app).text ?? "", /CANARY/);
			});
		} finally {
			await setting("sandbox", undefined);
			await rm(secret);
		}
	});
});
