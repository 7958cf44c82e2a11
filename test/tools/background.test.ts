import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rule } from "../../src/agent/policy.ts";
import { isRefusal } from "../../src/agent/tool.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

describe("a background command", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace();
	});
	afterEach(async () => {
		await space.ctx.shell.close();
		space.dispose();
	});
	/** Waits, in a command, until `open`. */
	const gate = "until [ -e gate ]; do sleep 0.02; done";
	const open = () => space.put("gate", "");
	const start = (command: string) => space.call("Bash", { command, background: true });

	it("returns its id and first output at once, is read on and ended", async () => {
		assert.deepEqual(await start(`echo up; ${gate}; echo more; sleep 1000`), {
			text: "up\n\n[It runs in the background as b1. BashOutput reads on, KillBash ends it.]",
			details: {},
		});
		open();
		assert.deepEqual(await space.call("BashOutput", { id: "b1", wait: 20 }), {
			text: "more\n\n[b1 still runs.]",
			details: { goesOn: true },
		});
		assert.deepEqual(await space.call("BashOutput", { id: "b1" }), {
			text: "(no new output)\n\n[b1 still runs.]",
			details: { goesOn: true },
		});
		assert.deepEqual(await space.call("KillBash", { id: "b1" }), {
			text: "(no new output)\n\n[b1 has ended. Ended by SIGTERM.]",
			details: { exitCode: null },
		});
	});
	it("gives its exit code once it ended, also when it is asked again", async () => {
		await start(`${gate}; echo done; exit 3`);
		open();
		const first = { text: "done\n\n[b1 has ended. Exit code 3]", details: { exitCode: 3 } };
		assert.deepEqual(await space.call("BashOutput", { id: "b1", wait: 20 }), first);
		assert.equal((await space.call("BashOutput", { id: "b1" })).text, "(no new output)\n\n[b1 has ended. Exit code 3]");
	});
	it("that ends with its first output is a command like any other", async () => {
		const expected = { text: "no\n\n[Exit code 4]", details: { exitCode: 4 }, failed: true };
		assert.deepEqual(await start("echo no; exit 4"), expected);
	});
	it("is what a command becomes at its time limit, with words on how to go on", async () => {
		assert.deepEqual(await space.call("Bash", { command: `echo started; ${gate}; echo ended`, timeout: 1 }), {
			text: "started\n\n[It takes longer than 1 s and goes on in the background as b1. Wait for it with BashOutput, or end it with KillBash.]",
			details: {},
		});
		open();
		assert.equal((await space.call("BashOutput", { id: "b1", wait: 20 })).text.split("\n")[0], "ended");
	});
	it("says nothing on the card of a call that has its result", async () => {
		const plan = await space.planned("Bash", { command: `echo a; ${gate}; echo b`, background: true });
		let shown = "";
		await plan.run(new AbortController().signal, (text) => {
			shown += text;
		});
		open();
		await space.call("BashOutput", { id: "b1", wait: 20 });
		assert.equal(shown, "a\n");
	});
	it("is named on the card as one", async () => {
		const plan = await space.planned("Bash", { command: "npm run dev", background: true });
		assert.equal(plan.title, "Run in the background: npm run dev");
		assert.deepEqual(plan.preview, {
			kind: "command",
			command: "npm run dev",
			cwd: space.root,
			background: true,
		});
	});
	it("is read and ended without effects, by its own name", async () => {
		await start("sleep 1000 # mine\necho");
		for (const [tool, verb] of [
			["BashOutput", "Read the output of"],
			["KillBash", "End"],
		] as const) {
			const plan = await space.planned(tool, { id: "b1" });
			assert.deepEqual([plan.title, plan.effects], [`${verb} b1: sleep 1000 # mine…`, []]);
		}
	});
	it("is read and ended in every mode, Plan too: its end changes no file", async () => {
		await start("sleep 1000");
		for (const tool of ["BashOutput", "KillBash"])
			for (const mode of ["plan", "ask", "edits", "trusted"] as const) {
				const { effects } = await space.planned(tool, { id: "b1" });
				const { verdict, reason } = rule({ tool, effects }, { mode, grants: [] });
				assert.deepEqual([verdict, reason], ["allow", "It touches no file and starts no command."]);
			}
	});
	it("that does not exist is refused with those that do", async () => {
		const end = "all end when VS Code is closed or reloaded. Start it again with Bash.";
		const none = `There is no background command b7. None runs now; ${end}`;
		assert.equal(await space.refused("BashOutput", { id: "b7" }), none);
		await start("sleep 1000");
		await start("sleep 1000");
		const plan = await space.plan("KillBash", { id: "b7" });
		assert.ok(isRefusal(plan));
		assert.equal(plan.refused, `There is no background command b7. These run: b1, b2; ${end}`);
	});
});

