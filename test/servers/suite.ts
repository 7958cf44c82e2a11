import { Refusal } from "../../scripts/lib/setup.mjs";
import type { Model, ModelRequest } from "../../src/agent/ports.ts";
import { createModel } from "../../src/model/chat-model.ts";
import type { FactBook } from "../../src/model/facts.ts";
import { listModels } from "../../src/model/list.ts";
import type { Message } from "../../src/shared/message.ts";
import { endpointAt, hello, patient, tools } from "../model/harness.ts";
import { type RunningServer, startServer } from "./start.ts";

/** Set-up downloads gigabytes the first time, and vLLM starts slowly. */
const SET_UP_MS = 1_800_000;

/** Inside of `describe`: the server runs for the suite; where it can't, the suite is skipped and says why. */
export function withServer(name: string): () => RunningServer {
	let running: RunningServer | undefined;
	before(async function () {
		this.timeout(SET_UP_MS);
		try {
			running = await startServer(name);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			console.log(`    ${name} is skipped: ${error.message}`);
			this.skip();
		}
	});
	after(async () => {
		await running?.close();
	});
	return () => {
		if (!running) throw new Error(`${name} does not run.`);
		return running;
	};
}

/** Greedy: the same question has the same answer. */
const capabilities = { sampling: { temperature: 0 } };
const wishes = { capabilities, maxTokens: 120 };
const clocks = { ...patient, firstByteMs: null };

/** Our adapter on the server's first model, as its list describes it. */
export async function modelOf(url: string): Promise<Model> {
	const endpoint = endpointAt(url);
	const listed = await listModels(endpoint, new AbortController().signal);
	if (!listed.ok) throw new Error(listed.failure.message);
	const [server] = listed.value;
	if (!server) throw new Error("The list is empty.");
	return createModel({ endpoint, model: server.id, server, wishes, clocks });
}

/** As where no list tells anything of the model: all that is known of it comes from its answers, into the book. */
export function unlisted(url: string, model: string, book: FactBook): Model {
	return createModel({ endpoint: endpointAt(url), model, book, wishes: { capabilities }, clocks });
}

export function asking(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
	return { ...hello, messages: [{ role: "user", text }], ...more };
}

/** A chat in which `read_file` was called three times: the smallest model goes on like that. */
export function habit(text: string): ModelRequest {
	const messages = ["src/one.ts", "src/two.ts", "src/three.ts"].flatMap((file, n): Message[] => {
		const id = `functions.read_file:${n}`;
		const call = { kind: "call", id, tool: "read_file", args: JSON.stringify({ path: file }) } as const;
		return [
			{ role: "user", text: `Read ${file}` },
			{ role: "assistant", parts: [{ kind: "text", text: "I read it." }, call] },
			{ role: "tool", callId: id, tool: "read_file", text: "ok", failed: false },
		];
	});
	return {
		...hello,
		tools: tools.filter(({ name }) => name === "read_file"),
		messages: [...messages, { role: "user", text }],
	};
}
