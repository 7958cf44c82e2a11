import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { rule } from "../../src/agent/policy.ts";
import { isRefusal } from "../../src/agent/tool.ts";
import type { Mode } from "../../src/shared/event.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

let space: Workspace;
/** In each suite of its own: hooks outside of one would run for all files. */
const close = () => space.dispose();

/** What the policy says of a planned call, in a sentence. */
async function ruled(tool: string, args: unknown, mode: Mode = "trusted"): Promise<string> {
	const plan = await space.plan(tool, args);
	if (isRefusal(plan)) return `refused: ${plan.refused}`;
	const { verdict, reason } = rule(
		{ tool, effects: plan.effects },
		{ mode, grants: [{ rule: { edits: true }, scope: "chat" }] },
	);
	return `${verdict}: ${reason}`;
}

describe("files that .kimiignore names", () => {
	afterEach(close);
	const REFUSED = /is named by a \.kimiignore file: no tool reads or changes it/;
	beforeEach(() => {
		space = openWorkspace({
			".kimiignore": "private/\n*.secret\n!open.secret\n/build\n",
			".gitignore": "dist/\n",
			"private/a.txt": "canary\n",
			"x.secret": "canary\n",
			"open.secret": "canary\n",
			"sub/.kimiignore": "/hidden.txt\n",
			"sub/hidden.txt": "canary\n",
			"sub/shown.txt": "canary\n",
			"dist/out.txt": "canary\n",
			"build/x": "canary\n",
		});
		symlinkSync("private/a.txt", space.path("harmless.txt"));
		symlinkSync("private", space.path("folder"));
	});
	const paths = [
		"private/a.txt",
		"private",
		"PRIVATE/a.txt",
		"x.secret",
		"sub/hidden.txt",
		"build/x",
		"harmless.txt",
		"folder/a.txt",
		"./sub/../private/new.txt",
		"private/a.txt/x",
	];
	it("each have a card of their own: to try several is no row of failures at one", async () => {
		const titles = ["private/a.txt", "x.secret"].map(async (path) => await space.plan("Read", { path }));
		assert.deepEqual(
			(await Promise.all(titles)).map(({ title }) => title),
			["Read private/a.txt", "Read x.secret"],
		);
	});

	for (const path of paths)
		it(`${path} is refused by every tool that takes a path`, async () => {
			assert.match(await space.refused("Read", { path }), REFUSED);
			assert.match(await space.refused("Edit", { path, old_string: "canary", new_string: "x" }), REFUSED);
			assert.match(await space.refused("Write", { path, content: "x" }), REFUSED);
			assert.match(await space.refused("Glob", { pattern: "*", path, include_ignored: true }), REFUSED);
			assert.match(await space.refused("Grep", { pattern: "canary", path, include_ignored: true }), REFUSED);
			for (const head of [
				`*** Update File: ${path}\n@@\n-canary\n+x`,
				`*** Add File: ${path}\n+x`,
				`*** Delete File: ${path}`,
				`*** Update File: open.secret\n*** Move to: ${path}\n@@\n-canary\n+x`,
			])
				assert.match(await space.refused("apply_patch", { input: `*** Begin Patch\n${head}\n*** End Patch` }), REFUSED);
		});
	it("are in no search, also not when ignored files are", async () => {
		const args = { pattern: "canary", include_ignored: true, output_mode: "files" };
		assert.equal((await space.call("Grep", args)).text, "dist/out.txt\nopen.secret\nsub/shown.txt");
		const names = (await space.call("Glob", { pattern: "**", include_ignored: true })).text.split("\n").sort();
		assert.deepEqual(names, [
			".gitignore",
			".kimiignore",
			"dist/out.txt",
			"open.secret",
			"sub/.kimiignore",
			"sub/shown.txt",
		]);
		assert.equal((await space.call("Grep", { ...args, path: "sub" })).text, "sub/shown.txt");
	});
	it("are in no list of a folder, and nothing is said to be like them", async () => {
		const { text } = await space.call("Read", { path: "." });
		for (const name of ["private/", "x.secret", "build/"]) assert.ok(!text.split("\n").includes(name), text);
		assert.ok(text.split("\n").includes("open.secret"));
		assert.ok(!(await space.call("Read", { path: "sub/hidde.txt" })).text.includes("hidden.txt"));
	});
	it("stay out when a .gitignore would take them back", async () => {
		space.put(".gitignore", "!private/\n!*.secret\n");
		space.put(".ignore", "!private/\n");
		assert.equal(
			(await space.call("Grep", { pattern: "canary", glob: "*.{txt,secret}", output_mode: "files" })).text,
			"dist/out.txt\nopen.secret\nsub/shown.txt",
		);
	});
	it("count from the moment at which they are named, also for a call that was planned before", async () => {
		const [read, write] = [
			await space.planned("Read", { path: "sub/shown.txt" }),
			await space.planned("Edit", { path: "sub/shown.txt", old_string: "canary", new_string: "x" }),
		];
		space.put("sub/.kimiignore", "*\n");
		for (const plan of [read, write]) {
			const outcome = await space.run(plan);
			assert.ok(outcome.failed && /It is named by a \.kimiignore file/.test(outcome.text), outcome.text);
		}
		assert.equal(space.text("sub/shown.txt"), "canary\n");
		assert.match(await space.refused("Read", { path: "sub/shown.txt" }), REFUSED);
		space.put("sub/.kimiignore", "");
		assert.equal((await space.call("Read", { path: "sub/shown.txt" })).text, "1\tcanary");
	});
	it("may be named by rules that only the person changes unasked", async () => {
		for (const path of [".kimiignore", "sub/.kimiignore", "new/.kimiignore", ".KimiIgnore"]) {
			assert.match(
				await ruled("apply_patch", {
					input: `*** Begin Patch\n*** Add File: ${path}x/.kimiignore\n+!private\n*** End Patch`,
				}),
				/^ask: .* says what Kimi's tools must not touch/,
			);
		}
		await space.call("Read", { path: ".kimiignore" });
		assert.match(await ruled("Write", { path: ".kimiignore", content: "" }), /^ask: \.kimiignore says what/);
	});
	it("that only .gitignore names can be read and changed by name, and are left out of searches", async () => {
		assert.equal((await space.call("Read", { path: "dist/out.txt" })).text, "1\tcanary");
		assert.match(
			(await space.call("Edit", { path: "dist/out.txt", old_string: "canary", new_string: "x" })).text,
			/^Edited/,
		);
		assert.match((await space.call("Glob", { pattern: "out.txt" })).text, /^No file matches/);
	});
});

