import assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { applyRestore } from "../../../src/node/checkpoints/apply.ts";
import { idOf } from "../../../src/node/checkpoints/blobs.ts";
import type { WorkspaceCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { isOtherCase } from "../../../src/node/checkpoints/look.ts";
import { planRestore } from "../../../src/node/checkpoints/restore.ts";
import type { FileChange } from "../../../src/shared/event.ts";
import { asNobody, freshEachTime, type Place, restore } from "./place.ts";

let place: Place;
let checkpoints: WorkspaceCheckpoints;
const begin = (fresh: Place) => {
	place = fresh;
	checkpoints = fresh.open();
};

/** The agent writes a file, null deletes it: as its own edits do, with captures around it. */
async function agent(path: string, content: string | Buffer | null): Promise<FileChange> {
	const before = (await checkpoints.capture([path])).get(path);
	if (content === null) fs.rmSync(place.at(path));
	else place.put({ [path]: content });
	const after = (await checkpoints.capture([path])).get(path);
	assert.ok(before !== undefined && after !== undefined);
	return { path, before, after };
}
const text = (path: string) => fs.readFileSync(place.at(path), "utf8");
const kinds = async (made: readonly FileChange[]) =>
	(await planRestore(checkpoints, made)).files.map(({ path, kind }) => `${path} ${kind}`);
const damage = (content: string, how: (path: string) => void) => {
	const id = idOf(Buffer.from(content));
	how(join(place.folder, "objects", id.slice(0, 2), id.slice(2)));
};
const LINES = Array.from({ length: 12 }, (_, index) => `line ${index}\n`);
const withLine = (at: number, line: string, lines: readonly string[] = LINES) => lines.with(at, `${line}\n`);

describe("planRestore", () => {
	freshEachTime(begin);
	it("takes what may be the person's for edited: it is put back only where they give their word", async () => {
		place.put({ a: LINES.join("") });
		const unsure = async (path: string, content: string) => ({
			...(await agent(path, content)),
			unsure: true as const,
		});
		const made = [
			await agent("a", withLine(2, "agent").join("")),
			await unsure("mine", "work"),
			await agent("new", "n"),
		];
		const more = await unsure("a", withLine(2, "agent", withLine(9, "mine")).join(""));
		const plan = await planRestore(checkpoints, [...made, more]);
		assert.deepEqual(
			plan.files.map(({ path, kind, unsure: maybe }) => [path, kind, maybe]),
			[
				["a", "edited", true],
				["mine", "edited", true],
				["new", "clean", undefined],
			],
		);
		const { changes } = await applyRestore(checkpoints, plan, { overwrite: false });
		assert.deepEqual([changes.map(({ path }) => path), text("mine")], [["new"], "work"]);
	});

	it("tells of each of thousands of files what was made of it, and of both halves of a rename", async () => {
		place.put({ a: "1", b: "2" });
		const { before: one, after: two } = await agent("a", "2");
		const numbers = [...Array(1_000).keys()];
		place.put(Object.fromEntries(numbers.map((at) => [`new/f${at}`, "1"])));
		const made: FileChange[] = [
			...numbers.map((at) => ({ path: `gone${at}`, before: one, after: two })),
			...numbers.map((at) => ({ path: `old/f${at}`, before: one, after: null })),
			...numbers.map((at) => ({ path: `new/f${at}`, before: null, after: one })),
			...numbers.map((at) => ({ path: `gone${at}`, before: two, after: null })),
		];
		const { files } = await planRestore(checkpoints, made);
		assert.deepEqual(files, [
			...numbers.map((at) => ({ path: `gone${at}`, kind: "clean", now: null, to: one })),
			...numbers.map((at) => ({ path: `old/f${at}`, kind: "clean", now: null, to: one, half: `new/f${at}` })),
			...numbers.map((at) => ({ path: `new/f${at}`, kind: "clean", now: one, to: null, half: `old/f${at}` })),
		]);
	});

	it("shows for each file what is there and what would be there, and writes nothing", async () => {
		place.put({ a: "1", gone: "2" });
		const made = [await agent("a", "x"), await agent("gone", null), await agent("d/new", "n"), await agent("a", "y")];
		const before = place.tree();
		const { files } = await planRestore(checkpoints, made);
		assert.deepEqual(place.tree(), before);
		const shown = files.map(async ({ path, kind, now, to }) => [
			path,
			kind,
			now && String(await checkpoints.read(now)),
			to && String(await checkpoints.read(to)),
		]);
		assert.deepEqual(await Promise.all(shown), [
			["a", "clean", "y", "1"],
			["gone", "clean", null, "2"],
			["d/new", "clean", "n", null],
		]);
	});

	it("is `same` for a file that the person put back, and has nothing for one that ended as it began", async () => {
		place.put({ a: "1", b: "1" });
		const made = [await agent("a", "2"), await agent("b", "2"), await agent("b", "1")];
		place.put({ a: "1" });
		assert.deepEqual(await kinds(made), ["a same"]);
	});

	it("keeps the person's edits elsewhere in the file: `merged`", async () => {
		place.put({ a: LINES.join("") });
		const left = withLine(2, "agent");
		const made = [await agent("a", left.join(""))];
		place.put({ a: withLine(9, "person", left).join("") });
		assert.deepEqual(await kinds(made), ["a merged"]);
		const { changes } = await restore(checkpoints, made);
		assert.equal(text("a"), withLine(9, "person").join(""));
		assert.deepEqual(await kinds(changes), ["a clean"]);
	});

	it("keeps what the person edited between two changes of the agent", async () => {
		place.put({ a: LINES.join("") });
		const [one, two] = [withLine(2, "agent"), withLine(6, "person", withLine(2, "agent"))];
		const first = await agent("a", one.join(""));
		place.put({ a: two.join("") });
		const made = [first, await agent("a", withLine(10, "agent again", two).join(""))];
		assert.deepEqual(await kinds(made), ["a merged"]);
		await restore(checkpoints, made);
		assert.equal(text("a"), withLine(6, "person").join(""));
	});

	it("keeps the person's mode, and their content where the agent changed the mode only", async () => {
		place.put({ a: "1", b: "1" });
		const a = await agent("a", "2");
		const before = (await checkpoints.capture(["b"])).get("b") ?? null;
		fs.chmodSync(place.at("b"), 0o755);
		const after = (await checkpoints.capture(["b"])).get("b") ?? null;
		fs.chmodSync(place.at("a"), 0o755);
		place.put({ b: "person" });
		await restore(checkpoints, [a, { path: "b", before, after }]);
		assert.deepEqual(place.tree(), { a: "755 1", b: "644 person" });
	});

	for (const [what, first, left, now] of [
		["the same line", "1\n", "2\n", "3\n"],
		["a binary file", "1\0", "2\0", "3\0"],
		["a file that the agent made", null, "2\n", "3\n"],
		["a file that the agent deleted", "1\n", null, "3\n"],
		["a file by deleting it", "1\n", "2\n", null],
	] as const)
		it(`is \`edited\` where the person changed ${what}: left alone, or put back with theirs kept`, async () => {
			if (first !== null) place.put({ a: first });
			const made = [await agent("a", left)];
			if (now === null) fs.rmSync(place.at("a"));
			else place.put({ a: now });
			const [theirs, plan] = [place.tree(), await planRestore(checkpoints, made)];
			assert.deepEqual(await applyRestore(checkpoints, plan, { overwrite: false }), { changes: [], failed: [] });
			assert.deepEqual(await applyRestore(checkpoints, plan, { overwrite: new Set(["b"]) }), {
				changes: [],
				failed: [],
			});
			assert.deepEqual(place.tree(), theirs);
			const done = await applyRestore(checkpoints, plan, { overwrite: new Set(["a"]) });
			assert.deepEqual(place.tree(), first === null ? {} : { a: `644 ${first}` });
			await restore(checkpoints, done.changes);
			assert.deepEqual(place.tree(), theirs);
		});

	it("looks at an open document's unsaved text, not at the disk", async () => {
		const live = new Map<string, Buffer>();
		checkpoints = place.open({ liveBytes: (path) => Promise.resolve(live.get(path)) });
		place.put({ a: "1" });
		const made = [await agent("a", "2")];
		live.set(place.at("a"), Buffer.from("typing"));
		assert.deepEqual(await kinds(made), ["a edited"]);
		live.set(place.at("a"), Buffer.from("1"));
		assert.deepEqual(await kinds(made), ["a same"]);
	});

	for (const [what, how] of [
		["gone", (path: string) => fs.rmSync(path)],
		["cut", (path: string) => fs.truncateSync(path, 12)],
		["of another file", (path: string) => fs.copyFileSync(join(place.folder, "other"), path)],
	] as const)
		it(`is \`lost\` where the kept object is ${what}: nothing is written, the others are put back`, async () => {
			place.put({ a: "kept content", b: "1" });
			const made = [await agent("a", "2"), await agent("b", "2")];
			damage("1", (path) => fs.copyFileSync(path, join(place.folder, "other")));
			damage("kept content", how);
			assert.deepEqual(await kinds(made), ["a lost", "b clean"]);
			const { changes, failed } = await restore(checkpoints, made);
			assert.deepEqual(failed, [{ path: "a", why: "What it was is not kept any more, so it was left alone." }]);
			assert.deepEqual(
				changes.map(({ path }) => path),
				["b"],
			);
			assert.deepEqual([text("a"), text("b")], ["2", "1"]);
		});
});

describe("applyRestore", () => {
	freshEachTime(begin);
	it("leaves a file alone that changed after the preview, or whose object broke after it", async () => {
		place.put({ a: "1", b: "first b", c: "1" });
		const made = [await agent("a", "2"), await agent("b", "2"), await agent("c", "2")];
		const plan = await planRestore(checkpoints, made);
		place.put({ a: "3" });
		damage("first b", (path) => fs.truncateSync(path, 9));
		const { changes, failed } = await applyRestore(checkpoints, plan, { overwrite: true });
		assert.deepEqual(failed, [
			{ path: "a", why: "It changed since it was looked at, so it was left alone." },
			{ path: "b", why: "What it was is not kept any more, so it was left alone." },
		]);
		assert.deepEqual(changes, [{ path: "c", before: made[2]?.after, after: made[2]?.before }]);
		assert.deepEqual([text("a"), text("b"), text("c")], ["3", "2", "1"]);
	});

	it("writes nothing through a link that leads outside, came before the plan or after it", async () => {
		place.put({ "d/a": "1", "e/a": "1", "d/gone": "1" });
		const made = [
			await agent("d/a", "2"),
			await agent("e/a", "2"),
			await agent("d/gone", null),
			await agent("d/new", "2"),
		];
		const early = await planRestore(checkpoints, made);
		fs.mkdirSync(place.beside("outside"));
		fs.rmSync(place.at("d"), { recursive: true });
		fs.symlinkSync("../outside", place.at("d"));
		fs.writeFileSync(place.beside("outside/a"), "2");
		fs.writeFileSync(place.beside("outside/new"), "2");
		const outside = () => ["a", "new"].map((name) => fs.readFileSync(place.beside(`outside/${name}`), "utf8"));
		for (const plan of [() => early, () => planRestore(checkpoints, made)]) {
			const { failed } = await applyRestore(checkpoints, await plan(), { overwrite: true });
			assert.deepEqual(
				failed.filter(({ path }) => !path.startsWith("d/")),
				[],
			);
			assert.deepEqual(
				[outside(), fs.readdirSync(place.beside("outside"))],
				[
					["2", "2"],
					["a", "new"],
				],
			);
		}
	});

	it("replaces a link, not the file that it leads to", async () => {
		fs.writeFileSync(place.beside("outside"), "theirs");
		place.put({ a: "1" });
		const made = [await agent("a", "2")];
		fs.rmSync(place.at("a"));
		fs.symlinkSync("../outside", place.at("a"));
		await applyRestore(checkpoints, await planRestore(checkpoints, made), { overwrite: true });
		assert.deepEqual([place.tree(), fs.readFileSync(place.beside("outside"), "utf8")], [{ a: "644 1" }, "theirs"]);
	});

	it("takes no path that leads out of the workspace", async () => {
		fs.writeFileSync(place.beside("x"), "2");
		const id = await checkpoints.blobs.put(Buffer.from("1"));
		const made = ["../x", place.beside("x"), "a/../../x"].map((path) => ({
			path,
			before: { id: String(id), mode: "file" as const },
			after: { id: idOf(Buffer.from("2")), mode: "file" as const },
		}));
		const { failed } = await applyRestore(checkpoints, await planRestore(checkpoints, made), { overwrite: true });
		assert.deepEqual(
			failed.map(({ why }) => why),
			Array(3).fill("The path leads out of the workspace."),
		);
		assert.equal(fs.readFileSync(place.beside("x"), "utf8"), "2");
	});

	it("deletes made files and the folders that are empty then, and leaves the person's files in them", async () => {
		place.put({ "keep/a": "1" });
		const made = [await agent("keep/b/c", "2"), await agent("d/e/f", "2"), await agent("g/h", "2")];
		place.put({ "g/mine": "m" });
		await restore(checkpoints, made);
		assert.deepEqual(place.tree(), { "g/": "", "g/mine": "644 m", "keep/": "", "keep/a": "644 1" });
	});

	it("keeps rights that are not in a change, and both names of a file with two", async () => {
		place.put({ a: "1", b: "1" });
		fs.chmodSync(place.at("a"), 0o600);
		fs.linkSync(place.at("b"), place.at("c"));
		const made = [await agent("a", "2"), await agent("b", "2")];
		await restore(checkpoints, made);
		assert.deepEqual(place.tree(), { a: "600 1", b: "644 1", c: "644 1" });
	});

	for (const mode of [0o744, 0o711, 0o655, 0o604])
		it(`leaves the rights ${mode.toString(8)} as they are where only the content goes back`, async () => {
			place.put({ a: "1" });
			fs.chmodSync(place.at("a"), mode);
			await restore(checkpoints, [await agent("a", "2")]);
			assert.deepEqual(place.tree(), { a: `${mode.toString(8)} 1` });
		});

	it("says why a folder of the person's in the place of a file stays, and does the rest", async () => {
		place.put({ a: "1", b: "1" });
		const made = [await agent("a", null), await agent("b", "2")];
		place.put({ "a/mine": "m" });
		const { failed } = await restore(checkpoints, made);
		assert.deepEqual(failed, [{ path: "a", why: "A folder of that name is there now." }]);
		assert.deepEqual(place.tree(), { "a/": "", "a/mine": "644 m", b: "644 1" });
	});

	it("hands files that are open to the host, and logs what is there after its save", async () => {
		place.put({ open: "1", closed: "1", refused: "1", made: "1" });
		fs.rmSync(place.at("made"));
		const made = [
			await agent("open", "2"),
			await agent("closed", "2"),
			await agent("refused", "2"),
			await agent("made", "2"),
		];
		const asked: unknown[] = [];
		const { changes, failed } = await applyRestore(checkpoints, await planRestore(checkpoints, made), {
			overwrite: false,
			write: (path, bytes) => {
				asked.push([path, bytes && String(bytes)]);
				if (path === place.at("refused")) return Promise.resolve({ why: "Busy." });
				if (path !== place.at("open")) return Promise.resolve("not open");
				fs.writeFileSync(path, "1 formatted");
				return Promise.resolve("written");
			},
		});
		assert.deepEqual(asked, [
			[place.at("open"), "1"],
			[place.at("closed"), "1"],
			[place.at("refused"), "1"],
			[place.at("made"), null],
		]);
		assert.deepEqual(failed, [{ path: "refused", why: "Busy." }]);
		assert.deepEqual(changes[0]?.after, { id: idOf(Buffer.from("1 formatted")), mode: "file" });
		assert.deepEqual(place.tree(), { closed: "644 1", open: "644 1 formatted", refused: "644 2" });
	});

	it("names a read-only file and goes on with the others", async function () {
		// Windows knows neither these modes nor another user to be.
		if (process.platform === "win32") this.skip();
		place.put({ a: "1", "d/b": "1", c: "1" });
		const made = [await agent("a", "2"), await agent("d/b", "2"), await agent("c", "2")];
		fs.chmodSync(place.at("a"), 0o444);
		fs.chmodSync(place.at("d"), 0o555);
		const result = asNobody(
			place,
			`const made = ${JSON.stringify(made)};
			console.log(JSON.stringify((await applyRestore(checkpoints, await planRestore(checkpoints, made), { overwrite: false })).failed));`,
		);
		assert.deepEqual(JSON.parse(result), [
			{ path: "a", why: "You have no right to change it." },
			{ path: "d/b", why: "You have no right to change it." },
		]);
		assert.deepEqual([text("a"), text("d/b"), text("c")], ["2", "2", "1"]);
		fs.chmodSync(place.at("d"), 0o755);
	});

	it("leaves a file whole where the disk takes no more, names it, and goes on", async function () {
		// The limit on the size of a file is one of POSIX shells.
		if (process.platform === "win32") this.skip();
		place.put({ a: "a".repeat(9000), b: "1" });
		const made = [await agent("a", "2"), await agent("b", "2")];
		// A file of 8 KB at most: the kernel ends the write in the middle, as on a full disk.
		const result = asNobody(
			place,
			`process.on("SIGXFSZ", () => {});
			const { changes, failed } = await applyRestore(checkpoints, await planRestore(checkpoints, ${JSON.stringify(made)}), { overwrite: false });
			console.log(JSON.stringify([changes.map(({ path }) => path), failed]));`,
			"ulimit -f 8",
		);
		assert.deepEqual(JSON.parse(result), [["b"], [{ path: "a", why: "The system allows no file of that size." }]]);
		assert.deepEqual(place.tree(), { a: "644 2", b: "644 1" });
	});

	it("tells a name in other letters from its own, where a folder folds case", () => {
		assert.deepEqual(
			[["a"], ["A"], ["A", "a"], []].map((names) => isOtherCase(names, "a")),
			[false, true, false, false],
		);
	});
});
