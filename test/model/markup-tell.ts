import { createAssembler } from "../../src/model/assemble.ts";
import { conclude } from "../../src/model/conclude.ts";
import { endpointAt, tools } from "./harness.ts";
import type { MarkupCase } from "./markup-words.ts";

const asked = { endpoint: endpointAt("http://127.0.0.1:1/v1"), model: "asked" };
const ending = { done: true, kind: "stream", damaged: false, body: "" } as const;

export type Told = Pick<MarkupCase, "sent" | "finish" | "thinkTags" | "noTools">;

/** Streams a case in pieces of the given sizes, in turn. */
export function tell({ sent, finish = "stop", thinkTags, noTools }: Told, sizes: readonly number[]) {
	const offered = noTools ? [] : tools;
	const assembler = createAssembler({ tools: offered, thinkTags: thinkTags ?? false });
	const streamed = { text: "", reasoning: "", inOrder: "" };
	const take = () => {
		for (const growth of assembler.take()) {
			if (growth.kind === "calling") continue;
			streamed[growth.kind] += growth.text;
			streamed.inOrder += growth.text;
		}
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

/** What a reply says, in one kind of its parts. */
export function said({ reply }: Pick<ReturnType<typeof tell>, "reply">, kind: "text" | "reasoning"): string {
	return reply.parts.flatMap((part) => (part.kind === kind ? part.text : [])).join("");
}
