import assert from "node:assert/strict";
import { filledIn, isKnown, mapTexts, textsOf, variablesOf } from "../../../src/vscode/mcp/variables.ts";

const around = { folder: "/w/shop", home: "/home/ada", env: { TOKEN: "t0", EVIL: "${" + "input:key}" } };
const $ = (name: string) => `\${${name}}`;
const fill = (text: string, inputs = {}) => filledIn(text, around, inputs);

describe("variables in a file with MCP servers", () => {
	it("stand for the folder, the home, the environment and what the person typed", () => {
		const text = `${$("workspaceFolder")}/x ${$("userHome")} ${$("env:TOKEN")}${$("env:NONE")} ${$("input:key")}`;
		assert.equal(fill(text, { key: "k1" }), "/w/shop/x /home/ada t0 k1");
	});

	it("are filled in once: what a value holds is a text, so that no value can ask for another", () => {
		assert.equal(fill($("env:EVIL"), { key: "secret" }), $("input:key"));
		assert.equal(fill($("input:key"), { key: $("env:TOKEN"), other: "x" }), $("env:TOKEN"));
		assert.equal(fill($("input:key"), { key: "$& $1 $$" }), "$& $1 $$");
	});

	it("of names that objects have by themselves are no values", () => {
		assert.equal(fill($("input:constructor")), $("input:constructor"));
		assert.equal(fill($("input:toString")), $("input:toString"));
	});

	it("are found in every text of a server, each once; those of VS Code's commands and settings are not known", () => {
		const config = {
			type: "stdio",
			command: $("command:run"),
			args: [$("env:A"), $("env:A")],
			env: { X: `a${$("input:key")}b` },
			cwd: $("workspaceFolder"),
		} as const;
		const found = variablesOf(textsOf(config));
		assert.deepEqual(
			found.map((one) => [one.kind, one.of, isKnown(one)]),
			[
				["command", "run", false],
				["env", "A", true],
				["input", "key", true],
				["workspaceFolder", "", true],
			],
		);
		for (const strange of ["config:a.b", "env", "input", "workspaceFolder:other", "file"])
			assert.deepEqual(variablesOf([$(strange)]).map(isKnown), [false], strange);
	});

	it("are filled in everywhere but in names", () => {
		const http = { type: "http", url: $("env:A"), headers: { [$("env:A")]: $("env:A") } } as const;
		assert.deepEqual(
			mapTexts(http, () => "x"),
			{ type: "http", url: "x", headers: { [$("env:A")]: "x" } },
		);
	});
});
