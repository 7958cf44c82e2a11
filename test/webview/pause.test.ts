import assert from "node:assert/strict";
import type { ReachedLimit, Unstamped } from "../../src/shared/event.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import type { Repetition } from "../../src/shared/repetition.ts";
import { announcement } from "../../src/webview/announce.ts";
import { pauseWords } from "../../src/webview/pause-words.ts";
import { initial } from "../../src/webview/store.ts";

describe("the words of a pause", () => {
	const limit = (of: ReachedLimit["of"], used: number) => pauseWords({ ended: "limit", limit: { of, max: 1, used } });
	const loop = (kind: Repetition["kind"], calls: string[], times: number) =>
		pauseWords({ ended: "looping", loop: { kind, calls, times } });

	it("name the limit and what was used of it", () => {
		const said = [limit("calls", 300), limit("calls", 1), limit("tokens", 2_100_000), limit("cost", 1.5)];
		assert.deepEqual(said, [
			"Paused after 300 tool calls",
			"Paused after 1 tool call",
			"Paused after 2.1M tokens",
			"Paused after $1.50",
		]);
		assert.deepEqual(
			[limit("minutes", 61), limit("steps", 2)],
			["Paused after 1 h 1 min of work", "Paused after 2 steps"],
		);
	});

	it("say what repeats and how often, and hide nothing in it", () => {
		assert.equal(
			loop("same", ["Read a\u202e.ts"], 5),
			"Paused: Kimi repeats itself. 5 times the same, with nothing new: Read a⟨U+202E⟩.ts",
		);
		assert.equal(
			loop("cycle", ["Read a.ts", "Run npm test"], 4),
			"Paused: Kimi goes in a circle. 4 times the same: Read a.ts, Run npm test",
		);
		assert.equal(loop("failing", ["Edit a.ts"], 6), "Paused: Edit a.ts failed 6 times in a row");
	});

	it("are nothing for a turn that does not wait", () => {
		assert.equal(pauseWords({ ended: "done" }), "");
	});

	it("are what a screen reader is told", () => {
		const limit = { of: "calls", max: 300, used: 300 } as const;
		const events: Unstamped[] = [
			{ type: "prompted", text: "Go" },
			{ type: "ended", reason: "limit", limit },
		];
		const chat = events.map((event, seq) => ({ ...event, seq, at: seq })).reduce(reduce, emptyChat);
		assert.equal(announcement({ ...initial, chat }), "Paused after 300 tool calls");
	});
});
