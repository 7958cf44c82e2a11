import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rgPath } from "@vscode/ripgrep";
import type { Files } from "../../src/agent/ports.ts";
import { deleteFile, writeState } from "../../src/node/checkpoints/write.ts";
import { createFiles } from "../../src/node/files.ts";
import { hold } from "../../src/node/hold.ts";
import { createPlaces } from "../../src/node/places.ts";
import { createSearch } from "../../src/node/search.ts";

/** Takes turns, as fast as it can: the folder `src`, then a link of that name to the folder outside. */
const SWAP = `
	const { renameSync, rmSync, symlinkSync, unlinkSync } = require("node:fs");
	const [root, outside] = process.argv.slice(1);
	process.chdir(root);
	const quietly = (act) => { try { act(); return true; } catch { return false; } };
	// In between there is neither, and a write makes it.
	const put = (act) => { while (!quietly(act)) quietly(() => rmSync("src", { recursive: true, force: true })); };
	const cell = new Int32Array(new SharedArrayBuffer(4));
	const pause = () => Atomics.wait(cell, 0, 0, Math.random());
	process.stdout.write("ready");
	for (;;) {
		renameSync("src", "away");
		put(() => symlinkSync(outside, "src"));
		pause();
		unlinkSync("src");
		put(() => renameSync("away", "src"));
		pause();
	}`;

let root: string;
let outside: string;
let swapping: ChildProcess;
const text = (of: string) => ({ text: of, encoding: "utf8", bom: false }) as const;

/** Every file below, with its text. */
const tree = (top: string) =>
	Object.fromEntries(
		fs
			.readdirSync(top, { recursive: true, withFileTypes: true })
			.map((entry) => join(entry.parentPath, entry.name))
			.map((path) => [
				path.slice(top.length + 1),
				fs.statSync(path).isFile() ? fs.readFileSync(path, "utf8") : "folder",
			]),
	);

describe("while a folder and a link to outside take turns", () => {
	let files: Files;
	let before: ReturnType<typeof tree>;
	beforeEach(async () => {
		root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-race-")));
		outside = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-else-")));
		for (const [top, word] of [
			[join(root, "src"), "inside"],
			[outside, "canary"],
		] as const) {
			fs.mkdirSync(join(top, "deep"), { recursive: true });
			for (const name of ["a.txt", "deep/b.txt"]) fs.writeFileSync(join(top, name), word);
		}
		before = tree(outside);
		files = createFiles(createPlaces(root));
		swapping = spawn(process.execPath, ["-e", SWAP, root, outside], { stdio: ["ignore", "pipe", "inherit"] });
		await new Promise((resolve) => swapping.stdout?.once("data", resolve));
	});
	afterEach(async () => {
		const ended = new Promise((resolve) => swapping.once("close", resolve));
		swapping.kill("SIGKILL");
		await ended;
		for (const folder of [root, outside]) fs.rmSync(folder, { recursive: true, force: true });
	});

	it("nothing outside is read", async () => {
		for (let n = 0; n < 400; n++) {
			const read = await files.read(join(root, n % 2 ? "src/a.txt" : "src/deep/b.txt"));
			if (read.ok) assert.equal(read.value.text, "inside");
		}
	}).timeout(60_000);

	it("nothing outside is written, made, renamed or deleted", async () => {
		const hash = async () => {
			const read = await files.read(join(root, "src/a.txt"));
			return read.ok ? read.value.hash : undefined;
		};
		for (let n = 0; n < 150; n++) {
			await files.write(join(root, `src/new-${n}/x.txt`), text("new"), null);
			await files.write(join(root, `src/new-${n}.txt`), text("new"), null);
			const known = await hash();
			if (known === undefined) continue;
			const written = await files.write(join(root, "src/a.txt"), text(`inside`), known);
			await files.move(join(root, "src/a.txt"), join(root, `src/moved.txt`), known);
			await files.move(join(root, "src/moved.txt"), join(root, `src/a.txt`), known);
			const aside = await files.aside(join(root, "src/a.txt"));
			await aside?.end();
			if (written.ok) await files.remove(join(root, `src/new-${n}.txt`), "0");
			assert.deepEqual(tree(outside), before);
		}
		assert.deepEqual(tree(outside), before);
	}).timeout(60_000);

	it("nothing outside is put back or deleted by a restore", async () => {
		const state = { to: { id: "", mode: "file" }, bytes: Buffer.from("old"), isStill: async () => true } as const;
		const quietly = (work: Promise<unknown>) => work.catch(() => undefined);
		for (let n = 0; n < 300; n++) {
			await quietly(writeState(root, `src/old-${n}/x.txt`, state));
			await quietly(writeState(root, "src/a.txt", state));
			await quietly(deleteFile(root, "src/deep/b.txt", state.isStill));
		}
		assert.deepEqual(tree(outside), before);
	}).timeout(60_000);

	it("nothing outside is searched", async () => {
		const search = createSearch({ rgPath, places: createPlaces(root) });
		const signal = new AbortController().signal;
		for (let n = 0; n < 60; n++) {
			const path = join(root, n % 2 ? "src" : "src/a.txt");
			const found = await search.grep({ pattern: "canary", path, mode: "content", limit: 9, offset: 0 }, signal);
			assert.deepEqual(found.ok ? found.value.lines : [], []);
		}
	}).timeout(60_000);
});

