import assert from "node:assert/strict";
import { symlinkSync, utimesSync } from "node:fs";
import { isRefusal } from "../../src/agent/tool.ts";
import { createPlaces } from "../../src/node/places.ts";
import { createSearch } from "../../src/node/search.ts";
import { globTool } from "../../src/tools/glob.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

let space: Workspace;
before(() => {
	space = openWorkspace({
		".gitignore": "dist/\n*.log\n",
		"src/a.ts": "const total = 1;\nlet Total = 2;\n\nuse(total);\n",
		"src/deep/b.ts": "total\n",
		"src/f-1-b.ts": "x:3:total\n",
		"src/style.css": "a{}\n",
		"dist/out.ts": "total\n",
		"debug.log": "total\n",
		".hidden/c.ts": "total\n",
		".git/d.ts": "total\n",
		".env": "total=secret-canary\n",
		"bin/e.dat": Buffer.from("total\0\n"),
		"two words.md": "fn() {\n}\n",
		"win.txt": "alpha\r\ntotal beta\r\n",
		"min.js": `${"z".repeat(900)}wide\n`,
		"-dash.ts": "dash\n",
	});
	for (const [at, name] of ["src/a.ts", "src/deep/b.ts", "src/f-1-b.ts", ".hidden/c.ts", "-dash.ts"].entries())
		utimesSync(space.path(name), 1000 + at, 1000 + at);
	symlinkSync("/etc", space.path("outside"));
});
after(() => space.dispose());

describe("Glob", () => {
	const glob = async (args: object) => (await space.call("Glob", args)).text;
	const lists: readonly [name: string, args: object, lines: string[]][] = [
		[
			"finds at any depth without a slash, newest first",
			{ pattern: "*.ts" },
			["-dash.ts", ".hidden/c.ts", "src/f-1-b.ts", "src/deep/b.ts", "src/a.ts"],
		],
		["stays at one level with a slash", { pattern: "src/*.ts" }, ["src/f-1-b.ts", "src/a.ts"]],
		["goes through folders with **", { pattern: "src/**/*.ts" }, ["src/f-1-b.ts", "src/deep/b.ts", "src/a.ts"]],
		["knows alternatives", { pattern: "src/{a,deep/*}.ts" }, ["src/deep/b.ts", "src/a.ts"]],
		["knows ranges and single characters", { pattern: "[a-b].t?" }, ["src/deep/b.ts", "src/a.ts"]],
		["is relative to the path", { pattern: "*/b.ts", path: "src" }, ["src/deep/b.ts"]],
		["takes a leading ./", { pattern: "./src/a.ts" }, ["src/a.ts"]],
		["finds names with blanks", { pattern: "two words.*" }, ["two words.md"]],
	];
	for (const [name, args, lines] of lists)
		it(name, async () => assert.deepEqual((await glob(args)).split("\n"), lines));

	it("leaves out ignored files and .git, also when ** covers them, and names files that may hold secrets", async () => {
		const names = (await glob({ pattern: "**" })).split("\n");
		for (const name of ["dist/out.ts", "debug.log", ".git/d.ts"]) assert.ok(!names.includes(name), name);
		assert.ok(names.includes(".env") && names.includes(".gitignore") && names.includes("src/deep/b.ts"));
		assert.equal(
			await glob({ pattern: "dist/**" }),
			"No file matches dist/** in the workspace. Ignored files were left out (include_ignored).",
		);
	});
	it("includes ignored files on demand, never .git", async () => {
		assert.equal(await glob({ pattern: "dist/*", include_ignored: true }), "dist/out.ts");
		assert.equal(await glob({ pattern: "d.ts", include_ignored: true }), "No file matches d.ts in the workspace.");
	});
	it("plans one read of the folder", async () => {
		const plan = await space.planned("Glob", { pattern: "*.ts", path: "src/deep" });
		assert.deepEqual([plan.title, plan.effects], ["Find *.ts in src/deep", [{ read: "src/deep" }]]);
	});
	it("does not follow links out of the workspace", async () => {
		assert.match(await glob({ pattern: "outside/*" }), /^No file matches/);
		const plan = await space.planned("Glob", { pattern: "*", path: "outside" });
		assert.deepEqual(plan.effects, [{ read: "/etc/" }]);
		assert.equal((await space.run(plan)).text, "/etc/: It is outside the workspace.");
	});
	it("says when the path is missing or a file", async () => {
		assert.match(await glob({ pattern: "*", path: "scr" }), /^scr does not exist\. Did you mean src\?/);
		assert.match(await glob({ pattern: "*", path: "src/a.ts" }), /^src\/a\.ts is no folder/);
	});
	for (const pattern of ["", "/etc/*", "../*", "src/../../*", "~/x", "C:/x"])
		it(`refuses the pattern ${JSON.stringify(pattern)}`, async () => {
			assert.match(await space.refused("Glob", { pattern }), /^`pattern` (is empty|must be relative)/);
		});
	it("says when there are more files than it lists", async () => {
		const many = openWorkspace(Object.fromEntries(Array.from({ length: 205 }, (_, at) => [`f${at}.txt`, ""])));
		const lines = (await many.call("Glob", { pattern: "*.txt" })).text.split("\n");
		assert.equal(lines.length, 201);
		assert.equal(lines.at(-1), "[The 200 newest; there are more. Narrow the pattern or the path.]");
		many.dispose();
	});
	it("refuses when no folder is open", async () => {
		const files = { ...space.ctx.files, root: undefined };
		const plan = await globTool.plan({ pattern: "*" }, { ...space.ctx, files }, new AbortController().signal);
		assert.ok(isRefusal(plan) && plan.refused.startsWith("No folder is open"));
	});
});

