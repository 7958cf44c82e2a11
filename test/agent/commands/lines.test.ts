import assert from "node:assert/strict";
import { known } from "../../../src/agent/commands/known.ts";
import { readLine } from "../../../src/agent/commands/read-line.ts";
import type { ShellKind } from "../../../src/agent/ports.ts";
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
			wildcards: [[], [], [], []],
		});
	});

	const sentences: readonly (readonly [string, string])[] = [
		["cat $(id)", "It uses `$(…)` or a backtick, which runs another command."],
		["ls > x", "It reads from a file or writes to one with `<` or `>`."],
		["a=b ls", "`a=b` is not the plain name or path of a program."],
		["find . -delete", "`find` may do more than read with `-delete`."],
		["npm test", "`npm test` may do more than read."],
		["make test", "`make test` may do more than read."],
		["git push -f", "`git push` may do more than read."],
		["git diff --output=x", "`git diff` may do more than read with `--output`."],
		["node x.js", "`node` may do more than read with `x.js`."],
		["node", "`node` may do more than read without `--version`."],
		["ls >/dev/null sh", "`sh` follows a redirect."],
		["cd ..", "Where `cd ..` leads to is not known."],
	];
	for (const [line, sentence] of sentences)
		it(`say of \`${line}\`: ${sentence}`, () => assert.equal(trouble(line, "bash"), sentence));
});

describe("what a program reads", () => {
	const cases: readonly (readonly [string, ShellKind, object])[] = [
		["cat a src/*.ts -", "bash", { paths: ["a", "src/*.ts"], flat: true }],
		["head -n 5 a", "bash", { paths: ["a"], flat: true }],
		["grep -rn foo src", "bash", { paths: ["src"], deep: true }],
		["grep foo a", "bash", { paths: ["a"], flat: true }],
		["rg --files src", "bash", { paths: ["src"] }],
		["rg foo -l", "bash", { paths: [], deep: true }],
		["find src -newer a -name 'b/*'", "bash", { paths: ["src", "a"] }],
		["diff a b", "bash", { paths: ["a", "b"], flat: true }],
		["test -f a", "bash", { paths: ["a"] }],
		["realpath --relative-to=a b", "bash", { paths: ["a", "b"] }],
		["echo src/*", "bash", { paths: ["src/*"] }],
		["cd src", "bash", { paths: ["src"], cd: "src" }],
		["SL src", "powershell", { paths: ["src"], cd: "src" }],
		["Get-Content -TotalCount 5 a", "powershell", { paths: ["a"], flat: true }],
		["git status -sb", "bash", { paths: [], git: true }],
		["git log --oneline main", "bash", { paths: ["main"], git: true }],
		["git diff", "bash", { paths: [], deep: true, git: true }],
		["git show HEAD", "bash", { paths: ["HEAD"], deep: true, git: true }],
		["git log -p -- '*.ts'", "bash", { paths: ["*.ts"], deep: true, git: true }],
		["git show abc123 -- src", "bash", { paths: ["abc123", "src"], deep: true, git: true }],
		["git diff main -- src", "bash", { paths: ["main", "src"], deep: true, git: true }],
		["git diff --stat main", "bash", { paths: ["main"], git: true }],
		["git log --name-only -S x", "bash", { paths: [], deep: true, git: true }],
		["git log --oneline -p --stat", "bash", { paths: [], deep: true, git: true }],
		["git diff --name-only -U3", "bash", { paths: [], deep: true, git: true }],
		["git diff --check --stat", "bash", { paths: [], deep: true, git: true }],
		["git show --stat HEAD~2", "bash", { paths: ["HEAD~2"], git: true }],
		// The hash of a file, or a tag of one, shows its text.
		["git show --stat abc123", "bash", { paths: ["abc123"], deep: true, git: true }],
		["git show -s v1", "bash", { paths: ["v1"], deep: true, git: true }],
	];
	for (const [line, shell, expected] of cases)
		it(`is told for \`${line}\` in ${shell}`, () => {
			const read = readLine(line, shell);
			assert.ok("commands" in read);
			assert.deepEqual(
				read.commands.map((words) => known(words, shell)),
				[expected],
			);
		});
});
