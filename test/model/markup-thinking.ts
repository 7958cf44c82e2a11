import { AB, CB, leaked, type MarkupCase, read0, readCall, recovered, SB, SE, tags } from "./markup-words.ts";

export const thinking: readonly MarkupCase[] = [
	{
		about: "thinking in tags",
		sent: "<think>Hm.\nWell.</think>\n\nHello.",
		expect: { reasoning: "Hm.\nWell.", text: "Hello.", repairs: tags },
	},
	{
		about: "thinking in tags behind blanks",
		sent: "\n<think>\nHm.\n</think>\nHello.",
		expect: { reasoning: "\nHm.\n", text: "Hello.", repairs: tags },
	},
	{ about: "empty thinking in tags", sent: "<think>\n\n</think>\n\nHello.", expect: { text: "Hello.", repairs: tags } },
	{
		about: "thinking whose beginning is missing",
		sent: "Hm.</think>Hello.",
		expect: { reasoning: "Hm.", text: "Hello.", repairs: tags },
	},
	{
		about: "the same where it is known",
		sent: "Hm.</think>Hello.",
		thinkTags: true,
		expect: { reasoning: "Hm.", text: "Hello.", repairs: tags },
	},
	{ about: "no thinking where it is known", sent: "Hello.", thinkTags: true, expect: { text: "Hello." } },
	{
		about: "a call and no thinking where it is known",
		sent: `Look.${SB}${read0}${SE}`,
		thinkTags: true,
		expect: { text: "Look.", calls: [readCall], repairs: recovered },
	},
	{
		about: "thinking in its field where tags are known",
		sent: [{ reasoning: "Hm." }, { content: "Hello." }],
		thinkTags: true,
		expect: { reasoning: "Hm.", text: "Hello." },
	},
	{
		about: "where it is known, the end counts in code that never closes",
		sent: "Hm:\n```ts\nx</think>Hello.",
		thinkTags: true,
		expect: { reasoning: "Hm:\n```ts\nx", text: "Hello.", repairs: tags },
	},
	{
		about: "in tags, the end counts in code that never closes",
		sent: "<think>Hm `x</think>Hello `</think>`.",
		expect: { reasoning: "Hm `x", text: "Hello `</think>`.", repairs: tags },
	},
	{
		about: "thinking without an end, cut",
		sent: "<think>Hm, and",
		finish: "length",
		expect: { reasoning: "Hm, and", repairs: tags, failure: "length" },
	},
	{
		about: "a stray end of thinking behind a field for it",
		sent: [{ reasoning: "Hm." }, { content: "</think>\nHello." }],
		expect: { reasoning: "Hm.", text: "Hello.", repairs: leaked },
	},
	{
		about: "tags in the field for thinking",
		sent: [{ reasoning: "<think>Hm.</think>" }, { content: "Hello." }],
		expect: { reasoning: "Hm.", text: "Hello.", repairs: ["leaked-markup", "think-tags"] },
	},
	{
		about: "the answer in the field for thinking",
		sent: [{ reasoning: "Hm.</think>\n\nHello." }],
		expect: { reasoning: "Hm.", text: "Hello.", repairs: tags },
	},
	{
		about: "an opening tag on a line of its own in a text",
		sent: "Hello\n<think>\nyou.",
		expect: { text: "Hello\n\nyou.", repairs: leaked },
	},
	{
		about: "an opening tag directly behind the end of a message",
		sent: "Hello.<|im_end|><think>",
		expect: { text: "Hello.", repairs: leaked },
	},
	{
		about: "thinking without an end, and nothing else",
		sent: "<think> The user wants it.",
		expect: { reasoning: " The user wants it.", repairs: tags },
	},
	{
		about: "thinking that begins like a sentence about the tag, and ends",
		sent: "<think> is it so? No.</think>Hello.",
		expect: { reasoning: "<think> is it so? No.", text: "Hello.", repairs: tags },
	},
	{
		about: "tags in a block, in an answer without thinking where it is known",
		sent: "Write:\n```\n<think>a</think>\n```\nand:\n```\n<|open|>think<|sep|>b<|close|>think<|sep|>\n```\ndone",
		thinkTags: true,
		expect: {
			text: "Write:\n```\n<think>a</think>\n```\nand:\n```\n<|open|>think<|sep|>b<|close|>think<|sep|>\n```\ndone",
		},
	},
	{
		about: "tags in a block in thinking in tags",
		sent: "<think>Like:\n```\n<think>a</think>\n```\nSo.</think>Hello.",
		expect: { reasoning: "Like:\n```\n<think>a</think>\n```\nSo.", text: "Hello.", repairs: tags },
	},
	{
		about: "each block has its own: one that opens a thinking does not keep it from ending in the next",
		sent: "Like:\n```\n<think>\n```\nor:\n```\nx\n</think>Hello.",
		thinkTags: true,
		expect: { reasoning: "Like:\n```\n<think>\n```\nor:\n```\nx\n", text: "Hello.", repairs: tags },
	},
	{
		about: "where it is known, an end that back-ticks enclose is none",
		sent: "I print `</think>`, or `<think> and </think>`. Then I reply.</think>Here it is.",
		thinkTags: true,
		expect: {
			reasoning: "I print `</think>`, or `<think> and </think>`. Then I reply.",
			text: "Here it is.",
			repairs: tags,
		},
	},
	{
		about: "thinking, text and calls",
		sent: `Hm.</think>I look.${SB}${read0}${SE}`,
		expect: { reasoning: "Hm.", text: "I look.", calls: [readCall], repairs: ["recovered-calls", "think-tags"] },
	},
	{
		about: "a section ends the thinking in tags",
		sent: `<think>I look.${SB}${read0}${SE}`,
		expect: { reasoning: "I look.", calls: [readCall], repairs: ["recovered-calls", "think-tags"] },
	},
	{
		about: "a call in a thinking that goes on was a draft",
		sent: `<think>I could ${SB}${read0}${SE} but no.</think>Hello.`,
		expect: { reasoning: "I could  but no.", text: "Hello.", repairs: ["leaked-markup", "think-tags"] },
	},
	{
		about: "the same where the beginning is missing",
		sent: `I could ${SB}${read0}${SE} but no.</think>Hello.`,
		expect: { reasoning: "I could  but no.", text: "Hello.", repairs: ["leaked-markup", "think-tags"] },
	},
	{
		about: "a call at the end of a thinking whose beginning is missing",
		sent: `I look.${SB}${read0}${SE}</think>\n`,
		expect: { reasoning: "I look.", calls: [readCall], repairs: ["recovered-calls", "think-tags"] },
	},
	{
		about: "a section without its end before the end of thinking",
		sent: `<think>I look.${SB}${read0}</think>`,
		expect: { reasoning: "I look.", calls: [readCall], repairs: ["recovered-calls", "think-tags"] },
	},
	{
		about: "a call in the field for thinking",
		sent: [{ reasoning: `I look.${SB}${read0}${SE}\n` }, { content: "\n" }],
		expect: { reasoning: "I look.\n", calls: [readCall], repairs: recovered },
	},
	{
		about: "a call in the field for thinking, and more thinking",
		sent: [{ reasoning: `I look.${SB}${read0}${SE} Or not.` }],
		expect: { reasoning: "I look. Or not.", repairs: leaked },
	},
	{
		about: "a call without its section in the field for thinking, and more thinking",
		sent: [{ reasoning: `I recall ${read0} is the syntax. So I go on.` }, { content: "Hello." }],
		expect: { reasoning: "I recall  is the syntax. So I go on.", text: "Hello.", repairs: leaked },
	},
	{
		about: "a call in the field for thinking, and a text",
		sent: [{ reasoning: `I look.${SB}${read0}${SE}` }, { content: "Hello." }],
		expect: { reasoning: "I look.", text: "Hello.", repairs: leaked },
	},
	{
		about: "a call in the field for thinking, and a native one",
		sent: [{ reasoning: `I look.${SB}${read0}${SE}` }, { native: '{"command":"ls"}' }],
		expect: { reasoning: "I look.", calls: [{ tool: "run_command", args: '{"command":"ls"}' }], repairs: leaked },
	},
	{
		about: "the section begins in the field for thinking, its calls are in the text",
		sent: [{ reasoning: `I look.${SB}` }, { content: `${read0}${SE}` }],
		expect: { reasoning: "I look.", calls: [readCall], repairs: recovered },
	},
	{
		about: "a cut call in the field for thinking",
		sent: [{ reasoning: `I look.${SB}${CB}functions.read_file:0${AB}{"pa` }],
		expect: {
			reasoning: "I look.",
			calls: [{ tool: "read_file", args: '{"pa' }],
			repairs: recovered,
			failure: "incomplete",
		},
	},
	{
		about: "a cut call in the field for thinking does not matter before a text",
		sent: [{ reasoning: `I look.${SB}${CB}functions.read_file:0${AB}{"pa` }, { content: "Hello." }],
		expect: { reasoning: "I look.", text: "Hello.", repairs: leaked },
	},
	{
		about: "markup in code in the field for thinking",
		sent: [{ reasoning: ` They write \`${SB}\` and:\n\`\`\`\n${read0}\n\`\`\`\n` }, { content: "Hello." }],
		expect: { reasoning: ` They write \`${SB}\` and:\n\`\`\`\n${read0}\n\`\`\`\n`, text: "Hello." },
	},
	{
		about: "blanks in the field for thinking stay",
		sent: [{ reasoning: "\n Hm. \n" }, { content: " Hello. " }],
		expect: { reasoning: "\n Hm. \n", text: " Hello. " },
	},
];
