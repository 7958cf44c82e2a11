import assert from "node:assert/strict";
import { createFactBook } from "../../src/model/facts.ts";
import { hear, hello, tools } from "../model/harness.ts";
import { asking, modelOf, unlisted, withServer } from "./suite.ts";

describe("a real vLLM with the flags for Kimi K2", () => {
	const server = withServer("vllm-kimi");

	it("streams thinking in a field of its own, before the answer", async () => {
		const { reply } = await hear(await modelOf(server().url), asking("Think and answer."));
		assert.deepEqual(reply.parts, [
			{ kind: "reasoning", text: "Two and two.", key: "reasoning" },
			{ kind: "text", text: "The answer is 4." },
		]);
	});

	it("makes two calls of the model's markup, under Kimi's own ids", async () => {
		const { reply } = await hear(await modelOf(server().url), asking("Look at both.", { tools }));
		assert.deepEqual(
			reply.parts.filter(({ kind }) => kind === "call"),
			[
				{ kind: "call", id: "functions.read_file:0", tool: "read_file", args: '{"path":"src/a.ts"}' },
				{ kind: "call", id: "functions.list_dir:1", tool: "list_dir", args: '{"path":"src"}' },
			],
		);
	});

	it("refuses what is too long, in words from which the context window is learned, and kept once an answer came", async () => {
		const book = createFactBook();
		const model = unlisted(server().url, "kimi-k2-scripted", book);
		const { failure } = await hear(model, asking("word ".repeat(6000)));
		assert.deepEqual([failure?.code, model.contextTokens, book.read().contextTokens], ["context", 4096, undefined]);
		const { reply } = await hear(model, asking("Think and answer."));
		assert.deepEqual([reply.complete, book.read().contextTokens], [true, 4096]);
	});

	it("refuses a budget above its window, and gets one that fits without the person", async () => {
		const book = createFactBook();
		const { failure } = await hear(unlisted(server().url, "kimi-k2-scripted", book), hello);
		assert.equal([undefined, "length"].includes(failure?.code), true, failure?.message);
	});

	it("names its models when it is asked for another", async () => {
		const { failure } = await hear(unlisted(server().url, "moonshotai/Kimi-K2.7-Code", createFactBook()), hello);
		assert.equal(failure?.code, "no-model");
	});

	it("stops as soon as the person does, and answers the next request", async () => {
		const model = await modelOf(server().url);
		const stop = new AbortController();
		for await (const { kind } of model.stream(asking("Think and answer."), stop.signal)) {
			if (kind === "reasoning") stop.abort();
		}
		const { reply } = await hear(model, asking("Think and answer."));
		assert.equal(reply.complete, true);
	});
});

describe("a real vLLM without parser flags", () => {
	const server = withServer("vllm-bare");

	it("refuses tools, and the person reads what to start it with", async () => {
		const { failure } = await hear(await modelOf(server().url), asking("Read one file.", { tools }));
		assert.equal(failure?.code, "unfit");
		assert.match(failure?.message ?? "", /--enable-auto-tool-choice --tool-call-parser kimi_k2/);
	});

	it("sends thinking as text, which becomes thinking again", async () => {
		const { reply } = await hear(await modelOf(server().url), asking("Think and answer."));
		assert.deepEqual(
			reply.parts.map(({ kind, ...part }) => [kind, "text" in part && part.text]),
			[
				["reasoning", "Two and two."],
				["text", "The answer is 4."],
			],
		);
	});
});
