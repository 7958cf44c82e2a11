import type { FileChange, Live } from "../../src/shared/event.ts";
import type { DiffPreview, Preview } from "../../src/shared/preview.ts";
import type { ChangedFile, HostMessage } from "../../src/shared/protocol.ts";
import { call, edit, ended, type Item, prompted, replied, say, think } from "./log.ts";
import { scene } from "./scene.ts";

const ask = prompted("Move the coupon code into a module of its own, with tests.");

const files: readonly ChangedFile[] = [
	{ path: "README.md", kind: "changed", added: 3, removed: 0, edited: true },
	{ path: "assets/logo.png", kind: "binary", added: 0, removed: 0 },
	{ path: "scripts/release.sh", kind: "mode", added: 0, removed: 0 },
	{ path: "src/cart.ts", kind: "changed", added: 5, removed: 41 },
	{ path: "src/checkout/coupons/discount-by-share-of-total.ts", kind: "created", added: 124, removed: 0 },
	{ path: "src/checkout/money.ts", kind: "renamed", from: "src/checkout/cents.ts", added: 2, removed: 2, edited: true },
	{ path: "src/legacy/coupon.js", kind: "deleted", added: 0, removed: 88 },
];

const many: readonly ChangedFile[] = Array.from({ length: 500 }, (_, index) => ({
	path: `src/module-${String(index).padStart(3, "0")}/index.ts`,
	kind: "changed" as const,
	added: index % 37,
	removed: index % 11,
}));

const diff = (path: string, lines: string, more: Partial<DiffPreview> = {}): DiffPreview => ({
	kind: "diff",
	path,
	diff: lines,
	added: lines.split("\n").filter((line) => line.startsWith("+")).length,
	removed: lines.split("\n").filter((line) => line.startsWith("-")).length,
	...more,
});

const coupon = `@@ -0,0 +1,5 @@
+import type { Coupon } from "./coupon.ts";
+
+export function discount(sum: number, coupon: Coupon | undefined): number {
+	return coupon === undefined ? 0 : Math.round(sum * coupon.share);
+}
`;

const gone = `@@ -1,4 +0,0 @@
-// Coupons as they were stored until 2021.
-module.exports = function coupon(sum, share) {
-	return sum - sum * share;
-};
`;

const renamed = `@@ -1,3 +1,3 @@
 /** Sums are in cents. */
-export type Cents = number;
+export type Money = number;
 export const zero = 0;
`;

/** A call that waits for the person. */
function asks(id: string, tool: string, title: string, paths: readonly string[], preview: Preview): readonly Item[] {
	return [
		replied([call(id, tool)]),
		{ type: "planned", callId: id, tool, title, effects: paths.map((write) => ({ write })), preview },
		{ type: "decided", callId: id, verdict: "ask", by: "policy", reason: "Edits ask before they are written." },
	];
}

const plan = `## What I found

\`total()\` in \`src/cart.ts\` mixes prices and coupons, and \`src/legacy/coupon.js\` does the same a second time.

## Steps

1. Move the discount to \`src/checkout/coupon.ts\`.
2. Call it from \`total()\`, **after** the sum.
3. Delete \`src/legacy/coupon.js\`: nothing imports it.
4. Test an empty cart, two lines, and a coupon of 100 %.

## What I leave alone

The order page: it has a total of its own.
`;

const planned: readonly Item[] = [
	ask,
	replied([think("Look first."), say("I read the cart, the coupons and their tests."), call("p1", "Plan")]),
	{
		type: "planned",
		callId: "p1",
		tool: "Plan",
		title: "Show the plan",
		effects: [{ plan: true }],
		preview: { kind: "plan", text: plan },
	},
	{ type: "decided", callId: "p1", verdict: "ask", by: "policy", reason: "" },
];

const reviewing = (callId: string, accepted: number, rejected: number, left: number, edited: boolean): Live => ({
	type: "reviewing",
	callId,
	accepted,
	rejected,
	left,
	edited,
});

const state = (id: string) => ({ id, mode: "file" as const });
const changed = (path: string, before: string | null, after: string | null): FileChange => ({
	path,
	before: before === null ? null : state(before),
	after: after === null ? null : state(after),
});

const note =
	"While you worked, the user undid a change that you had made in src/cart.ts:\n@@ -12 +12 @@\n-	const sum = 0;\n+	let sum = 0;";

const done: readonly Item[] = [
	ask,
	replied([call("e1", "Edit")]),
	...edit("e1").map((item) => (item.type === "finished" ? { ...item, note } : item)),
	replied([say("The discount has its own module now.")]),
	ended("done"),
];

