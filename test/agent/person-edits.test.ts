import assert from "node:assert/strict";
import { personsDiff } from "../../src/agent/person-edits.ts";

describe("what the model is told of a person's change", () => {
	it("is the diff, and all of it where that is short", () => {
		assert.deepEqual(personsDiff("a\n", "b\n"), { text: "@@ -1,1 +1,1 @@\n-a\n+b", whole: true });
	});

	it("is that only line ends differ where nothing else does", () => {
		const ends = { text: "(Only line ends differ.)", whole: true };
		assert.deepEqual([personsDiff("a\r\nb\r\n", "a\nb\n"), personsDiff("a\nb", "a\r\nb")], [ends, ends]);
	});

	it("is not all of it where a line is too long to be told, in the first lines or after them", () => {
		const [a, b] = ["a".repeat(70_000), "b".repeat(70_000)];
		assert.deepEqual(personsDiff(a, b), {
			text: "(The lines that differ are too long to be told here.)",
			whole: false,
		});
		assert.equal(personsDiff(`one\n${a}`, `two\n${b}`).whole, false);
	});
});
