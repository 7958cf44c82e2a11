import assert from "node:assert/strict";
import fc from "fast-check";
import { readCommandRule, writeCommandRule } from "../../src/agent/command-rule.ts";
import "../fake/seed.ts";

describe("a rule for commands as a person writes it", () => {
	const rows: [string, unknown][] = [
		["npm test", { rule: { command: "npm test" } }],
		["  npm test ", { rule: { command: "npm test" } }],
		["npm test *", { rule: { words: ["npm", "test"] } }],
		["npm  run   build  *", { rule: { words: ["npm", "run", "build"] } }],
		["ls src/*", { rule: { command: "ls src/*" } }],
		["echo '*'", { rule: { command: "echo '*'" } }],
		["a\nb", { rule: { command: "a\nb" } }],
		["mytool *", { rule: { words: ["mytool"] } }],
	];
	for (const [written, read] of rows)
		it(`is read from ${JSON.stringify(written)}`, () => assert.deepEqual(readCommandRule(written), read));

	for (const written of [
		"",
		" ",
		"*",
		" * ",
		"git *",
		"bash *",
		"npm test && *",
		"npm test*",
		"env *",
		"a\nb *",
		"'npm' test *",
	])
		it(`is none in ${JSON.stringify(written)}, with the reason`, () => {
			const read = readCommandRule(written);
			assert.match("trouble" in read ? read.trouble : "", /\.$/);
		});

	it("is written as it would be read again, or not at all", () => {
		const word = fc.constantFrom("npm", "test", "*", "a b", "\n", "x", "", " ");
		const rule = fc.oneof(
			fc.array(word).map((words) => ({ command: words.join(" ") })),
			fc.array(fc.constantFrom("npm", "test", "x"), { minLength: 1 }).map((words) => ({ words })),
		);
		fc.assert(
			fc.property(rule, (one) => {
				const written = writeCommandRule(one);
				const read = written === undefined ? undefined : readCommandRule(written);
				if (read && "rule" in read) assert.deepEqual(read.rule, one);
				else if (read) assert.ok("words" in one);
			}),
		);
		assert.equal(writeCommandRule({ command: "npm test" }), "npm test");
		for (const other of [
			{ edits: true as const },
			{ command: "x", cwd: "web" },
			{ command: "rm *" },
			{ origin: "https://a.example" },
		])
			assert.equal(writeCommandRule(other), undefined);
	});
});
