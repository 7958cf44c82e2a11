import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createFiles } from "../../src/node/files.ts";
import { isInside, nameOf, pathTrouble } from "../../src/node/place.ts";
import { createPlaces } from "../../src/node/places.ts";

let root: string;
let elsewhere: string;
/** In each suite of its own: hooks outside of one would run for all files. */
function freshEachTime(): void {
	beforeEach(() => {
		root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-files-")));
		elsewhere = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-else-")));
	});
	afterEach(() => {
		for (const folder of [root, elsewhere]) fs.rmSync(folder, { recursive: true, force: true });
	});
}
const at = (name: string) => join(root, name);
const put = (name: string, content: string | Buffer) => fs.writeFileSync(at(name), content);
const utf8 = (text: string) => ({ text, encoding: "utf8", bom: false }) as const;
const hash = async (name: string) => {
	const read = await createFiles(createPlaces(root)).read(at(name));
	assert.ok(read.ok, JSON.stringify(read));
	return read.value.hash;
};

describe("place", () => {
	freshEachTime();
	const named = async (path: string, base = root) => {
		const placed = await createFiles(createPlaces(base)).place(path);
		assert.ok(placed.ok, JSON.stringify(placed));
		return placed.value;
	};
	it("names what is inside from the workspace, existing or not", async () => {
		fs.mkdirSync(at("src"));
		for (const [path, name] of [
			["src/a.js", "src/a.js"],
			["./src//b/../a.js", "src/a.js"],
			[at("x/y/z"), "x/y/z"],
			["..a", "..a"],
			[".", "."],
			["", "."],
		].slice(0, 5) as [string, string][])
			assert.deepEqual(await named(path), { path: name === "." ? root : at(name), name, inside: true }, path);
	});
	it("names what is outside absolutely", async () => {
		for (const [path, real] of [
			["..", `${join(root, "..")}/`],
			[`../${root.split("/").at(-1)}x`, `${root}x`],
			["/etc", `${fs.realpathSync("/etc")}/`],
			["~", `${fs.realpathSync(homedir())}/`],
			["~/nothing-here", join(fs.realpathSync(homedir()), "nothing-here")],
		] as const)
			assert.deepEqual(await named(path), { path: real.replace(/\/$/, ""), name: real, inside: false }, path);
	});
	it("follows links, also in the middle and also those that lead nowhere yet", async () => {
		fs.symlinkSync(elsewhere, at("out"));
		fs.symlinkSync(join(elsewhere, "not-yet"), at("dangling"));
		fs.symlinkSync("dangling", at("twice"));
		fs.symlinkSync("real/new", at("inner"));
		assert.equal((await named("out/x/y")).path, join(elsewhere, "x/y"));
		assert.equal((await named("dangling")).inside, false);
		assert.equal((await named("twice")).path, join(elsewhere, "not-yet"));
		assert.deepEqual(await named("inner"), { path: at("real/new"), name: "real/new", inside: true });
	});
	it("refuses a path that goes round in links", async () => {
		fs.symlinkSync("b", at("a"));
		fs.symlinkSync("a", at("b"));
		const placed = await createFiles(createPlaces(root)).place("a/x");
		assert.ok(!placed.ok && /round in links/.test(placed.failure.message));
	});
	it("works in a workspace that is a link itself", async () => {
		fs.symlinkSync(root, join(elsewhere, "ws"));
		assert.deepEqual(await named("a.js", join(elsewhere, "ws")), { path: at("a.js"), name: "a.js", inside: true });
		assert.equal((await named(at("a.js"), join(elsewhere, "ws"))).inside, true);
	});
	it("refuses every path when no folder is open", async () => {
		const placed = await createFiles(createPlaces(undefined)).place("a");
		assert.deepEqual(placed, { ok: false, failure: { code: "outside", message: "No folder is open." } });
	});
	it("compares whole segments", () => {
		assert.equal(isInside("/a/b", "/a/b/c", "linux"), true);
		assert.equal(isInside("/a/b", "/a/bc", "linux"), false);
		assert.equal(isInside("/a/b", "/a/B/c", "linux"), false);
		assert.equal(isInside("/a/b", "/a/B/c", "darwin"), false, "a volume of macOS may tell them apart");
		assert.equal(isInside("/", "/x", "linux"), true);
		assert.equal(nameOf("/a", "/a"), ".");
	});
	it("refuses what Windows would take for a device, a stream or a server", () => {
		for (const path of [
			"nul",
			"src\\con.txt",
			"a/COM1",
			"lpt9 .log",
			"\\\\host\\share",
			"//host/x",
			"\\\\?\\C:\\x",
			"a.txt:ads",
			"C:\\a:b",
		])
			assert.notEqual(pathTrouble(path, "win32"), undefined, path);
		for (const path of ["C:\\a\\b", "console.ts", "src/nullable.ts", "common/x"])
			assert.equal(pathTrouble(path, "win32"), undefined, path);
		assert.equal(pathTrouble("nul", "linux"), undefined);
		assert.equal(pathTrouble("a\0", "linux"), "The path has a NUL character.");
	});
});

