import assert from "node:assert/strict";
import fc from "fast-check";
import "../../fake/seed.ts";
import { Going } from "../../../src/node/checkpoints/going.ts";
import type { RestoreFile } from "../../../src/node/checkpoints/restore.ts";

const path = fc
	.array(fc.constantFrom("a", "A", "b", "aa", "ü", "Ü"), { minLength: 1, maxLength: 4 })
	.map((names) => names.join("/"));

const toDelete = (name: string): RestoreFile => ({
	path: name,
	kind: "clean",
	now: { id: "0".repeat(40), mode: "file" },
	to: null,
});
const names = (files: Iterable<RestoreFile>) => [...files].map((file) => file.path).sort();

/** As it is defined, by looking at all of them. */
function isInTheWay(one: string, of: string): boolean {
	const [other, name] = [one.toLowerCase(), of.toLowerCase()];
	return other === name || other.startsWith(`${name}/`) || name.startsWith(`${other}/`);
}

describe("files that a restore deletes", () => {
	it("are each taken once, by the first file that they are in the way of", () => {
		const property = fc.property(fc.uniqueArray(path), fc.array(path, { maxLength: 5 }), (paths, coming) => {
			const going = new Going(paths.map(toDelete));
			let left: readonly string[] = paths;
			for (const name of coming) {
				const taken = left.filter((each) => isInTheWay(each, name));
				assert.deepEqual(names(going.takeInTheWayOf(name)), taken.toSorted());
				left = left.filter((each) => !taken.includes(each));
			}
			assert.deepEqual(names(going.left), left.toSorted());
		});
		fc.assert(property);
	});

	it("are found among thousands", () => {
		const going = new Going(Array.from({ length: 5_000 }, (_, at) => toDelete(`d${at % 50}/f${at}`)));
		assert.deepEqual(names(going.takeInTheWayOf("D7/F1007/new")), ["d7/f1007"]);
		assert.equal(going.takeInTheWayOf("d7").length, 99);
		assert.equal(going.takeInTheWayOf("d7").length, 0);
		assert.equal([...going.left].length, 4_900);
	});
});
