import assert from "node:assert/strict";
import { runTurn } from "../../src/agent/loop.ts";
import { delayBefore } from "../../src/agent/retry.ts";
import type { Live } from "../../src/shared/event.ts";
import type { Failure } from "../../src/shared/failure.ts";
import { newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

const busy: Failure = { code: "overloaded", message: "Busy.", retryable: true };
const cut: Failure = { code: "cut", message: "Cut.", retryable: true };
const quota: Failure = { code: "no-credit", message: "No credit.", retryable: false };
const signal = () => new AbortController().signal;

/** A turn whose waits are over at once and written down. */
async function turn(model: ScriptedModel, stop = new AbortController(), onPause: () => void = () => undefined) {
	const { session, log } = await newSession();
	const waits: number[] = [];
	const waiting: Extract<Live, { type: "waiting" }>[] = [];
	session.subscribe((event) => event.type === "waiting" && waiting.push(event));
	const pause = (ms: number) => {
		waits.push(ms);
		onPause();
		return Promise.resolve();
	};
	const hands = new TestTools({ Read: ({ path }) => ({ effects: [{ read: String(path) }] }) });
	const end = await runTurn(session, "go", turnEnv(model, hands, { pause }), stop.signal);
	return { session, types: log.events.map((event) => event.type), waits, waiting, end, hands };
}

describe("a request that fails", () => {
	it("is made again by itself after a wait, with the same bytes, and the failure is on record", async () => {
		const model = new ScriptedModel({ failure: busy }, { failure: busy }, { text: "Here." });
		const { end, types, waiting, session } = await turn(model);
		assert.deepEqual(end, { reason: "done" });
		assert.deepEqual(types, ["opened", "prompted", "failed", "failed", "replied", "ended"]);
		assert.deepEqual(
			waiting.map(({ attempt, of, failure }) => ({ attempt, of, failure })),
			[
				{ attempt: 2, of: 10, failure: busy },
				{ attempt: 3, of: 10, failure: busy },
			],
		);
		assert.deepEqual(model.requests[1], model.requests[0]);
		assert.deepEqual(model.requests[2], model.requests[0]);
		assert.equal(session.chat.turns[0]?.failure, undefined);
	});

	it("is counted where it cost something, though it said nothing", async () => {
		const usage = { inputTokens: 900, outputTokens: 0 };
		const { session } = await turn(new ScriptedModel({ failure: busy, usage }, { text: "Here." }));
		assert.equal(session.chat.spent.inputTokens, 910);
	});

	it("gives up after ten tries and ends with the failure", async () => {
		const model = new ScriptedModel(...Array.from({ length: 12 }, () => ({ failure: busy })));
		const { end, waits, session } = await turn(model);
		assert.deepEqual(end, { reason: "failed" });
		assert.deepEqual([model.requests.length, waits.length], [10, 9]);
		assert.deepEqual(session.chat.turns[0]?.failure, busy);
	});

	it("counts anew after a step that succeeded", async () => {
		const nine = Array.from({ length: 9 }, () => ({ failure: busy }));
		const model = new ScriptedModel(...nine, { calls: [{ tool: "Read", args: { path: "a" } }] }, ...nine, {
			text: "ok",
		});
		const { end, hands } = await turn(model);
		assert.deepEqual(end, { reason: "done" });
		assert.deepEqual(hands.ran, ['Read {"path":"a"}']);
	});

	it("is not made again after a quota or a wrong key", async () => {
		const { end, waits } = await turn(new ScriptedModel({ failure: quota }, { text: "never" }));
		assert.deepEqual([end, waits], [{ reason: "failed" }, []]);
	});

	it("is not made again while Stop is pressed during the wait, and the failure stays in sight", async () => {
		const stop = new AbortController();
		const model = new ScriptedModel({ failure: busy }, { text: "never" });
		const { end, session } = await turn(model, stop, () => stop.abort());
		assert.deepEqual([end, model.requests.length], [{ reason: "stopped" }, 1]);
		assert.deepEqual(session.chat.turns[0]?.failure, busy);
	});

	it("in the middle of its answer runs none of its calls and sends none of its text back", async () => {
		const broken = { text: "I will ", calls: [{ tool: "Read", args: { path: "a" } }], failure: cut };
		const model = new ScriptedModel(broken, { text: "I will look." });
		const { hands, session } = await turn(model);
		assert.deepEqual(hands.ran, []);
		assert.deepEqual(model.requests[1], model.requests[0]);
		assert.deepEqual(
			session.chat.turns[0]?.steps.map((step) => step.complete),
			[false, true],
		);
	});

	it("in the middle of its answer is made again three times only: each may cost as much as the first", async () => {
		const model = new ScriptedModel(...Array.from({ length: 12 }, () => ({ text: "Half", failure: cut })));
		await turn(model);
		assert.equal(model.requests.length, 4);
	});
});

describe("the wait before a try", () => {
	const waits = (failure: Failure, random: number) =>
		Array.from({ length: 10 }, (_, index) => delayBefore(index + 2, failure, random));

	it("doubles from half a second up to 32 s, a quarter more or less", () => {
		assert.deepEqual(waits(busy, 0.5), [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000, undefined]);
		assert.deepEqual([delayBefore(2, busy, 0), delayBefore(2, busy, 1)], [375, 625]);
	});

	it("is no shorter than Retry-After asked for, and no shorter than usual", () => {
		assert.equal(delayBefore(2, { ...busy, retryAfterMs: 7000 }, 0), 7000);
		assert.equal(delayBefore(6, { ...busy, retryAfterMs: 0 }, 0.5), 8000);
	});

	it("is not begun where Retry-After asks for more than two minutes", () => {
		assert.equal(delayBefore(2, { ...busy, retryAfterMs: 120_001 }, 0), undefined);
	});
});

describe("pressing retry-now", () => {
	it("asks at once: the wait is only what the host makes of it", async () => {
		const { session } = await newSession();
		const model = new ScriptedModel({ failure: { ...busy, retryAfterMs: 100_000 } }, { text: "Here." });
		let hurry: () => void = () => undefined;
		const pause = () => new Promise<void>((resolve) => (hurry = resolve));
		session.subscribe((event) => event.type === "waiting" && setImmediate(() => hurry()));
		const end = await runTurn(session, "go", turnEnv(model, new TestTools({}), { pause }), signal());
		assert.deepEqual(end, { reason: "done" });
	});
});
