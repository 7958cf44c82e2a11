import {
	arg,
	CLOSE,
	close,
	k3,
	k3tools,
	leaked,
	type MarkupCase,
	OPEN,
	open,
	read0,
	recovered,
	SB,
	SE,
	SEP,
} from "./markup-words.ts";

/** Part B of the corpus of bad streams. */
export const k3Corpus: readonly MarkupCase[] = [
	{
		about: "X01 thinking, calls, text and number",
		sent: `Look at it.${close("think")}${open("response")}${close("response")}${k3tools(k3("read_file", arg("path", "a b.ts") + arg("limit", "20", "number")))}`,
		expect: {
			reasoning: "Look at it.",
			calls: [{ tool: "read_file", args: '{"path":"a b.ts","limit":20}' }],
			repairs: ["recovered-calls", "think-tags"],
		},
	},
	{
		about: "X02 a response, two calls, one without arguments",
		sent: `${open("think")}Hm.${close("think")}${open("response")}On it.${close("response")}${k3tools(k3("list_dir") + k3("read_file", arg("path", "a"), 2))}`,
		expect: {
			reasoning: "Hm.",
			text: "On it.",
			calls: [
				{ tool: "list_dir", args: "{}" },
				{ tool: "read_file", args: '{"path":"a"}' },
			],
			repairs: ["recovered-calls", "think-tags"],
		},
	},
	{
		about: "X03 arguments as a block of JSON",
		sent: k3tools(k3("read_file", `${open('json type="object"')} {"path":"<a>"} ${close("json")}`)),
		expect: { calls: [{ tool: "read_file", args: '{"path":"<a>"}' }], repairs: recovered },
	},
	{
		about: "X04 thinking without an end, before a response",
		sent: `Look at it.${open("response")}On it.${close("response")}${k3tools(k3("list_dir"))}`,
		expect: {
			reasoning: "Look at it.",
			text: "On it.",
			calls: [{ tool: "list_dir", args: "{}" }],
			repairs: ["recovered-calls", "think-tags"],
		},
	},
	{
		about: "X04b thinking without an end, before calls",
		sent: `Look at it.${k3tools(k3("list_dir"))}`,
		expect: {
			reasoning: "Look at it.",
			calls: [{ tool: "list_dir", args: "{}" }],
			repairs: ["recovered-calls", "think-tags"],
		},
	},
	{
		about: "X04c thinking without an end, all of it in the field for thinking",
		sent: [{ reasoning: `Look.${open("response")}On it.${close("response")}${k3tools(k3("list_dir"))}` }],
		expect: {
			reasoning: "Look.",
			text: "On it.",
			calls: [{ tool: "list_dir", args: "{}" }],
			repairs: ["recovered-calls", "think-tags"],
		},
	},
	{
		about: "X05 cut within an argument",
		sent: `${open("tools")}${open('call tool="edit_file" index="1"')}${arg("path", "a")}${open('argument key="new" type="string"')}half of`,
		expect: { calls: [{ tool: "edit_file", args: '{"path":"a"}' }], repairs: recovered, failure: "incomplete" },
	},
	{
		about: "X06 escapes in attributes",
		sent: k3tools(k3("read_file", arg("a &amp;&quot;b&quot; &amp;lt;", "x"))),
		expect: { calls: [{ tool: "read_file", args: '{"a &\\"b\\" &lt;":"x"}' }], repairs: recovered },
	},
	{
		about: "X07 blanks in tags, line feeds in a value",
		sent: `${OPEN} tools ${SEP}\n${OPEN}\ncall  tool = "read_file" index="1"\n${SEP} ${OPEN}argument key="path"  type="string" ${SEP}\n a\nb ${CLOSE} argument ${SEP}\n${CLOSE}call ${SEP}\n${CLOSE}tools${SEP}`,
		expect: { calls: [{ tool: "read_file", args: '{"path":"\\n a\\nb "}' }], repairs: recovered },
	},
	{
		about: "X08 a number that is none can't run",
		sent: k3tools(k3("read_file", arg("path", "a") + arg("limit", "many", "number"))),
		expect: {
			calls: [{ tool: "read_file", args: "Invalid arguments. limit: not of type number: many" }],
			repairs: recovered,
		},
	},
	{
		about: "X08b a number that smuggles in another key can't run",
		sent: k3tools(k3("read_file", arg("limit", '1,"path":"/etc/passwd"', "number"))),
		expect: {
			calls: [{ tool: "read_file", args: 'Invalid arguments. limit: not of type number: 1,"path":"/etc/passwd"' }],
			repairs: recovered,
		},
	},
	{
		about: "X09 the beginning of a call in a string is data",
		sent: k3tools(k3("run_command", arg("command", `echo '${open('call tool="x"')}'`))),
		expect: {
			calls: [{ tool: "run_command", args: JSON.stringify({ command: `echo '${open('call tool="x"')}'` }) }],
			repairs: recovered,
		},
	},
	{
		about: "X09b a whole call in a string is data",
		sent: k3tools(k3("run_command", arg("command", `say ${k3tools(k3("x", arg("y", "z")))} twice`))),
		expect: {
			calls: [
				{ tool: "run_command", args: JSON.stringify({ command: `say ${k3tools(k3("x", arg("y", "z")))} twice` }) },
			],
			repairs: recovered,
		},
	},
	{
		about: "X09c an argument that opens in a string and never closes is data",
		sent: k3tools(k3("run_command", arg("command", `say ${open('argument key="a"')} once`) + arg("cwd", "b"))),
		expect: {
			calls: [
				{ tool: "run_command", args: JSON.stringify({ command: `say ${open('argument key="a"')} once`, cwd: "b" }) },
			],
			repairs: recovered,
		},
	},
	{
		about: "X10 the mark of the message's end",
		sent: "All done.<|end_of_msg|>",
		expect: { text: "All done.", repairs: leaked },
	},
];

