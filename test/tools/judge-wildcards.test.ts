import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { isWildcardPath } from "../../src/agent/commands/wildcards.ts";
import { matchesOf } from "../../src/tools/judge-wildcards.ts";
import { Looks } from "../../src/tools/looks.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const FILES = [
	"a.ts",
	"b.ts",
	"A.TS",
	"ab.json",
	".hidden.ts",
	"src/a.ts",
	"src/b.test.ts",
	"src/.x/y.ts",
	"src/deep/a.ts",
	"src/deep/er/a.ts",
	"src/a b.ts",
	"src/ü.ts",
	"lib/src/a.ts",
	"lib/[x].ts",
	"lib/x*y.ts",
];
const PATTERNS =
	"* *.ts a* *a* *.* ** **/*.ts **/a.ts src/* src/** src/**/*.ts src/*/*.ts */*/*.ts */a.ts */ src/*/ ./*.ts ./**/a* lib/*x* *b*.ts s*c/d*p/a.ts src/**/er/* linked/* */deep/a.ts *none* **/none".split(
		" ",
	);
const SHELLS = ["/bin/bash", "/bin/dash", "/bin/zsh", "/usr/bin/fish"].filter((path) => existsSync(path));

describe("what a wildcard may stand for", () => {
	let space: Workspace;
	before(() => {
		space = openWorkspace(Object.fromEntries(FILES.map((name) => [name, "x"])));
		symlinkSync("src", space.path("linked"));
	});
	after(() => space.dispose());

	/** Absolute, without the slashes of folders. */
	const judged = async (pattern: string) => {
		const found = await matchesOf(pattern, space.root, new Looks(space.ctx, new AbortController().signal));
		if ("trouble" in found) throw new Error(found.trouble);
		return new Set(found.paths.map((path) => path.replace(/\/$/, "")));
	};

	for (const shell of SHELLS)
		it(`holds all that ${shell} makes of it`, async () => {
			let compared = 0;
			for (const pattern of PATTERNS) {
				assert.ok(isWildcardPath(pattern), pattern);
				const paths = await judged(pattern);
				// No match is an error to some, and the pattern itself to others.
				const script = shell.endsWith("fish") ? `for f in ${pattern}; echo $f; end` : `printf '%s\\n' ${pattern}`;
				const made = spawnSync(shell, ["-c", script], { cwd: space.root, encoding: "utf8" }).stdout.split("\n");
				const missed = made
					.filter((name) => name !== "" && name !== pattern)
					.filter((name) => !paths.has(resolve(space.root, name)));
				compared += made.length - 1;
				assert.deepEqual(missed, [], pattern);
			}
			assert.ok(compared > 60, `${compared} names were compared`);
		});

	it("is nothing hidden, and no more than what has such a name", async () => {
		const names = async (pattern: string) =>
			[...(await judged(pattern))].map((path) => path.slice(space.root.length + 1)).sort();
		assert.deepEqual(await names("a*.json"), ["ab.json"]);
		assert.deepEqual(await names("*.ts"), ["A.TS", "a.ts", "b.ts"]);
		assert.deepEqual(await names("lib/*/*.ts"), ["lib/src/a.ts"]);
		assert.deepEqual(await names("src/*b*.t*s"), ["src/a b.ts", "src/b.test.ts"]);
		assert.deepEqual(await names("*none*"), []);
	});
});
