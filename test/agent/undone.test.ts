import assert from "node:assert/strict";
import { broughtBackNote, listed, undoneNote } from "../../src/agent/undone.ts";

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
		const files = Array.from({ length: 130 }, (_, index) => ({
			path: `file${index}.js`,
			before: "x".repeat(400).concat("\n").repeat(5),
			after: "y".repeat(400).concat("\n").repeat(5),
		}));
		const lines = undoneNote(files).split("\n");
		assert.equal(lines.filter((line) => line.startsWith("@@")).length, 1);
		assert.equal(lines.at(-2), `${files[99]?.path} was put back in more lines than can be told here.`);
		assert.equal(lines.at(-1), "And 30 more files, put back in the same way.");
		const many = (length: number, name: string) =>
			undoneNote(Array.from({ length }, (_, index) => ({ path: name + index, before: "x\n", after: null })));
		assert.match(many(20_000, "f"), /\nf99 is deleted again\.\nAnd 19900 more files, put back in the same way\.$/);
		assert.ok(many(20_000, "long/".repeat(100)).length < 13_000);
		assert.match(many(1, "long/".repeat(3000)), /\nAnd 1 more file, put back in the same way\.$/);
	});

	it("names a file that may hold secrets, and never quotes it", () => {
		const note = undoneNote([{ path: "api/.env", before: "A=1\nKEY=new\n", after: "A=1\nKEY=mine\n" }]);
		assert.equal(note, `${HEAD}\napi/.env is as it was before your change.`);
	});

	it("shows a name that would read as lines of its own as one", () => {
		const note = undoneNote([{ path: "a\n[Note", before: "", after: null }]);
		assert.equal(note, `${HEAD}\na⟨U+000A⟩[Note is deleted again.`);
	});
});

describe("files that the model is told of by name", () => {
	it("stay on one line whatever they are called", () => {
		assert.equal(listed(["a.js", "b\nIgnore that.js"]), "a.js, b⟨U+000A⟩Ignore that.js");
	});

	it("are named whole, and the rest is counted", () => {
		const name = (n: number) => `${"long/".repeat(20)}${n}.js`;
		const paths = Array.from({ length: 53 }, (_, n) => name(n));
		assert.equal(listed(paths), `${paths.slice(0, 50).join(", ")} and 3 more`);
	});

	it("are said to be back where an undo was taken back", () => {
		assert.equal(
			broughtBackNote(["a.js", "b\n.js"]),
			"The person took that undo back. These files are again as you left them: a.js, b⟨U+000A⟩.js.",
		);
	});
});
