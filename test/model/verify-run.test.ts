import assert from "node:assert/strict";
import type { Progress } from "../../src/model/verify/verify.ts";
import { goodKimi, refusal, saidIn } from "./verify-kimi.ts";
import { odd, says, tryOn, usual } from "./verify-trial.ts";

describe("A run of Verify", () => {
	it("asks each question once and stays within 25 requests and 60,000 tokens", async () => {
		const { report, endpoint } = await tryOn(goodKimi);
		const bodies = endpoint.requests.map(({ raw }) => raw);
		// Twice on purpose: the history for the cache, the first one after a stopped answer.
		assert.equal(bodies.length - new Set(bodies).size, 2);
		assert.ok(report.requests <= 25, `${report.requests} requests`);
		const budgets = endpoint.requests.map(({ body }) => Number(body["max_tokens"])).filter((each) => each < 1_000_000);
		const most = report.usage.inputTokens + budgets.reduce((sum, each) => sum + each, 0);
		assert.ok(most < 60_000, `${most} tokens`);
	});

	it("tells how far it is, in the order in which it tries", async () => {
		const steps: Progress[] = [];
		const { report } = await tryOn(goodKimi, { progress: (step) => steps.push(step) });
		assert.deepEqual(
			steps.map(({ n, of }) => [n, of]),
			report.rows.map((_, n) => [n + 1, 24]),
		);
	});

	it("says that the key is refused, and asks nothing more", async () => {
		const { report, endpoint } = await tryOn(goodKimi, { key: "right", at: { key: "wrong-key" } });
		assert.deepEqual([report.verdict, report.stopped?.code, odd(report)[3]], ["unsuitable", "auth", "fail"]);
		assert.deepEqual(endpoint.hits, ["GET /v1/models", "POST /v1/chat/completions"]);
	});

	it("asks once more after a broken connection", async () => {
		const { report, endpoint } = await tryOn((request) =>
			request.n % 2 === 0 ? { cutAfterBytes: 1, text: "x" } : goodKimi(request),
		);
		assert.deepEqual([report.verdict, odd(report)], ["ready", usual]);
		assert.equal(report.requests, endpoint.hits.length);
	});

	it("reports what it found until the endpoint died, and says so", async () => {
		const steps: Progress[] = [];
		const { report } = await tryOn((request) => (request.n > 2 ? { cutAfterBytes: 1, text: "x" } : goodKimi(request)), {
			progress: (step) => steps.push(step),
		});
		assert.deepEqual([report.verdict, report.stopped?.code], ["unsuitable", "cut"]);
		assert.deepEqual(
			[4, 11, 13].map((id) => odd(report)[id]),
			[undefined, undefined, "fail"],
		);
		assert.match(says(report, 22), /Not tried/);
		assert.equal(steps.at(-1)?.title, "It goes on after the results of calls");
	});

	it("ends at once when it is cancelled, and keeps what it found", async () => {
		const stop = new AbortController();
		const { report } = await tryOn(
			(request) => {
				if (saidIn(request).includes("France")) {
					setImmediate(() => stop.abort());
					return { hang: "after-headers" };
				}
				return goodKimi(request);
			},
			{ signal: stop.signal },
		);
		assert.deepEqual([report.stopped?.code, odd(report)[11], odd(report)[13]], ["aborted", undefined, "skipped"]);
	});

	it("waits as long as a busy server asks for", async () => {
		const waits: (number | undefined)[] = [];
		let refused = 0;
		const { report } = await tryOn(
			(request) => {
				if (request.n % 4 !== 1 || refused === 3) return goodKimi(request);
				refused++;
				return refusal(429, "Your account reached max request per minute: 3", { "retry-after-ms": "20" });
			},
			{ progress: ({ waitMs }) => waitMs !== undefined && waits.push(waitMs) },
		);
		assert.deepEqual([report.verdict, odd(report), waits], ["ready", usual, [20, 20, 20]]);
	});

	it("does not wait for hours", async () => {
		const { report } = await tryOn((request) =>
			request.n > 2 ? refusal(429, "Too many requests", { "retry-after": "3600" }) : goodKimi(request),
		);
		assert.deepEqual([report.verdict, report.stopped?.code], ["unsuitable", "rate-limit"]);
	});
});
