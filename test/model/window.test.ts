import assert from "node:assert/strict";
import { runTurn } from "../../src/agent/loop.ts";
import { createModel } from "../../src/model/chat-model.ts";
import { newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import type { ScriptedReply, WireRequest } from "../fake/endpoint-reply.ts";
import { endpointAt, hear, hello, patient } from "./harness.ts";

const WINDOW = 65_536;
/** Tokens that this model thinks before it says anything. */
const THINKING = 8000;
const STEPS = 60;

interface Seen {
	refused: number;
	cut: number;
	notes: number;
	calls: number;
}

const LONG = "word ".repeat(2000);

/** A server that counts like a real one: prompt and budget must fit into its window together. `said`: with each call. */
function counting(seen: Seen, said: string, { raw, body }: WireRequest): ScriptedReply {
	const prompt = Math.ceil(raw.length / 4);
	const budget = Number(body["max_tokens"]);
	const usage = { prompt_tokens: prompt, completion_tokens: 50 + Math.ceil(said.length / 4) };
	if (prompt + budget > WINDOW) {
		seen.refused++;
		const words = `This model's maximum context length is ${WINDOW} tokens. However, you requested ${prompt + budget} tokens (${prompt} in the messages, ${budget} in the completion).`;
		return { status: 400, body: { error: { message: words, code: 400 } } };
	}
	if (budget < THINKING) {
		seen.cut++;
		return { reasoning: "Hm. ", finish: "length", usage };
	}
	if (/Write notes for yourself/.test(body.messages.at(-1)?.content ?? "")) {
		seen.notes++;
		return { text: "Read some files.", usage };
	}
	if (seen.calls === STEPS) return { text: "All read.", usage };
	return { reasoning: `Next. ${said}`, calls: [{ tool: "Read", args: { path: `${seen.calls++}` } }], usage };
}

describe("a thinking model at the end of its window", () => {
	for (const { what, said, result } of [
		{ what: "results: the oldest are left out", said: "", result: LONG },
		{ what: "thoughts: notes stand for the oldest", said: LONG, result: "Read." },
	])
		it(`goes on through sixty steps of long ${what} in time, and no request is refused`, async () => {
			const seen: Seen = { refused: 0, cut: 0, notes: 0, calls: 0 };
			const server = await startEndpoint({ script: (request) => counting(seen, said, request) });
			try {
				const model = "moonshotai/Kimi-K2-Thinking";
				const listed = { id: model, contextTokens: WINDOW };
				const asked = createModel({ endpoint: endpointAt(server.url), model, server: listed, clocks: patient });
				const plan = { effects: [{ read: "a" }], run: () => ({ text: result }) };
				const hands = new TestTools({ Read: () => plan });
				const { session, log } = await newSession();
				const env = turnEnv(asked, hands, { limits: { steps: 200 } });
				assert.deepEqual(await runTurn(session, "Read all.", env, new AbortController().signal), { reason: "done" });
				assert.equal(hands.ran.length, STEPS);
				const shed = log.events.filter(({ type }) => type === "shed").length;
				assert.ok(said === "" ? shed > seen.notes : seen.notes > 1 && shed === 0, `${shed} times, ${seen.notes} notes`);
				assert.deepEqual([seen.refused, seen.cut], [0, 0]);
			} finally {
				await server.close();
			}
		});

	it("is told that the chat is too long, and not that a limit is too low, when its answer is cut for want of room", async () => {
		const server = await startEndpoint({ script: () => ({ reasoning: "Hm. ", finish: "length" }) });
		const codeAt = async (contextTokens: number) => {
			const listed = { id: "kimi-k2-thinking", contextTokens };
			const model = createModel({
				endpoint: endpointAt(server.url),
				model: listed.id,
				server: listed,
				clocks: patient,
			});
			return (await hear(model, { ...hello, system: "x".repeat(200_000) })).failure?.code;
		};
		try {
			assert.deepEqual([await codeAt(WINDOW), await codeAt(4 * WINDOW)], ["context", "length"]);
		} finally {
			await server.close();
		}
	});
});