describe("files that may hold secrets", () => {
	afterEach(close);
	beforeEach(() => {
		space = openWorkspace({ ".env": "API_KEY=canary\nB=canary\n", "a.txt": "canary\n", "keys/id_rsa": "canary\n" });
		symlinkSync(".env", space.path("notes.txt"));
		symlinkSync("keys", space.path("docs"));
		symlinkSync("new/.env", space.path("later.txt"));
	});
	const asked: readonly (readonly [path: string, name: string])[] = [
		[".env", ".env"],
		["notes.txt", ".env"],
		["docs/id_rsa", "keys/id_rsa"],
		["./x/../notes.txt", ".env"],
		["later.txt", "new/.env"],
	];
	for (const [path, name] of asked)
		it(`${path} asks as ${name} before it is read or searched, in every mode`, async () => {
			for (const mode of ["ask", "edits", "trusted", "plan"] as const) {
				assert.ok((await ruled("Read", { path }, mode)).startsWith(`ask: ${name} may hold `));
				assert.ok((await ruled("Grep", { path, pattern: "x" }, mode)).startsWith(`ask: ${name} may hold `));
			}
		});
	it("show in no search whether a pattern is in them, be it by lines, names, counts or pages", async () => {
		for (const output_mode of ["content", "files", "count"])
			for (const pattern of ["canary", "API_KEY=c", "API_KEY=x"]) {
				const { text } = await space.call("Grep", { pattern, output_mode, context: 3, include_ignored: true });
				assert.equal(text.includes(".env") || text.includes("id_rsa") || text.includes("API_KEY"), false, text);
			}
		const texts = ["API_KEY=c", "API_KEY=x"].map((pattern) => space.call("Grep", { pattern, output_mode: "count" }));
		const [right, wrong] = await Promise.all(texts);
		assert.deepEqual(right, wrong);
	});
	it("are found by name", async () => {
		assert.equal((await space.call("Glob", { pattern: ".env" })).text, ".env");
		assert.equal((await space.call("Glob", { pattern: "**/id_rsa" })).text, "keys/id_rsa");
	});
	it("answer no guess at what is in them before they were read", async () => {
		for (const path of [".env", "notes.txt"]) {
			const guesses = ["API_KEY=canary", "API_KEY=c", "API_KEY=x", "canary", ""].map((old_string) => ({
				old_string,
				new_string: "y",
			}));
			const words = new Set<string>();
			for (const guess of guesses) {
				words.add(await space.refused("Edit", { path, ...guess }));
				words.add(await space.refused("Edit", { path, edits: [guess, { old_string: "nowhere", new_string: "" }] }));
			}
			assert.deepEqual([...words], [".env may hold secrets of the environment. Read it first, which asks the person."]);
			for (const line of ["-API_KEY=canary", "-API_KEY=x"]) {
				const refused = await space.refused("apply_patch", {
					input: `*** Begin Patch\n*** Update File: ${path}\n@@\n${line}\n+y\n*** End Patch`,
				});
				assert.match(refused, /^\.env may hold secrets of the environment\. Read it first/);
			}
		}
		await space.call("Read", { path: ".env" });
		assert.match(await ruled("Edit", { path: ".env", old_string: "API_KEY=canary", new_string: "y" }), /^ask: \.env /);
		assert.match(
			await space.refused("Edit", { path: ".env", old_string: "API_KEY=x", new_string: "y" }),
			/was not found/,
		);
	});
	it("ask outside of the workspace with their own reason", async () => {
		const other = openWorkspace({ ".ssh/id_rsa": "x" });
		assert.match(
			await ruled("Read", { path: other.path(".ssh/id_rsa") }),
			/^ask: .*\/\.ssh\/id_rsa may hold a private key/,
		);
		other.dispose();
	});
});

