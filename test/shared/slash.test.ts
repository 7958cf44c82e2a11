import assert from "node:assert/strict";
import { findSlash, matchingSlash, readSlash, type SlashRow } from "../../src/shared/slash.ts";

const rows: readonly SlashRow[] = ["new", "compact", "commit", "Own-one"].map((name) => ({ name, about: "" }));

describe("commands in the composer", () => {
	it("are read with what follows their name, over several lines", () => {
		assert.deepEqual(readSlash("  /plan  a b\nc \n"), { name: "plan", rest: "a b\nc" });
		assert.deepEqual(readSlash("/plan\nnext line"), { name: "plan", rest: "next line" });
		assert.deepEqual(readSlash("/new"), { name: "new", rest: "" });
	});

	for (const text of ["/etc/hosts says", "/", "/ new", "//new", "/-x", "a /new", "/new!", "", "\\/new"])
		it(`are not taken from other words: ${JSON.stringify(text)}`, () => assert.equal(readSlash(text), undefined));

	it("are found whatever the case of their letters, by their whole name only", () => {
		assert.equal(findSlash(rows, "own-ONE")?.name, "Own-one");
		assert.equal(findSlash(rows, "comp"), undefined);
	});

	it("are listed while their name is typed: those that begin so, then those that have it somewhere", () => {
		const names = (text: string) => matchingSlash(rows, text).map(({ name }) => name);
		assert.deepEqual(names("/"), ["new", "compact", "commit", "Own-one"]);
		assert.deepEqual(names("/COM"), ["compact", "commit"]);
		assert.deepEqual(names("/o"), ["Own-one", "compact", "commit"]);
		for (const text of ["", "x", "/nothing", "/new ", " /new", "/new x", "/a/b"])
			assert.deepEqual(names(text), [], text);
	});
});
