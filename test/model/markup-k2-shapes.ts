import { AB, CB, CE, k2, leaked, type MarkupCase, READ, read0, readCall, recovered, SB, SE } from "./markup-words.ts";

const aboutKimi = JSON.stringify({
	path: "k.md",
	old: `${SB}${CB}a:0${AB}{"b":1}${CE}${SE}`,
	new: `</think>${CE}\\"${SE}`,
});

export const k2Shapes: readonly MarkupCase[] = [
	{
		about: "a file about Kimi can be edited",
		sent: `${SB}${k2("functions.edit_file:0", aboutKimi)}${SE}`,
		expect: { calls: [{ tool: "edit_file", args: aboutKimi }], repairs: recovered },
	},
	{
		about: "a call without its section",
		sent: `Look.${read0}`,
		expect: { text: "Look.", calls: [readCall], repairs: recovered },
	},
	{
		about: "two calls without their section",
		sent: `Look. ${read0}\n${k2("functions.list_dir:1", "{}")}`,
		expect: { text: "Look. ", calls: [readCall, { tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "calls in two sections",
		sent: `${SB}${read0}${SE}\n${SB}${k2("functions.list_dir:1", "{}")}${SE}`,
		expect: { calls: [readCall, { tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "no end of the call before the next",
		sent: `${SB}${CB}functions.read_file:0${AB}${READ}${CB}functions.list_dir:1${AB}{}${SE}`,
		expect: { calls: [readCall, { tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "no beginning of the call",
		sent: `${SB}functions.read_file:0${AB}${READ}${CE}${SE}`,
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "a line feed in the id",
		sent: `${SB}${k2("functions.\nread_file:0", READ)}${SE}`,
		expect: { calls: [{ ...readCall, id: "functions.read_file:0" }], repairs: recovered },
	},
	{
		about: "a name behind dots",
		sent: `${SB}${k2("functions.repo.read_file:0", READ)}${SE}`,
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "an id of a server",
		sent: `${SB}${k2("call_0:0", READ)}${SE}`,
		expect: { calls: [{ tool: "call_0", args: READ }], repairs: recovered },
	},
	{
		about: "a tool that is not offered",
		sent: `${SB}${k2("functions.delete_all:0", "{}")}${SE}`,
		expect: { calls: [{ tool: "delete_all", args: "{}" }], repairs: recovered },
	},
	{
		about: "the same id twice",
		sent: `${SB}${read0}${read0}${SE}`,
		expect: {
			calls: [
				{ ...readCall, id: "functions.read_file:0" },
				{ ...readCall, id: "functions.read_file:0__2" },
			],
			repairs: recovered,
		},
	},
	{
		about: "raw line feeds and tabs in a string",
		sent: `${SB}${k2("functions.edit_file:0", '{"path":"a","old":"x\ty","new":"1\n\\"2"}')}${SE}`,
		expect: {
			calls: [{ tool: "edit_file", args: '{"path":"a","old":"x\\ty","new":"1\\n\\"2"}' }],
			repairs: recovered,
		},
	},
	{
		about: "something behind the arguments",
		sent: `${SB}${k2("functions.read_file:0", `${READ} and more`)}${SE}`,
		expect: { calls: [{ tool: "read_file", args: `${READ} and more` }], repairs: recovered },
	},
	{
		about: "two objects of arguments",
		sent: `${SB}${k2("functions.read_file:0", `${READ}${READ}`)}${SE}`,
		expect: { calls: [{ tool: "read_file", args: `${READ}${READ}` }], repairs: recovered },
	},
	{
		about: "arguments that are a list",
		sent: `${SB}${k2("functions.read_file:0", `["a"]`)}${SE}`,
		expect: { calls: [{ tool: "read_file", args: `["a"]` }], repairs: recovered },
	},
	{
		about: "deep arguments",
		sent: `${SB}${k2("functions.run_command:0", '{"command":[{"a":[[],{}]},-1.5e3,true,null],"b":{"c":""}}')}${SE}`,
		expect: {
			calls: [{ tool: "run_command", args: '{"command":[{"a":[[],{}]},-1.5e3,true,null],"b":{"c":""}}' }],
			repairs: recovered,
		},
	},
	{
		about: "an end mark behind the call",
		sent: `${SB}${read0}${SE}<|im_end|>`,
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "an end mark behind the text before the section",
		sent: `Look.<|im_end|>${SB}${read0}${SE}`,
		expect: { text: "Look.", calls: [readCall], repairs: recovered },
	},
	{
		about: "a fence that ends where the section begins",
		sent: `\`\`\`\nx\n\`\`\`${SB}${read0}${SE}`,
		expect: { text: "```\nx\n```", calls: [readCall], repairs: recovered },
	},
	{
		about: "a back-tick without its partner before the section",
		sent: `It\`s here.${SB}${read0}${SE}`,
		expect: { text: "It`s here.", calls: [readCall], repairs: recovered },
	},
	{
		about: "a back-tick without its partner before pretty-printed arguments",
		sent: `It\`s here.${SB}${k2("functions.read_file:0", '{\n"path":"`"\n}')}${SE}`,
		expect: { text: "It`s here.", calls: [{ tool: "read_file", args: '{\n"path":"`"\n}' }], repairs: recovered },
	},
	{
		about: "a back-tick without its partner before a section whose arguments hold one",
		sent: `I\`ll look.${SB}${k2("functions.read_file:0", '{"path":"a`b"}')}${SE}`,
		expect: { text: "I`ll look.", calls: [{ tool: "read_file", args: '{"path":"a`b"}' }], repairs: recovered },
	},
	{
		about: "a back-tick without its partner before a call whose arguments hold a pair and a marker",
		sent: `Use \`grep.${k2("functions.run_command:0", `{"command":"x \`y\` \\"${CE} z\`"}`)}`,
		expect: {
			text: "Use `grep.",
			calls: [{ tool: "run_command", args: `{"command":"x \`y\` \\"${CE} z\`"}` }],
			repairs: recovered,
		},
	},
	{
		about: "inline code that is closed before the section",
		sent: `Read \`a.ts\`:${SB}${read0}${SE}`,
		expect: { text: "Read `a.ts`:", calls: [readCall], repairs: recovered },
	},
	{
		about: "stray ends of calls and sections in a text",
		sent: `One${CE} two${SE} three${AB}.`,
		expect: { text: "One two three.", repairs: leaked },
	},
	{
		about: "a text about the markup, long enough to be none",
		sent: `The marker ${SB} begins a section. ${"It goes on with calls. ".repeat(12)}`,
		expect: { text: `The marker  begins a section. ${"It goes on with calls. ".repeat(12)}`, repairs: leaked },
	},
	{
		about: "a short text about the markup",
		sent: `Calls begin with ${CB} in this model's own words.`,
		expect: { text: "Calls begin with  in this model's own words.", repairs: leaked },
	},
	{
		about: "a section that says something and calls nothing",
		sent: `${SB}I change my mind.${SE} Bye.`,
		expect: { text: "I change my mind. Bye.", repairs: leaked },
	},
	{
		about: "markup beside native calls never runs",
		sent: [{ content: `Look.${SB}${read0}${SE}` }, { native: '{"command":"ls"}' }],
		expect: { text: "Look.", calls: [{ tool: "run_command", args: '{"command":"ls"}' }], repairs: leaked },
	},
	...[`${SB}${read0}${SE}`, read0, `${SB}${read0}${CE} ${SE}`].flatMap((each): MarkupCase[] => [
		{
			about: `of an example before native calls only the markup goes: ${each}`,
			sent: [{ content: `Like: ${each} and so on${CE}.[EOS]` }, { native: '{"command":"ls"}' }],
			expect: {
				text: "Like:  and so on.",
				calls: [{ tool: "run_command", args: '{"command":"ls"}' }],
				repairs: leaked,
			},
		},
		{
			about: `without tools only the markup goes: ${each}`,
			sent: `Like: ${each} and so on${CE}.[EOS]`,
			noTools: true,
			expect: { text: "Like:  and so on.", repairs: leaked },
		},
		{
			about: `where it is meant, what follows it is no part of the answer: ${each}`,
			sent: `Like: ${each} and so on.`,
			expect: { text: "Like: ", calls: [readCall], repairs: recovered },
		},
	]),
	{
		about: "words between two calls without their section",
		sent: `Look. ${read0} and ${k2("functions.list_dir:1", "{}")}`,
		expect: { text: "Look. ", calls: [readCall, { tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "cut markup beside native calls does not matter",
		sent: [{ native: '{"command":"ls"}' }, { content: `${SB}${CB}functions.run` }],
		expect: { calls: [{ tool: "run_command", args: '{"command":"ls"}' }], repairs: leaked },
	},
	{
		about: "without tools nothing runs",
		sent: `Look.${SB}${read0}${SE}`,
		noTools: true,
		expect: { text: "Look.", repairs: leaked },
	},
	{
		about: "recovered calls run whatever the finish reason is",
		sent: `${SB}${read0}${SE}`,
		finish: "unexpected_state",
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "whole calls before the token limit run",
		sent: `${SB}${read0}${SE}`,
		finish: "length",
		expect: { calls: [readCall], repairs: recovered },
	},
	{
		about: "cut in the marker of the section",
		sent: "Look.<|tool_calls_sec",
		expect: { text: "Look.<|tool_calls_sec" },
	},
	{
		about: "cut behind a whole call, in the next one",
		sent: `${SB}${read0}${CB}functions.list`,
		expect: { calls: [readCall], repairs: recovered, failure: "incomplete" },
	},
	{
		about: "cut in a string that holds a marker: read as if the marker ended it",
		sent: `${SB}${CB}functions.edit_file:0${AB}{"path":"a","old":"${CE}`,
		expect: { calls: [{ tool: "edit_file", args: '{"path":"a","old":"' }], repairs: recovered },
	},
];