describe("protected files", () => {
	afterEach(close);
	beforeEach(() => {
		space = openWorkspace({ ".git/config": "", ".vscode/settings.json": "{}", "a.txt": "x" });
		for (const [name, to] of [
			["hook.txt", ".git/hooks/pre-commit"],
			["settings.txt", ".vscode/settings.json"],
			["conf", ".git"],
			["twice", "hook.txt"],
		] as const)
			symlinkSync(to, space.path(name));
	});
	for (const path of [
		"hook.txt",
		"conf/hooks/post-checkout",
		"twice",
		".GIT/config",
		"conf/config",
		"src/../.git/x",
		".Vscode/tasks.json",
		"sub/.env",
		"package.json",
		"A/Package.JSON",
		".git. /x",
	])
		it(`${path} asks before it is written, whatever was allowed`, async () => {
			assert.match(
				await ruled("Write", { path, content: "x" }),
				/^(ask: .*so a change to it always asks|refused: .* you have not read it)/,
			);
			assert.match(
				await ruled("apply_patch", {
					input: `*** Begin Patch\n*** Update File: a.txt\n*** Move to: ${path}\n@@\n-x\n+y\n*** End Patch`,
				}),
				/^(ask: .*so a change to it always asks|refused: .*exists already)/,
			);
		});
	it("keep what they are when a link takes the place of a file between plan and run", async () => {
		const plan = await space.planned("Edit", { path: "a.txt", old_string: "x", new_string: "evil" });
		mkdirSync(space.path(".git/hooks"));
		space.put(".git/hooks/pre-commit", "x");
		const { rmSync } = await import("node:fs");
		rmSync(space.path("a.txt"));
		symlinkSync(".git/hooks/pre-commit", space.path("a.txt"));
		assert.equal((await space.run(plan)).failed, true);
		assert.equal(space.text(".git/hooks/pre-commit"), "x");
	});
});
