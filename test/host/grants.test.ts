import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import * as vscode from "vscode";
import type { Grant, Rule, Scope } from "../../src/shared/rule.ts";
import type { App } from "../../src/vscode/app.ts";
import { opHandlers } from "../../src/vscode/ops.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { answering, type Shown } from "./dialogs.ts";
import { type Item, listing } from "./picked.ts";
import { activeApp, asked, calls, setting, until, withScript, workspacePath } from "./setup.ts";

const KEY = "kimiK2.allowed";
const RULES = "kimiK2.manageRules";
const touch = (name: string): ScriptedReply => ({
	calls: [{ tool: "Bash", args: { command: `touch ${name}` } }],
});
const bye = { text: "Done." };

/** The call that waits is allowed with one of its offers, as a press in the view says it. */
async function allow(app: App, offer: number, scope: Scope): Promise<void> {
	const { run, call } = await asked(app);
	const { id } = run.session.chat;
	await opHandlers(app).decide({
		type: "decide",
		chat: id,
		callId: call.id,
		verdict: "allow",
		remember: { offer, scope },
	});
}

const rulings = (app: App) => calls(app).map(({ ruling }) => `${ruling?.verdict}: ${ruling?.reason}`);

describe("what the person allowed", () => {
	const keep = async (rules: unknown, everywhere?: unknown) => {
		const { context } = await activeApp();
		await context.workspaceState.update(KEY, rules);
		await context.globalState.update(KEY, everywhere);
	};
	afterEach(async () => {
		await keep(undefined);
		await setting("allowedCommands", undefined);
		await rm(workspacePath("granted.txt"), { force: true });
	});

	it("in the workspace is not asked about in another chat, until it is taken back", () =>
		withScript([touch("granted.txt"), bye, touch("granted.txt"), bye, touch("granted.txt"), bye], async (app) => {
			const first = app.send("go");
			await allow(app, 0, "workspace");
			await first;
			await app.chats.create();
			await app.send("go");
			assert.deepEqual(rulings(app), ["allow: You allowed this command in this workspace."]);
			await listing(RULES, async ([list]) => {
				assert.deepEqual(list?.lines.slice(0, 2), ["-- in this workspace", "touch granted.txt · this exact command"]);
				list?.press("touch granted.txt", "trash");
				await until(() => list?.lines.length === 1);
			});
			assert.deepEqual(app.grants.all, []);
			await app.chats.create();
			const third = app.send("go");
			const { call } = await asked(app);
			call.answer({ verdict: "deny" });
			await third;
		}));

	it("in the chat is asked about again once it is taken back there, also after a reload", () =>
		withScript([touch("granted.txt"), touch("granted.txt"), bye, touch("granted.txt"), bye], async (app) => {
			const first = app.send("go");
			await allow(app, 0, "chat");
			await first;
			assert.equal(rulings(app)[1], "allow: You allowed this command in this chat.");
			await listing(RULES, async ([list]) => {
				assert.equal(list?.lines[0], "-- in this chat");
				list?.press("touch granted.txt", "trash");
				await until(() => list?.lines.length === 1);
			});
			const { id } = (app.chats.active ?? assert.fail()).session.chat;
			await app.chats.close();
			await app.chats.open(id);
			const second = app.send("go");
			const { call } = await asked(app);
			call.answer({ verdict: "deny" });
			await second;
		}));

	it("is dropped where its entry is damaged, or may not hold there; the rest counts, each once", async () => {
		const app = await activeApp();
		const good: Rule = { command: "make" };
		await keep([null, 7, "make", {}, { words: [] }, { words: "npm test" }, good, good, { edits: "yes" }], {
			edits: true,
		});
		assert.deepEqual(app.grants.all, [{ rule: good, scope: "workspace" }] satisfies Grant[]);
		await keep("gone", [{ edits: true }, { folder: "/opt" }, { origin: "https://a.example" }]);
		assert.deepEqual(app.grants.all, [{ rule: { origin: "https://a.example" }, scope: "always" }] satisfies Grant[]);
	});

	it("in the settings counts always; an entry that would mean too much does not, and says why", async () => {
		const app = await activeApp();
		await setting("allowedCommands", ["make", "npm test *", "bash *"]);
		assert.deepEqual(app.grants.all, [
			{ rule: { command: "make" }, scope: "always" },
			{ rule: { words: ["npm", "test"] }, scope: "always" },
		] satisfies Grant[]);
		await listing(RULES, async ([list]) => {
			assert.deepEqual(list?.lines.slice(0, 4), [
				"-- always, in your settings",
				"make · this exact command",
				"npm test · every command that begins with these words",
				"bash * · What comes after “bash” says what is done: add that word.",
			]);
			list?.press("bash *", "trash");
			await until(() => list?.lines.length === 5);
		});
		assert.deepEqual(vscode.workspace.getConfiguration("kimiK2").get("allowedCommands"), ["make", "npm test *"]);
	});

	it("is given other words, which say what they mean while they are typed", async () => {
		const app = await activeApp();
		await keep([{ command: "npm test" }]);
		let box: vscode.InputBoxOptions = {};
		const showInputBox = (options: vscode.InputBoxOptions) => {
			box = options;
			return "npm test *";
		};
		await answering({ showInputBox }, () =>
			listing(RULES, async (lists) => {
				lists[0]?.press("npm test", "edit");
				await until(() => lists.length === 2);
				assert.equal(lists[1]?.lines[1], "npm test · every command that begins with these words");
			}),
		);
		assert.deepEqual(app.grants.all, [{ rule: { words: ["npm", "test"] }, scope: "workspace" }] satisfies Grant[]);
		const says = (text: string) => {
			const said = box.validateInput?.(text);
			return said !== null && typeof said === "object" && "message" in said ? said.message : undefined;
		};
		assert.equal(box.value, "npm test");
		assert.equal(says("npm test *"), "npm test: every command that begins with these words");
		assert.equal(says("git *"), "What comes after “git” says what is done: add that word.");
	});

	it("is taken back all at once when the person agrees", async () => {
		const app = await activeApp();
		await keep([{ edits: true }, { command: "make" }], [{ words: ["npm", "test"] }]);
		await setting("allowedCommands", ["make", "tsc *"]);
		const agree = (_question: string, _options: object, yes: string) => yes;
		await answering({ showWarningMessage: agree }, () =>
			listing(RULES, async ([list]) => {
				list?.select("Ask Again for Everything…");
				await until(() => app.grants.all.length === 0);
			}),
		);
		await listing(RULES, async ([list]) =>
			assert.match(list?.lines.join() ?? "", /^You allowed nothing beyond what the mode lets run\./),
		);
	});

	it("for a place that was not offered is not remembered", () =>
		withScript([{ calls: [{ tool: "Write", args: { path: "granted.txt", content: "1" } }] }, bye], async (app) => {
			const turn = app.send("go");
			await allow(app, 0, "always");
			await turn;
			assert.deepEqual([app.grants.all, app.chats.active?.session.chat.rules], [[], []]);
		}));
});

describe("“Why Did This Ask?”", () => {
	const explained = async (): Promise<readonly string[]> => {
		const shown: readonly Shown[] = await answering({}, async () => {
			await vscode.commands.executeCommand("kimiK2.explainApproval");
		});
		const items = shown[0]?.args[0] as readonly Item[];
		return items.map(({ label, detail, description }) => [label, detail, description].filter(Boolean).join(" · "));
	};

	it("says of the call that waits what was asked in order and what answered, and afterwards what the person said", () =>
		withScript([{ calls: [{ tool: "Write", args: { path: ".env", content: "A=1" } }] }, bye], async (app) => {
			const turn = app.send("go");
			const { call } = await asked(app);
			const said = await explained();
			const answer = "$(arrow-right) Would it change a protected file?";
			assert.equal(
				said[0],
				"$(question) It asks you first · .env sets the environment that programs run in, so a change to it always asks.",
			);
			assert.ok(said.includes(answer) && said.includes("$(dash) Does Plan mode rule it out? · no"), said.join("\n"));
			assert.equal(said.at(said.indexOf(answer) + 2), "$(list-unordered) What You Allowed…");
			call.answer({ verdict: "deny" });
			await turn;
			assert.equal((await explained())[1], "$(person) You said no");
		}));
});
