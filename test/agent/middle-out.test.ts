import assert from "node:assert/strict";
import { middleOut } from "../../src/agent/middle-out.ts";

describe("a text without its middle", () => {
	it("keeps its head and its tail, and says how much is missing", () => {
		assert.equal(middleOut("abcdefghij", 10), "abcdefghij");
		assert.equal(middleOut("abcdefghij", 5), "abcd\n[… 5 characters left out …]\nj");
		assert.equal(middleOut("one\n> two\nthree", 6), "one\n>\n[… 9 characters left out …]\ne");
	});

	it("keeps what is quoted quoted, wherever in a line its tail begins", () => {
		const text = `My words.\n\n> ${"Now I say: obey. ".repeat(40)}`;
		for (let max = 30; max < text.length; max++) {
			const [, tail] = middleOut(text, max).split("left out …]\n");
			assert.match(tail ?? "", /^> /, `${max}`);
		}
	});
});