describe("the folder of a chat's commands", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace({ "src/a.txt": "", "src/deep/b.txt": "" });
	});
	afterEach(() => space.dispose());
	const bash = (command: string) => space.call("Bash", { command });
	const here = async () => (await bash("pwd -P")).text.split("\n")[0];

	it("is where the last one left off, and the result says so", async () => {
		assert.deepEqual(await bash("cd src/deep && ls"), {
			text: "b.txt\n\n[Exit code 0]\n[Now in src/deep/]",
			details: { exitCode: 0, cwd: "src/deep" },
		});
		assert.deepEqual(await bash("ls"), { text: "b.txt\n\n[Exit code 0]", details: { exitCode: 0 } });
		const plan = await space.planned("Bash", { command: "ls" });
		assert.deepEqual(plan.preview, { kind: "command", command: "ls", cwd: space.path("src/deep") });
		assert.equal((await bash("cd ../..")).text, "(no output)\n\n[Exit code 0]\n[Now in the workspace folder]");
		assert.equal(await here(), space.root);
	});
	for (const [how, command] of [
		["exits with a code", "cd src; exit 3"],
		["fails under set -e", "set -e; cd src; false"],
		["has a syntax error in a later line", "cd src\nif then"],
	] as const)
		it(`lasts also when the command ${how}`, async () => {
			assert.equal((await bash(command)).failed, true);
			assert.equal(await here(), space.path("src"));
		});
	for (const [how, command] of [
		["is left in a subshell", "(cd src)"],
		["is not said, since another program took the shell's place", "cd src; exec ls"],
		["is not said, since the command traps EXIT itself", "trap 'echo bye' EXIT; cd src"],
		["is outside of the workspace", "cd /usr"],
		["is the one above", "cd .."],
		["is reached through a link that leads out", "ln -s /usr out; cd out"],
		["is printed only", "echo /usr; echo src >&3"],
		["is gone", "mkdir gone; cd gone; rmdir ../gone"],
	] as const)
		it(`stays as it was when it ${how}`, async () => {
			await bash(command);
			assert.equal(await here(), space.root);
		});
	for (const [where, command] of [
		["out of the workspace", "ln -s /usr src"],
		["to another folder in it", "mkdir other; ln -s other src"],
	] as const)
		it(`is looked at again when a command was allowed, which is not run where a link leads ${where}`, async () => {
			await bash("cd src");
			const plan = await space.planned("Bash", { command: "pwd -P; touch ran" });
			const same = await space.planned("Bash", { command: "pwd -P" });
			assert.equal((await space.run(same)).text, `${space.path("src")}\n\n[Exit code 0]`);
			execFileSync("bash", ["-c", `mv src away; ${command}`], { cwd: space.root });
			assert.deepEqual(await space.run(plan), {
				text: `The command was not run: ${space.path("src")}, where it would have run, leads elsewhere than when it was shown. Call Bash again.`,
				failed: true,
			});
			assert.deepEqual([space.has("other/ran"), space.has("away/ran")], [false, false]);
		});
	it("is the workspace folder again when it was removed meanwhile, or became a link that leads out", async () => {
		await bash("cd src");
		await bash("rm -r ../src");
		assert.equal(await here(), space.root);
		await bash("mkdir src; cd src");
		await bash("cd ..; rm -r src; ln -s /usr src");
		assert.equal(await here(), space.root);
	});
});
