import assert from "node:assert/strict";
import type { Reply } from "../../src/agent/ports.ts";
import { createModel } from "../../src/model/chat-model.ts";
import { createFactBook, type Facts } from "../../src/model/facts.ts";
import { Knowledge } from "../../src/model/knowledge.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { endpointAt, hear, hello, patient, tools } from "./harness.ts";

describe("what answers teach", () => {
	it("is how often it had to be mended, and what the person can change at the server", async () => {
		const raw = (content: string) =>
			`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: "stop" }] })}\n\n`;
		const leak = "<|tool_calls_section_begin|><|tool_call_begin|>functions.list_dir:0<|tool_call_argument_begin|>{}";
		const ends = "<|tool_call_end|><|tool_calls_section_end|>";
		const fake = await startEndpoint({ script: [{ raw: raw("Hm.</think>Yes.") }, { raw: raw(leak + ends) }] });
		const book = createFactBook();
		const endpoint = endpointAt(fake.url, { preset: "vllm" });
		const model = createModel({ endpoint, model: "kimi-k2.7-code", clocks: patient, book });
		const advice = [];
		for (let n = 0; n < 2; n++) advice.push((await hear(model, { ...hello, tools })).reply.advice);
		await fake.close();
		assert.deepEqual(book.read(), { repairs: { "think-tags": 1, "recovered-calls": 1 } });
		assert.match(advice[0] ?? "", /thinking in its text.*\nvLLM: start it with --reasoning-parser kimi_k2\.$/);
		assert.match(
			advice[1] ?? "",
			/tool calls in its text.*\n.*--enable-auto-tool-choice --tool-call-parser kimi_k2\.$/,
		);
	});

	/** What is known after each of some answers. */
	const factsAfter = (replies: readonly Partial<Reply>[], fact: keyof Facts) => {
		const book = createFactBook();
		const knowledge = new Knowledge({ endpoint: endpointAt("http://localhost:8000/v1"), model: "m" }, book);
		const text = { kind: "text" as const, text: "Yes." };
		return replies.map((reply) => {
			const whole: Reply = { parts: [text], finish: "stop", complete: true, model: "m", ...reply };
			knowledge.observe(whole, knowledge.prepare(hello));
			return book.read()[fact];
		});
	};
	const tagged: Partial<Reply> = { repairs: ["think-tags"] };
	const thought = (key: string): Partial<Reply> => ({ parts: [{ kind: "reasoning", text: "Hm", key }] });

	it("is that thinking comes in the text, when two in a row have it, and until three in a row do not", () => {
		const replies = [tagged, {}, tagged, tagged, {}, {}, tagged, {}, {}, {}, {}];
		const [no, yes] = [undefined, true];
		assert.deepEqual(factsAfter(replies, "thinkTags"), [no, no, no, yes, yes, yes, yes, yes, yes, false, false]);
		const cut = { complete: false };
		assert.deepEqual(factsAfter([tagged, tagged, cut, cut, cut, cut], "thinkTags").at(-1), true);
		assert.deepEqual(factsAfter([tagged, tagged, thought("reasoning")], "thinkTags"), [no, yes, false]);
	});

	it("is the field of the thinking: another one only when it comes twice in a row", () => {
		const [a, b] = ["reasoning_content", "reasoning"];
		const replies = [a, b, a, b, b, a].map((key) => thought(key ?? ""));
		assert.deepEqual(factsAfter(replies, "reasoningKey"), [a, a, a, a, b, b]);
	});

	it("is the field of the thinking, once", async () => {
		const fake = await startEndpoint({
			script: [
				{ reasoning: "Hm.", text: "Yes." },
				{ reasoning: "Hm.", text: "Yes." },
			],
		});
		const book = createFactBook();
		const model = createModel({ endpoint: endpointAt(fake.url), model: "m", clocks: patient, book });
		await hear(model);
		const first = book.read();
		await hear(model);
		await fake.close();
		assert.deepEqual(first, { reasoningKey: "reasoning_content" });
		assert.equal(book.read(), first);
	});
});