describe("a folder that is held", () => {
	let top: string;
	beforeEach(() => {
		top = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-hold-")));
		outside = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "kimi-else-")));
		fs.mkdirSync(join(top, "a"));
		fs.writeFileSync(join(top, "a/x"), "inside");
		fs.writeFileSync(join(outside, "x"), "canary");
	});
	afterEach(() => {
		for (const folder of [top, outside]) fs.rmSync(folder, { recursive: true, force: true });
	});
	const swap = () => {
		fs.renameSync(join(top, "a"), join(top, "b"));
		fs.symlinkSync(outside, join(top, "a"));
	};
	const ok = { ok: true, value: undefined } as const;
	const codeOf = (found: { ok: true } | { ok: false; failure: { code: string } }) =>
		found.ok ? "ok" : found.failure.code;

	for (const how of ["open", "path"] as const)
		describe(how === "open" ? "as Linux can" : "as other systems can", () => {
			it("is itself, and no link's target", async () => {
				assert.equal(codeOf(await hold(join(top, "a"), async () => ok, { how })), "ok");
				fs.symlinkSync("a", join(top, "link"));
				assert.equal(codeOf(await hold(join(top, "link"), async () => ok, { how })), "changed");
				swap();
				assert.equal(codeOf(await hold(join(top, "a"), async () => ok, { how })), "changed");
			});
			it("is made with those above it, and never through a link", async () => {
				assert.equal(codeOf(await hold(join(top, "a/b/c"), async () => ok, { how, make: true })), "ok");
				assert.ok(fs.statSync(join(top, "a/b/c")).isDirectory());
				swap();
				assert.equal(codeOf(await hold(join(top, "a/n/m"), async () => ok, { how, make: true })), "changed");
				assert.deepEqual(fs.readdirSync(outside), ["x"]);
			});
			it("tells a file in it from what a link that came meanwhile leads to", async () => {
				const read = await hold(
					join(top, "a"),
					async (held) => {
						swap();
						const file = await fs.promises.open(held.at("x"));
						try {
							const value = (await held.isStill(file, "x")) ? await file.readFile("utf8") : "refused";
							return { ok: true, value } as const;
						} finally {
							await file.close();
						}
					},
					{ how },
				);
				assert.deepEqual(read, { ok: true, value: how === "open" ? "inside" : "refused" });
			});
			it("is not there where nothing is", async () => {
				const lost = await hold(join(top, "none"), async () => ok, { how }).catch((error) => ({ code: error.code }));
				assert.equal("code" in lost ? lost.code : codeOf(lost), how === "open" ? "ENOENT" : "missing");
			});
		});
});
