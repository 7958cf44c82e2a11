import assert from "node:assert/strict";
import * as fs from "node:fs";
import { dirname } from "node:path/posix";
import fc from "fast-check";
import "../../fake/seed.ts";
import { applyRestore } from "../../../src/node/checkpoints/apply.ts";
import type { WorkspaceCheckpoints } from "../../../src/node/checkpoints/checkpoints.ts";
import { planRestore } from "../../../src/node/checkpoints/restore.ts";
import type { FileChange } from "../../../src/shared/event.ts";
import { changesOf, Place } from "./place.ts";

const NAMES = ["a", "B", "d", "d/a", "d/e", "d/e/c", "ü", "l"];
const name = fc.constantFrom(...NAMES);
const content = fc.oneof(
	fc
		.array(fc.constantFrom("one\n", "two\n", "three\r\n", "\n", "tail"), { maxLength: 6 })
		.map((lines) => lines.join("")),
	fc.constantFrom("\0binary\xff", "\xff\xfe", ""),
);
type Operation =
	| { kind: "write"; name: string; content: string; executable: boolean }
	| { kind: "delete"; name: string }
	| { kind: "link"; name: string; content: string }
	| { kind: "move"; name: string; to: string };
const operation: fc.Arbitrary<Operation> = fc.oneof(
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant("write" as const), name, content, executable: fc.boolean() }) },
	fc.record({ kind: fc.constant("delete" as const), name }),
	fc.record({ kind: fc.constant("link" as const), name, content: fc.constantFrom("a", "d", "../outside", "nowhere") }),
	fc.record({ kind: fc.constant("move" as const), name, to: name }),
);

/** Whatever is in the way goes, as a shell's `rm -rf` would. */
function makeRoom(place: Place, path: string): void {
	const segments = path.split("/");
	for (let length = 1; length < segments.length; length++) {
		const above = place.at(segments.slice(0, length).join("/"));
		if (fs.lstatSync(above, { throwIfNoEntry: false })?.isDirectory() === false) fs.rmSync(above);
	}
	fs.rmSync(place.at(path), { recursive: true, force: true });
	fs.mkdirSync(place.at(dirname(path)), { recursive: true });
}

function isReached(place: Place, path: string): boolean {
	const folder = place.at(dirname(path));
	return fs.existsSync(folder) && fs.realpathSync(folder) === folder && fs.statSync(folder).isDirectory();
}

function carryOut(place: Place, one: Operation): void {
	if (one.kind === "delete") {
		if (isReached(place, one.name)) fs.rmSync(place.at(one.name), { recursive: true, force: true });
	} else if (one.kind === "move") {
		const nested = `${one.to}/`.startsWith(`${one.name}/`) || `${one.name}/`.startsWith(`${one.to}/`);
		if (nested || !isReached(place, one.name) || !fs.lstatSync(place.at(one.name), { throwIfNoEntry: false })) return;
		fs.renameSync(place.at(one.name), place.beside("moving"));
		makeRoom(place, one.to);
		fs.renameSync(place.beside("moving"), place.at(one.to));
	} else {
		makeRoom(place, one.name);
		if (one.kind === "link") fs.symlinkSync(one.content, place.at(one.name));
		else {
			fs.writeFileSync(place.at(one.name), one.content, "latin1");
			fs.chmodSync(place.at(one.name), one.executable ? 0o755 : 0o644);
		}
	}
}

/** One of the agent's own edits: a file, with what it was and is captured around it. */
async function edit(place: Place, checkpoints: WorkspaceCheckpoints, path: string, to: string): Promise<FileChange[]> {
	if (!isReached(place, path)) return [];
	if (fs.lstatSync(place.at(path), { throwIfNoEntry: false })?.isFile() === false) return [];
	const before = (await checkpoints.capture([path])).get(path);
	fs.writeFileSync(place.at(path), to, "latin1");
	const after = (await checkpoints.capture([path])).get(path);
	return before === undefined || after === undefined ? [] : [{ path, before, after }];
}

/** Without empty folders: nothing keeps those. */
const files = (place: Place) =>
	Object.fromEntries(Object.entries(place.tree()).filter(([path]) => !path.endsWith("/")));

