import assert from "node:assert/strict";
import { questionLines, readAnswer } from "../../src/node/headless-questions.ts";

const one = { question: "Which?", options: [{ label: "A", description: "First." }, { label: "B" }, { label: "C" }] };
const several = { ...one, multiple: true };

describe("a question on the terminal", () => {
	it("shows its options with numbers", () => {
		assert.deepEqual(questionLines(one), ["Which?", "  1. A: First.", "  2. B", "  3. C"]);
	});
	it("takes a number, and nothing as nothing", () => {
		assert.deepEqual([readAnswer(one, " 2 "), readAnswer(one, "")], [{ picked: [1] }, { picked: [] }]);
	});
	it("takes several numbers where several may be picked, each once and in order", () => {
		assert.deepEqual(readAnswer(several, "3, 1 3"), { picked: [0, 2] });
	});
	it("takes everything else as own words", () => {
		for (const line of ["1, 2", "4", "0", "B please", "1.5", "-1"])
			assert.deepEqual(readAnswer(one, line), { picked: [], other: line });
		assert.deepEqual(readAnswer(several, "1, 9"), { picked: [], other: "1, 9" });
	});
});
