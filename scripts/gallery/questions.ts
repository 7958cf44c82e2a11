import type { Question, QuestionAnswer } from "../../src/shared/questions.ts";
import { call, ended, type Item, prompted, replied, say } from "./log.ts";
import { scene } from "./scene.ts";

const where: Question = {
	question: "Where is the discount taken off?",
	options: [
		{ label: "After the sum", description: "Rounds once. Totals may differ by a cent from before." },
		{ label: "On each line", description: "As the order page does it." },
	],
};
const all: readonly Question[] = [
	where,
	{
		question: "Which pages show it?",
		options: [{ label: "Cart" }, { label: "Order" }, { label: "Invoice", description: "Also the ones sent before" }],
		multiple: true,
	},
	{
		question:
			"What becomes of calls to `legacyTotalWithCouponAndShippingInCents`, which three other packages still use?",
		options: [
			{ label: "Keep it and mark it as deprecated" },
			{ label: "Rename it everywhere", description: "One larger change, in all packages at once" },
			{ label: "Leave it alone" },
		],
	},
	{ question: "Write tests first?", options: [{ label: "Yes" }, { label: "No" }] },
];

const asked = (questions: readonly Question[], title: string): readonly Item[] => [
	prompted("Take coupons off the total."),
	replied([say("Before I start, I need to know a few things."), call("q1", "Ask")]),
	{
		type: "planned",
		callId: "q1",
		tool: "Ask",
		title,
		effects: [],
		preview: { kind: "questions", questions: [...questions] },
	},
	{ type: "decided", callId: "q1", verdict: "ask", by: "policy", reason: "Only you can answer." },
];

const answers: QuestionAnswer[] = [
	{ picked: [0] },
	{ picked: [0, 1], other: "and the e-mail that confirms an order" },
	{ picked: [], other: "Ask Ada" },
	{ picked: [] },
];

/** What Kimi asks, and what the person says to it. */
export const questions = {
	question: scene(asked([where], "Ask Where is the discount taken off?")),
	questions: scene(asked(all, "Ask Where is the discount taken off? (+3)")),
	"questions-answered": scene([
		...asked(all, "Ask Where is the discount taken off? (+3)"),
		{ type: "decided", callId: "q1", verdict: "allow", by: "person", reason: "" },
		{
			type: "finished",
			callId: "q1",
			failed: false,
			text: "The person answered.",
			show: { kind: "questions", questions: [...all], answers },
			ms: 0,
		},
		replied([say("Then I take it off after the sum, and show it in the cart and in the order.")]),
		ended("done"),
	]),
};
