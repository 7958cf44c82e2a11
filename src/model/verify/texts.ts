import type { ToolSpec } from "../../agent/ports.ts";
import type { Message, Part } from "../../shared/message.ts";

/*
 * What the probes say and offer. Short, in plain English, and about code: small models must understand it too.
 */

const text = { type: "string" } as const;
const tool = (name: string, description: string, properties: object, required: readonly string[]): ToolSpec => ({
	name,
	description,
	parameters: { type: "object", properties, required },
});

export const readFile = tool("read_file", "Reads a text file.", { path: { ...text, description: "Path" } }, ["path"]);
export const writeFile = tool(
	"write_file",
	"Writes a text file as a whole.",
	{ path: { ...text, description: "Path" }, content: { ...text, description: "The whole content" } },
	["path", "content"],
);
export const planRelease = tool(
	"plan_release",
	"Plans a release.",
	{
		version: { ...text, description: "Version, such as 1.2.3" },
		channel: { ...text, enum: ["stable", "beta"], description: "Who gets it" },
		steps: {
			type: "array",
			description: "What to do, in order",
			items: {
				type: "object",
				properties: { title: text, minutes: { type: "integer" } },
				required: ["title", "minutes"],
			},
		},
		note: { ...text, description: "Leave it out when there is nothing to say" },
	},
	["version", "channel", "steps"],
);
/** As it goes over the wire, since the client would mend it: its property has no type, which Moonshot refuses. */
export const untyped = {
	type: "function",
	function: {
		name: "read_file",
		description: "Reads a text file.",
		parameters: { type: "object", properties: { path: { description: "Path" } }, required: ["path"] },
	},
};

export const SYSTEM = "You are a coding agent. Use the tools when the task needs them. Be brief.";

const user = (said: string): readonly Message[] => [{ role: "user", text: said }];

export const hello = user("What is 17 + 25? Answer with the number only.");
export const nested = user(
	"Call plan_release for version 2.1.0 on the beta channel with two steps: “Run the tests”, 10 minutes, and “Publish”, 5 minutes. No note.",
);
export const parallel = user("Read the files a.txt and b.txt: call read_file for both of them now, in one answer.");
export const plain = user("What is the capital of France? Answer in one word. No file is needed for this.");
export const longList = user("Count from 1 to 200, one number a line, without leaving any out.");

/** Five messages that stop where the next call is due: the shape on which K2.7 fell silent with foreign call ids. */
export function history(reasoning: Part | undefined): readonly Message[] {
	const said = (id: string, path: string): Message => ({
		role: "assistant",
		parts: [...(reasoning ? [reasoning] : []), { kind: "call", id, tool: "read_file", args: JSON.stringify({ path }) }],
	});
	const result = (callId: string, content: string): Message => ({
		role: "tool",
		callId,
		tool: "read_file",
		text: content,
		failed: false,
	});
	return [
		...user("Read a.txt and b.txt, one after the other. Then write both contents, in this order, to c.txt."),
		said("call_a", "a.txt"),
		result("call_a", "one\n"),
		said("call_b", "b.txt"),
		result("call_b", "two\n"),
	];
}

const LINES = 160;
const largeLine = (n: number) =>
	`${String(n).padStart(4, "0")} international communication responsibility administration environmental`;

/** 12 KB: over the 8 KB at which some servers' parsers lose the arguments of a call. */
export const largeText = `${Array.from({ length: LINES }, (_, n) => largeLine(n + 1)).join("\n")}\n`;
export const large = user(
	`Call write_file once, with the path big.txt and a content of ${LINES} lines. Line 1 is exactly:\n\n${largeLine(1)}\n\n` +
		`Each next line is the same with its number one higher, up to ${String(LINES).padStart(4, "0")}. ` +
		"Write every line in full: nothing is shortened or left out. The content ends with a line feed.",
);

/** What breaks in careless hands: HTML, quotes, escapes, a pair of surrogates, and Kimi's own markup as plain text. */
export const hostileText = [
	`<div class="a">&amp; 'single' \`ticks\`</div>`,
	String.raw`C:\temp\new and \u0041 and \u0000 stay as they are`,
	"fox 🦊, é, 漢字",
	`{"json": [1, "two"]} $HOME \${x} %s`,
	"<|tool_call_begin|>functions.x:0<|tool_call_argument_begin|>{}<|tool_call_end|>",
	"</think>",
].join("\r\n");
export const hostile = user(
	"Call write_file once, with the path odd.txt and the text between the two lines of dashes as its content, to the " +
		`letter. Its lines end with CRLF (\\r\\n); there is no line end after the last one.\n-----\n${hostileText}\n-----`,
);

/** A red square of 64 × 64 pixels, as PNG. */
export const redSquare =
	"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PQQkAAAgAsetfWiP4FgYrsKZeS0BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEDgsqnc8OJg6Ln3AAAAAElFTkSuQmCC";
export const imageQuestion = "What colour is this square? Answer with one word.";
