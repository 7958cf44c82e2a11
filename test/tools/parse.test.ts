import assert from "node:assert/strict";
import fc from "fast-check";
import { tools } from "../../src/tools/index.ts";
import { findJsonTrouble } from "../../src/tools/json.ts";
import { nearest } from "../../src/tools/nearest.ts";
import { parseArgs, unknownTool } from "../../src/tools/parse.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";

const tool = (name: string) => tools.find((each) => each.name === name)!;

function message(name: string, args: string): string {
	const parsed = parseArgs(tool(name), args);
	assert.ok(!parsed.ok, `${args} was accepted`);
	return parsed.message;
}

describe("parseArgs", () => {
	it("gives what the schema gives for arguments that fit", () => {
		assert.deepEqual(parseArgs(tool("Read"), ' {"path":"a","limit":5}\n'), {
			ok: true,
			input: { path: "a", limit: 5 },
		});
	});
	it("accepts any order of keys and escapes", () => {
		const parsed = parseArgs(tool("Edit"), '{"new_string":"\\u00e9\\n","path":"a","old_string":"\\"x\\""}');
		assert.deepEqual(parsed, { ok: true, input: { path: "a", old_string: '"x"', new_string: "é\n" } });
	});
	it("refuses no arguments at all when some are required", () => {
		assert.equal(message("Read", ""), "Read was not run. `path` is missing: give a string (File to read).");
		assert.match(message("Bash", "  "), /^Bash was not run\. `command` is missing/);
	});

	const malformed: readonly [name: string, args: string, expected: RegExp][] = [
		["a bare word", '{"path": a.ts}', /not valid JSON: at character 10, near .* a value was expected/],
		["a cut string", '{"path":"a', /after 10 characters it ends inside of a string/],
		["a cut object", '{"path":"a"', /after 11 characters it ends too early/],
		["a trailing comma", '{"path":"a",}', /at character 13, .* a key in double quotes was expected/],
		["single quotes", "{'path':'a'}", /at character 2, .* a key in double quotes/],
		["two objects glued together", '{"path":"a"}{"path":"b"}', /at character 13, .* more text after the end/],
		["text after the object", '{"path":"a"} ok', /at character 14/],
		["a code fence", '```json\n{"path":"a"}\n```', /at character 1,/],
		["a bare line break in a string", '{"path":"a\nb"}', /at character 11, .* bare line break/],
		["a bad escape", '{"path":"a\\d"}', /at character 11, .* literal backslash/],
		["a missing colon", '{"path" "a"}', /at character 9, .* a colon was expected/],
		["a missing comma", '{"path":"a" "limit":1}', /at character 13, .* a comma or `}` was expected/],
		["a leading zero", '{"path":"a","limit":01}', /at character 22/],
		["Python's words", '{"path":"a","x":True}', /at character 17/],
		["endless nesting", "[".repeat(5000), /nested too deeply/],
	];
	for (const [name, args, expected] of malformed)
		it(`refuses ${name} and says where`, () => assert.match(message("Read", args), expected));

	const misfits: readonly [name: string, tool: string, args: string, expected: string][] = [
		["a list", "Read", "[]", "The arguments of Read must be one JSON object, not a list."],
		["a doubly quoted object", "Read", '"{}"', 'The arguments of Read must be one JSON object, not the string "{}".'],
		["null", "Read", "null", "The arguments of Read must be one JSON object, not null."],
		[
			"a number in quotes",
			"Read",
			'{"path":"a","offset":"3"}',
			'Read was not run. `offset` must be a whole number, not the string "3".',
		],
		["a fraction", "Read", '{"path":"a","offset":1.5}', "Read was not run. `offset` must be a whole number, not 1.5."],
		["a number too small", "Read", '{"path":"a","offset":0}', "Read was not run. `offset` must be at least 1, not 0."],
		[
			"a number too big",
			"Bash",
			'{"command":"a","timeout":601}',
			"Bash was not run. `timeout` must be at most 600, not 601.",
		],
		[
			"null for an optional key",
			"Read",
			'{"path":"a","limit":null}',
			"Read was not run. `limit` is null: give a whole number, or leave it out if it is optional.",
		],
		[
			"an unknown key that is like a known one",
			"Read",
			'{"path":"a","ofset":1}',
			"Read was not run. `ofset` is no argument: did you mean `offset`?",
		],
		[
			"an unknown key",
			"Write",
			'{"path":"a","content":"","mode":"x"}',
			"Write was not run. `mode` is no argument: it takes `path`, `content`.",
		],
		[
			"an unknown key inside of a list",
			"Edit",
			'{"path":"a","edits":[{"old_string":"a","new_string":"b","all":true}]}',
			"Edit was not run. `all` is no argument of `edits[0]`: it takes `old_string`, `new_string`, `replace_all`.",
		],
		[
			"a missing key inside of a list",
			"Edit",
			'{"path":"a","edits":[{"old_string":"a"}]}',
			"Edit was not run. `edits[0].new_string` is missing: give a string.",
		],
		[
			"a word outside of its list",
			"Todo",
			'{"items":[{"title":"a","status":"doing"}]}',
			'Todo was not run. `items[0].status` must be one of "pending", "in_progress", "done", not the string "doing".',
		],
		[
			"the key __proto__",
			"Read",
			'{"path":"a","__proto__":{}}',
			"Read was not run. `__proto__` is no argument: it takes `path`, `offset`, `limit`.",
		],
	];
	for (const [name, toolName, args, expected] of misfits)
		it(`refuses ${name}`, () => assert.equal(message(toolName, args), expected));

	it("never throws and never accepts what JSON does not, whatever is sent", () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.json()), (args) => {
				const parsed = parseArgs(tool("Read"), args);
				if (parsed.ok) JSON.parse(args);
			}),
		);
	});
	it("finds a position in every text that JSON.parse refuses, and none in those it takes", () => {
		const broken = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([json, at, text]) => {
			const cut = at % (json.length + 1);
			return json.slice(0, cut) + text + json.slice(cut + text.length);
		});
		fc.assert(
			fc.property(fc.oneof(fc.json(), broken), (text) => {
				let valid = true;
				try {
					JSON.parse(text);
				} catch {
					valid = false;
				}
				const trouble = findJsonTrouble(text);
				assert.equal(trouble === undefined, valid, text);
				if (trouble) assert.ok(trouble.at >= 0 && trouble.at <= text.length);
			}),
			{ numRuns: 500 },
		);
	});
});

