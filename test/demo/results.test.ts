import assert from "node:assert/strict";
import { definingFile, fileText, functionNamed, testRun, verdictOf } from "../../demo/results.ts";

describe("the scripted demo, reading results", () => {
	it("tells how a call went from the agent's words", () => {
		const cases = [
			["Edited src/a.js: 2 replacements.", { kind: "done" }],
			[
				"The person rejected this call; nothing was changed or run. Their reason: no loops,\nplease",
				{ kind: "rejected", reason: "no loops,\nplease" },
			],
			[
				"The person rejected this call; nothing was changed or run. They gave no reason; ask if you need one.",
				{ kind: "rejected", reason: "" },
			],
			["Not allowed: Plan mode reads only.", { kind: "denied", words: "Not allowed: Plan mode reads only." }],
			["old_string was not found in a.js.", { kind: "failed", words: "old_string was not found in a.js." }],
			["\nNo folder is open.", { kind: "failed", words: "No folder is open." }],
		] as const;
		assert.deepEqual(
			cases.map(([text]) => verdictOf(text)),
			cases.map(([, verdict]) => verdict),
		);
	});

	it("takes a file's text out of numbered lines and leaves notes around them", () => {
		assert.equal(fileText("     1\ta\n     2\t\tb\t\n\n(2 lines)"), "a\n\tb\t");
		assert.equal(fileText("     9→a\n    10→  b"), "a\n  b");
		assert.equal(fileText("plain\ntext"), "plain\ntext");
		assert.equal(fileText("File not found: a.js"), undefined);
		assert.equal(fileText(""), undefined);
	});

	it("reads the TAP reporter's summary, names and mismatch", () => {
		const output = [
			"ok 1 - fine",
			"not ok 2 - addItem adds",
			"  location: '/tmp/x/test/cart.test.js:3:1'",
			"  expected: 2",
			"  actual: 3",
			"# pass 1",
			"# fail 1",
		].join("\n");
		assert.deepEqual(testRun(output), {
			pass: 1,
			fail: 1,
			failing: ["addItem adds"],
			actual: "3",
			expected: "2",
			file: "test/cart.test.js",
		});
	});

	it("reads the spec reporter's summary in colour, each failing test once", () => {
		const output = [
			"\u001b[31m✖ addItem adds (0.5ms)\u001b[39m",
			"\u001b[34mℹ pass 1\u001b[39m",
			"\u001b[34mℹ fail 1\u001b[39m",
			"✖ failing tests:",
			"test at test/cart.test.js:3:1",
			"✖ addItem adds (0.5ms)",
			"  3 !== 2",
			"    actual: 3,",
			"    expected: 2,",
		].join("\n");
		assert.deepEqual(testRun(output), {
			pass: 1,
			fail: 1,
			failing: ["addItem adds"],
			actual: "3",
			expected: "2",
			file: "test/cart.test.js",
		});
	});

	it("knows nothing from output without a summary", () => {
		assert.equal(testRun("npm error Missing script: test"), undefined);
	});

	it("finds the file that defines a function, in content and in file mode, and leaves tests out", () => {
		const content = "test/a.test.js:1:function add() {}\nsrc/b.js:2:add();\nsrc/a.js:9:export function add() {";
		assert.equal(definingFile(content, "add"), "src/a.js");
		assert.equal(definingFile("test/a.test.js\nsrc/a.js", "add"), "src/a.js");
		assert.equal(definingFile("No matches.", "add"), undefined);
	});

	it("takes the function from a test's name", () => {
		assert.equal(functionNamed("discountFor rounds once"), "discountFor");
		assert.equal(functionNamed("rounds once"), undefined);
	});
});
