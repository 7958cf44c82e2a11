import assert from "node:assert/strict";
import { replaceLines } from "../../src/agent/hunks.ts";
import { markedHunks, withEndsOf } from "../../src/vscode/review/marks.ts";

const text = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

describe("marks on hunks", () => {
	const left = text("a", "b", "c", "d", "e", "f", "g");
	const right = text("a", "X", "c", "X", "e", "X", "g");
	/** The one in the middle of three hunks with other lines before and the same after. */
	const marked = markedHunks(left, right, []).map((hunk, index) => ({ ...hunk, accepted: index === 1 }));
	const accepted = (now: string) => markedHunks(left, now, marked).map((hunk) => hunk.accepted);

	it("stay on their hunks while lines are added and other hunks go", () => {
		assert.deepEqual(accepted(`new\n${right}`), [false, false, true, false]);
		assert.deepEqual(accepted(text("a", "b", "c", "X", "e", "X", "g")), [true, false]);
		assert.deepEqual(accepted(text("a", "X", "c", "X", "e", "f", "g")), [false, true]);
	});

	it("go with a hunk whose lines change, and do not come to another one", () => {
		assert.deepEqual(accepted(text("a", "X", "c", "Y", "e", "X", "g")), [false, false, false]);
		assert.deepEqual(accepted(left), []);
	});

	it("tell equal hunks apart by their order", () => {
		const before = text("a", "1", "a", "1", "a", "1");
		const after = text("a", "2", "a", "2", "a", "2");
		const known = markedHunks(before, after, []).map((hunk, index) => ({ ...hunk, accepted: index === 2 }));
		const [first] = known;
		const now = first ? replaceLines(after, first.after, before, first.before) : "";
		assert.deepEqual(
			markedHunks(before, now, known).map((hunk) => hunk.accepted),
			[false, true],
		);
	});
});

describe("the line ends of a document's text", () => {
	it("are carriage returns alone where the lines have those", () => {
		assert.equal(withEndsOf("a\nb\nX\n", ["a\rb\nx\n", "a\rb\nx\n"]), "a\rb\nX\n");
		assert.equal(withEndsOf("a\nb", ["a\rb"]), "a\rb");
	});

	it("are those of the lines where they come from, and its own for what was typed", () => {
		const proposal = "one\r\ntwo\nTHREE\r\nfour";
		const file = "one\r\ntwo\nthree\nfour";
		assert.equal(withEndsOf("one\ntwo\nTHREE\nfour", [proposal, file]), proposal);
		assert.equal(withEndsOf("one\r\ntwo\r\nthree\r\nfour", [proposal, file]), file);
		assert.equal(withEndsOf("one\ntyped\ntwo\nthree\nfour\n", [proposal, file]), "one\r\ntyped\ntwo\nthree\nfour\n");
	});
});
