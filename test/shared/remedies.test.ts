import assert from "node:assert/strict";
import { FailureCode } from "../../src/shared/failure.ts";
import { failureOf, remedies } from "../../src/shared/remedies.ts";

describe("the remedies", () => {
	it("retry by itself only what waiting can help: never a key, a quota, a limit or a malformed chat", () => {
		assert.deepEqual(
			FailureCode.options.filter((code) => remedies[code].retryable),
			["network", "cut", "timeout", "rate-limit", "overloaded", "empty", "incomplete"],
		);
	});

	it("give the person something to press, unless they pressed Stop", () => {
		const without = FailureCode.options.filter((code) => remedies[code].fixes.length === 0);
		assert.deepEqual(without, ["aborted"]);
	});

	it("offer no button twice", () => {
		for (const { fixes } of Object.values(remedies)) assert.equal(new Set(fixes).size, fixes.length);
	});

	it("decide whether a failure is retried", () => {
		assert.deepEqual(
			[failureOf("cut", "Gone."), failureOf("auth", "No.", { status: 401 })],
			[
				{ code: "cut", message: "Gone.", retryable: true },
				{ code: "auth", message: "No.", retryable: false, status: 401 },
			],
		);
	});
});
