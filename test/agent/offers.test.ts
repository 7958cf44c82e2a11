import assert from "node:assert/strict";
import type { CommandLine } from "../../src/agent/commands/command-line.ts";
import { offersFor } from "../../src/agent/offers.ts";

const line = (...programs: readonly (readonly [words: string, trouble?: string])[]): CommandLine => ({
	commands: programs.map(([words, trouble]) => ({ words: words.split(" "), ...(trouble && { trouble }) })),
});
const ofCommand = (exec: string, command: CommandLine) => offersFor({ effects: [{ exec }], command });

describe("what is offered beyond one call", () => {
	it("is all edits for an edit, and nothing for a read, for several kinds at once, or for no effect", () => {
		assert.deepEqual(offersFor({ effects: [{ read: "a" }, { write: "a" }] }), [{ edits: true }]);
		assert.deepEqual(offersFor({ effects: [{ read: "a" }] }), []);
		assert.deepEqual(offersFor({ effects: [{ write: "a" }, { exec: "ls" }] }), []);
		assert.deepEqual(offersFor({ effects: [] }), []);
	});

	it("is nothing for a call that was read from leaked text", () => {
		assert.deepEqual(offersFor({ effects: [{ write: "a" }], recovered: true }), []);
	});

	it("is the line to the letter, then the words that say what the one program does", () => {
		const offers = ofCommand("npm test -- --grep x | tail -5", line(["npm test -- --grep x", "?"], ["tail -5"]));
		assert.deepEqual(offers, [{ command: "npm test -- --grep x | tail -5" }, { words: ["npm", "test"] }]);
		assert.deepEqual(ofCommand("make -j4", line(["make -j4", "?"])), [{ command: "make -j4" }, { words: ["make"] }]);
	});

	it("is the line alone where two programs would need it, where the words are all there is, and out of the grammar", () => {
		assert.deepEqual(ofCommand("a b && c d", line(["a b", "?"], ["c d", "?"])), [{ command: "a b && c d" }]);
		assert.deepEqual(ofCommand("npm test", line(["npm test", "?"])), [{ command: "npm test" }]);
		assert.deepEqual(ofCommand("x > y", { trouble: "It writes." }), [{ command: "x > y" }]);
	});
});
