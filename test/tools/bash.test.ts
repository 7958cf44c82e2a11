import assert from "node:assert/strict";
import { isRefusal } from "../../src/agent/tool.ts";
import { bashTool } from "../../src/tools/bash.ts";
import { editTool } from "../../src/tools/edit.ts";
import { grepTool } from "../../src/tools/grep.ts";
import { readTool } from "../../src/tools/read.ts";
import { writeTool } from "../../src/tools/write.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

describe("Bash", () => {
	let space: Workspace;
	before(() => {
		space = openWorkspace({ "a.txt": "hello\n" });
	});
	after(() => space.dispose());
	const bash = (command: string, more: object = {}) => space.call("Bash", { command, ...more });

	it("plans the command to the letter, with its folder, and runs nothing", async () => {
		const command = "  touch x \n# more\n";
		const { run: _, command: __, ...plan } = await space.planned("Bash", { command, description: "Look harmless" });
		assert.deepEqual(plan, {
			title: "Run touch x …",
			effects: [{ exec: command }],
			preview: { kind: "command", command, cwd: space.root },
		});
		assert.equal(space.has("x"), false);
	});
	it("gives the output and the exit code", async () => {
		assert.deepEqual(await bash("cat a.txt"), { text: "hello\n\n[Exit code 0]", details: { exitCode: 0 } });
	});
	it("marks another exit code as failed", async () => {
		const expected = { text: "no\n\n[Exit code 3]", details: { exitCode: 3 }, failed: true };
		assert.deepEqual(await bash("echo no >&2; exit 3"), expected);
	});
	it("says when there was no output", async () => {
		assert.equal((await bash("true")).text, "(no output)\n\n[Exit code 0]");
	});
	it("says when a signal ended it", async () => {
		const expected = { text: "(no output)\n\n[Ended by SIGKILL.]", details: { exitCode: null }, failed: true };
		assert.deepEqual(await bash("kill -9 $$"), expected);
	});
	it("says when the person stopped it", async () => {
		const stop = new AbortController();
		const plan = await space.planned("Bash", { command: "echo up; sleep 30" });
		const outcome = await plan.run(stop.signal, () => stop.abort());
		assert.deepEqual(outcome, { text: "up\n\n[Stopped by the person.]", details: { exitCode: null }, failed: true });
	});
	it("shows the output as it comes", async () => {
		const plan = await space.planned("Bash", { command: "printf 'a\\033[1mb'" });
		let shown = "";
		const outcome = await plan.run(new AbortController().signal, (text) => {
			shown += text;
		});
		assert.deepEqual([shown, outcome.text], ["a\u001b[1mb", "ab\n\n[Exit code 0]"]);
	});
	it("does not keep variables from one call to the next", async () => {
		assert.equal((await bash('X=1; echo "$X"')).text, "1\n\n[Exit code 0]");
		assert.equal((await bash('echo "[$X]"')).text, "[]\n\n[Exit code 0]");
	});
	it("refuses an empty command and a NUL character", async () => {
		assert.match(await space.refused("Bash", { command: " \n" }), /is empty/);
		assert.match(await space.refused("Bash", { command: "a\0b" }), /NUL/);
	});
	it("cuts a long first line in the title only", async () => {
		const plan = await space.planned("Bash", { command: `echo ${"x".repeat(200)}` });
		assert.equal(plan.title.length, "Run ".length + 80);
	});
});

describe("tools without a folder", () => {
	it("refuse with a sentence for the model", async () => {
		const space = openWorkspace();
		const ctx = { ...space.ctx, files: { ...space.ctx.files, root: undefined } };
		const { signal } = new AbortController();
		const plans = await Promise.all([
			bashTool.plan({ command: "ls" }, ctx, signal),
			readTool.plan({ path: "a" }, ctx, signal),
			writeTool.plan({ path: "a", content: "" }, ctx, signal),
			editTool.plan({ path: "a", old_string: "a", new_string: "b" }, ctx, signal),
			grepTool.plan({ pattern: "a" }, ctx, signal),
		]);
		for (const plan of plans) assert.ok(isRefusal(plan) && plan.refused.startsWith("No folder is open"));
		space.dispose();
	});
});

describe("Todo", () => {
	const items = [
		{ title: "Find the bug", status: "done" },
		{ title: "Fix it", status: "in_progress" },
		{ title: "Run the tests", status: "pending" },
	] as const;
	it("replaces the list, with no effect on the world", async () => {
		const space = openWorkspace();
		const plan = await space.planned("Todo", { items });
		assert.deepEqual([plan.title, plan.effects], ["Plan: 1 of 3 steps done, 1 in progress, 1 to do", []]);
		assert.deepEqual(await space.run(plan), {
			text: "The list is saved: 1 of 3 steps done, 1 in progress, 1 to do.",
			details: { todo: items },
		});
		assert.deepEqual(space.ctx.todo, items);
		assert.deepEqual(await space.call("Todo", { items: [] }), {
			text: "The list is saved: cleared.",
			details: { todo: [] },
		});
		space.dispose();
	});
	it("refuses a step without a title and an endless list", async () => {
		const space = openWorkspace();
		assert.match(
			await space.refused("Todo", { items: [{ title: " ", status: "done" }] }),
			/`items\[0\]\.title` is empty/,
		);
		const many = Array.from({ length: 101 }, () => items[0]);
		assert.match(await space.refused("Todo", { items: many }), /has 101 items; give at most 100/);
		space.dispose();
	});
});