describe("read", () => {
	freshEachTime();
	const code = async (name: string) => {
		const read = await createFiles(createPlaces(root)).read(at(name));
		return read.ok ? "ok" : read.failure.code;
	};
	it("gives the text, how it was written and its hash", async () => {
		put("a", "\ufeffé\r\n");
		const read = await createFiles(createPlaces(root)).read(at("a"));
		assert.deepEqual(read, {
			ok: true,
			value: { text: "é\r\n", encoding: "utf8", bom: true, hash: await hash("a"), dirty: false },
		});
		assert.match(await hash("a"), /^[0-9a-f]{64}$/);
	});
	it("says why it cannot", async () => {
		put("bin", Buffer.from([0]));
		put("big", "");
		fs.truncateSync(at("big"), 10 * 1024 * 1024 + 1);
		fs.symlinkSync("/etc/hostname", at("out"));
		execFileSync("mkfifo", [at("pipe")]);
		for (const [name, expected] of Object.entries({
			nope: "missing",
			"bin/x": "missing",
			".": "directory",
			bin: "binary",
			big: "too-large",
			out: "outside",
			pipe: "other",
		}))
			assert.equal(await code(name), expected, name);
	});
	it("reads a file of just the largest size", async () => {
		put("most", Buffer.alloc(10 * 1024 * 1024, "x"));
		assert.equal(await code("most"), "ok");
	});
});

describe("list and stat", () => {
	freshEachTime();
	it("lists names in order, folders and links to them with a slash", async () => {
		fs.mkdirSync(at("b"));
		put("c", "");
		put("A", "");
		fs.symlinkSync("b", at("link"));
		fs.symlinkSync("nowhere", at("broken"));
		assert.deepEqual(await createFiles(createPlaces(root)).list(root), {
			ok: true,
			value: ["A", "b/", "broken", "c", "link/"],
		});
	});
	it("does not list a file, or what is outside", async () => {
		put("c", "");
		const files = createFiles(createPlaces(root));
		const [file, outside] = [await files.list(at("c")), await files.list(elsewhere)];
		assert.ok(!file.ok && !outside.ok && outside.failure.code === "outside");
	});
	it("describes files and folders", async () => {
		put("c", "12345");
		const [file, folder] = [
			await createFiles(createPlaces(root)).stat(at("c")),
			await createFiles(createPlaces(root)).stat(root),
		];
		assert.ok(file.ok && folder.ok);
		assert.deepEqual([file.value.kind, file.value.size, folder.value.kind], ["file", 5, "directory"]);
		assert.equal(file.value.mtime, fs.statSync(at("c")).mtimeMs);
	});
});

