import type { ExploredCall } from "../../src/shared/preview.ts";
import { call, ended, type Item, prompted, replied, say } from "./log.ts";
import { scene } from "./scene.ts";

const prompt =
	"Where does the shop take a coupon off the total, and who calls that? Report the functions with paths and lines, and how they round.";
const report =
	"A coupon is taken off in one place only:\n\n- `src/cart.ts:14` `Cart.total()` rounds the discount once, in cents.\n- `src/order.ts:88` and `src/mail/receipt.ts:31` call it.\n\nNothing under `src/api` reads a coupon.";
const calls: ExploredCall[] = [
	{ title: 'Search "coupon"' },
	{ title: "Read src/cart.ts" },
	{ title: "Read .env", failed: true },
	{ title: "Read src/order.ts:60-120" },
	{ title: 'Search "\\.total\\(" in src' },
];

const task = (id: string, title: string): Item[] => [
	{
		type: "planned",
		callId: id,
		tool: "Task",
		title: `Explore ${title}`,
		effects: [{ read: "." }],
		preview: { kind: "task", prompt, calls: [] },
	},
	{ type: "decided", callId: id, verdict: "allow", by: "policy", reason: "It only reads inside the workspace." },
];

const done = (id: string): Item => ({
	type: "finished",
	callId: id,
	failed: false,
	text: report,
	show: { kind: "task", prompt, calls, report },
	ms: 18_000,
});

const begun: readonly Item[] = [
	prompted("How are coupons handled?"),
	replied([say("I send two explorers."), call("t1", "Task"), call("t2", "Task")]),
	...task("t1", "who takes coupons off the total"),
	...task("t2", "how coupons are stored"),
];

/** Explorers at work, and what came of one. */
export const explorers = {
	exploring: scene([
		...begun,
		{ type: "running", callId: "t1", at: Date.now() - 9_000 },
		{ type: "output", callId: "t1", text: calls.map(({ title }) => `${title}\n`).join("") },
		{ type: "running", callId: "t2", at: Date.now() - 9_000 },
		{ type: "output", callId: "t2", text: 'Search "coupon" in db\n' },
	]),
	explored: scene([...begun, done("t1"), done("t2"), replied([say("In one place: `src/cart.ts:14`.")]), ended("done")]),
};
