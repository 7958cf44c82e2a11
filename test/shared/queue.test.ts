import assert from "node:assert/strict";
import type { Recorded, Unstamped } from "../../src/shared/event.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";

const messages = [
	{ id: "m1", text: "And the docs" },
	{ id: "m2", text: "Mind the tests", steer: true as const },
];

describe("what the person writes while a turn runs", () => {
	it("waits in order, and is gone once it is a prompt or was said between steps", () => {
		const chat = chatOf(
			{ type: "prompted", text: "Go" },
			{ type: "queued", messages },
			{ type: "steered", ids: ["m2"], text: "Mind the tests" },
		);
		assert.deepEqual(chat.queue, [messages[0]]);
		assert.deepEqual(chat.turns.at(-1)?.steered, [{ seq: 2, text: "Mind the tests" }]);
		const next = chatOf(
			{ type: "prompted", text: "Go" },
			{ type: "queued", messages },
			{ type: "prompted", text: "And the docs", queued: "m1" },
		);
		assert.deepEqual(next.queue, [messages[1]]);
	});

	it("stays when the conversation goes back, and when that is taken back", () => {
		const chat = chatOf(
			{ type: "prompted", text: "Go" },
			{ type: "restored", turn: 0, changes: [] },
			{ type: "queued", messages },
			{ type: "restored", undo: true, changes: [] },
		);
		assert.deepEqual([chat.turns.length, chat.queue], [1, messages]);
	});
});

describe("a pause", () => {
	it("says which limit was reached, until the turn goes on; what was counted before it counts no more", () => {
		const limit = { of: "calls", max: 300, used: 300 } as const;
		const paused = chatOf({ type: "prompted", text: "Go" }, { type: "ended", reason: "limit", limit });
		assert.deepEqual([paused.turns[0]?.limit, paused.turns[0]?.pausedAt], [limit, 1]);
		const parts = [{ kind: "text" as const, text: "On." }];
		const on: Unstamped = { type: "replied", parts, finish: "stop", complete: true, model: "k2", ms: 1 };
		const gone = chatOf({ type: "prompted", text: "Go" }, { type: "ended", reason: "limit", limit }, on);
		assert.deepEqual([gone.turns[0]?.limit, gone.turns[0]?.pausedAt], [undefined, 1]);
	});
});

function chatOf(...events: readonly Unstamped[]): Chat {
	return events.map((event, seq): Recorded => ({ ...event, seq, at: seq })).reduce(reduce, emptyChat);
}
