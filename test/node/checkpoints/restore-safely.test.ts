import assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { applyRestore } from "../../../src/node/checkpoints/apply.ts";
import { idOf } from "../../../src/node/checkpoints/blobs.ts";
import type { WorkspaceCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { planRestore } from "../../../src/node/checkpoints/restore.ts";
import type { FileChange } from "../../../src/shared/event.ts";
import { asNobody, changesOf, freshEachTime, type Place, restore } from "./place.ts";

describe("a restore that can't do all", () => {
	let place: Place;
	let checkpoints: WorkspaceCheckpoints;
	freshEachTime((fresh) => {
		place = fresh;
		checkpoints = fresh.open();
	});
	/** What a command does, the person then does, and the restore leaves. */
	const undone = async (command: string, person: string) => {
		const { files } = await changesOf(checkpoints, () => place.sh(command));
		place.sh(person);
		const { changes, failed } = await restore(checkpoints, files);
		return { tree: place.tree(), changes: changes.map(({ path }) => path), failed };
	};

	it("leaves a renamed file at its new name where the old one can't come back", async () => {
		place.put({ "old/a": "a", b: "1" });
		assert.deepEqual(await undone("mkdir new; mv old/a new/a; rmdir old; echo 2 > b", "echo mine > old"), {
			tree: { b: "644 1", "new/": "", "new/a": "644 a", old: "644 mine\n" },
			changes: ["b"],
			failed: [
				{ path: "old/a", why: "A file is in the place of its folder." },
				{ path: "new/a", why: "It was renamed, and old/a could not be put back with it." },
			],
		});
	});

	it("leaves a renamed file where the person made another at its old name", async () => {
		place.put({ a: "a" });
		assert.deepEqual(await undone("mv a b", "echo mine > a"), {
			tree: { a: "644 mine\n", b: "644 a" },
			changes: [],
			failed: [{ path: "b", why: "It was renamed, and a could not be put back with it." }],
		});
	});

	it("takes no two empty files for a rename: each goes its own way", async () => {
		place.put({ one: "", two: "" });
		assert.deepEqual(await undone("rm one; : > new", "echo mine > new"), {
			tree: { new: "644 mine\n", one: "644 ", two: "644 " },
			changes: ["one"],
			failed: [],
		});
	});

	it("takes the old name of a renamed file away again where the new one can't go", async function () {
		// Windows keeps nobody from a folder by its mode.
		if (process.platform === "win32") this.skip();
		place.put({ a: "a", "d/keep": "1" });
		const { files } = await changesOf(checkpoints, () => place.sh("mv a d/a"));
		fs.chmodSync(place.at("d"), 0o555);
		const failed = failedAsNobody(place, files);
		fs.chmodSync(place.at("d"), 0o755);
		assert.deepEqual(failed, [
			{ path: "d/a", why: "You have no right to change it." },
			{ path: "a", why: "It was renamed, and d/a could not be put back with it." },
		]);
		assert.deepEqual(place.tree(), { "d/": "", "d/a": "644 a", "d/keep": "644 1" });
	});

	for (const [what, bytes] of [
		["empty", ""],
		["full of zeros, as a power cut leaves it", Buffer.alloc(40)],
		["of another file", deflateSync("blob 1\0x")],
	] as const)
		it(`keeps what it overwrites anew where the object of that is ${what}`, async () => {
			place.put({ a: "1" });
			const { files } = await changesOf(checkpoints, () => place.sh("echo 2 > a"));
			place.put({ a: "person" });
			await checkpoints.capture(["a"]);
			const id = idOf(Buffer.from("person"));
			const object = join(place.folder, "objects", id.slice(0, 2), id.slice(2));
			fs.chmodSync(object, 0o600);
			fs.writeFileSync(object, bytes);
			const { changes } = await applyRestore(checkpoints, await planRestore(checkpoints, files), { overwrite: true });
			assert.deepEqual(place.tree(), { a: "644 1" });
			await restore(checkpoints, changes);
			assert.deepEqual(place.tree(), { a: "644 person" });
		});

	it("removes the folders that came with what is undone, after a reload as well, and none that was there", async () => {
		for (const folder of ["mine/empty", "mine/other"]) fs.mkdirSync(place.at(folder), { recursive: true });
		const before = (await checkpoints.capture(["mine/empty/new/a"])).get("mine/empty/new/a") ?? null;
		place.put({ "mine/empty/new/a": "1" });
		const after = (await checkpoints.capture(["mine/empty/new/a"])).get("mine/empty/new/a") ?? null;
		const { files } = await changesOf(checkpoints, () =>
			place.sh("mkdir -p made/deep; echo 1 > made/deep/b; echo 2 > mine/other/c"),
		);
		await restore(place.open(), [{ path: "mine/empty/new/a", before, after }, ...files]);
		assert.deepEqual(place.tree(), { "mine/": "", "mine/empty/": "", "mine/other/": "" });
	});

	it("removes no folder that you made anew where one went, but one that was made again by undoing the undo", async () => {
		const made = async (path: string) => {
			const before = (await checkpoints.capture([path])).get(path) ?? null;
			place.put({ [path]: "1" });
			return [{ path, before, after: (await checkpoints.capture([path])).get(path) ?? null }];
		};
		const { changes } = await restore(checkpoints, await made("lib/x"));
		// After a reload.
		checkpoints = place.open();
		const again = await restore(checkpoints, changes);
		assert.deepEqual(place.tree(), { "lib/": "", "lib/x": "644 1" });
		await restore(checkpoints, again.changes);
		assert.deepEqual(place.tree(), {});
		fs.mkdirSync(place.at("lib"));
		await restore(checkpoints, await made("lib/y"));
		assert.deepEqual(place.tree(), { "lib/": "" });
	});

	it("puts back what it deleted to make room", async () => {
		place.put({ x: "was" });
		assert.deepEqual(await undone("rm x; mkdir x; echo 1 > x/y; echo 2 > x/z", "echo mine > x/mine"), {
			tree: { "x/": "", "x/mine": "644 mine\n", "x/y": "644 1\n", "x/z": "644 2\n" },
			changes: [],
			failed: [
				{ path: "x", why: "A folder of that name is there now." },
				{ path: "x/z", why: "x could not be put back." },
				{ path: "x/y", why: "x could not be put back." },
			],
		});
	});
});

function failedAsNobody(place: Place, made: readonly FileChange[]): unknown {
	return JSON.parse(
		asNobody(
			place,
			`const plan = await planRestore(checkpoints, ${JSON.stringify(made)});
			console.log(JSON.stringify((await applyRestore(checkpoints, plan, { overwrite: false })).failed));`,
		),
	);
}
