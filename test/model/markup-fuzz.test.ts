import assert from "node:assert/strict";
import fc from "fast-check";
import { callsOf } from "../../src/model/assemble.ts";
import { isJson } from "../../src/model/json.ts";
import "../fake/seed.ts";
import { said, tell } from "./markup-tell.ts";
import { AB, arg, CB, CE, CLOSE, k2, k3, k3tools, OPEN, open, SB, SE, SEP } from "./markup-words.ts";

const markers = [SB, SE, CB, AB, CE, OPEN, CLOSE, SEP, "<think>", "</think>"];
const ends = ["<|im_end|>", "<|end_of_msg|>", "[EOS]", "[EOT]"];
const words = [
	"I look. ",
	"ok",
	"\n",
	"\n\n",
	" ",
	"a < b && c[0]",
	"<div>",
	"<|",
	"<|tool_calls_",
	"it`s ",
	"functions.",
	"0",
];
const hostile = [...markers, ...ends, '"', "\\", "{", "}", "[", "]", "`", "```", "\n", "é😀", ": ", ","];

const marker = fc.constantFrom(...markers);
const word = fc.constantFrom(...words);
const text = fc.array(fc.constantFrom(...hostile, ...words), { maxLength: 6 }).map((parts) => parts.join(""));
const args = fc
	.tuple(
		text,
		fc.oneof(text, fc.nat(), fc.boolean(), fc.array(text, { maxLength: 3 })),
		fc.constantFrom(undefined, 1, "\t"),
	)
	.map(([command, cwd, indent]) => JSON.stringify({ command, cwd }, undefined, indent));

/** A piece of a document, and the arguments of the call in it. */
interface Piece {
	readonly text: string;
	readonly args?: string;
}
const plain = (each: fc.Arbitrary<string>): fc.Arbitrary<Piece> => each.map((told) => ({ text: told }));
const call = (each: fc.Arbitrary<string>, wrap: (args: string) => string): fc.Arbitrary<Piece> =>
	each.map((told) => ({ text: wrap(told), args: told }));
const code = fc
	.array(fc.constantFrom(...markers, ...ends, "code ", "x"), { maxLength: 3 })
	.map((parts) => parts.join(""));
const document = fc.array(
	fc.oneof(
		{ weight: 5, arbitrary: plain(word) },
		{ weight: 1, arbitrary: plain(marker) },
		{ weight: 2, arbitrary: plain(code.map((inside) => `\`${inside}-\``)) },
		{ weight: 2, arbitrary: plain(code.map((inside) => `\n\`\`\`\n${inside}\n\`\`\`\n`)) },
		{ weight: 2, arbitrary: call(args, (each) => `${SB}${k2("functions.run_command:0", each)}${SE}`) },
		{ weight: 1, arbitrary: call(args, (each) => k2("run_command", each)) },
		{
			weight: 1,
			arbitrary: call(args, (each) =>
				k3tools(k3("run_command", `${open('json type="object"')}${each}${CLOSE}json${SEP}`)),
			),
		},
		{
			weight: 1,
			arbitrary: text.map((command) => {
				const told = JSON.stringify({ command });
				return { text: k3tools(k3("run_command", arg("command", command))), args: told };
			}),
		},
	),
	{ maxLength: 9 },
);
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
const channel = fc.constantFrom("content", "reasoning" as const);
const finish = fc.constantFrom("stop", "length", "tool_calls");
const send = (kind: "content" | "reasoning", told: string) => (kind === "content" ? told : [{ reasoning: told }]);

const runs = (numRuns: number) => (process.env["FC_RUNS"] ? {} : { numRuns });

/** Without what markdown shows as code; a fence that is open at the end is code as well. */
function withoutCode(markdown: string): string {
	let inFence = false;
	const lines = markdown.split("\n").map((line) => {
		const isFence =
			/^[\s>]*```/.test(line) && (inFence ? line.trim() === "```" : line.indexOf("`", line.indexOf("```") + 3) < 0);
		if (isFence) inFence = !inFence;
		return isFence || inFence ? "" : line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
	});
	return lines.join("\n");
}

describe("any mixture of text, code, markup and calls", () => {
	it("gives the same answer wherever it is cut up, and streams what the answer holds", () => {
		const mixture = fc.array(
			fc.constantFrom(...hostile, ...words, "functions.read_file:0", ' tool="list_dir"', "call", "argument", "tools"),
			{
				maxLength: 25,
			},
		);
		const told = fc.oneof(
			mixture.map((parts) => parts.join("")),
			document.map((pieces) => pieces.map((piece) => piece.text).join("")),
		);
		const property = fc.property(
			channel,
			told,
			fc.string(),
			fc.boolean(),
			finish,
			cuts,
			(kind, first, then, thinkTags, end, sizes) => {
				const sent = [
					...[send(kind, first)].flat().map((each) => (typeof each === "string" ? { content: each } : each)),
					{ content: then },
				];
				const options = { sent, finish: end, ...(thinkTags && { thinkTags }) };
				const whole = tell(options, [1_000_000]);
				assert.deepEqual(tell(options, sizes), whole);
				assert.deepEqual(tell(options, [1]), whole);
				const { streamed } = whole;
				assert.equal(
					streamed.reasoning.length + streamed.text.length,
					said(whole, "reasoning").length + said(whole, "text").length,
				);
			},
		);
		fc.assert(property, runs(1500));
	});

	it("shows no marker outside of code", () => {
		const property = fc.property(channel, document, (kind, pieces) => {
			const whole = tell({ sent: send(kind, pieces.map((piece) => piece.text).join("")) }, [7]);
			// The end of a thinking may tear a code in it apart.
			const kinds = whole.reply.repairs?.includes("think-tags")
				? (["text"] as const)
				: (["text", "reasoning"] as const);
			const shown = kinds.map((each) => withoutCode(said(whole, each)));
			for (const each of shown)
				assert.deepEqual(
					// Within a line that one is a word.
					markers.filter((token) => token !== "<think>" && each.includes(token)),
					[],
					each,
				);
		});
		fc.assert(property, runs(1500));
	});

	it("runs no call that was cut, however it ends", () => {
		const property = fc.property(channel, document, fc.nat(), finish, (kind, pieces, at, end) => {
			const doc = pieces.map((piece) => piece.text).join("");
			const { reply } = tell({ sent: send(kind, doc.slice(0, at % (doc.length + 1))), finish: end }, [1_000_000]);
			const runs = reply.complete ? callsOf(reply.parts).filter((each) => isJson(each.args)) : [];
			const whole = new Set([...pieces.map((piece) => piece.args), "{}"]);
			assert.deepEqual(
				runs.map((each) => each.args).filter((each) => !whole.has(each)),
				[],
			);
		});
		fc.assert(property, runs(1500));
	});
});
