import assert from "node:assert/strict";
import { chmodSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createFiles } from "../../src/node/files.ts";
import { createPlaces } from "../../src/node/places.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

describe("Edit", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace({ "src/a.js": "one\ntwo\nthree\nfour\nfive\nsix\nseven\n" });
	});
	afterEach(() => space.dispose());
	const edit = (old_string: string, new_string: string, path = "src/a.js") => ({ path, old_string, new_string });

	it("plans with title, effects, preview and proposal, and touches nothing", async () => {
		const before = space.text("src/a.js");
		const { run: _run, amend: _amend, proposals, ...plan } = await space.planned("Edit", edit("two", "2\n2b"));
		assert.deepEqual(
			proposals?.map((one) => [one.path, one.name, one.before?.text, one.after?.text]),
			[[space.path("src/a.js"), "src/a.js", before, before.replace("two", "2\n2b")]],
		);
		assert.deepEqual(plan, {
			title: "Edit src/a.js",
			effects: [{ read: "src/a.js" }, { write: "src/a.js" }],
			preview: {
				kind: "diff",
				path: "src/a.js",
				diff: "@@ -1,5 +1,6 @@\n one\n-two\n+2\n+2b\n three\n four\n five",
				added: 2,
				removed: 1,
			},
		});
		assert.equal(space.text("src/a.js"), before);
	});
	it("writes when it runs, shows the changed lines and remembers the new hash", async () => {
		await space.call("Read", { path: "src/a.js" });
		const outcome = await space.call("Edit", edit("four", "4"));
		assert.equal(space.text("src/a.js"), "one\ntwo\nthree\n4\nfive\nsix\nseven\n");
		const read = await createFiles(createPlaces(space.root)).read(space.path("src/a.js"));
		assert.deepEqual(outcome, {
			text: "Edited src/a.js: 1 replacement. Now it reads:\n2\ttwo\n3\tthree\n4\t4\n5\tfive\n6\tsix",
			details: { seen: { "src/a.js": read.ok ? read.value.hash : "" } },
		});
	});
	it("makes a list of edits together", async () => {
		const edits = [
			{ old_string: "one", new_string: "1" },
			{ old_string: "e", new_string: "E", replace_all: true },
		];
		assert.match(
			await space.refused("Edit", { path: "src/a.js", edits }),
			/edits\[0\] and edits\[1\] change the same text/,
		);
		const apart = [
			{ old_string: "one", new_string: "1" },
			{ old_string: "v", new_string: "V", replace_all: true },
		];
		const outcome = await space.call("Edit", { path: "src/a.js", edits: apart });
		assert.match(outcome.text, /^Edited src\/a\.js: 3 replacements/);
		assert.equal(space.text("src/a.js"), "1\ntwo\nthree\nfour\nfiVe\nsix\nseVen\n");
	});
	it("says how many places replace_all left, since they only look like its text", async () => {
		const twice = 'call(first);\ncall("second");\n';
		const near = "call(first);  \ncall(“second”);\n";
		space.put("b.js", `${twice}--\n${near}--\n${twice}`);
		const all = (old_string: string, new_string: string) => ({
			path: "b.js",
			old_string,
			new_string,
			replace_all: true,
		});
		const both = await space.call("Edit", all(twice, "one();\n"));
		assert.match(
			both.text,
			/^Edited b\.js: 2 replacements\. 1 more place differs from old_string only in white space or look-alike characters, and was left\. Now/,
		);
		assert.equal(space.text("b.js"), `one();\n--\n${near}--\none();\n`);
		space.put("b.js", "  go(to, there);\n\tgo(to, there);\n go(to, there);\n");
		const deep = await space.call("Edit", all("  go(to, there);\n", ""));
		assert.match(deep.text, /^Edited b\.js: 1 replacement\. 2 more places differ from .*, and were left\. Now/);
		const none = await space.call("Edit", all("go(to, there)", "come(here)"));
		assert.match(none.text, /^Edited b\.js: 2 replacements\. Now/);
	});
	it("makes none of a list when one fails", async () => {
		const edits = [
			{ old_string: "one", new_string: "1" },
			{ old_string: "zzz", new_string: "Z" },
		];
		const words = await space.refused("Edit", { path: "src/a.js", edits });
		assert.match(words, /^edits\[1\]: old_string was not found in src\/a\.js\..* No edit of the list was made\.$/s);
	});
	it("says where the nearest text is when nothing matches", async () => {
		const words = await space.refused("Edit", edit("tree\nfour\nfive", "x"));
		assert.equal(
			words,
			"old_string was not found in src/a.js. The nearest text there is:\n3\tthree\n4\tfour\n5\tfive\n",
		);
	});
	it("says when only white space differs, in a way that means something else", async () => {
		space.put("b.py", "def f():\n\tif x:\n\t\treturn 1\n");
		const words = await space.refused("Edit", edit("def f():\n    if x:\n    return 1", "x", "b.py"));
		assert.equal(
			words,
			"old_string was not found in b.py. Only white space differs. The nearest text there is:\n1\tdef f():\n2\t\tif x:\n3\t\t\treturn 1\n",
		);
	});
	it("says when line numbers were copied along with a text that is not there", async () => {
		const words = await space.refused("Edit", edit("2\ttwo\n3\tthree 3", "x"));
		assert.equal(
			words,
			"old_string was not found in src/a.js. Leave out the line number and the tab that Read puts before each line. The nearest text there is:\n2\ttwo\n3\tthree\n",
		);
	});
	it("says to the model and to the person what it ignored to find the place", async () => {
		space.put("b.py", "def f():\n\treturn 1\n");
		const args = edit("def f():\n    return 1", "def f():\n    if x:\n        return 2", "b.py");
		const plan = await space.planned("Edit", args);
		assert.equal(
			plan.preview?.kind === "diff" && plan.preview.warning,
			"The place was found by ignoring indentation: check it.",
		);
		assert.equal(
			(await space.run(plan)).text,
			"Edited b.py: 1 replacement. Matched after ignoring indentation; the new text was re-indented to fit. Now it reads:\n1\tdef f():\n2\t\tif x:\n3\t\t\treturn 2",
		);
	});
	it("does not trouble the person with white space at line ends, and names the edit of a list", async () => {
		space.put("b.py", "first = 1  \nsecond = 2\nthird = 3\n");
		const edits = [
			{ old_string: "third", new_string: "3rd" },
			{ old_string: "first = 1\nsecond", new_string: "first = 0\nsecond" },
		];
		const plan = await space.planned("Edit", { path: "b.py", edits });
		assert.equal(plan.preview?.kind === "diff" && plan.preview.warning, undefined);
		assert.match((await space.run(plan)).text, /edits\[1\] matched after ignoring white space at line ends\. Now/);
		assert.equal(space.text("b.py"), "first = 0  \nsecond = 2\n3rd = 3\n");
	});
	it("says when looking less strictly finds several places", async () => {
		space.put("b.py", "a:\n\tanswer = 42\nb:\n\t\tanswer = 42\n");
		const one = edit("    answer = 42", "    answer = 43", "b.py");
		const found = "old_string is not in b.py as it stands; ignoring indentation, it occurs 2 times (lines 2, 4).";
		assert.equal(
			await space.refused("Edit", one),
			`${found} Copy the exact text from the file, with more surrounding lines if it is not unique.`,
		);
		assert.equal(
			await space.refused("Edit", { ...one, replace_all: true }),
			`${found} replace_all needs the exact text: copy it from the file.`,
		);
	});
	it("warns when most of a file would be gone", async () => {
		const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`).join("\n");
		space.put("b.txt", lines);
		const plan = await space.planned(
			"Edit",
			edit(lines.slice(lines.indexOf("line 2\n")), "// rest unchanged", "b.txt"),
		);
		assert.equal(
			plan.preview?.kind === "diff" && plan.preview.warning,
			"This drops 28 of the file's 30 lines of text.",
		);
	});
	it("names the lines of an ambiguous text", async () => {
		const words = await space.refused("Edit", edit("ve", "x"));
		assert.equal(
			words,
			"old_string occurs 2 times in src/a.js (lines 5, 7). Give more surrounding lines to make it unique, or set replace_all.",
		);
	});
	it("never quotes a secret file that was not read", async () => {
		space.put(".env", "API_KEY=canary-123\n");
		const words = await space.refused("Edit", edit("API_KEY=canary-124", "x", ".env"));
		assert.ok(!words.includes("canary-123"), words);
	});

	const refusals: readonly [name: string, args: object, expected: RegExp][] = [
		["the same text twice", edit("one", "one"), /are the same/],
		["an empty text in a file that has some", edit("", "x"), /old_string is empty, but src\/a\.js has text/],
		["a missing file", edit("a", "b", "src/b.js"), /^src\/b\.js does not exist\. Did you mean src\/a\.js\?$/],
		["a folder", edit("a", "b", "src"), /^src is a folder/],
		["a path outside", edit("a", "b", "../a.js"), /outside the workspace/],
		["no replacement", { path: "src/a.js", old_string: "a" }, /^`new_string` is missing/],
		["no text", { path: "src/a.js" }, /^`old_string` is missing/],
		["an empty list", { path: "src/a.js", edits: [] }, /^`edits` is empty/],
		["a list and a single edit", { ...edit("a", "b"), edits: [{ old_string: "a", new_string: "b" }] }, /not both/],
		["a new file without text", edit("", "", "new.js"), /no text to create it with/],
	];
	for (const [name, args, expected] of refusals)
		it(`refuses ${name}`, async () => assert.match(await space.refused("Edit", args), expected));

	it("refuses a file that changed since it was read", async () => {
		await space.call("Read", { path: "src/a.js" });
		space.put("src/a.js", "one\nother\n");
		assert.match(await space.refused("Edit", edit("one", "1")), /has changed since you read it\. Read it again/);
	});
	it("allows further edits of a file that only it changed", async () => {
		await space.call("Read", { path: "src/a.js" });
		await space.call("Edit", edit("one", "1"));
		await space.call("Edit", edit("two", "2"));
		assert.match(space.text("src/a.js"), /^1\n2\nthree/);
	});
	it("fails without writing when the file changed while the call waited", async () => {
		const plan = await space.planned("Edit", edit("one", "1"));
		space.put("src/a.js", "one\nmine\n");
		const outcome = await space.run(plan);
		assert.equal(outcome.failed, true);
		assert.match(outcome.text, /changed while the call waited for approval\. Nothing was written: Read it again/);
		assert.equal(space.text("src/a.js"), "one\nmine\n");
	});
	it("fails without writing when the file was deleted while the call waited", async () => {
		const plan = await space.planned("Edit", edit("one", "1"));
		rmSync(space.path("src/a.js"));
		assert.deepEqual(await space.run(plan), {
			text: "src/a.js was deleted while the call waited for approval. Nothing was written.",
			failed: true,
		});
		assert.equal(space.has("src/a.js"), false);
	});
	it("writes nothing after Stop", async () => {
		const plan = await space.planned("Edit", edit("one", "1"));
		const outcome = await space.run(plan, AbortSignal.abort());
		assert.deepEqual(outcome, { text: "Stopped before src/a.js was written.", failed: true });
		assert.match(space.text("src/a.js"), /^one/);
	});
	it("does not write through a link that came to lead outside meanwhile", async () => {
		const other = openWorkspace({ "a.js": "one\n" });
		const plan = await space.planned("Edit", edit("one", "1"));
		rmSync(space.path("src"), { recursive: true });
		symlinkSync(other.root, space.path("src"));
		assert.equal((await space.run(plan)).failed, true);
		assert.equal(other.text("a.js"), "one\n");
		other.dispose();
	});
	it("creates a missing file from an empty text", async () => {
		const plan = await space.planned("Edit", edit("", "a\nb\n", "new/dir/c.js"));
		assert.deepEqual([plan.title, plan.effects], ["Create new/dir/c.js", [{ write: "new/dir/c.js" }]]);
		assert.equal((await space.run(plan)).text, "Created new/dir/c.js with 2 lines.");
		assert.equal(space.text("new/dir/c.js"), "a\nb\n");
	});

	const kept: readonly [name: string, before: string | Buffer, after: string | Buffer][] = [
		["CRLF", "one\r\ntwo\r\n", "one\r\n2\r\nb\r\n"],
		["mixed line ends elsewhere", "one\ntwo\r\nthree\r\n", "one\n2\r\nb\r\nthree\r\n"],
		["a missing final line end", "one\ntwo", "one\n2\nb"],
		["a byte-order mark", "\ufefftwo\n", "\ufeff2\nb\n"],
		["UTF-16 LE", Buffer.from("\ufeffé two\n", "utf16le"), Buffer.from("\ufeffé 2\nb\n", "utf16le")],
		["UTF-16 BE", Buffer.from("\ufeffé two\n", "utf16le").swap16(), Buffer.from("\ufeffé 2\nb\n", "utf16le").swap16()],
		["Latin-1", Buffer.from("\xe9\xff two\n", "latin1"), Buffer.from("\xe9\xff 2\nb\n", "latin1")],
	];
	for (const [name, before, after] of kept)
		it(`keeps ${name}`, async () => {
			space.put("k.txt", before);
			await space.call("Edit", edit("two", "2\nb", "k.txt"));
			assert.deepEqual(space.bytes("k.txt"), Buffer.from(after));
		});
	const keptLoosely: readonly [name: string, encode: (text: string) => Buffer][] = [
		["a byte-order mark", (text) => Buffer.from(`\ufeff${text}`)],
		["UTF-16 LE", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
		["Latin-1", (text) => Buffer.from(text, "latin1")],
	];
	for (const [name, encode] of keptLoosely)
		it(`keeps ${name} and every line end where it ignores indentation`, async () => {
			space.put("k.txt", encode("é\r\n\tfirst_line\n\tsecond_line\r\nlast"));
			await space.call("Edit", edit("  first_line\n  second_line", "  first_line\n    new\n  third_line", "k.txt"));
			assert.deepEqual(space.bytes("k.txt"), encode("é\r\n\tfirst_line\n\t\tnew\n\tthird_line\r\nlast"));
		});
	it("keeps the mode", async () => {
		chmodSync(space.path("src/a.js"), 0o755);
		await space.call("Edit", edit("one", "1"));
		assert.equal(statSync(space.path("src/a.js")).mode & 0o7777, 0o755);
	});
	it("keeps a link and changes its target", async () => {
		symlinkSync("src/a.js", space.path("link.js"));
		const outcome = await space.call("Edit", edit("one", "1", "link.js"));
		assert.match(outcome.text, /^Edited src\/a\.js/);
		assert.match(space.text("src/a.js"), /^1\n/);
		assert.match(space.text("link.js"), /^1\n/);
	});
	it("fails, writing nothing, when the encoding cannot hold the new text", async () => {
		space.put("k.txt", Buffer.from("\xe9 two\n", "latin1"));
		const outcome = await space.call("Edit", edit("two", "€", "k.txt"));
		assert.deepEqual(outcome, {
			text: "k.txt was not written. The file is Latin-1, which cannot hold € (U+20AC). Nothing was written.",
			failed: true,
		});
		assert.deepEqual(space.bytes("k.txt"), Buffer.from("\xe9 two\n", "latin1"));
	});
	it("shows the diff of a huge rewrite without long thought, and marks it as cut", async () => {
		space.put("huge.txt", Array.from({ length: 30_000 }, (_, at) => `old ${at}`).join("\n"));
		const start = performance.now();
		const plan = await space.planned("Edit", { ...edit("old", "new", "huge.txt"), replace_all: true });
		assert.ok(performance.now() - start < 3000);
		assert.ok(plan.preview?.kind === "diff");
		assert.deepEqual([plan.preview.added, plan.preview.removed], [30_000, 30_000]);
		assert.match(plan.preview.warning ?? "", /too long to show here in full/);
		assert.ok(plan.preview.diff.length < 70_000);
	});
	it("shows at most three places and sixteen lines of each", async () => {
		space.put("w.txt", "x\n\n\n\n\n\n\n".repeat(6));
		const many = await space.call("Edit", { ...edit("x", "y", "w.txt"), replace_all: true });
		assert.match(many.text, /… \[3 more places\]$/);
		const long = await space.call("Edit", edit("one", "1\n".repeat(50)));
		assert.match(long.text, /… \[\d+ more lines of this change\]$/);
	});
});
