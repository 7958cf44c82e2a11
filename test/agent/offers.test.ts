import assert from "node:assert/strict";
import type { CommandLine } from "../../src/agent/commands/command-line.ts";
import { offersFor } from "../../src/agent/offers.ts";
import type { PlannedCall } from "../../src/agent/policy.ts";
import type { Mode } from "../../src/shared/event.ts";
import type { Grant } from "../../src/shared/rule.ts";

const line = (...programs: readonly (readonly [words: string, trouble?: string])[]): CommandLine => ({
	commands: programs.map(([words, trouble]) => ({ words: words.split(" "), ...(trouble && { trouble }) })),
});
const offers = (call: Omit<PlannedCall, "tool">, mode: Mode = "ask", grants: readonly Grant[] = []) =>
	offersFor({ tool: "X", ...call }, { mode, grants });
const ofCommand = (exec: string, command: CommandLine) => offers({ effects: [{ exec }], command });

describe("what is offered beyond one call", () => {
	it("is all edits for an edit, and nothing for several kinds at once, or for no effect", () => {
		assert.deepEqual(offers({ effects: [{ read: "a" }, { write: "a" }] }), [{ edits: true }]);
		assert.deepEqual(offers({ effects: [{ write: "a" }, { exec: "ls" }] }), []);
		assert.deepEqual(offers({ effects: [{ net: "https://a.example" }, { exec: "ls" }] }), []);
		assert.deepEqual(offers({ effects: [] }), []);
	});

	it("is nothing where the call would ask, or be refused, all the same", () => {
		assert.deepEqual(offers({ effects: [{ write: "a" }], recovered: true }), []);
		assert.deepEqual(offers({ effects: [{ exec: "npm test" }], recovered: true }), []);
		assert.deepEqual(offers({ effects: [{ write: "package.json" }] }), []);
		assert.deepEqual(offers({ effects: [{ write: "a" }, { write: ".git/hooks/x" }] }), []);
		assert.deepEqual(offers({ effects: [{ read: "keys/id_rsa" }] }), []);
		assert.deepEqual(offers({ effects: [{ read: ".env" }, { write: "a" }] }), []);
		assert.deepEqual(offers({ effects: [{ write: "/etc/hosts" }] }), []);
		assert.deepEqual(offers({ effects: [{ unknown: true }] }), []);
		assert.deepEqual(offers({ effects: [{ plan: true }] }, "plan"), []);
		assert.deepEqual(offers({ effects: [{ exec: "npm test" }] }, "plan"), []);
	});

	it("is the line to the letter, with its folder, then the words that say what the one program does", () => {
		const effects = [{ exec: "npm test -- -x | tail -5" }];
		const command = line(["npm test -- -x", "?"], ["tail -5"]);
		const words = { words: ["npm", "test"] };
		assert.deepEqual(offers({ effects, command }), [{ command: "npm test -- -x | tail -5" }, words]);
		assert.deepEqual(offers({ effects, command, cwd: "." }), [{ command: "npm test -- -x | tail -5" }, words]);
		assert.deepEqual(offers({ effects, command, cwd: "web" }), [
			{ command: "npm test -- -x | tail -5", cwd: "web" },
			words,
		]);
	});

	it("is the line alone where two programs would need it, where the words are all there is, and out of the grammar", () => {
		assert.deepEqual(ofCommand("npm test a && tsc b", line(["npm test a", "?"], ["tsc b", "?"])), [
			{ command: "npm test a && tsc b" },
		]);
		assert.deepEqual(ofCommand("npm test", line(["npm test", "?"])), [{ command: "npm test" }]);
		assert.deepEqual(ofCommand("git push x", line(["git push x", "?"])), [{ command: "git push x" }]);
		assert.deepEqual(ofCommand("x > y", { trouble: "It writes." }), [{ command: "x > y" }]);
	});

	it("is the origin for a fetch, also in Plan mode", () => {
		const effects = [{ net: "https://nodejs.org" }];
		for (const mode of ["ask", "trusted", "plan"] as const)
			assert.deepEqual(offers({ effects }, mode), [{ origin: "https://nodejs.org" }]);
	});
});
