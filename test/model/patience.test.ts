import assert from "node:assert/strict";
import { createPatience } from "../../src/model/patience.ts";

describe("patience", () => {
	const limits = { firstByteMs: 300, idleMs: 90, stallMs: 200 };

	it("waits for the first byte, then for any byte, and never longer than content may stay out", () => {
		const patience = createPatience(limits);
		const seen = [patience.next()];
		for (const waited of [299, 80, 80, 30]) {
			patience.bytes(waited);
			seen.push(patience.next());
		}
		patience.content();
		seen.push(patience.next());
		assert.deepEqual(seen, [
			{ ms: 300, clock: "first-byte" },
			{ ms: 90, clock: "idle" },
			{ ms: 90, clock: "idle" },
			{ ms: 40, clock: "stall" },
			{ ms: 10, clock: "stall" },
			{ ms: 90, clock: "idle" },
		]);
	});

	it("without a first-byte limit has none at all until there is content", () => {
		const patience = createPatience({ ...limits, firstByteMs: null });
		const seen = [patience.next()];
		patience.bytes(1_000_000);
		seen.push(patience.next());
		patience.content();
		seen.push(patience.next());
		assert.deepEqual(seen, [undefined, undefined, { ms: 90, clock: "idle" }]);
	});

	it("waits a few seconds at most for what may follow the finish", () => {
		const patience = createPatience({ ...limits, idleMs: 90_000 });
		patience.bytes(1);
		patience.finished();
		assert.deepEqual(patience.next(), { ms: 5000, clock: "idle" });
	});

	it("never asks for a timer that Node can't hold", () => {
		assert.deepEqual(createPatience({ ...limits, firstByteMs: 1e12 }).next(), { ms: 2 ** 31 - 1, clock: "first-byte" });
	});
});
