import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { openWorkspace, type Workspace } from "./workspace.ts";

describe("Write", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace({ "a.txt": "one\ntwo\n" });
	});
	afterEach(() => space.dispose());
	const write = (content: string, path = "a.txt") => ({ path, content });
	const seen = async (content: string, path = "a.txt") => {
		await space.call("Read", { path });
		return space.call("Write", write(content, path));
	};

	it("creates a file with its folders, shown as new", async () => {
		const plan = await space.planned("Write", write("x\ny", "n/e/w.txt"));
		assert.equal(space.has("n"), false);
		assert.deepEqual(
			[plan.title, plan.effects, plan.preview, plan.proposals?.map((one) => [one.path, one.before, one.after?.text])],
			[
				"Create n/e/w.txt",
				[{ write: "n/e/w.txt" }],
				{
					kind: "diff",
					path: "n/e/w.txt",
					diff: "@@ -0,0 +1,2 @@\n+x\n+y\n\\ No newline at end of file",
					added: 2,
					removed: 0,
					created: true,
				},
				[[space.path("n/e/w.txt"), null, "x\ny"]],
			],
		);
		const outcome = await space.run(plan);
		assert.equal(outcome.text, "Created n/e/w.txt with 2 lines.");
		assert.deepEqual(Object.keys(outcome.details?.seen ?? {}), ["n/e/w.txt"]);
		assert.equal(space.text("n/e/w.txt"), "x\ny");
	});
	it("creates an empty file", async () => {
		assert.equal((await space.call("Write", write("", "e.txt"))).text, "Created e.txt with 0 lines.");
		assert.equal(space.text("e.txt"), "");
	});
	it("may change the file that it created", async () => {
		await space.call("Write", write("x\n", "n.txt"));
		assert.equal((await space.call("Write", write("y\nz\n", "n.txt"))).text, "Replaced n.txt: 2 lines now, 1 before.");
	});
	it("refuses an existing file that was not read", async () => {
		assert.match(await space.refused("Write", write("x")), /^a\.txt exists and you have not read it\. Read it first/);
	});
	it("refuses a file of which only a part is known, from an edit or a patch", async () => {
		await space.call("Edit", { path: "a.txt", old_string: "one", new_string: "1" });
		await space.call("Edit", { path: "a.txt", old_string: "two", new_string: "2" });
		await space.call("apply_patch", { input: "*** Update File: a.txt\n@@\n-2\n+II" });
		assert.match(await space.refused("Write", write("x")), /you have not read it/);
		assert.equal((await seen("x\n")).text, "Replaced a.txt: 1 line now, 2 before.");
	});
	it("refuses a file named like a member of every object that was not read", async () => {
		space.put("constructor", "x");
		assert.match(await space.refused("Write", write("y", "constructor")), /you have not read it/);
	});
	it("refuses a file that changed since it was read", async () => {
		await space.call("Read", { path: "a.txt" });
		space.put("a.txt", "mine\n");
		assert.match(await space.refused("Write", write("x")), /has changed since you read it/);
	});
	it("replaces an empty file unread", async () => {
		space.put("e.txt", "");
		await space.call("Write", write("x\n", "e.txt"));
		assert.equal(space.text("e.txt"), "x\n");
	});
	it("replaces a file that was read", async () => {
		const outcome = await seen("one\n2\nthree\n");
		assert.equal(outcome.text, "Replaced a.txt: 3 lines now, 2 before.");
		assert.equal(space.text("a.txt"), "one\n2\nthree\n");
	});
	it("refuses to write what is there already", async () => {
		await space.call("Read", { path: "a.txt" });
		assert.match(await space.refused("Write", write("one\ntwo\n")), /has exactly this text already/);
	});
	it("fails when a file came to be while the call waited", async () => {
		const plan = await space.planned("Write", write("x", "n.txt"));
		space.put("n.txt", "mine");
		const outcome = await space.run(plan);
		assert.match(outcome.text, /was created by somebody else while the call waited/);
		assert.equal(space.text("n.txt"), "mine");
	});
	it("fails when the file was deleted while the call waited", async () => {
		await space.call("Read", { path: "a.txt" });
		const plan = await space.planned("Write", write("x"));
		rmSync(space.path("a.txt"));
		assert.match((await space.run(plan)).text, /was deleted while the call waited/);
		assert.equal(space.has("a.txt"), false);
	});

	const refusals: readonly [name: string, path: string, expected: RegExp][] = [
		["a folder", "dir", /^dir is a folder/],
		["the workspace itself", ".", /^\. is a folder/],
		["a path outside", "../x", /outside the workspace/],
		["an absolute path outside", "/etc/x", /outside the workspace/],
		["a link to outside", "out", /outside the workspace/],
		["a path through a link to outside", "etc/new", /outside the workspace/],
		["a link that leads nowhere, outside", "dangling", /outside the workspace/],
		["a binary file", "b.bin", /^b\.bin is a binary file/],
	];
	for (const [name, path, expected] of refusals)
		it(`refuses ${name}`, async () => {
			mkdirSync(space.path("dir"));
			symlinkSync("/etc/hostname", space.path("out"));
			symlinkSync("/etc", space.path("etc"));
			symlinkSync("/tmp/nothing-is-here-at-all", space.path("dangling"));
			space.put("b.bin", Buffer.from([0, 1]));
			assert.match(await space.refused("Write", write("x", path)), expected);
		});

	const kept: readonly [name: string, before: string | Buffer, content: string, after: string | Buffer][] = [
		["CRLF", "one\r\ntwo\r\n", "1\n2\n3\n", "1\r\n2\r\n3\r\n"],
		["line feeds", "one\ntwo\n", "1\r\n2\r\n", "1\n2\n"],
		["the byte-order mark", "\ufeffone\n", "1\n", "\ufeff1\n"],
		["one byte-order mark only", "\ufeffone\n", "\ufeff1\n", "\ufeff1\n"],
		["UTF-16", Buffer.from("\ufeffone\n", "utf16le"), "é\n", Buffer.from("\ufeffé\n", "utf16le")],
		["Latin-1", Buffer.from("\xe9\n", "latin1"), "\xe8\n", Buffer.from("\xe8\n", "latin1")],
	];
	for (const [name, before, content, after] of kept)
		it(`keeps ${name}`, async () => {
			space.put("k.txt", before);
			await seen(content, "k.txt");
			assert.deepEqual(space.bytes("k.txt"), Buffer.from(after));
		});
	it("keeps the mode", async () => {
		chmodSync(space.path("a.txt"), 0o711);
		await seen("x");
		assert.equal(statSync(space.path("a.txt")).mode & 0o7777, 0o711);
	});

	const lines = (count: number, word = "line") => Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join("");
	const warning = async (before: string, after: string) => {
		space.put("a.txt", before);
		await space.call("Read", { path: "a.txt" });
		const { preview } = await space.planned("Write", write(after));
		return preview?.kind === "diff" ? preview.warning : "no diff";
	};
	it("warns when most of a file would be gone", async () => {
		assert.equal(await warning(lines(100), lines(10)), "This drops 90 of the file's 100 lines of text.");
		assert.equal(await warning(lines(100), lines(100, "other")), "This drops 100 of the file's 100 lines of text.");
	});
	it("does not warn when half of it stays, or when the file is small", async () => {
		assert.equal(await warning(lines(100), lines(50)), undefined);
		assert.equal(await warning(lines(100), lines(50) + lines(500, "new") + lines(100)), undefined);
		assert.equal(await warning(lines(20), "x\n"), undefined);
	});
	it("refuses half a character rather than writing another one", async () => {
		const outcome = await space.call("Write", '{"path":"h.txt","content":"\\ud800"}');
		assert.match(outcome.text, /h\.txt was not written\. The file is UTF-8, which cannot hold a lone surrogate/);
		assert.equal(space.has("h.txt"), false);
	});
});
