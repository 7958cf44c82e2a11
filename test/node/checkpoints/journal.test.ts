import assert from "node:assert/strict";
import * as fs from "node:fs";
import { idOf } from "../../../src/node/checkpoints/blobs.ts";
import type { WorkspaceCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { Journal } from "../../../src/node/checkpoints/journal.ts";
import type { FileChange, FileState } from "../../../src/shared/event.ts";
import { freshEachTime, type Place, restore } from "./place.ts";

const state = (content: string): FileState => ({ id: idOf(Buffer.from(content)), mode: "file" });
const change = (path: string, before: string | null, after: string | null): FileChange => ({
	path,
	before: before === null ? null : state(before),
	after: after === null ? null : state(after),
});

describe("what the person writes while a command runs", () => {
	let place: Place;
	let checkpoints: WorkspaceCheckpoints;
	freshEachTime((fresh) => {
		place = fresh;
		checkpoints = fresh.open();
	});
	/** Null deletes it. */
	const save = async (path: string, content: string | null) => {
		if (content === null) fs.rmSync(place.at(path));
		else place.put({ [path]: content });
		await checkpoints.wrote([path]);
	};

	it("is not the command's: saved, created, deleted, ignored, and too large to be in a snapshot", async () => {
		place.put({ ".gitignore": "out\n", a: "1", gone: "1", other: "1", large: "x".repeat(3 * 1024 * 1024) });
		const snapshot = await checkpoints.snapshot();
		place.put({ other: "command" });
		for (const path of ["a", "new", "out", "large"]) await save(path, "person");
		await save("gone", null);
		assert.deepEqual(await snapshot.changes(), { files: [change("other", "1", "command")] });
	});

	it("is where the command's change begins, also when that leads back to what was there first", async () => {
		place.put({ a: "1", b: "1", c: "1" });
		const snapshot = await checkpoints.snapshot();
		for (const path of ["a", "b", "c"]) await save(path, "person's first");
		for (const path of ["a", "b", "c"]) await save(path, `person ${path}`);
		place.put({ a: "command", b: "1" });
		fs.rmSync(place.at("c"));
		const { files } = await snapshot.changes();
		assert.deepEqual(files, [
			change("a", "person a", "command"),
			change("b", "person b", "1"),
			change("c", "person c", null),
		]);
		await restore(checkpoints, files);
		assert.deepEqual(place.tree(), { a: "644 person a", b: "644 person b", c: "644 person c" });
	});

	it("is kept also where no snapshot has it, ignored or too large: written over by the command, it comes back", async () => {
		place.put({ ".gitignore": ".env\nlogs\n", ".env": "1", "logs/a": "1", large: "1" });
		const snapshot = await checkpoints.snapshot();
		const large = "x".repeat(3 * 1024 * 1024);
		await save(".env", "person");
		await save("large", large);
		place.put({ ".env": "command", "logs/a": "command", large: "command" });
		const { files } = await snapshot.changes();
		assert.deepEqual(files, [change(".env", "person", "command"), change("large", large, "command")]);
		await restore(checkpoints, files);
		const read = (path: string) => fs.readFileSync(place.at(path), "utf8");
		assert.deepEqual([read(".env"), read("logs/a"), read("large") === large], ["person", "command", true]);
	});

	it("counts for each of several snapshots from its own beginning on, also for one that is reopened", async () => {
		place.put({ a: "1" });
		const first = await checkpoints.snapshot();
		const id = await first.hold();
		await save("a", "person");
		const second = await checkpoints.snapshot();
		place.put({ a: "command" });
		const expected = { files: [change("a", "person", "command")] };
		assert.deepEqual(await second.changes(), expected);
		await second.release();
		assert.deepEqual(await first.changes(), expected);
		assert.deepEqual(await checkpoints.reopen(id).changes(), expected);
		await first.release();
		const third = await checkpoints.snapshot();
		place.put({ a: "another" });
		assert.deepEqual((await third.changes()).files, [change("a", "command", "another")]);
	});

	it("is all in a folder that they made, deleted or renamed, but not what the command does in it after", async () => {
		place.put({ "gone/a": "1", "gone/b": "1", "old/deep/a": "1", "old/b": "1", "old/c": "1" });
		const snapshot = await checkpoints.snapshot();
		await save("gone/a", "person");
		fs.rmSync(place.at("gone"), { recursive: true });
		await checkpoints.wrote(["gone"]);
		fs.renameSync(place.at("old"), place.at("renamed"));
		fs.mkdirSync(place.at("made"));
		await checkpoints.wrote(["old", "renamed", "made"]);
		place.put({ "gone/b": "command", "renamed/b": "command", "made/new": "command" });
		fs.rmSync(place.at("renamed/c"));
		const { files } = await snapshot.changes();
		assert.deepEqual(
			files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
			[
				change("gone/b", null, "command"),
				change("made/new", null, "command"),
				change("renamed/b", "1", "command"),
				change("renamed/c", "1", null),
			],
		);
	});

	it("is not kept once nobody asks for the command's changes any more", async () => {
		const first = await checkpoints.snapshot();
		const second = checkpoints.reopen(await first.hold());
		first.close();
		await save("a", "while one is open");
		second.close();
		await save("b", "after");
		const kept = [state("while one is open"), state("after")].map(async (each) => `${await checkpoints.read(each)}`);
		assert.deepEqual(await Promise.all(kept), ["while one is open", "undefined"]);
	});

	it("is also what an undo puts back, so that it does not come back the wrong way round", async () => {
		place.put({ a: "person" });
		const stateOf = async (path: string) => (await checkpoints.capture([path])).get(path) ?? null;
		const before = await stateOf("a");
		place.put({ a: "agent", new: "agent" });
		const made = [
			{ path: "a", before, after: await stateOf("a") },
			{ path: "new", before: null, after: await stateOf("new") },
		];
		const snapshot = await checkpoints.snapshot();
		await restore(checkpoints, made);
		assert.deepEqual(place.tree(), { a: "644 person" });
		assert.deepEqual(await snapshot.changes(), { files: [] });
	});

	it("is noted one by one in time that does not grow with what was noted before", async () => {
		const journal = new Journal(
			async () => null,
			async () => [],
		);
		const begun = journal.begin();
		// Each against all before it would be eight hundred million looks.
		const paths = Array.from({ length: 40_000 }, (_, at) => `src/${at % 100}/deep/${at}.ts`);
		for (const path of paths) await journal.wrote([path]);
		assert.equal((await journal.since(begun)).size, paths.length);
		await journal.wrote(["src/7"]);
		const left = await journal.since(begun);
		assert.deepEqual([left.size, left.has("src/7"), left.has(paths[7] ?? "")], [paths.length - 400 + 1, true, false]);
		await journal.wrote(["src"]);
		assert.deepEqual([...(await journal.since(begun))], [["src", null]]);
	});
});
