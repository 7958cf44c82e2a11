import assert from "node:assert/strict";
import { createAssembler } from "../../src/model/assemble.ts";
import { conclude } from "../../src/model/conclude.ts";
import { endpointAt, tools } from "./harness.ts";
import { markupCases } from "./markup-cases.ts";
import type { MarkupCase } from "./markup-words.ts";

const asked = { endpoint: endpointAt("http://127.0.0.1:1/v1"), model: "asked" };
const ending = { done: true, kind: "stream", damaged: false, body: "" } as const;

type Told = Pick<MarkupCase, "sent" | "finish" | "thinkTags" | "noTools">;

/** Streams a case in pieces of the given sizes, in turn. */
function tell({ sent, finish = "stop", thinkTags, noTools }: Told, sizes: readonly number[]) {
	const offered = noTools ? [] : tools;
	const assembler = createAssembler({ tools: offered, thinkTags: thinkTags ?? false });
	const streamed = { text: "", reasoning: "" };
	const take = () => {
		for (const growth of assembler.take()) if (growth.kind !== "calling") streamed[growth.kind] += growth.text;
	};
	let turn = 0;
	const add = (delta: (piece: string) => object, text: string) => {
		for (let at = 0; at < text.length; ) {
			const size = sizes[turn++ % sizes.length] ?? 1;
			assembler.add({ choices: [{ delta: delta(text.slice(at, at + size)) }] });
			take();
			at += size;
		}
	};
	for (const piece of typeof sent === "string" ? [{ content: sent }] : sent) {
		if ("content" in piece) add((content) => ({ content }), piece.content);
		else if ("reasoning" in piece) add((text) => ({ reasoning_content: text }), piece.reasoning);
		else
			add((args) => ({ tool_calls: [{ index: 0, function: { name: "run_command", arguments: args } }] }), piece.native);
	}
	assembler.add({ choices: [{ delta: {}, finish_reason: finish }] });
	const answer = assembler.answer();
	take();
	return { ...conclude(answer, ending, offered, asked), streamed };
}

type Concluded = ReturnType<typeof tell>;

/** The same shape as `expect` of a case; ids only where it has some. */
function summary({ reply, failure }: Concluded, { expect }: Pick<MarkupCase, "expect">) {
	const of = (kind: "text" | "reasoning") =>
		reply.parts.flatMap((part) => (part.kind === kind ? part.text : [])).join("");
	const calls = reply.parts.flatMap((part) => (part.kind === "call" ? [part] : []));
	const told = calls.map(({ tool, args, id }, at) => ({ tool, args, ...(expect.calls?.[at]?.id && { id }) }));
	return {
		...(of("text") && { text: of("text") }),
		...(of("reasoning") && { reasoning: of("reasoning") }),
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
			assert.equal(whole.reply.complete, each.expect.failure === undefined);
		});
	}
});
