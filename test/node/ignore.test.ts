import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { createIgnored } from "../../src/node/ignore.ts";
import "../fake/seed.ts";

let root: string;
const put = (name: string, text: string) => {
	fs.mkdirSync(join(root, name, ".."), { recursive: true });
	fs.writeFileSync(join(root, name), text);
};
const ignored = (...names: string[]) => names.filter(createIgnored(root));

describe(".kimiignore", () => {
	beforeEach(() => {
		root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-ignore-")));
	});
	afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

	it("that is not there excludes nothing", () => assert.deepEqual(ignored(".", "a", "a/b"), []));
	it("excludes by name at any depth, by path from its folder, and whole folders", () => {
		put("data/x", "");
		put("sub/data/x", "");
		put(".kimiignore", "*.key\n/top.txt\ndocs/private\ndata/\n");
		const names = ["a.key", "x/y/a.key", "top.txt", "x/top.txt", "docs/private/a/b", "x/docs/private", "data/x"];
		assert.deepEqual(ignored(...names, "sub/data/new", "src/a.ts", "."), [
			"a.key",
			"x/y/a.key",
			"top.txt",
			"docs/private/a/b",
			"data/x",
			"sub/data/new",
		]);
	});
	it("takes files back with !, but nothing out of an excluded folder", () => {
		put("gone/keep.txt", "");
		put(".kimiignore", "*.txt\n!keep.txt\ngone/\n!gone/keep.txt\n");
		assert.deepEqual(ignored("a.txt", "keep.txt", "b/keep.txt", "gone/keep.txt"), ["a.txt", "gone/keep.txt"]);
	});
	it("counts in nested folders from there, the nearest first", () => {
		put(".kimiignore", "*.log\n");
		put("a/.kimiignore", "!ours.log\n/x\n");
		put("a/b/.kimiignore", "ours.log\n");
		assert.deepEqual(ignored("ours.log", "a/ours.log", "a/b/ours.log", "a/x", "x", "a/b/x"), [
			"ours.log",
			"a/b/ours.log",
			"a/x",
		]);
	});
	it("excludes whatever the letter case, and takes back only to the letter", () => {
		put(".kimiignore", "Secret.txt\n*.md\n!README.md\n");
		assert.deepEqual(ignored("SECRET.TXT", "secret.txt", "README.md", "readme.md"), [
			"SECRET.TXT",
			"secret.txt",
			"readme.md",
		]);
	});
	it("knows a name in either form of its accents", () => {
		put(".kimiignore", "caf\u00e9\n");
		assert.deepEqual(ignored("cafe\u0301/a", "caf\u00e9"), ["cafe\u0301/a", "caf\u00e9"]);
	});
	it("counts at once when it changes", () => {
		put(".kimiignore", "a\n");
		assert.deepEqual(ignored("a", "b"), ["a"]);
		put(".kimiignore", "b\n");
		assert.deepEqual(ignored("a", "b"), ["b"]);
	});
	it("excludes everything where nobody can say what is in it", () => {
		execFileSync("mkfifo", [join(root, ".kimiignore")]);
		assert.deepEqual(ignored("a", "b/c"), ["a", "b/c"]);
		fs.rmSync(join(root, ".kimiignore"));
		put(".kimiignore", "x\n".repeat(200_000));
		assert.deepEqual(ignored("a"), ["a"]);
		fs.rmSync(join(root, ".kimiignore"));
		fs.mkdirSync(join(root, ".kimiignore"));
		assert.deepEqual(ignored("a"), []);
	});
	it("takes linear time for rules made to take for ever", () => {
		put(".kimiignore", `${"*a".repeat(2000)}b\n${"**/a/".repeat(400)}b\n`);
		const name = `${"a/".repeat(400)}${"a".repeat(250)}`;
		const start = performance.now();
		assert.deepEqual(ignored(name), []);
		assert.ok(performance.now() - start < 5000);
	}).timeout(10_000);

	it("says what git says of the same rules in .gitignore", () => {
		const files = [
			"a",
			"b",
			"ab",
			"a.b",
			"d/a",
			"d/b",
			"d/e/a",
			"d/e/ab",
			"e/d/b",
			"e/a.b",
			"#a",
			"!b",
			"d/#a",
			"f /a",
		];
		const piece = fc.constantFrom("a", "b", "d", "e", "*", "?", "!", "#", "\\", ".", "[ab]", "[!a]", "[a-c]", " ");
		// Git 2.39 takes the `**` of `a**/b`, which stands for nothing in its own words, for any folders.
		const segment = fc.oneof(
			fc.array(piece, { maxLength: 3 }).map((all) => all.join("").replaceAll("**", "*").replace(/\\+$/, "")),
			fc.constant("**"),
		);
		const marks = fc.tuple(fc.constantFrom("", "", "!"), fc.constantFrom("", "/"), fc.constantFrom("", "", "/"));
		const line = fc
			.tuple(marks, fc.array(segment, { minLength: 1, maxLength: 3 }))
			.map(([[before, start, end], segments]) => `${before}${start}${segments.join("/")}${end}`);
		const rules = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
		const sets = fc.sample(fc.tuple(rules, rules), 80);
		for (const [at, [top, nested]] of sets.entries()) {
			for (const folder of ["d/e", "e/d", "f "]) fs.mkdirSync(join(root, `s${at}`, folder), { recursive: true });
			for (const file of files) fs.writeFileSync(join(root, `s${at}`, file), "");
			for (const name of [".gitignore", ".kimiignore"]) {
				put(`s${at}/${name}`, top);
				put(`s${at}/d/${name}`, nested);
			}
		}
		execFileSync("git", ["init", "-q", root]);
		const args = ["-C", root, "-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "-z", "--stdin"];
		const input = sets.flatMap((_, at) => files.map((file) => `s${at}/${file}`)).join("\0");
		const out = execFileSync("git", args, { input, encoding: "utf8" }).split("\0");
		for (const [at, set] of sets.entries()) {
			const wanted = files.filter((file) => out.includes(`s${at}/${file}`));
			assert.deepEqual(files.filter(createIgnored(join(root, `s${at}`))), wanted, JSON.stringify(set));
		}
	}).timeout(60_000);
});
