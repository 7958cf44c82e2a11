import assert from "node:assert/strict";
import { type Limits, limitReached } from "../../src/agent/limits.ts";
import { runTurn } from "../../src/agent/loop.ts";
import type { Unstamped } from "../../src/shared/event.ts";
import type { Usage } from "../../src/shared/message.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { type Answer, ScriptedModel } from "../fake/model.ts";

const MINUTE = 60_000;

/** Events with the minute at which each was written. */
function chatOf(...events: readonly (readonly [minute: number, event: Unstamped])[]): Chat {
	return events.map(([minute, event], seq) => ({ ...event, seq, at: minute * MINUTE })).reduce(reduce, emptyChat);
}

const prompted: Unstamped = { type: "prompted", text: "Go" };
const finished = (callId: string, minutes: number): Unstamped => ({
	type: "finished",
	callId,
	failed: false,
	text: "ok",
	ms: minutes * MINUTE,
});

function replied(ids: readonly string[], minutes: number, usage?: Usage): Unstamped {
	const parts = ids.map((id) => ({ kind: "call", id, tool: "Read", args: "{}" }) as const);
	const rest = { finish: "stop", complete: true, model: "k2", ms: minutes * MINUTE };
	return { type: "replied", parts, ...rest, ...(usage && { usage }) };
}

describe("what a task has used", () => {
	const usage = { inputTokens: 900, outputTokens: 100, cachedTokens: 800, cost: 0.25 };

	it("is all that was sent and said, also from the server's cache, by the chat's shortening and by calls themselves", () => {
		const chat = chatOf(
			[0, { type: "prompted", text: "Earlier" }],
			[0, replied([], 1, usage)],
			[1, { type: "ended", reason: "done" }],
			[2, prompted],
			[2, replied(["a"], 1, usage)],
			[2, { type: "compacted", summary: "S", keptFrom: 4, usage }],
			[3, { ...replied([], 1, usage) }],
		);
		assert.deepEqual(limitReached(chat, { tokens: 3000 }), { of: "tokens", max: 3000, used: 3000 });
		assert.equal(limitReached(chat, { tokens: 3001 }), undefined);
		assert.deepEqual(limitReached(chat, { cost: 0.75 }), { of: "cost", max: 0.75, used: 0.75 });
	});

	it("is not what turns cost that came after it and were taken back", () => {
		const chat = chatOf(
			[0, prompted],
			[0, replied(["a"], 1, usage)],
			[0, finished("a", 0)],
			[1, { type: "ended", reason: "looping" }],
			[2, { type: "prompted", text: "Or this" }],
			[2, replied([], 1, usage)],
			[3, { type: "restored", turn: 4, changes: [] }],
			[4, replied(["b"], 1, usage)],
		);
		assert.deepEqual(limitReached(chat, { tokens: 1 }), { of: "tokens", max: 1, used: 1000 });
	});

	it("is no money where nobody tells the cost", () => {
		const chat = chatOf([0, prompted], [0, replied([], 1, { inputTokens: 1e9, outputTokens: 1e9 })]);
		assert.equal(limitReached(chat, { cost: 0.01 }), undefined);
	});

	it("is the time of answers and calls, each moment once, and not that of the person or of a chat that lay still", () => {
		const chat = chatOf(
			[0, prompted],
			[2, replied(["a", "b", "c"], 2)],
			// Two at once, then one that was decided on for an hour.
			[5, finished("a", 3)],
			[6, finished("b", 4)],
			[66, finished("c", 1)],
			[900, replied([], 1)],
		);
		assert.deepEqual(limitReached(chat, { minutes: 8 }), { of: "minutes", max: 8, used: 8 });
		assert.equal(limitReached(chat, { minutes: 8.1 }), undefined);
	});

	it("begins anew with each prompt and each pause", () => {
		const limits: Limits = { calls: 1, tokens: 1000, cost: 0.25, minutes: 1, steps: 1 };
		const first = [
			[0, prompted],
			[1, replied(["a"], 1, usage)],
			[1, finished("a", 0)],
		] as const;
		assert.equal(limitReached(chatOf(...first), limits)?.of, "calls");
		const limit = { of: "calls", max: 1, used: 1 } as const;
		assert.equal(limitReached(chatOf(...first, [1, { type: "ended", reason: "limit", limit }]), limits), undefined);
		assert.equal(limitReached(chatOf(...first, [1, { type: "ended", reason: "looping" }]), limits), undefined);
		assert.equal(limitReached(chatOf(...first, [1, { type: "ended", reason: "failed" }]), limits)?.of, "calls");
		assert.equal(limitReached(chatOf(...first, [1, prompted]), limits), undefined);
	});
});

describe("a task at its limit", () => {
	const tools = () => new TestTools({ Read: ({ path }) => ({ effects: [{ read: String(path) }] }) });
	const reads = (from: number, count: number): Answer => ({
		calls: Array.from({ length: count }, (_, n) => ({ tool: "Read", args: { path: `${from + n}` } })),
	});

	it("runs no more calls of an answer than it may have, gives the others a result, and goes on where it was", async () => {
		const { session } = await newSession();
		const used = tools();
		const model = new ScriptedModel(reads(0, 500), reads(500, 1), { text: "Done." });
		const env = turnEnv(model, used, { limits: { calls: 300 } });
		const first = await runTurn(session, "Go", env, new AbortController().signal);
		assert.deepEqual([first.reason, used.ran.length, model.requests.length], ["limit", 300, 1]);
		const turn = session.chat.turns[0] ?? assert.fail();
		assert.deepEqual(turn.limit, { of: "calls", max: 300, used: 300 });
		const texts = turn.steps[0]?.calls.slice(300).map(({ text }) => text) ?? [];
		assert.deepEqual([texts.length, new Set(texts).size], [200, 1]);
		assert.match(texts[0] ?? "", /^Not run: this task reached its limit of 300 tool calls, .*make this call again/);
		const second = await runTurn(session, undefined, env, new AbortController().signal);
		assert.deepEqual([second.reason, used.ran.length, session.chat.turns[0]?.limit], ["done", 301, undefined]);
	});

	it("runs the first call of the answer that reached it: what was paid for brings something", async () => {
		const { session } = await newSession();
		const used = tools();
		const model = new ScriptedModel({ ...reads(0, 3), usage: { inputTokens: 9, outputTokens: 1 } });
		const env = turnEnv(model, used, { limits: { tokens: 10 } });
		assert.equal((await runTurn(session, "Go", env, new AbortController().signal)).reason, "limit");
		assert.equal(used.ran.length, 1);
	});
});