const start = fc.array(operation, { maxLength: 6 });
const edited = fc.record({ by: fc.constant("agent" as const), name, content });
const command = fc.record({
	by: fc.constant("command" as const),
	run: fc.array(operation, { minLength: 1, maxLength: 4 }),
});
const person = fc.record({
	by: fc.constant("person" as const),
	run: fc.array(operation, { minLength: 1, maxLength: 3 }),
});
const act = fc.oneof(edited, command);
const anyAct = fc.oneof(edited, command, person);

async function play(
	place: Place,
	checkpoints: WorkspaceCheckpoints,
	acts: readonly (typeof anyAct extends fc.Arbitrary<infer A> ? A : never)[],
): Promise<FileChange[]> {
	const made: FileChange[] = [];
	for (const one of acts) {
		if (one.by === "agent") made.push(...(await edit(place, checkpoints, one.name, one.content)));
		else if (one.by === "person") for (const each of one.run) carryOut(place, each);
		else {
			const changed = await changesOf(checkpoints, () => {
				for (const each of one.run) carryOut(place, each);
			});
			assert.equal(changed.uncovered, undefined);
			made.push(...changed.files);
		}
	}
	return made;
}

async function inPlace(begin: readonly Operation[], use: (place: Place) => Promise<void>): Promise<void> {
	const place = new Place();
	try {
		fs.writeFileSync(place.beside("outside"), "theirs");
		for (const one of begin) carryOut(place, one);
		await use(place);
		assert.equal(fs.readFileSync(place.beside("outside"), "utf8"), "theirs");
	} finally {
		place.remove();
	}
}

/** Each command takes two snapshots: a dozen runs are a second or two. */
const runs = process.env["FC_RUNS"] ? {} : { numRuns: 12 };

describe("restore, with any edits and commands", () => {
	it("gives back every file as it was before, and restoring that restore every file as it was then", async () => {
		const property = fc.asyncProperty(start, fc.array(act, { minLength: 1, maxLength: 5 }), (begin, acts) =>
			inPlace(begin, async (place) => {
				const checkpoints = place.open();
				const before = files(place);
				const made = await play(place, checkpoints, acts);
				const after = files(place);
				const back = await applyRestore(checkpoints, await planRestore(checkpoints, made), { overwrite: false });
				assert.deepEqual([back.failed, files(place)], [[], before]);
				const again = await applyRestore(checkpoints, await planRestore(checkpoints, back.changes), {
					overwrite: false,
				});
				assert.deepEqual([again.failed, files(place)], [[], after]);
			}),
		);
		await fc.assert(property, runs);
	}).timeout(60_000);

	it("with the person's hand in between: writes only what it says, and that can be taken back to the byte", async () => {
		const property = fc.asyncProperty(
			start,
			fc.array(anyAct, { minLength: 2, maxLength: 6 }),
			fc.boolean(),
			(begin, acts, overwrite) =>
				inPlace(begin, async (place) => {
					const checkpoints = place.open();
					const made = await play(place, checkpoints, acts);
					const now = files(place);
					const plan = await planRestore(checkpoints, made);
					const meant = new Set(
						plan.files.flatMap(({ path, kind }) =>
							kind === "clean" || kind === "merged" || (overwrite && kind === "edited") ? [path] : [],
						),
					);
					const back = await applyRestore(checkpoints, plan, { overwrite });
					const written = new Set(back.changes.map(({ path }) => path));
					assert.deepEqual(
						[...written].filter((path) => !meant.has(path)),
						[],
					);
					for (const path of new Set([...Object.keys(now), ...Object.keys(files(place))]))
						if (!written.has(path) && !written.has(Buffer.from(path, "latin1").toString()))
							assert.equal(files(place)[path], now[path], path);
					const again = await applyRestore(checkpoints, await planRestore(checkpoints, back.changes), {
						overwrite: false,
					});
					assert.deepEqual([again.failed, files(place)], [[], now]);
				}),
		);
		await fc.assert(property, runs);
	}).timeout(60_000);
});
