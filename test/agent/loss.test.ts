import assert from "node:assert/strict";
import { lossOf } from "../../src/agent/loss.ts";

const lines = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, at) => `line ${from + at}\n`).join("");
const json = (size: number) => JSON.stringify({ a: "x".repeat(size) });

describe("the caution about what a change drops", () => {
	const cases: readonly [name: string, before: string, after: string, expected: string | undefined][] = [
		["most lines of a file", lines(0, 30), lines(0, 14), "This drops 16 of the file's 30 lines of text."],
		["half of the lines", lines(0, 30), lines(0, 15), undefined],
		["lines that only moved", lines(0, 30), lines(15, 30) + lines(0, 15), undefined],
		["all of a file of a few short lines", lines(0, 20), "", undefined],
		["most of one long line", json(9992), json(2), "This drops 9990 of the file's 10000 characters."],
		[
			"most of a few long lines",
			`${json(3992)}\n`.repeat(3),
			json(92),
			"This drops 11903 of the file's 12003 characters.",
		],
		["a long line that is another one", json(9000), `[${json(8000)}]`, undefined],
		["a long line that becomes many", json(9000), lines(0, 1000), undefined],
	];
	for (const [name, before, after, expected] of cases)
		it(`${expected === undefined ? "is not given" : "is given"} for ${name}`, () => {
			assert.equal(lossOf(before, after), expected);
		});
});