describe("write", () => {
	freshEachTime();
	const write = (name: string, text: string, expected: string | null) =>
		createFiles(createPlaces(root)).write(at(name), utf8(text), expected);
	const codeOf = async (result: ReturnType<typeof write>) => {
		const written = await result;
		return written.ok ? "ok" : written.failure.code;
	};
	it("creates a file with its folders and gives the hash that a read gives", async () => {
		const written = await write("x/y/z.txt", "text", null);
		assert.deepEqual(written, { ok: true, value: await hash("x/y/z.txt") });
		assert.deepEqual(fs.readdirSync(at("x/y")), ["z.txt"]);
	});
	it("replaces a file whose hash is the expected one, leaving nothing beside it", async () => {
		put("a", "old");
		assert.equal(await codeOf(write("a", "new", await hash("a"))), "ok");
		assert.equal(fs.readFileSync(at("a"), "utf8"), "new");
		assert.deepEqual(fs.readdirSync(root), ["a"]);
	});
	it("refuses a file that changed, came to be, or is gone, leaving nothing behind", async () => {
		put("a", "old");
		const old = await hash("a");
		put("a", "mine");
		assert.equal(await codeOf(write("a", "new", old)), "changed");
		assert.equal(await codeOf(write("a", "new", null)), "changed");
		assert.equal(await codeOf(write("gone/b", "new", old)), "changed");
		assert.equal(fs.readFileSync(at("a"), "utf8"), "mine");
		assert.deepEqual(fs.readdirSync(root), ["a"]);
	});
	it("keeps the mode, also one that the mask would narrow", async () => {
		for (const mode of [0o755, 0o600, 0o666, 0o777]) {
			put(`m${mode}`, "x");
			fs.chmodSync(at(`m${mode}`), mode);
			assert.equal(await codeOf(write(`m${mode}`, "y", await hash(`m${mode}`))), "ok");
			assert.equal(fs.statSync(at(`m${mode}`)).mode & 0o7777, mode);
		}
	});
	it("shows a private file's text to nobody else, at no moment of the write", async () => {
		put("private", "x");
		fs.chmodSync(at("private"), 0o600);
		const expected = await hash("private");
		let isDone = false;
		const written = codeOf(write("private", "y".repeat(1_000_000), expected)).finally(() => {
			isDone = true;
		});
		// Each step of the write is awaited on this very loop, so that none passes unseen.
		const modes = new Set<number>();
		while (!isDone) {
			for (const name of fs.readdirSync(root)) {
				const found = fs.statSync(at(name), { throwIfNoEntry: false });
				if (found && name.endsWith(".tmp")) modes.add(found.mode & 0o777);
			}
			await new Promise(setImmediate);
		}
		assert.equal(await written, "ok");
		assert.deepEqual([...modes], [0o600]);
	});
	it("writes a file whose name is as long as a name may be", async () => {
		const name = `${"漢".repeat(84)}.md`;
		put(name, "x");
		assert.equal(await codeOf(write(name, "y", await hash(name))), "ok");
		assert.deepEqual(fs.readdirSync(root), [name]);
	});

	it("writes what a link inside of the workspace leads to, by its place, and never through a link itself", async () => {
		put("real", "x");
		fs.symlinkSync("real", at("link"));
		assert.equal(await codeOf(write("link", "y", await hash("real"))), "changed");
		const files = createFiles(createPlaces(root));
		const placed = await files.place("link");
		assert.ok(placed.ok && placed.value.name === "real");
		assert.equal(await codeOf(files.write(placed.value.path, utf8("y"), await hash("real"))), "ok");
		assert.ok(fs.lstatSync(at("link")).isSymbolicLink());
		assert.equal(fs.readFileSync(at("real"), "utf8"), "y");
	});
	it("keeps a file's other hard links", async () => {
		put("one", "x");
		fs.linkSync(at("one"), at("two"));
		assert.equal(await codeOf(write("one", "y", await hash("one"))), "ok");
		assert.equal(fs.readFileSync(at("two"), "utf8"), "y");
	});
	it("refuses what leads outside, through links that exist or do not", async () => {
		fs.symlinkSync(elsewhere, at("out"));
		fs.symlinkSync(join(elsewhere, "new"), at("dangling"));
		assert.equal(await codeOf(write("out/a", "x", null)), "outside");
		assert.equal(await codeOf(write("dangling", "x", null)), "outside");
		assert.equal(await codeOf(write("../a", "x", null)), "outside");
		assert.deepEqual(fs.readdirSync(elsewhere), []);
	});
	it("refuses a folder, and a file in place of a folder", async () => {
		fs.mkdirSync(at("dir"));
		put("file", "x");
		assert.equal(await codeOf(write("dir", "x", null)), "directory");
		assert.equal(await codeOf(write("file/x", "x", null)), "other");
		assert.equal(fs.readFileSync(at("file"), "utf8"), "x");
	});
	// The system asks root for no permission, so there is nothing to test then.
	if (process.getuid?.() !== 0)
		it("refuses a read-only file", async () => {
			put("ro", "x");
			fs.chmodSync(at("ro"), 0o444);
			assert.equal(await codeOf(write("ro", "y", await hash("ro"))), "denied");
		});
	it("lets one of many writers win and never mixes their texts", async () => {
		put("a", "old");
		const old = await hash("a");
		const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(100_000));
		const codes = await Promise.all(texts.map((text) => codeOf(write("a", text, old))));
		assert.ok(codes.includes("ok"));
		assert.ok(texts.includes(fs.readFileSync(at("a"), "utf8")));
		assert.deepEqual(fs.readdirSync(root), ["a"]);
	});
});

