import { AB, CB, CE, leaked, type MarkupCase, OPEN, open, read0, SB, SE } from "./markup-words.ts";

const inBlock = (inside: string) => `Like this:\n\n\`\`\`text\n${inside}\n\`\`\`\n\nThat is all.`;
const inLine = (inside: string) => `The marker \`${inside}\` begins it.`;

/** Markup that is meant as text. */
export const quoted: readonly MarkupCase[] = [
	...[
		SB,
		CB,
		SE,
		CE,
		AB,
		"<think>",
		"</think>",
		OPEN,
		open("tools"),
		"<|im_end|>",
		"[EOS]",
		`${SB}${read0}${SE}`,
	].flatMap((each): MarkupCase[] => [
		{ about: `in a block: ${each}`, sent: inBlock(each), expect: { text: inBlock(each) } },
		{ about: `in a line: ${each}`, sent: inLine(each), expect: { text: inLine(each) } },
	]),
	{
		about: "in a block that never closes",
		sent: `See:\n\`\`\`\n${SB}${read0}${SE}`,
		expect: { text: `See:\n\`\`\`\n${SB}${read0}${SE}` },
	},
	{ about: "in a block of tildes", sent: `~~~\n${CB}\n~~~\n`, expect: { text: `~~~\n${CB}\n~~~\n` } },
	{
		about: "in a long fence that holds a short one",
		sent: `\`\`\`\`md\n\`\`\`\n${CB}\n\`\`\`\n${CB}\n\`\`\`\`\nEnd.`,
		expect: { text: `\`\`\`\`md\n\`\`\`\n${CB}\n\`\`\`\n${CB}\n\`\`\`\`\nEnd.` },
	},
	{
		about: "in a block in a list",
		sent: `1. Do\n   \`\`\`\n   ${CB}\n   \`\`\`\n2. Done`,
		expect: { text: `1. Do\n   \`\`\`\n   ${CB}\n   \`\`\`\n2. Done` },
	},
	{
		about: "in a block in a quote",
		sent: `> \`\`\`\n> ${CB}\n> \`\`\`\n`,
		expect: { text: `> \`\`\`\n> ${CB}\n> \`\`\`\n` },
	},
	{
		about: "on the line that opens a fence",
		sent: `\`\`\`${CB}\nx\n\`\`\``,
		expect: { text: `\`\`\`${CB}\nx\n\`\`\`` },
	},
	{
		about: "in doubled back-ticks that hold a single one",
		sent: `So: \`\`a \` ${CB} b\`\` it is.`,
		expect: { text: `So: \`\`a \` ${CB} b\`\` it is.` },
	},
	{
		about: "in back-ticks at the end of a line",
		sent: `It is \`${CB}\`\nand \`${SB}-\`\n`,
		expect: { text: `It is \`${CB}\`\nand \`${SB}-\`\n` },
	},
	{
		about: "look-alikes",
		sent: "a <|tool_call|> b </thinking> c <thinking> d <|im_start|> e [EOF] f <|open> g <|tool_call_begin> h <",
		expect: {
			text: "a <|tool_call|> b </thinking> c <thinking> d <|im_start|> e [EOF] f <|open> g <|tool_call_begin> h <",
		},
	},
	{
		about: "in the arguments of a native call",
		sent: [
			{ content: "I write it down." },
			{ native: JSON.stringify({ command: `echo '${SB}${read0}${SE}</think>'` }) },
		],
		expect: {
			text: "I write it down.",
			calls: [{ tool: "run_command", args: JSON.stringify({ command: `echo '${SB}${read0}${SE}</think>'` }) }],
		},
	},
	{
		about: "in the middle of a text: the end marks",
		sent: "A message ends with <|im_end|> or [EOS], as you see.",
		expect: { text: "A message ends with <|im_end|> or [EOS], as you see." },
	},
	...[
		"Order: <|im_end|><|im_user|> starts a user turn.\nThe rest.",
		"Order: <|im_end|>\n<|im_user|>, then a name.\nThe rest.",
		"Supported tags: <think>, <answer>.",
		"Wrap it in <think>",
		"<think> is a tag that some models use. It marks thinking.",
		"<think>, <answer>: those are the tags.",
		"- a list of them:\n<think> opens a thinking.",
		"The tokenizer appends [EOS]",
		"Code:\n\n    tokens = [EOT]\n",
		"Code:\n\n\t[EOT]\n",
		"for x in vocab[EOS]: x",
		"ids=[EOS]",
	].map((each): MarkupCase => ({ about: `in a sentence: ${each}`, sent: each, expect: { text: each } })),
	{
		about: "in the field for thinking: a sentence about tags",
		sent: [{ reasoning: "They want <think> tags, and a list: [EOS]" }, { content: "Hello." }],
		expect: { reasoning: "They want <think> tags, and a list: [EOS]", text: "Hello." },
	},
	...["Done.[EOS]", "Done.\n[EOS]\n", "Done.[EOT]", "Done.<|im_end|>[EOS]", "Done.[EOS][EOT]"].map(
		(each): MarkupCase => ({
			about: `the end of the message: ${each}`,
			sent: each,
			expect: { text: each.startsWith("Done.\n") ? "Done.\n" : "Done.", repairs: leaked },
		}),
	),
	...["user<|im_middle|>Thanks!", "\nThanks!", " ", ""].map(
		(each): MarkupCase => ({
			about: `the next turn: ${each}`,
			sent: `Done.<|im_end|><|im_user|>${each}`,
			expect: { text: "Done.", repairs: leaked },
		}),
	),
	{
		about: "the head of a call in back-ticks, and one of its arguments",
		sent: `It is \`${CB}functions.read_file:0${AB}\`, then \`${CB}a:0${AB}{"b": …}\`.`,
		expect: { text: `It is \`${CB}functions.read_file:0${AB}\`, then \`${CB}a:0${AB}{"b": …}\`.` },
	},
];