describe("Grep", () => {
	const grep = async (args: object) => (await space.call("Grep", args)).text;
	const results: readonly [name: string, args: object, lines: string[]][] = [
		[
			"gives path, line and text, in the order of paths",
			{ pattern: "total" },
			[
				".hidden/c.ts:1:total",
				"src/a.ts:1:const total = 1;",
				"src/a.ts:4:use(total);",
				"src/deep/b.ts:1:total",
				"src/f-1-b.ts:1:x:3:total",
				"win.txt:2:total beta",
			],
		],
		[
			"ignores case on demand",
			{ pattern: "TOTAL", case_insensitive: true, path: "src/a.ts" },
			["src/a.ts:1:const total = 1;", "src/a.ts:2:let Total = 2;", "src/a.ts:4:use(total);"],
		],
		[
			"gives lines around a match",
			{ pattern: "let", path: "src", context: 1 },
			["src/a.ts-1-const total = 1;", "src/a.ts:2:let Total = 2;", "src/a.ts-3-"],
		],
		[
			"names files only",
			{ pattern: "total", output_mode: "files", path: "src" },
			["src/a.ts", "src/deep/b.ts", "src/f-1-b.ts"],
		],
		[
			"counts lines by file",
			{ pattern: "total", output_mode: "count", path: "src" },
			["src/a.ts:2", "src/deep/b.ts:1", "src/f-1-b.ts:1"],
		],
		["keeps to a glob", { pattern: "total", glob: "b.ts" }, ["src/deep/b.ts:1:total"]],
		[
			"keeps to a glob with folders, relative to the path",
			{ pattern: "total", path: "src", glob: "deep/**" },
			["src/deep/b.ts:1:total"],
		],
		[
			"leaves out what a negated glob names",
			{ pattern: "total", path: "src", glob: "!*b.ts" },
			["src/a.ts:1:const total = 1;", "src/a.ts:4:use(total);"],
		],
		["spans lines on demand", { pattern: "fn.*\\}", multiline: true }, ["two words.md:1:fn() {", "two words.md:2:}"]],
		[
			"searches ignored files on demand",
			{ pattern: "total", path: "dist", include_ignored: true },
			["dist/out.ts:1:total"],
		],
		["takes a pattern that looks like a flag", { pattern: "--version|dash" }, ["-dash.ts:1:dash"]],
		["searches a path that looks like a flag", { pattern: "dash", path: "-dash.ts" }, ["-dash.ts:1:dash"]],
		[
			"pages by lines",
			{ pattern: "total", head_limit: 2 },
			[
				".hidden/c.ts:1:total",
				"src/a.ts:1:const total = 1;",
				"[2 lines shown; there are more. Go on with offset 2, or narrow the search.]",
			],
		],
		[
			"gives the next page",
			{ pattern: "total", head_limit: 2, offset: 2 },
			[
				"src/a.ts:4:use(total);",
				"src/deep/b.ts:1:total",
				"[2 lines shown; there are more. Go on with offset 4, or narrow the search.]",
			],
		],
		[
			"gives the last page",
			{ pattern: "total", head_limit: 2, offset: 4 },
			["src/f-1-b.ts:1:x:3:total", "win.txt:2:total beta"],
		],
		["says when there is no further page", { pattern: "total", offset: 99 }, ["There is nothing beyond offset 99."]],
		[
			"pages by files",
			{ pattern: "total", output_mode: "files", head_limit: 1, path: "src" },
			["src/a.ts", "[1 file shown; there are more. Go on with offset 1, or narrow the search.]"],
		],
		[
			"says when nothing matches",
			{ pattern: "nowhere" },
			["No match in the workspace. Ignored files were left out (include_ignored)."],
		],
		[
			"says where nothing matches",
			{ pattern: "nowhere", path: "src", glob: "*.ts", include_ignored: true },
			["No match in src, in files like *.ts."],
		],
	];
	for (const [name, args, lines] of results)
		it(name, async () => assert.deepEqual((await grep(args)).split("\n"), lines));

	it("puts a gap between groups of context lines, which counts for no line", async () => {
		const wide = openWorkspace({ "a.txt": "hit\n1\n2\n3\nhit\n4\n" });
		const { text } = await wide.call("Grep", { pattern: "hit", context: 1, head_limit: 5 });
		assert.deepEqual(text.split("\n"), ["a.txt:1:hit", "a.txt-2-1", "--", "a.txt-4-3", "a.txt:5:hit", "a.txt-6-4"]);
		wide.dispose();
	});
	it("hides secrets in a search, and finds them when their file itself is named, which asks", async () => {
		assert.ok(!(await grep({ pattern: "secret-canary", include_ignored: true })).includes("canary\n"));
		assert.match(await grep({ pattern: "secret-canary" }), /^No match/);
		const plan = await space.planned("Grep", { pattern: "secret-canary", path: ".env" });
		assert.deepEqual(plan.effects, [{ read: ".env" }]);
		assert.equal((await space.run(plan)).text, ".env:1:total=secret-canary");
	});
	it("cuts wide lines", async () => {
		const text = await grep({ pattern: "wide" });
		assert.ok(text.startsWith(`min.js:1:${"z".repeat(300)}`) && text.length < 700, text);
	});
	it("answers a bad pattern with ripgrep's own words", async () => {
		const outcome = await space.call("Grep", { pattern: "a(" });
		assert.equal(outcome.failed, true);
		assert.match(outcome.text, /^The search failed: regex parse error:[\s\S]*unclosed group$/);
	});
	it("answers look-around without advice that cannot be followed", async () => {
		const { text } = await space.call("Grep", { pattern: "(?=a)" });
		assert.match(text, /look-around.* is not supported$/);
	});
	it("refuses an empty pattern and a NUL character", async () => {
		assert.match(await space.refused("Grep", { pattern: "" }), /is empty/);
		assert.match(await space.refused("Grep", { pattern: "a\0" }), /NUL/);
	});
	it("reads nothing outside that was not granted, and says when one is missing", async () => {
		for (const path of ["..", "outside"]) assert.match(await grep({ pattern: "x", path }), /outside the workspace/);
		assert.match(
			await grep({ pattern: "x", path: "src/aa.ts" }),
			/^src\/aa\.ts does not exist\. Did you mean src\/a\.ts/,
		);
	});
	it("refuses a glob whose braces explode", async () => {
		const outcome = await space.call("Grep", { pattern: "x", glob: "{a,b}".repeat(12) });
		assert.match(outcome.text, /too many alternatives/);
	});
	it("ends at once when stopped", async () => {
		const plan = await space.planned("Grep", { pattern: "total" });
		assert.deepEqual(await space.run(plan, AbortSignal.abort()), {
			text: "The search failed: The search was stopped.",
			failed: true,
		});
	});
	it("says what to do without ripgrep", async () => {
		const search = createSearch({ rgPath: undefined, places: createPlaces(space.root) });
		const query = { pattern: "x", path: space.root, mode: "content", limit: 1, offset: 0 } as const;
		const found = await search.grep(query, new AbortController().signal);
		assert.ok(!found.ok && found.failure.message.includes("ripgrep was not found"));
	});
	it("reports a ripgrep that cannot be started", async () => {
		const search = createSearch({ rgPath: "/nowhere/rg", places: createPlaces(space.root) });
		const query = { pattern: "x", path: space.root, mode: "content", limit: 1, offset: 0 } as const;
		const found = await search.grep(query, new AbortController().signal);
		assert.ok(!found.ok && found.failure.message.includes("ENOENT"));
	});
});