const byCommand: readonly Item[] = [
	...done.slice(0, -1),
	{
		type: "changed",
		callId: "e1",
		files: [changed("dist/cart.js", null, "c"), changed("dist/cart.d.ts", null, "d")],
		uncovered: ["node_modules is ignored by git: what commands changed in it can't be undone."],
	},
	ended("done"),
];

const several: Preview = {
	kind: "files",
	files: [
		diff("src/checkout/coupon.ts", coupon, { created: true }),
		diff("src/checkout/money.ts", renamed, { from: "src/checkout/cents.ts" }),
		diff("src/legacy/coupon.js", gone, { deleted: true, warning: "This deletes all 88 lines of the file." }),
	],
};

/** What a person meets while they review changes, by name. */
export const review: Readonly<Record<string, readonly HostMessage[]>> = {
	changes: scene(done, { changes: files.slice(3, 6) }),
	"changes-one": scene(done, { changes: files.slice(0, 1) }),
	"changes-open": scene(done, { changes: files }),
	"changes-sure": scene(done, { changes: files }),
	"changes-many": scene(done, { changes: many }),
	"ask-create": scene([
		ask,
		...asks(
			"n1",
			"Write",
			"Create src/checkout/coupon.ts",
			["src/checkout/coupon.ts"],
			diff("src/checkout/coupon.ts", coupon, { created: true }),
		),
	]),
	"ask-delete": scene([
		ask,
		...asks(
			"d1",
			"Patch",
			"Delete src/legacy/coupon.js",
			["src/legacy/coupon.js"],
			diff("src/legacy/coupon.js", gone, { deleted: true }),
		),
	]),
	"ask-rename": scene([
		ask,
		...asks(
			"r1",
			"Patch",
			"Rename src/checkout/money.ts",
			["src/checkout/money.ts"],
			diff("src/checkout/money.ts", "", { from: "src/checkout/cents.ts" }),
		),
	]),
	"ask-loss": scene([
		ask,
		...asks(
			"w1",
			"Write",
			"Edit src/cart.ts",
			["src/cart.ts"],
			diff("src/cart.ts", renamed, {
				warning: "This write drops 212 of 240 lines of the file. Look twice before you accept it.",
			}),
		),
	]),
	"ask-files": scene([ask, ...asks("f1", "Patch", "Change 3 files", ["src/checkout/coupon.ts"], several)]),
	"ask-reviewed": scene([
		ask,
		replied([call("e1", "Edit"), call("e2", "Edit")]),
		...edit("e1", "ask"),
		{
			type: "planned",
			callId: "e2",
			tool: "Edit",
			title: "Edit src/cart.ts",
			effects: [{ write: "src/cart.ts" }],
			joined: "e1",
		},
		reviewing("e1", 1, 1, 1, true),
	]),
	"ask-plan": scene(planned, { mode: "plan" }),
	"ask-plan-edited": scene([...planned, reviewing("p1", 0, 0, 0, true)], { mode: "plan" }),
	"plan-accepted": scene([
		...planned,
		{ type: "decided", callId: "p1", verdict: "allow", by: "person", reason: "" },
		{ type: "finished", callId: "p1", failed: false, text: "The user accepted the plan.", ms: 1 },
		replied([say("I begin with the module.")]),
		ended("done"),
	]),
	"undo-task": scene(byCommand, { changes: files.slice(3, 6) }),
	restored: scene([...done, { type: "restored", changes: [changed("src/cart.ts", "b", "a")] }], { running: false }),
	"restored-conversation": scene(
		[
			...done,
			prompted("Now do the same for the order page, and for the printed bill that goes with the parcel"),
			replied([say("Done.")]),
			ended("done"),
			{ type: "restored", turn: 9, changes: [changed("src/cart.ts", "b", "a")] },
		],
		{ running: false },
	),
};

/** What is pressed before a picture is taken, by scene: selectors, in order. */
export const presses: Readonly<Record<string, readonly string[]>> = {
	"changes-open": ['[data-testid="changes-toggle"]'],
	"changes-sure": ['[data-testid="changes-undo"]'],
	"changes-many": ['[data-testid="changes-toggle"]'],
	"ask-plan-edited": ['[data-testid="reject"]'],
	"ask-allow": ['[data-testid="stop-asking"]'],
	"plan-accepted": [".tool-toggle"],
	questions: ['[data-testid="option-0-0"]', '[data-testid="option-1-0"]', '[data-testid="option-1-1"]'],
	"questions-answered": [".tool-toggle"],
	explored: [".tool-toggle"],
	restored: [".told .line"],
	"attached-peek": ['[data-id="3"] .attached-open'],
	"attached-picture": [".attached-thumb"],
	sending: ['[data-testid="sending"] .queued-text'],
};
