import assert from "node:assert/strict";
import { symlinkSync, truncateSync } from "node:fs";
import { hashOf } from "../../src/node/encoding.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

describe("Read", () => {
	let space: Workspace;
	before(() => {
		const many = Array.from({ length: 2500 }, (_, at) => `line ${at + 1}`).join("\n");
		space = openWorkspace({
			"src/cart.js": "one\n\ttwo\n\nfour\n",
			"src/card.ts": "x",
			"windows.txt": "one\r\ntwo\r\n",
			"marked.txt": "\ufeffone\n",
			"wide.txt": Buffer.from("\ufeffgrüß\n", "utf16le"),
			"latin.txt": Buffer.from("caf\xe9\n", "latin1"),
			"binary.bin": Buffer.from([1, 0, 2]),
			"empty.txt": "",
			"blank.txt": "\n",
			"many.txt": many,
			"long.txt": `${"x".repeat(5000)}\nshort\n`,
			"fat.txt": `${"y".repeat(1999)}\n`.repeat(100),
			".env": "KEY=1\n",
			constructor: "odd name\n",
		});
		space.put("big.log", "");
		truncateSync(space.path("big.log"), 100 * 1024 * 1024);
		symlinkSync("/etc/hostname", space.path("escape"));
		symlinkSync("/etc", space.path("folder"));
		symlinkSync("src/cart.js", space.path("link.js"));
	});
	after(() => space.dispose());
	const read = (args: unknown) => space.call("Read", args);

	it("gives numbered lines and remembers the file's hash", async () => {
		assert.deepEqual(await read({ path: "src/cart.js" }), {
			text: "1\tone\n2\t\ttwo\n3\t\n4\tfour",
			details: { seen: { "src/cart.js": hashOf(Buffer.from("one\n\ttwo\n\nfour\n")) } },
		});
	});
	it("plans one read of the file, named from the workspace, before it touches it", async () => {
		const plan = await space.planned("Read", { path: `${space.root}/src/../src/cart.js`, offset: 2, limit: 3 });
		assert.deepEqual([plan.title, plan.effects], ["Read src/cart.js:2-4", [{ read: "src/cart.js" }]]);
	});

	const texts: readonly [name: string, args: object, text: string][] = [
		["CRLF lines without their carriage returns", { path: "windows.txt" }, "1\tone\n2\ttwo"],
		["text without its byte-order mark", { path: "marked.txt" }, "1\tone"],
		["UTF-16", { path: "wide.txt" }, "1\tgrüß"],
		["Latin-1", { path: "latin.txt" }, "1\tcafé"],
		[
			"a stretch, and what is left",
			{ path: "src/cart.js", offset: 2, limit: 2 },
			"2\t\ttwo\n3\t\n[Lines 2 to 3 of 4. Go on with offset 4.]",
		],
		["the last lines", { path: "src/cart.js", offset: 3 }, "3\t\n4\tfour\n[Lines 3 to 4 of 4.]"],
		["a limit beyond the end", { path: "src/card.ts", limit: 9 }, "1\tx"],
		["an empty file", { path: "empty.txt" }, "empty.txt is empty."],
		["a file of one blank line", { path: "blank.txt" }, "1\t"],
		["a link inside the workspace", { path: "link.js", limit: 1 }, "1\tone\n[Lines 1 to 1 of 4. Go on with offset 2.]"],
		["a file named like a member of every object", { path: "constructor" }, "1\todd name"],
	];
	for (const [name, args, text] of texts) it(`reads ${name}`, async () => assert.equal((await read(args)).text, text));

	it("reads 2000 lines by default and says how to go on", async () => {
		const lines = (await read({ path: "many.txt" })).text.split("\n");
		assert.equal(lines.length, 2001);
		assert.equal(lines.at(-1), "[Lines 1 to 2000 of 2500. Go on with offset 2001.]");
	});
	it("cuts a long line and says so", async () => {
		const lines = (await read({ path: "long.txt" })).text.split("\n");
		assert.deepEqual(lines, [`1\t${"x".repeat(2000)}… [cut: the line has 5000 characters]`, "2\tshort"]);
	});
	it("ends a result of many long lines early and says how to go on", async () => {
		const { text } = await read({ path: "fat.txt" });
		assert.ok(text.length < 110_000);
		assert.match(text, /\n\[Lines 1 to 49 of 100\. Go on with offset 50\.\]$/);
	});

	const failures: readonly [name: string, args: object, text: string][] = [
		[
			"a missing file, with names like it",
			{ path: "src/cart.ts" },
			"src/cart.ts does not exist. Did you mean src/card.ts, src/cart.js?",
		],
		[
			"a missing file unlike any other",
			{ path: "src/something-else.css" },
			"src/something-else.css does not exist. Use Glob to find the right path.",
		],
		["a missing folder, with names like it", { path: "scr/cart.js" }, "scr/cart.js does not exist. Did you mean src?"],
		[
			"a file taken for a folder",
			{ path: "src/cart.js/x" },
			"src/cart.js/x does not exist. Did you mean src/cart.js, src/card.ts?",
		],
		[
			"a binary file",
			{ path: "binary.bin" },
			"binary.bin is a binary file, not text. Bash can inspect it (file, xxd | head).",
		],
		[
			"an offset past the end",
			{ path: "src/cart.js", offset: 5 },
			"src/cart.js has only 4 lines: offset 5 is past its end.",
		],
		[
			"a folder",
			{ path: "src" },
			"src is a folder, not a file. Use Glob to search below it. In it (2):\ncard.ts\ncart.js",
		],
	];
	for (const [name, args, text] of failures)
		it(`fails on ${name}`, async () => assert.deepEqual(await read(args), { text, failed: true }));

	it("refuses 100 MB at once, saying how to look at a part", async () => {
		const start = performance.now();
		const outcome = await read({ path: "big.log" });
		assert.match(outcome.text, /^big\.log is too large: The file has 104857600 bytes; .* Grep, or with Bash/);
		assert.ok(outcome.failed && performance.now() - start < 1000);
	});
	it("says that a file was deleted between plan and run", async () => {
		space.put("gone.txt", "x");
		const plan = await space.planned("Read", { path: "gone.txt" });
		const { rmSync } = await import("node:fs");
		rmSync(space.path("gone.txt"));
		assert.match((await space.run(plan)).text, /^gone\.txt does not exist\./);
	});

	const outside = [
		"../x",
		"src/../../x",
		"/etc/hostname",
		"~",
		"~/x",
		"escape",
		"folder/hostname",
		"folder/../x/../../y",
	];
	for (const path of outside)
		it(`names ${path} by its real path, and reads nothing there before that was granted`, async () => {
			const plan = await space.planned("Read", { path });
			const [effect] = plan.effects;
			assert.ok(plan.effects.length === 1 && effect && "read" in effect && effect.read.startsWith("/"), plan.title);
			const outcome = await space.run(plan);
			assert.match(outcome.text, /: It is outside the workspace\.$/);
			assert.equal(outcome.failed, true);
		});
	it("reads what was granted outside, and nothing beside it", async () => {
		const other = openWorkspace({ "a.txt": "one\n", "b.txt": "two\n" });
		space.ctx.files.grant(other.path("a.txt"));
		assert.equal((await space.call("Read", { path: other.path("a.txt") })).text, "1\tone");
		assert.match((await space.call("Read", { path: other.path("b.txt") })).text, /outside the workspace/);
		other.dispose();
	});
	it("refuses a path with a NUL character", async () => {
		assert.equal(await space.refused("Read", { path: "a\0b" }), '"a\\u0000b": The path has a NUL character.');
	});
	it("refuses an empty path", async () => {
		assert.equal(await space.refused("Read", { path: "" }), '"": The path is empty.');
	});
	it("does not follow a path that came to lead outside after it was planned", async () => {
		space.put("swap/hostname", "inside");
		const plan = await space.planned("Read", { path: "swap/hostname" });
		const { rmSync } = await import("node:fs");
		rmSync(space.path("swap"), { recursive: true });
		symlinkSync("/etc", space.path("swap"));
		assert.deepEqual(await space.run(plan), { text: "swap/hostname: It is outside the workspace.", failed: true });
	});
});
