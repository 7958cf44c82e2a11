import assert from "node:assert/strict";
import { type Answer, createAssembler } from "../../src/model/assemble.ts";
import type { SpeechOptions } from "../../src/model/markup/speech.ts";

function answerTo(deltas: readonly object[], options: SpeechOptions = {}): Answer {
	const assembler = createAssembler(options);
	for (const delta of deltas) assembler.add({ choices: [{ delta }] });
	return assembler.answer();
}

describe("an answer that repeats itself", () => {
	const rows = Array.from({ length: 150 }, () => ({ content: "one row of words\n" }));
	const args = (piece: string) => ({ tool_calls: [{ index: 0, function: { name: "write", arguments: piece } }] });

	it("goes on when its lines are text, also where that is shown as thinking until it is known", () => {
		assert.equal(answerTo(rows, { thinkTags: true }).repeating, false);
	});

	it("is over when the same lines are thinking", () => {
		const thought = rows.map(({ content }) => ({ reasoning_content: content }));
		assert.equal(answerTo(thought).repeating, true);
		assert.equal(answerTo([{ content: "<think>" }, ...rows]).repeating, true);
	});

	it("is over when the arguments of a call never end, and takes no more of them", () => {
		const endless = [args('{"text":"'), ...Array.from({ length: 12_000 }, () => args("let it be\\n"))];
		const { parts, repeating } = answerTo(endless);
		assert.equal(repeating, true);
		const [call] = parts;
		assert.ok(call?.kind === "call" && call.args.length < 105_000);
	});

	it("is over when blanks follow whole arguments without end", () => {
		const endless = [args("{}"), ...Array.from({ length: 40_000 }, () => args("\n  "))];
		const { parts, repeating } = answerTo(endless);
		assert.deepEqual([repeating, parts], [true, [{ kind: "call", id: "call_0", tool: "write", args: "{}" }]]);
	});
});
