import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { createBlobs } from "../../../src/node/checkpoints/blobs.ts";
import { decodeNames, encodeName } from "../../../src/node/checkpoints/names.ts";
import { pruneCheckpoints, sizeOf } from "../../../src/node/checkpoints/prune.ts";
import { changesOf, freshEachTime, type Place, restore } from "./place.ts";

let place: Place;
const begin = (fresh: Place) => {
	place = fresh;
};

const objectOf = (id: string) => join(place.folder, "objects", id.slice(0, 2), id.slice(2));
const git = (...args: string[]) => execFileSync("git", ["--git-dir", place.folder, ...args], { maxBuffer: 1e8 });
const age = (path: string, days: number) => {
	const time = Date.now() / 1000 - days * 24 * 3600;
	fs.utimesSync(path, time, time);
};
const all = (folder: string): string[] =>
	fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));

describe("blobs", () => {
	freshEachTime(begin);
	it("gives back what was put, small, large and empty, under the name and in the form of git", async () => {
		const blobs = createBlobs(place.folder);
		await place.open().coverage();
		for (const bytes of [Buffer.alloc(0), Buffer.from("a\0\r\n\xff", "latin1"), Buffer.alloc(300_000, "large ")]) {
			const id = await blobs.put(bytes);
			assert.equal(id, execFileSync("git", ["hash-object", "--stdin"], { input: bytes, encoding: "utf8" }).trim());
			assert.deepEqual(await blobs.get(id), bytes);
			assert.deepEqual(git("cat-file", "blob", id), bytes);
		}
	});

	it("reads what git packed, also with many packs", async () => {
		const checkpoints = place.open();
		const texts = new Map<string, string>();
		for (let round = 0; round < 3; round++) {
			for (let index = 0; index < 250; index++) texts.set(`f${index}`, `${round} ${index} `.repeat(index));
			place.put(Object.fromEntries(texts));
			await checkpoints.snapshot();
		}
		assert.equal(fs.readdirSync(join(place.folder, "objects/pack")).filter((name) => name.endsWith(".pack")).length, 3);
		const { files } = await changesOf(checkpoints, () => place.sh("rm f*"));
		const read = files.map(async ({ path, before }) => [path, String(await checkpoints.read(before))] as const);
		assert.deepEqual(new Map(await Promise.all(read)), new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1))));
	});

	it("has nothing for a name it never gave, or that is none", async () => {
		const blobs = createBlobs(place.folder);
		assert.deepEqual(await Promise.all(["0".repeat(40), "", "../../x"].map(blobs.get)), [
			undefined,
			undefined,
			undefined,
		]);
	});

	it("keeps nothing where the disk refuses, and a capture leaves the file out", async () => {
		fs.writeFileSync(place.folder, "a file in its place");
		place.put({ a: "1" });
		const checkpoints = place.open();
		assert.equal(await createBlobs(place.folder).put(Buffer.from("x")), undefined);
		assert.deepEqual(await checkpoints.capture(["a", "missing"]), new Map([["missing", null]]));
		const { git: covered, uncovered } = await checkpoints.coverage();
		assert.equal(covered, false);
		assert.match(uncovered, /The folder for checkpoints can't be used: /);
	});
});

describe("capture", () => {
	freshEachTime(begin);
	it("has files, links and what is missing; folders are no files; devices and pipes are left out", async () => {
		place.put({ a: "1", "d/b": "2" });
		place.sh("mkfifo pipe; ln -s nowhere link; chmod +x d/b");
		const found = await place.open().capture(["a", "d/b", "link", "missing", "d", "a/below", "pipe", "../x", ""]);
		assert.deepEqual(
			[...found].map(([path, state]) => [path, state?.mode ?? null]),
			[
				["a", "file"],
				["d/b", "executable"],
				["link", "link"],
				["missing", null],
				["d", null],
				["a/below", null],
			],
		);
	});
});

describe("names", () => {
	freshEachTime(begin);
	it("lead back to their bytes, UTF-8 or not", () => {
		for (const bytes of ["plain", "ä€😀", "\xff\xfe", "a\xe4b", "\xf0\x9f\x98", "\xed\xa0\x80", "\xc3\0\xc3\xa4\x80"]) {
			const raw = Buffer.from(bytes, /[\x80-\xff]/.test(bytes) && !/[^\0-\xff]/.test(bytes) ? "latin1" : "utf8");
			const name = decodeNames(raw);
			assert.deepEqual(encodeName(JSON.parse(JSON.stringify(name))), raw);
			assert.equal(name.split("\0").length, raw.toString("latin1").split("\0").length);
		}
	});
});

