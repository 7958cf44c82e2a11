import assert from "node:assert/strict";
import { createFactBook } from "../../src/model/facts.ts";
import { limited } from "../../src/model/verify/clocks.ts";
import { estimate } from "../../src/model/verify/estimate.ts";
import { keep } from "../../src/model/verify/keep.ts";
import { renderReport } from "../../src/model/verify/report.ts";
import type { Progress } from "../../src/model/verify/verify.ts";
import type { WireRequest } from "../fake/endpoint-reply.ts";
import { endpointAt, patient } from "./harness.ts";
import { goodKimi, refusal, saidIn } from "./verify-kimi.ts";
import { MODEL, odd, says, tryOn, usual } from "./verify-trial.ts";

/** What a server in trouble may ask for, so that tests need not wait. */
const soon = { "retry-after-ms": "1" };

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
			report.rows.map((_, n) => [n + 1, 25]),
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
			[undefined, undefined, "skipped"],
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

	for (const status of [500, 502, 503, 504, 529])
		it(`asks again after ${status} and judges by what comes then`, async () => {
			const seen = new Set<string>();
			const { report } = await tryOn((request) => {
				const { raw } = request;
				if (request.n % 2 === 0 || seen.has(raw)) return goodKimi(request);
				seen.add(raw);
				return refusal(status, "Upstream broke", soon);
			});
			assert.deepEqual([report.stopped, report.verdict, odd(report)], [undefined, "ready", usual]);
			assert.ok(seen.size > 3);
		});

	it("does not judge what was never answered, and stays with its verdict where an agent can do without", async () => {
		const { report } = await tryOn((request) =>
			/odd\.txt|both of them/.test(saidIn(request)) ? refusal(502, "Bad gateway", soon) : goodKimi(request),
		);
		assert.deepEqual(
			[report.stopped, report.verdict, odd(report)],
			[undefined, "ready", { ...usual, 12: "skipped", 18: "skipped" }],
		);
		assert.match(says(report, 18), /^Not judged: /);
	});

	const vital: readonly [string, number, (request: WireRequest) => boolean][] = [
		["a call", 11, (request) => saidIn(request).includes("plan_release")],
		["a chat with calls", 14, ({ body }) => body.messages.length > 3],
	];
	for (const [what, id, isBad] of vital)
		it(`is not finished where ${what} is never answered, and nothing of it is kept`, async () => {
			const { report } = await tryOn((request) =>
				isBad(request) ? refusal(500, "Internal error", soon) : goodKimi(request),
			);
			assert.deepEqual([report.stopped?.code, odd(report)[4], odd(report)[id]], ["overloaded", undefined, "skipped"]);
			const book = createFactBook();
			keep(report, book);
			assert.equal(book.read().verified, undefined);
			assert.match(renderReport(report), /^# Not finished/);
		});

	it("is not finished at a server that is always busy", async () => {
		const { report } = await tryOn(() => refusal(503, "The engine is currently overloaded", soon));
		assert.deepEqual([report.stopped?.code, report.requests], ["overloaded", 5]);
		assert.deepEqual(
			report.rows.filter(({ status }) => status === "fail"),
			[],
		);
	});

	it("never asks more often than it said before", async () => {
		const tries = new Map<string, number>();
		const { report, endpoint } = await tryOn((request) => {
			const n = (tries.get(request.raw) ?? 0) + 1;
			tries.set(request.raw, n);
			return n % 3 === 0 ? goodKimi(request) : refusal(503, "Busy", soon);
		});
		const { mostRequests } = estimate({ endpoint: endpointAt(endpoint.url), model: MODEL });
		assert.ok(report.requests <= mostRequests, `${report.requests} requests`);
		assert.deepEqual([report.stopped?.code, odd(report)[4], odd(report)[22]], ["limit", undefined, "skipped"]);
	});

	it("comes to an end at a server on this machine that never begins to answer", async () => {
		const hung = () => ({ hang: "before-headers" }) as const;
		const { report } = await tryOn(hung, { clocks: { ...patient, firstByteMs: 600 } });
		assert.deepEqual([report.stopped?.code, report.requests], ["timeout", 3]);
		assert.match(report.stopped?.message ?? "", /^Fake did not begin to answer within 1 s\. If it is still loading/);
		const chat = { firstByteMs: null, idleMs: 90_000, stallMs: 300_000 };
		assert.deepEqual(limited(chat), { firstByteMs: 120_000, idleMs: 120_000, stallMs: 300_000 });
		assert.equal(limited(patient), patient);
	});

	it("tells the speed of answers that come in pieces, and of no others", async () => {
		const inPieces = await tryOn((request) => ({
			...goodKimi(request),
			...(saidIn(request).includes("17 + 25") && { chunkMs: 60, chunkSize: 4 }),
		}));
		assert.equal(typeof inPieces.report.tokensPerSecond, "number");
		const atOnce = await tryOn((request) => ({ ...goodKimi(request), delayMs: 60, chunkMs: 0, group: 100_000 }));
		assert.equal(atOnce.report.tokensPerSecond, undefined);
		const whole = await tryOn(() => ({
			body: { choices: [{ message: { content: "42" }, finish_reason: "stop" }], usage: { completion_tokens: 9000 } },
		}));
		assert.equal(whole.report.tokensPerSecond, undefined);
	});
});
