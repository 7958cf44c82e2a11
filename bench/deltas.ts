import { chunk } from "./script.ts";

/** Events of a long answer, a delta each, without the last one that says why it ended. */
export type Deltas = (count: number) => readonly string[];

const said = (delta: object) => chunk({ choices: [{ index: 0, delta, finish_reason: null }] });

/** No passage comes back soon: an answer that goes round is stopped. */
const word = (n: number) => `word${(n * 7919) % 9973}`;

/** Thinking, then text. */
export const words: Deltas = (count) =>
	Array.from({ length: count }, (_, n) =>
		said(n < count / 3 ? { reasoning_content: ` ${word(n)}` } : { content: ` ${word(n)}` }),
	);

const CODE = [
	"```ts\n",
	"if (a",
	" < b",
	" && ",
	"c > ",
	"d) ",
	"{\n",
	"\treturn ",
	"`<",
	"div",
	">`",
	";\n",
	"}\n",
	"```\n",
	"so ",
	"it ",
	"is.\n\n",
	undefined,
];

/** Text with what looks like markup, and is none. */
export const code: Deltas = (count) =>
	Array.from({ length: count }, (_, n) => said({ content: CODE[n % CODE.length] ?? word(n) }));

/** The arguments of one call. */
export const spelledCall: Deltas = (count) => {
	const call = { index: 0, id: "functions.Write:0", type: "function" };
	const first = said({ tool_calls: [{ ...call, function: { name: "Write", arguments: '{"path":"a","content":"' } }] });
	const piece = (n: number) => said({ tool_calls: [{ index: 0, function: { arguments: ` ${word(n)}` } }] });
	const last = said({ tool_calls: [{ index: 0, function: { arguments: '"}' } }] });
	return [first, ...Array.from({ length: count - 2 }, (_, n) => piece(n)), last];
};

/** What ends it. */
export function ending(finish: "stop" | "tool_calls"): string {
	return `${chunk({ choices: [{ index: 0, delta: {}, finish_reason: finish }] })}data: [DONE]\n\n`;
}
