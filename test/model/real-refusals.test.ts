import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createModel } from "../../src/model/chat-model.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { loadRecording, replay } from "../fake/endpoint-corpus.ts";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { endpointAt, hear, hello, patient } from "./harness.ts";

const folder = fileURLToPath(new URL("../recordings", import.meta.url));

/** A recorded refusal, then an answer or another refusal: what we asked for, and what stays known. */
async function refusedOnce(name: string, next: ScriptedReply = { text: "Yes." }, request = hello) {
	const script = [replay(loadRecording(folder, name)), next];
	const server = await startEndpoint({ script });
	try {
		const model = createModel({ endpoint: endpointAt(server.url), model: "asked", clocks: patient });
		const { failure } = await hear(model, request);
		const budgets = server.requests.map(({ body }) => (body as { max_tokens?: number }).max_tokens);
		return { failure: failure?.code, budgets, window: model.contextTokens };
	} finally {
		await server.close();
	}
}

describe("what a real server's refusal teaches", () => {
	it("llama.cpp: the window, from a prompt that is too long", async () => {
		const { window } = await refusedOnce("R05-llamacpp-overflow");
		assert.equal(window, 2048);
	});

	it("vLLM: the window, from a prompt that is too long", async () => {
		const { window } = await refusedOnce("R26-vllm-overflow");
		assert.equal(window, 4096);
	});

	it("vLLM: a budget that fits, from one above the window; the person does not notice", async () => {
		const { failure, budgets, window } = await refusedOnce("R27-vllm-budget");
		assert.deepEqual({ failure, window, tries: budgets.length }, { failure: undefined, window: 4096, tries: 2 });
		assert.equal((budgets[1] ?? 0) < 4096, true);
	});

	it("vLLM: a prompt that is too long is told only after the budget is right, and is told as that", async () => {
		const tooLong = replay(loadRecording(folder, "R26-vllm-overflow"));
		const long = { ...hello, messages: [{ role: "user", text: "word ".repeat(6000) }] } as const;
		const { failure, window } = await refusedOnce("R27-vllm-budget", tooLong, long);
		assert.deepEqual({ failure, window }, { failure: "context", window: 4096 });
	});
});
