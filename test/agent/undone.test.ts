import assert from "node:assert/strict";
import { undoneNote } from "../../src/agent/undone.ts";

const HEAD =
	"The person reviewed your changes and undid these. Do not make them again unless they ask; read a file again before you edit it.";

describe("what the model is told of undone changes", () => {
	it("names each file, and shows the lines where there is text on both sides", () => {
		const note = undoneNote([
			{ path: "a.js", before: "one\ntwo\n", after: "one\n2\n" },
			{ path: "new.js", before: "new\n", after: null },
			{ path: "gone.js", before: null, after: "gone\n" },
			{ path: "image.png", before: undefined, after: undefined },
			{ path: "run.sh", before: "same\n", after: "same\n" },
		]);
		assert.equal(
			note,
			[
				HEAD,
				"a.js, from what it was (-) to what it is now (+):",
				"@@ -1,2 +1,2 @@",
				" one",
				"-two",
				"+2",
				"new.js is deleted again.",
				"gone.js is there again, as it was before your change.",
				"image.png is as it was before your change.",
				"run.sh is as it was before your change.",
			].join("\n"),
		);
	});

	it("stays short, however much was undone", () => {
		const files = Array.from({ length: 100 }, (_, index) => ({
			path: `file${index}.js`,
			before: "x".repeat(400).concat("\n").repeat(5),
			after: "y".repeat(400).concat("\n").repeat(5),
		}));
		const lines = undoneNote(files).split("\n");
		assert.equal(lines.filter((line) => line.endsWith("in more lines than can be told here.")).length, 99);
		assert.equal(lines.filter((line) => line.startsWith("@@")).length, 1);
	});
});
