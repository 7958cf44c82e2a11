import type { Preview } from "../../src/shared/preview.ts";
import { call, ended, type Item, prompted, replied, say } from "./log.ts";
import { scene } from "./scene.ts";

type Diff = Extract<Preview, { kind: "diff" }>;

const used = [
	"References to `total` (src/cart.ts:12), its declaration included:",
	"src/cart.ts:12: total(): number {",
	"src/mail/receipt.ts:31: const owed = cart.total();",
	"src/order.ts:88: order.sum = cart.total();",
].join("\n");

const renamed = (path: string, line: number, before: string, after: string): Diff => ({
	kind: "diff",
	path,
	diff: `@@ -${line},1 +${line},1 @@\n-${before}\n+${after}`,
	added: 1,
	removed: 1,
});
const files: Preview = {
	kind: "files",
	files: [
		renamed("src/cart.ts", 12, "\ttotal(): number {", "\ttotalInCents(): number {"),
		renamed("src/mail/receipt.ts", 31, "\tconst owed = cart.total();", "\tconst owed = cart.totalInCents();"),
		renamed("src/order.ts", 88, "\torder.sum = cart.total();", "\torder.sum = cart.totalInCents();"),
	],
};

const cells: Diff = {
	kind: "diff",
	path: "notebooks/sales.ipynb",
	diff: [
		"@@ -5,11 +5,7 @@",
		" ── code (python) ──",
		" import pandas as pd",
		'-frame = pd.read_csv("sales.csv")',
		'+frame = pd.read_csv("sales.csv", parse_dates=["day"])',
		" frame.head()",
		"-Output:",
		"->           day  sold",
		"-> 0  2026-01-02     7",
		" ",
		" ── code (python) ──",
		" frame.plot()",
	].join("\n"),
	added: 1,
	removed: 4,
};

const found: readonly Item[] = [
	prompted("Say in the name that the total is in cents."),
	replied([say("I look at who uses it, and rename it everywhere."), call("s1", "Symbols")]),
	{
		type: "planned",
		callId: "s1",
		tool: "Symbols",
		title: "Find references of total in src/cart.ts",
		effects: [{ read: "src/cart.ts" }],
	},
	{ type: "decided", callId: "s1", verdict: "allow", by: "policy", reason: "It only reads inside the workspace." },
	{ type: "finished", callId: "s1", failed: false, text: used, ms: 210 },
];

const renaming: readonly Item[] = [
	{
		type: "planned",
		callId: "s2",
		tool: "Symbols",
		title: "Rename total to totalInCents in 3 files",
		effects: files.files.flatMap(({ path }) => [{ read: path }, { write: path }]),
		preview: files,
	},
	{ type: "decided", callId: "s2", verdict: "ask", by: "policy", reason: "Edits ask before they are written." },
];

const notebook: readonly Item[] = [
	{
		type: "planned",
		callId: "n1",
		tool: "NotebookEdit",
		title: "Edit cell-1 in notebooks/sales.ipynb",
		effects: [{ read: "notebooks/sales.ipynb" }, { write: "notebooks/sales.ipynb" }],
		preview: cells,
	},
	{ type: "decided", callId: "n1", verdict: "ask", by: "policy", reason: "Edits ask before they are written." },
];

/** A rename of a symbol and a changed cell, before and after they are decided on. */
export const symbols = {
	"ask-rename": scene([...found, replied([call("s2", "Symbols")]), ...renaming]),
	"ask-cell": scene([
		prompted("Read the days as dates."),
		replied([say("One line of the first cell changes."), call("n1", "NotebookEdit")]),
		...notebook,
	]),
	renamed: scene([
		...found,
		replied([call("s2", "Symbols"), call("n1", "NotebookEdit")]),
		...renaming,
		{ type: "decided", callId: "s2", verdict: "allow", by: "person", reason: "" },
		{
			type: "finished",
			callId: "s2",
			failed: false,
			text: "Renamed total to totalInCents in src/cart.ts: line 12.",
			show: files,
			ms: 40,
		},
		...notebook,
		{ type: "decided", callId: "n1", verdict: "allow", by: "person", reason: "" },
		{
			type: "finished",
			callId: "n1",
			failed: false,
			text: "Replaced cell-1 in notebooks/sales.ipynb: 3 lines. Its 1 output went: they were the old source's.",
			show: cells,
			ms: 22,
		},
		replied([say("The total says that it is in cents.")]),
		ended("done"),
	]),
};
