import { AB, CB, CE, k2, leaked, type MarkupCase, READ, read0, readCall, recovered, SB, SE } from "./markup-words.ts";

/** Part A of the corpus of bad streams. */
export const k2Corpus: readonly MarkupCase[] = [
	{
		about: "K01 a call behind a text",
		sent: `I will look.${SB}${read0}${SE}`,
		expect: { text: "I will look.", calls: [{ ...readCall, id: "functions.read_file:0" }], repairs: recovered },
	},
	{
		about: "K02 two calls",
		sent: `${SB}${read0}${k2("functions.list_dir:1", '{"path":"src"}')}${SE}`,
		expect: { calls: [readCall, { tool: "list_dir", args: '{"path":"src"}' }], repairs: recovered },
	},
	{
		about: "K03 three tools, counted from 3",
		sent: `Now three.${SB}${k2("functions.read_file:3", READ)}${k2("functions.list_dir:4", "{}")}${k2("functions.run_command:5", '{"command":"ls -la"}')}${SE}`,
		expect: {
			text: "Now three.",
			calls: [
				{ ...readCall, id: "functions.read_file:3" },
				{ tool: "list_dir", args: "{}", id: "functions.list_dir:4" },
				{ tool: "run_command", args: '{"command":"ls -la"}', id: "functions.run_command:5" },
			],
			repairs: recovered,
		},
	},
	{
		about: "K04 blanks and line feeds around everything",
		sent: `${SB}\n ${CB} \n functions.read_file:0 \n${AB}\n ${READ} \n${CE}\n${SE}\n`,
		expect: { calls: [{ ...readCall, id: "functions.read_file:0" }], repairs: recovered },
	},
	{
		about: "K05 angle brackets in arguments",
		sent: `${SB}${k2("functions.run_command:0", '{"command":"echo \'<div>\' && cat < a > b"}')}${SE}`,
		expect: {
			calls: [{ tool: "run_command", args: '{"command":"echo \'<div>\' && cat < a > b"}' }],
			repairs: recovered,
		},
	},
	{
		about: "K06 pretty-printed arguments with a string that ends like them",
		sent: `${SB}${k2("functions.edit_file:0", '{\n  "path": "a.ts",\n  "old": "x",\n  "new": "{\\n}"\n}')}${SE}`,
		expect: {
			calls: [{ tool: "edit_file", args: '{\n  "path": "a.ts",\n  "old": "x",\n  "new": "{\\n}"\n}' }],
			repairs: recovered,
		},
	},
	{
		about: "K07 an id without functions.",
		sent: `${SB}${k2("read_file:0", READ)}${SE}`,
		expect: { calls: [{ ...readCall, id: "read_file:0" }], repairs: recovered },
	},
	{
		about: "K08 an id without a number",
		sent: `${SB}${k2("functions.read_file", READ)}${SE}`,
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "K09 no arguments in an object",
		sent: `${SB}${k2("functions.list_dir:0", "{}")}${SE}`,
		expect: { calls: [{ tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "K10 no arguments at all, and none needed",
		sent: `${SB}${k2("functions.list_dir:0", "")}${SE}`,
		expect: { calls: [{ tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "K10b no arguments at all, though some are needed: refused later",
		sent: `${SB}${k2("functions.read_file:0", "")}${SE}`,
		expect: { calls: [{ tool: "read_file", args: "" }], repairs: recovered },
	},
	{
		about: "K11 arguments that are no JSON",
		sent: `${SB}${k2("functions.read_file:0", '{"path": a.ts}')}${SE}`,
		expect: { calls: [{ tool: "read_file", args: '{"path": a.ts}' }], repairs: recovered },
	},
	{
		about: "K12 a string that never closes: the first marker ends it",
		sent: `${SB}${k2("functions.read_file:0", '{"path":"a.ts}')}${SE}`,
		expect: { calls: [{ tool: "read_file", args: '{"path":"a.ts}' }], repairs: recovered },
	},
	{
		about: "K12b the same before another call, which is whole",
		sent: `${SB}${k2("functions.read_file:0", '{"path":"a.ts}')}${k2("functions.read_file:1", READ)}${SE}`,
		expect: { calls: [{ tool: "read_file", args: '{"path":"a.ts}' }, readCall], repairs: recovered },
	},
	{
		about: "K13 a malformed id is no tool",
		sent: `${SB}${k2("functions.read_file.0", READ)}${SE}`,
		expect: { calls: [{ tool: "read_file_0", args: READ }], repairs: recovered },
	},
	{
		about: "K14 a bare counter means the only tool that fits",
		sent: `${SB}${k2("0", '{"path":"a","old":"b","new":"c"}')}${SE}`,
		expect: { calls: [{ tool: "edit_file", args: '{"path":"a","old":"b","new":"c"}' }], repairs: recovered },
	},
	{
		about: "K15 a bare counter that fits two tools means none",
		sent: `${SB}${k2("7", READ)}${SE}`,
		expect: { calls: [{ tool: "", args: READ }], repairs: recovered },
	},
	{
		about: "K16 noise in the section",
		sent: `${SB}\` now calling: \`${read0}${SE}`,
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "K17 an empty section",
		sent: `Just text.${SB}${SE}`,
		expect: { text: "Just text.", repairs: leaked },
	},
	{
		about: "K18 cut within the arguments",
		sent: `Edit.${SB}${CB}functions.edit_file:0${AB}{"path":"a.ts","old":"foo`,
		expect: {
			text: "Edit.",
			calls: [{ tool: "edit_file", args: '{"path":"a.ts","old":"foo' }],
			repairs: recovered,
			failure: "incomplete",
		},
	},
	{
		about: "K18b the same at the token limit",
		sent: `Edit.${SB}${CB}functions.edit_file:0${AB}{"path":"a.ts","old":"foo`,
		finish: "length",
		expect: {
			text: "Edit.",
			calls: [{ tool: "edit_file", args: '{"path":"a.ts","old":"foo' }],
			repairs: recovered,
			failure: "length",
		},
	},
	{
		about: "K19 cut within the name",
		sent: `${SB}${CB}functions.edi`,
		expect: { repairs: leaked, failure: "incomplete" },
	},
	{
		about: "K20 complete arguments, then nothing",
		sent: `${SB}${CB}functions.read_file:0${AB}${READ}`,
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "K20b the same at the token limit",
		sent: `${SB}${CB}functions.read_file:0${AB}${READ}`,
		finish: "length",
		expect: { calls: [readCall], repairs: recovered, failure: "length" },
	},
	{
		about: "K21 what follows the section is no part of the answer",
		sent: `${SB}${read0}${SE}done!`,
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "K22 the section in the singular",
		sent: `<|tool_call_section_begin|>${read0}<|tool_call_section_end|>`,
		expect: { calls: [readCall], repairs: recovered },
	},
];
