import { AB, CB, CE, type MarkupCase, OPEN, open, read0, SB, SE } from "./markup-words.ts";

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
];