export const k3Shapes: readonly MarkupCase[] = [
	{
		about: "a back-tick without its partner before a call whose argument holds one",
		sent: `I\`ll look.${k3tools(k3("read_file", arg("path", "a`b")))}`,
		expect: {
			reasoning: "I`ll look.",
			calls: [{ tool: "read_file", args: '{"path":"a`b"}' }],
			repairs: ["recovered-calls", "think-tags"],
		},
	},
	{
		about: "the head of a call in back-ticks",
		sent: `It is \`${open('call tool="a"')}\`, and \`${open('argument key="b"')}\`.`,
		expect: { text: `It is \`${open('call tool="a"')}\`, and \`${open('argument key="b"')}\`.` },
	},
	{
		about: "K3: a response alone",
		sent: `${open("response")}Hello.${close("response")}${close("message")}<|end_of_msg|>`,
		expect: { text: "Hello.", repairs: leaked },
	},
	{
		about: "K3: blanks around the tags are no text",
		sent: `${open("think")}Hm.${close("think")}\n${open("response")}Hello.${close("response")}\n${k3tools(k3("list_dir"))}`,
		expect: {
			reasoning: "Hm.",
			text: "Hello.\n",
			calls: [{ tool: "list_dir", args: "{}" }],
			repairs: ["recovered-calls", "think-tags"],
		},
	},
	{
		about: "K3: a call without tools around it",
		sent: `${open("response")}Go.${close("response")}${k3("list_dir")}`,
		expect: { text: "Go.", calls: [{ tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "K3: values of all types",
		sent: k3tools(
			k3(
				"run_command",
				arg("a", "1.5", "number") +
					arg("b", " true ", "boolean") +
					arg("c", "null", "null") +
					arg("d", '{"x":[1]}', "object") +
					arg("e", "[1,2]", "array") +
					arg("f", "7", "integer") +
					arg("g", ""),
			),
		),
		expect: {
			calls: [{ tool: "run_command", args: '{"a":1.5,"b":true,"c":null,"d":{"x":[1]},"e":[1,2],"f":7,"g":""}' }],
			repairs: recovered,
		},
	},
	{
		about: "K3: markup in a string of an object is data",
		sent: k3tools(k3("run_command", arg("env", JSON.stringify({ a: arg("b", "c") }), "object"))),
		expect: {
			calls: [{ tool: "run_command", args: `{"env":${JSON.stringify({ a: arg("b", "c") })}}` }],
			repairs: recovered,
		},
	},
	{
		about: "K3: an object whose string never closes",
		sent: k3tools(k3("run_command", arg("env", '{"a":"b}', "object") + arg("command", "ls"))),
		expect: {
			calls: [{ tool: "run_command", args: 'Invalid arguments. env: not of type object: {"a":"b}' }],
			repairs: recovered,
		},
	},
	{
		about: "K3: markup of K2 in a string is data",
		sent: k3tools(k3("run_command", arg("command", `${SB}${read0}${SE}</think>[EOS]`))),
		expect: {
			calls: [{ tool: "run_command", args: JSON.stringify({ command: `${SB}${read0}${SE}</think>[EOS]` }) }],
			repairs: recovered,
		},
	},
	{
		about: "K3: a call without its end before the next",
		sent: k3tools(`${open('call tool="list_dir"')}${k3("read_file", arg("path", "a"))}`),
		expect: {
			calls: [
				{ tool: "list_dir", args: "{}" },
				{ tool: "read_file", args: '{"path":"a"}' },
			],
			repairs: recovered,
		},
	},
	{
		about: "K3: a call without a tool",
		sent: k3tools(k3("", arg("path", "a"))),
		expect: { calls: [{ tool: "", args: '{"path":"a"}' }], repairs: recovered },
	},
	{
		about: "K3: a tool that is not offered",
		sent: k3tools(k3("delete_all")),
		expect: { calls: [{ tool: "delete_all", args: "{}" }], repairs: recovered },
	},
	{
		about: "K3: cut behind an argument",
		sent: `${open("tools")}${open('call tool="run_command"')}${arg("command", "ls")}`,
		expect: { calls: [{ tool: "run_command", args: '{"command":"ls"}' }], repairs: recovered, failure: "incomplete" },
	},
	{
		about: "K3: cut in the tag of a call",
		sent: `${open("tools")}${OPEN}call tool="rea`,
		expect: { repairs: leaked, failure: "incomplete" },
	},
	{
		about: "K3: cut before the first call",
		sent: `Hello.${open("response")}${OPEN}too`,
		expect: { reasoning: "Hello.", repairs: ["leaked-markup", "think-tags"] },
	},
	{
		about: "K3: what follows the calls is no part of the answer",
		sent: `${open("response")}Go.${close("response")}${k3tools(k3("list_dir"))}Done.`,
		expect: { text: "Go.", calls: [{ tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "K3: calls in the field for thinking",
		sent: [{ reasoning: `Hm.${k3tools(k3("list_dir"))}<|end_of_msg|>` }],
		expect: { reasoning: "Hm.", calls: [{ tool: "list_dir", args: "{}" }], repairs: recovered },
	},
	{
		about: "K3: calls in a thinking that goes on were drafts",
		sent: `Maybe ${k3tools(k3("list_dir"))} or not.${close("think")}${open("response")}Hello.${close("response")}`,
		expect: { reasoning: "Maybe  or not.", text: "Hello.", repairs: ["leaked-markup", "think-tags"] },
	},
	{
		about: "K3: a text about its tokens",
		sent: `Tags begin with ${OPEN} and end with ${SEP}.`,
		expect: { text: "Tags begin with  and end with .", repairs: leaked },
	},
	{
		about: "K3: a token in a long text",
		sent: `Tags begin with ${OPEN} always. ${"More about it. ".repeat(40)}`,
		expect: { text: `Tags begin with  always. ${"More about it. ".repeat(40)}`, repairs: leaked },
	},
];
