import assert from "node:assert/strict";
import { createAssembler } from "../../src/model/assemble.ts";
import { tools } from "./harness.ts";
import { markupCases } from "./markup-cases.ts";
import { said, tell } from "./markup-tell.ts";
import { k2, type MarkupCase, SB, SE } from "./markup-words.ts";

type Concluded = ReturnType<typeof tell>;

/** The same shape as `expect` of a case; ids only where it has some. */
function summary({ reply, failure }: Concluded, { expect }: Pick<MarkupCase, "expect">) {
	const text = said({ reply }, "text");
	const reasoning = said({ reply }, "reasoning");
	const calls = reply.parts.flatMap((part) => (part.kind === "call" ? [part] : []));
	const told = calls.map(({ tool, args, id }, at) => ({ tool, args, ...(expect.calls?.[at]?.id && { id }) }));
	return {
		...(text && { text }),
		...(reasoning && { reasoning }),
		...(calls.length > 0 && { calls: told }),
		...(reply.repairs && { repairs: reply.repairs }),
		...(failure && { failure: failure.code }),
	};
}

const WHOLE = [1_000_000];
const sizes = [[1], [2], [3], [5], [8], [13], [1, 7, 2, 30], [40, 1, 1, 3]];

describe("leaked markup", () => {
	for (const each of markupCases) {
		it(each.about, () => {
			const whole = tell(each, WHOLE);
			assert.deepEqual(summary(whole, each), each.expect);
			for (const size of sizes) assert.deepEqual(tell(each, size), whole, `in pieces of ${size}`);
			const { text, reasoning, inOrder } = whole.streamed;
			assert.equal(inOrder, said(whole, "reasoning") + said(whole, "text"));
			// Thinking without a beginning is taken for text until its end comes, and text for thinking where that is known.
			if (!each.thinkTags && !whole.reply.repairs?.includes("think-tags"))
				assert.deepEqual({ text, reasoning }, { text: said(whole, "text"), reasoning: said(whole, "reasoning") });
			assert.equal(whole.reply.complete, each.expect.failure === undefined);
		});
	}
});

describe("a leaked call", () => {
	it("is told while it is spelled out, with its tool and how much of it came", () => {
		const assembler = createAssembler({ tools });
		const told = `Look.${SB}${k2("functions.list_dir:0", "{}")}${k2("functions.read_file:1", '{"path":"é"}')}${SE}`;
		const seen = [];
		for (const content of told.split(/(?=<)|(?<=>)/)) {
			assembler.add({ choices: [{ delta: { content } }] });
			seen.push(...assembler.take());
		}
		assert.deepEqual(seen, [
			{ kind: "text", text: "Look." },
			{ kind: "calling", index: 0, tool: "list_dir", bytes: 0 },
			{ kind: "calling", index: 0, tool: "list_dir", bytes: 2 },
			{ kind: "calling", index: 1, tool: "read_file", bytes: 0 },
			{ kind: "calling", index: 1, tool: "read_file", bytes: 13 },
		]);
	});
});
