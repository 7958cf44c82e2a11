import assert from "node:assert/strict";
import { editorTools, tools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { FakeProblems, problem } from "../fake/problems.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

describe("Problems", () => {
	let space: Workspace;
	let problems: FakeProblems;
	beforeEach(() => {
		space = openWorkspace({
			"src/a.ts": "a\n",
			"src/b.ts": "b\n",
			"srcs/c.ts": "c\n",
			".env": "KEY=1\n",
			"note.txt": "",
		});
		problems = new FakeProblems();
		problems.known.add(space.path("src/a.ts"));
		problems.found = [
			problem(space.path("src/b.ts"), 9, "Later."),
			problem(space.path("src/b.ts"), 2, "Unused.", { severity: "warning", source: "eslint", code: "no-unused" }),
			problem(space.path("src/a.ts"), 3, "Cannot find\n  name 'x'."),
			problem(space.path("srcs/c.ts"), 1, "Elsewhere."),
		];
	});
	afterEach(() => space.dispose());

	const call = async (args: unknown) => {
		const ctx = { ...space.ctx, problems };
		const taken = createToolbox(editorTools).take("Problems", JSON.stringify(args));
		assert.ok("tool" in taken);
		const plan = await taken.tool.plan(taken.input, ctx, new AbortController().signal);
		if ("refused" in plan) return { refused: plan.refused };
		const { text } = await plan.run(new AbortController().signal, () => undefined);
		return { title: plan.title, effects: plan.effects, text };
	};

	it("of a folder are those below it, errors first, each on a line with its source and code", async () => {
		assert.deepEqual(await call({ path: "src" }), {
			title: "Problems in src",
			effects: [{ read: "src" }],
			text: [
				"2 errors and 1 warning in src. Files that are not open may not have been looked at.",
				"src/a.ts:3 error ts(2304): Cannot find name 'x'.",
				"src/b.ts:9 error ts(2304): Later.",
				"src/b.ts:2 warning eslint(no-unused): Unused.",
			].join("\n"),
		});
	});

	it("of a file are its own, after a service looked at it", async () => {
		const found = await call({ path: "src/a.ts" });
		assert.equal(found.text, "1 error and 0 warnings in src/a.ts.\nsrc/a.ts:3 error ts(2304): Cannot find name 'x'.");
		assert.deepEqual([problems.watched, problems.open], [[[space.path("src/a.ts")]], 0]);
	});

	it("that nobody looked for are not said to be none", async () => {
		const text =
			"No errors or warnings are reported in note.txt. But no language service said a word on this file: run the project's own checks.";
		assert.equal((await call({ path: "note.txt" })).text, text);
	});

	it("of the workspace name no file that may hold secrets, is hidden, or is outside of it", async () => {
		space.put(".kimiignore", "srcs/\n");
		problems.found = [
			problem(space.path(".env"), 1, "KEY=1 is odd."),
			problem(space.path("srcs/c.ts"), 1, "Hidden."),
			problem("/usr/lib/node.d.ts", 1, "Not ours."),
		];
		const none =
			"No errors or warnings are reported in the workspace. Files that are not open may not have been looked at.";
		assert.equal((await call({})).text, none);
		const env = await call({ path: ".env" });
		assert.match(env.text ?? "", /KEY=1 is odd/, "asked for by its name: the person was asked first");
		assert.deepEqual(env.effects, [{ read: ".env" }]);
		assert.match((await call({ path: "srcs/c.ts" })).refused ?? "", /kimiignore/);
		assert.match((await call({ path: "/usr/lib" })).refused ?? "", /outside the workspace/);
	});

	it("beyond fifty lines are counted, and long words cut", async () => {
		const path = space.path("src/a.ts");
		problems.found = Array.from({ length: 60 }, (_, at) => problem(path, at + 1, "x".repeat(1000)));
		const lines = (await call({ path: "src/a.ts" })).text?.split("\n") ?? [];
		assert.deepEqual(
			[lines.length, lines[0], lines.at(-1), lines[1]?.length],
			[
				52,
				"60 errors and 0 warnings in src/a.ts.",
				"[The first 50 are shown, errors first: fix some, or give a path.]",
				328,
			],
		);
	});

	it("are offered where an editor is, and nowhere else", async () => {
		const has = (all: typeof tools) => all.some(({ name }) => name === "Problems");
		assert.deepEqual([has(tools), has(editorTools)], [false, true]);
	});
});