describe("pruneCheckpoints", () => {
	freshEachTime(begin);
	it("deletes what was not used for so long, and what killed processes left; size says what is there", async () => {
		const blobs = createBlobs(place.folder);
		const [old, used, fresh] = await Promise.all(["old", "used", "new"].map((text) => blobs.put(Buffer.from(text))));
		assert.ok(old && used && fresh);
		fs.writeFileSync(join(place.folder, "objects", old.slice(0, 2), "tmp_obj_left"), "x".repeat(5000));
		for (const path of all(place.folder)) age(path, 31);
		await blobs.put(Buffer.from("used"));
		age(objectOf(fresh), 29);
		const before = await sizeOf(place.folder);
		await pruneCheckpoints(place.folder, { olderThanDays: 30 });
		assert.deepEqual(all(place.folder).sort(), [objectOf(used), objectOf(fresh)].sort());
		assert.ok((await sizeOf(place.folder)) < before);
	});

	/** As if the window had been killed: what it left belongs to a process that is gone. */
	const close = () => {
		for (const name of fs.readdirSync(place.folder).filter((one) => /^(index|live)-/.test(one)))
			fs.renameSync(join(place.folder, name), join(place.folder, name.replace(/-\d+(-[0-9a-f]+)$/, "-999999999$1")));
	};
	const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`f${index}`, `packed ${index}`]));

	it("does nothing while a window uses them", async () => {
		place.put(many);
		const checkpoints = place.open();
		await checkpoints.snapshot();
		for (const path of all(join(place.folder, "objects"))) age(path, 100);
		await pruneCheckpoints(place.folder, { olderThanDays: 30 });
		const { files, uncovered } = await changesOf(checkpoints, () => place.sh("rm f7"));
		assert.equal(uncovered, undefined);
		await restore(checkpoints, files);
		assert.equal(place.tree()["f7"], "644 packed 7");
	});

	it("does nothing while another window uses them that kept nothing anew, and is over before the first snapshot", async () => {
		place.put({ ...many, gone: "x" });
		const first = place.open();
		await first.snapshot();
		close();
		for (const path of all(place.folder)) age(path, 40);
		const idle = place.open({ keptDays: 30 });
		const snapshot = await idle.snapshot();
		for (const path of all(join(place.folder, "objects"))) age(path, 40);
		await pruneCheckpoints(place.folder, { olderThanDays: 30 });
		place.sh("rm f7 gone");
		const { files, uncovered } = await snapshot.changes();
		assert.equal(uncovered, undefined);
		await restore(idle, files);
		assert.deepEqual([place.tree()["f7"], place.tree()["gone"]], ["644 packed 7", "644 x"]);
	});

	it("is waited for by a window that comes meanwhile, unless the one that did it is gone", async () => {
		fs.mkdirSync(place.folder);
		fs.writeFileSync(join(place.folder, "pruning-999999999-00"), "");
		place.put({ a: "1" });
		assert.equal((await place.open().capture(["a"])).size, 1);
		const mark = join(place.folder, `pruning-${process.pid}-00`);
		fs.writeFileSync(mark, "");
		const order: string[] = [];
		const captured = place
			.open()
			.capture(["a"])
			.then(() => order.push("captured"));
		// It has said that it is there, and so looks for the mark from now on.
		while (fs.readdirSync(place.folder).filter((name) => name.startsWith("live-")).length < 2)
			await new Promise(setImmediate);
		// Long enough for a capture that does not wait.
		await new Promise((resolve) => setTimeout(resolve, 100));
		order.push("over");
		fs.rmSync(mark);
		await captured;
		assert.deepEqual(order, ["over", "captured"]);
	});

	it("leaves nothing broken: the next window keeps again what it needs", async () => {
		place.put({ ...many, "d/loose": "loose" });
		await place.open().snapshot();
		place.put({ "d/loose": "changed" });
		await place.open().snapshot();
		close();
		for (const path of all(join(place.folder, "objects"))) age(path, 100);
		await pruneCheckpoints(place.folder, { olderThanDays: 30 });
		assert.deepEqual(all(join(place.folder, "objects")), []);
		const checkpoints = place.open();
		const { files, uncovered } = await changesOf(checkpoints, () => place.sh("rm f7 d/loose"));
		assert.equal(uncovered, undefined);
		await restore(checkpoints, files);
		assert.deepEqual([place.tree()["f7"], place.tree()["d/loose"]], ["644 packed 7", "644 changed"]);
	});

	it("keeps what a command of yesterday deleted, however long the file had been there", async () => {
		place.put({ ...many, old: "x" });
		const first = place.open();
		await first.snapshot();
		for (const path of all(join(place.folder, "objects"))) age(path, 100);
		const { files } = await changesOf(first, () => place.sh("rm f7 old"));
		close();
		await pruneCheckpoints(place.folder, { olderThanDays: 30 });
		await restore(place.open(), files);
		assert.deepEqual([place.tree()["f7"], place.tree()["old"]], ["644 packed 7", "644 x"]);
	});

	it("does nothing to a folder that is not there", async () => {
		await pruneCheckpoints(place.beside("nowhere"), { olderThanDays: 30 });
		assert.equal(await sizeOf(place.beside("nowhere")), 0);
	});
});
