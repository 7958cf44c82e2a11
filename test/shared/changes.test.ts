import assert from "node:assert/strict";
import fc from "fast-check";
import {
	addChanges,
	type Changes,
	followChanges,
	isSameState,
	renamesIn,
	reverse,
	setChanges,
} from "../../src/shared/changes.ts";
import type { FileChange, FileState } from "../../src/shared/event.ts";
import { changeOf, stateOf } from "../fake/checkpoints.ts";
import "../fake/seed.ts";

const at = (base: string | null, now: string | null) => ({ base: stateOf(base), now: stateOf(now) });

/** A history of a few files: each change begins where the one before ended. */
const histories = fc
	.array(fc.tuple(fc.constantFrom("a", "b", "__proto__"), fc.constantFrom(null, "1", "2", "3")), { maxLength: 12 })
	.map((steps) => {
		const now = new Map<string, FileState | null>();
		return steps.map(([path, id]): FileChange => {
			const before = now.get(path) ?? null;
			const after = stateOf(id);
			now.set(path, after);
			return { path, before, after };
		});
	});
/** The states of files after changes, from a workspace where none was. */
function files(made: readonly FileChange[]): Map<string, FileState | null> {
	return new Map(made.map(({ path, after }) => [path, after]));
}

describe("changes that wait for review", () => {
	it("are shown against what the file was before the first of them", () => {
		const changes = addChanges({}, [changeOf("a", "0", "1"), changeOf("a", "1", "2"), changeOf("b", null, "1")]);
		assert.deepEqual(changes, { a: at("0", "2"), b: at(null, "1") });
	});

	it("are gone when the file is again as it was, mode included", () => {
		const changes = addChanges({}, [changeOf("a", "0", "1"), changeOf("b", null, "1")]);
		assert.deepEqual(addChanges(changes, [changeOf("a", "1", "0"), changeOf("b", "1", null)]), {});
		const executable: FileState = { id: "0", mode: "executable" };
		const mode = addChanges({}, [{ path: "a", before: stateOf("0"), after: executable }]);
		assert.deepEqual(mode, { a: { base: stateOf("0"), now: executable } });
	});

	it("follow what was written with the person's word, which adds none", () => {
		const changes = addChanges({}, [changeOf("a", "0", "1")]);
		assert.deepEqual(followChanges(changes, [changeOf("a", "1", "2"), changeOf("b", "0", "1")]), { a: at("0", "2") });
		assert.deepEqual(followChanges(changes, [changeOf("a", "1", "0")]), {});
	});

	it("are set and cleared by file", () => {
		const changes: Changes = { a: at("0", "1"), b: at("0", "1") };
		const next = setChanges(changes, { a: null, b: at("1", "2"), c: at("1", "1") });
		assert.deepEqual(next, { b: at("1", "2") });
	});

	it("are the same object where nothing came", () => {
		const changes: Changes = { a: at("0", "1") };
		assert.equal(addChanges(changes, []), changes);
		assert.equal(setChanges(changes, {}), changes);
	});

	it("say what each file was and is, however it got there, also one named like a member of every object (property)", () => {
		fc.assert(
			fc.property(histories, (made) => {
				const changes = addChanges({}, made);
				const differing = [...files(made)].filter(([, now]) => now !== null);
				assert.deepEqual(
					new Map(Object.entries(changes)),
					new Map(differing.map(([path, now]) => [path, { base: null, now }])),
				);
			}),
		);
	});
});

describe("reverse", () => {
	it("goes from the last state of each file to its first, and leaves out files that are as they were", () => {
		const made = [changeOf("a", "0", "1"), changeOf("b", "0", "1"), changeOf("a", "1", "2"), changeOf("b", "1", "0")];
		assert.deepEqual(reverse(made), [changeOf("a", "2", "0")]);
	});

	it("puts everything back, and reversed again makes it anew (property)", () => {
		fc.assert(
			fc.property(histories, (made) => {
				const back = reverse(made);
				for (const [path, now] of files([...made, ...back])) assert.equal(now, null, path);
				const again = reverse(back);
				const real = (all: Map<string, FileState | null>) => new Map([...all].filter(([, now]) => now !== null));
				assert.deepEqual(real(files([...made, ...back, ...again])), real(files(made)));
				assert.deepEqual(reverse([...made, ...back]), []);
			}),
		);
	});
});

describe("isSameState", () => {
	it("compares bytes and mode, and knows a file that is not there", () => {
		assert.equal(isSameState(stateOf("1"), stateOf("1")), true);
		assert.equal(isSameState(null, null), true);
		for (const other of [stateOf("2"), { id: "1", mode: "link" } as const, null])
			assert.equal(isSameState(stateOf("1"), other), false);
	});
});

describe("renames among changes", () => {
	const EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
	const made = [
		changeOf("x/a", "1", null),
		changeOf("x/b", "1", null),
		changeOf("y/c", null, "1"),
		changeOf("y/b", null, "1"),
		changeOf("y/d", null, "1"),
		changeOf("one", EMPTY, null),
		changeOf("two", null, EMPTY),
		changeOf("same", "1", "1"),
	];
	const renames = [
		["x/b", "y/b"],
		["x/a", "y/c"],
	];

	it("are pairs of the same content, of the same name first, and never of empty files", () => {
		assert.deepEqual([...renamesIn(made)], renames);
	});

	it("are the same backwards, for the bar and for an undo", () => {
		const back = made.map(({ path, before, after }) => ({ path, before: after, after: before }));
		assert.deepEqual(
			[...renamesIn(back)],
			renames.map((pair) => pair.toReversed()),
		);
	});
});