describe("unknownTool", () => {
	const guesses: readonly [name: string, guess: string][] = [
		["read", "Read"],
		["Raed", "Read"],
		["read_file", "Read"],
		["ReadFile", "Read"],
		["StrReplaceFile", "Edit"],
		["str_replace", "Edit"],
		["apply_patch", "Edit"],
		["edit_notebook_cell", "NotebookEdit"],
		["run_command", "Bash"],
		["Shell", "Bash"],
		["search_files", "Grep"],
		["list_dir", "Glob"],
		["SetTodoList", "Todo"],
		["update_plan", "Todo"],
		["create_file", "Write"],
		["functions.Bash", "Bash"],
	];
	for (const [name, guess] of guesses)
		it(`answers ${name} with ${guess}`, () => {
			assert.equal(
				unknownTool(name, tools),
				`There is no tool "${name}". Did you mean ${guess}? The tools are: Ask, Bash, BashOutput, Edit, Fetch, Glob, Grep, KillBash, NotebookEdit, Plan, Read, Task, Todo, Write.`,
			);
		});
	it("names the tools without a guess when none is near", () => {
		const expected =
			'There is no tool "zzzzzz". The tools are: Ask, Bash, BashOutput, Edit, Fetch, Glob, Grep, KillBash, NotebookEdit, Plan, Read, Task, Todo, Write.';
		assert.equal(unknownTool("zzzzzz", tools), expected);
	});
	it("suggests only tools that exist", () => {
		assert.equal(unknownTool("Shell", [tool("Read")]), 'There is no tool "Shell". The tools are: Read.');
	});
	it("shows an overlong or odd name quoted and cut", () => {
		assert.match(unknownTool(`a"\n${"x".repeat(500)}`, tools), /^There is no tool "a\\"\\nx{97}"\. The tools/);
	});
});

describe("createToolbox", () => {
	const toolbox = createToolbox(tools);
	it("takes a call that fits", () => {
		const taken = toolbox.take("Read", '{"path":"a"}');
		assert.deepEqual(taken, { tool: tool("Read"), input: { path: "a" } });
	});
	it("refuses a tool in another letter case rather than guessing", () => {
		const taken = toolbox.take("read", '{"path":"a"}');
		assert.ok("refused" in taken && taken.refused.includes("Did you mean Read?"));
	});
	it("refuses names of every object's members", () => {
		for (const name of ["constructor", "__proto__", "toString", ""]) assert.ok("refused" in toolbox.take(name, "{}"));
	});
});

describe("nearest", () => {
	it("puts the most alike first and leaves out what is not alike", () => {
		assert.deepEqual(nearest("cart.js", ["card.js", "cart.ts", "zebra.md", "Cart.js"], 3), [
			"Cart.js",
			"card.js",
			"cart.ts",
		]);
	});
	it("finds nothing for nothing", () => assert.deepEqual(nearest("abc", [], 3), []));
});