describe("remove and move", () => {
	freshEachTime();
	const codeOf = async (result: Promise<{ ok: true } | { ok: false; failure: { code: string } }>) => {
		const done = await result;
		return done.ok ? "ok" : done.failure.code;
	};
	const remove = (name: string, expected: string) => codeOf(createFiles(createPlaces(root)).remove(at(name), expected));
	const move = (from: string, to: string, expected: string) =>
		codeOf(createFiles(createPlaces(root)).move(at(from), at(to), expected));
	const tree = () =>
		fs
			.readdirSync(root, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
			.sort();

	it("deletes a file that has the expected hash", async () => {
		put("a", "x");
		put("b", "x");
		assert.equal(await remove("a", await hash("a")), "ok");
		assert.deepEqual(tree(), ["b"]);
	});
	it("renames a file with its mode into a new folder", async () => {
		put("a.sh", "x");
		fs.chmodSync(at("a.sh"), 0o755);
		assert.equal(await move("a.sh", "new/dir/b.sh", await hash("a.sh")), "ok");
		assert.deepEqual(tree(), ["new/dir/b.sh"]);
		assert.equal(fs.statSync(at("new/dir/b.sh")).mode & 0o777, 0o755);
	});
	it("leaves alone what changed, is gone or is a folder", async () => {
		put("a", "x");
		const old = await hash("a");
		put("a", "mine");
		fs.mkdirSync(at("dir"));
		assert.deepEqual(
			[await remove("a", old), await remove("gone", old), await remove("dir", old)],
			["changed", "missing", "directory"],
		);
		assert.deepEqual(
			[await move("a", "b", old), await move("gone", "b", old), await move("dir", "b", old)],
			["changed", "missing", "directory"],
		);
		assert.deepEqual([tree(), fs.readFileSync(at("a"), "utf8")], [["a"], "mine"]);
	});
	it("never renames over a file or a folder", async () => {
		put("a", "x");
		put("b", "mine");
		fs.mkdirSync(at("dir"));
		assert.deepEqual(
			[await move("a", "b", await hash("a")), await move("a", "dir", await hash("a"))],
			["changed", "changed"],
		);
		assert.equal(await move("a", "b/c", await hash("a")), "other");
		assert.deepEqual([tree(), fs.readFileSync(at("b"), "utf8")], [["a", "b"], "mine"]);
	});
	it("refuses what leads outside", async () => {
		put("a", "x");
		fs.writeFileSync(join(elsewhere, "b"), "x");
		fs.symlinkSync(elsewhere, at("out"));
		const same = await hash("a");
		assert.deepEqual(
			[await remove("out/b", same), await move("out/b", "c", same), await move("a", "out/c", same)],
			["outside", "outside", "outside"],
		);
		assert.deepEqual([fs.readdirSync(elsewhere), fs.existsSync(at("a"))], [["b"], true]);
	});
	// The system asks root for no permission, so there is nothing to test then.
	if (process.getuid?.() !== 0)
		it("does not delete a read-only file", async () => {
			put("ro", "x");
			fs.chmodSync(at("ro"), 0o444);
			assert.equal(await remove("ro", await hash("ro")), "denied");
		});
});
