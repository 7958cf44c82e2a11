import assert from "node:assert/strict";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import { saidBefore } from "../../src/webview/turn-summary.ts";

describe("what stands between two steps", () => {
	const at = 1;
	const prompted = reduce(emptyChat, { type: "prompted", seq: 1, at, text: "Go" });
	const told = reduce(prompted, { type: "noted", seq: 2, at, note: "News." });
	const replied = reduce(told, {
		type: "replied",
		seq: 3,
		at,
		parts: [],
		finish: "stop",
		complete: true,
		model: "m",
		ms: 1,
	});
	const news = [{ seq: 2, note: "News." }];

	it("stands once, before the answer under way as before the one on record", () => {
		const [waiting] = told.turns;
		const [answered] = replied.turns;
		assert.ok(waiting && answered);
		assert.deepEqual(
			[0, 1].map((index) => saidBefore(waiting, index)),
			[news, []],
		);
		assert.deepEqual(
			[0, 1, 2].map((index) => saidBefore(answered, index)),
			[news, [], []],
		);
	});
});
