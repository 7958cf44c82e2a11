import assert from "node:assert/strict";
import { readLine } from "../../../src/agent/commands/read-line.ts";
import { classes, trouble } from "./lines.ts";

const count = (verdict: string) =>
	classes.filter((each) => each.verdict === verdict).reduce((sum, { lines }) => sum + lines.length, 0);

describe("command lines", () => {
	it("are at least 400 that must ask and 80 that must not, each class once", () => {
		assert.ok(count("ask") >= 400, `${count("ask")} lines must ask`);
		assert.ok(count("allow") >= 80, `${count("allow")} lines must not ask`);
		assert.equal(count("ask") + count("allow"), classes.flatMap(({ lines }) => lines).length);
		assert.ok(classes.every(({ shells, lines, why }) => shells.length > 0 && lines.length > 0 && why !== ""));
		assert.equal(new Set(classes.map(({ name }) => name)).size, classes.length);
	});

	for (const { verdict, name, shells, why, lines } of classes)
		for (const shell of shells)
			if (verdict === "ask")
				it(`ask in ${shell} for ${name}, since ${why}`, () => {
					assert.deepEqual(
						lines.filter((line) => trouble(line, shell) === undefined),
						[],
					);
				});
			else
				it(`do not ask in ${shell} for ${name}`, () => {
					const asked = lines
						.map((line) => ({ line, why: trouble(line, shell) }))
						.filter(({ why }) => why !== undefined);
					assert.deepEqual(asked, []);
				});

	it("say in a sentence what was met", () => {
		const saying = classes.flatMap(({ lines, shells }) =>
			lines.flatMap((line) => shells.map((shell) => trouble(line, shell) ?? "Nothing.")),
		);
		assert.deepEqual(
			saying.filter((sentence) => !/^(?:[A-Z`].*|.* is secret or outside of the workspace)\.$/s.test(sentence)),
			[],
		);
	});

	it("give the words of each command without their quotes, and leave out harmless redirects", () => {
		assert.deepEqual(readLine('rg \'a b\' src 2>&1 | head -5 && echo "c\\"d" >/dev/null; pwd\n', "bash"), {
			commands: [["rg", "a b", "src"], ["head", "-5"], ["echo", 'c"d'], ["pwd"]],
		});
	});

	const sentences: readonly (readonly [string, string])[] = [
		["cat $(id)", "It uses `$(…)` or a backtick, which runs another command."],
		["ls > x", "It reads from a file or writes to one with `<` or `>`."],
		["a=b ls", "`a=b` is not the plain name or path of a program."],
		["find . -delete", "`find` is not known to only read with `-delete`."],
		["npm test", "`npm` is not known to only read with `test`."],
		["cd ..", "Where `cd ..` leads to is not known."],
	];
	for (const [line, sentence] of sentences)
		it(`say of \`${line}\`: ${sentence}`, () => assert.equal(trouble(line, "bash"), sentence));
});
