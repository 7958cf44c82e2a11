import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { runNode } from "../../scripts/lib/process.ts";
import { createFactBook } from "../../src/model/facts.ts";
import { hear } from "../model/harness.ts";
import { asking, habit, modelOf, unlisted, withServer } from "./suite.ts";

describe("a real llama.cpp server with Kimi K2's template", () => {
	const server = withServer("llamacpp-kimi");

	it("streams an answer with its token counts", async () => {
		const heard = await hear(await modelOf(server().url), asking("Say hello."));
		assert.equal(heard.deltas.filter(({ kind }) => kind === "text").length > 1, true);
		assert.equal(heard.reply.usage?.outputTokens === 0, false);
		assert.equal(heard.reply.model, "smollm2-135m-instruct");
	});

	it("makes a call of the model's markup, under Kimi's own id", async () => {
		const { reply } = await hear(await modelOf(server().url), habit("Read src/four.ts"));
		assert.deepEqual(
			reply.parts.filter(({ kind }) => kind === "call"),
			[{ kind: "call", id: "functions.read_file:3", tool: "read_file", args: '{"path": "src/four.ts"}' }],
		);
	});

	it("refuses what is too long, in words from which the context window is learned, and kept once an answer came", async () => {
		const book = createFactBook();
		const model = unlisted(server().url, "any", book);
		const { failure } = await hear(model, asking("word ".repeat(6000)));
		assert.deepEqual([failure?.code, model.contextTokens, book.read().contextTokens], ["context", 2048, undefined]);
		const { reply } = await hear(model, habit("Read src/four.ts"));
		assert.deepEqual([reply.complete, book.read().contextTokens], [true, 2048]);
	});

	it("takes a tool with a type that is none, since its schema goes out mended", async () => {
		const parameters = { type: "object", properties: { path: { type: "nonsense" } } };
		const odd = { name: "odd_tool", description: "Odd", parameters };
		const { failure } = await hear(await modelOf(server().url), asking("Say hello.", { tools: [odd] }));
		assert.equal([undefined, "length"].includes(failure?.code), true, failure?.message);
	});

	it("stops working as soon as the person does, and answers the next request", async () => {
		const model = await modelOf(server().url);
		const stop = new AbortController();
		const long = model.stream(asking("Count from 1 to 1000, one number a line."), stop.signal);
		for await (const { kind } of long) if (kind === "text") stop.abort();
		await freed(server().url);
		const { reply } = await hear(model, asking("Say hello."));
		assert.equal(
			reply.parts.some(({ kind }) => kind === "text"),
			true,
		);
	});

	it("answers one request after the other, though it closes connections that it said to keep", async () => {
		const model = await modelOf(server().url);
		const codes: unknown[] = [];
		for (let n = 0; n < 10; n++) codes.push((await hear(model, asking("Say yes."))).failure?.code);
		assert.deepEqual(
			codes.filter((code) => code !== undefined && code !== "length"),
			[],
		);
	});

	it("is tried by Verify to the end, which leaves a report", async function () {
		this.timeout(900_000);
		const verify = ["scripts/tasks/start.ts", "--verify", "--endpoint", server().url];
		const { code, output } = await runNode(verify, { capture: true });
		assert.match(output, /smollm2-135m-instruct/);
		assert.equal([0, 1, 2].includes(code), true, output);
	});
});

describe("a real llama.cpp server with a template that knows no tools", () => {
	const server = withServer("llamacpp");

	it("answers a request with tools in text, as if none were offered", async () => {
		const { reply } = await hear(await modelOf(server().url), habit("Say hello."));
		assert.deepEqual([...new Set(reply.parts.map(({ kind }) => kind))], ["text"]);
	});
});

describe("a real llama.cpp server without --jinja", () => {
	const server = withServer("llamacpp-nojinja");

	it("refuses tools, and the person reads what to start it with", async () => {
		const { failure } = await hear(await modelOf(server().url), habit("Say hello."));
		assert.equal(failure?.code, "unfit");
		assert.match(failure?.message ?? "", /--jinja/);
	});
});

/** Waits until no slot of the server computes any more. */
async function freed(url: string): Promise<void> {
	for (;;) {
		const slots = (await (await fetch(url.replace(/v1$/, "slots"))).json()) as { is_processing: boolean }[];
		if (slots.every((slot) => !slot.is_processing)) return;
		await sleep(20);
	}
}
