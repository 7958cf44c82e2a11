import assert from "node:assert/strict";
import { rgPath } from "@vscode/ripgrep";
import { compileGlob, expandBraces } from "../../src/node/glob.ts";
import { findRipgrep } from "../../src/node/ripgrep.ts";

describe("compileGlob", () => {
	const yes: readonly [pattern: string, ...names: string[]][] = [
		["", "a", "d/a"],
		["*", "a", "d/a"],
		["*.ts", "a.ts", "d/e/a.ts", ".ts"],
		["**", "a", "a/b"],
		["**/*", "a", "a/b"],
		["**/a", "a", "b/a", "b/c/a"],
		["a/**", "a/b", "a/b/c"],
		["a/**/b", "a/b", "a/x/b", "a/x/y/b"],
		["a/*/b", "a/x/b"],
		["**/x/**/y", "x/y", "a/x/b/y"],
		["src/", "src/a", "src/b/c"],
		["/src/*.ts", "src/a.ts"],
		["./a", "a"],
		["a?c", "abc"],
		["[a-c]1", "a1", "c1"],
		["[!a]1", "b1"],
		["[^a]1", "b1"],
		["[]]", "]"],
		["[", "["],
		["{a,b}.{c,d}", "a.c", "b.d"],
		["{a,b/{c,d}}", "a", "b/d"],
		["x{,y}", "x", "xy"],
		["a{b", "a{b"],
		["\\*", "*"],
		["!*.ts", "a.js"],
		["a*b*c", "abc", "aXbYc", "abbc"],
		["*a*a*a", "aaa", "bababa"],
		["(x)+", "(x)+"],
		["é*", "été"],
	];
	for (const [pattern, ...names] of yes)
		it(`${pattern} matches ${names.join(" ")}`, () => {
			for (const name of names) assert.equal(compileGlob(pattern)?.(name), true, name);
		});
	const no: readonly [pattern: string, ...names: string[]][] = [
		["*.ts", "a.tsx", "ts"],
		["a/*", "a", "a/b/c", "b/a/c"],
		["a/**", "a", "b/a/c"],
		["a?c", "ac", "a/c"],
		["[a-c]", "d"],
		["[!a]", "a"],
		["src/*.ts", "x/src/a.ts", "src/d/a.ts"],
		["\\*", "a"],
		["!*.ts", "a.ts"],
		["a.c", "abc"],
	];
	for (const [pattern, ...names] of no)
		it(`${JSON.stringify(pattern)} does not match ${names.join(" ")}`, () => {
			for (const name of names) assert.equal(compileGlob(pattern)?.(name), false, name);
		});
	it("is quick on patterns that make a backtracking matcher hang", () => {
		const start = performance.now();
		assert.equal(compileGlob(`${"*a".repeat(200)}b`)?.("a".repeat(5000)), false);
		assert.equal(compileGlob(`${"**/a/".repeat(100)}b`)?.("a/".repeat(2000)), false);
		assert.ok(performance.now() - start < 2000);
	});
	it("refuses braces that spell out too much, and far too long a pattern", () => {
		assert.equal(compileGlob("{a,b}".repeat(9)), undefined);
		assert.equal(compileGlob("x".repeat(2000)), undefined);
		assert.equal(expandBraces("{a,b}".repeat(8))?.length, 256);
	});
});

describe("findRipgrep", () => {
	it("gives the first candidate that can be run", async () => {
		assert.equal(await findRipgrep(["/nowhere/rg", import.meta.filename, rgPath]), rgPath);
	});
	it("looks a bare name up on the PATH", async () => {
		assert.match((await findRipgrep(["no-such-program", "sh"])) ?? "", /^\/.*\/sh$/);
	});
	it("gives nothing when there is none", async () => {
		assert.equal(await findRipgrep(["/nowhere/rg", "no-such-program"]), undefined);
		assert.equal(await findRipgrep([]), undefined);
	});
});
