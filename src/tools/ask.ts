import * as z from "zod/mini";
import type { Outcome, Plan, Tool } from "../agent/tool.ts";
import { answerWords, type Question, type QuestionAnswer } from "../shared/questions.ts";
import description from "./ask.md";

const MOST_QUESTIONS = 4;
const MOST_OPTIONS = 4;
/** Characters of a title. */
const MAX_TITLE = 80;

const Option = z.strictObject({
	label: z.string().check(z.describe("The answer in one to five words.")),
	description: z.optional(z.string().check(z.describe("What it means."))),
});
const Input = z.strictObject({
	questions: z.array(
		z.strictObject({
			question: z.string(),
			options: z.array(Option),
			multiple: z.optional(z.boolean().check(z.describe("More than one may be picked."))),
		}),
	),
});

export const askTool: Tool<z.infer<typeof Input>> = {
	name: "Ask",
	description,
	input: Input,
	async plan({ questions }) {
		const refused = trouble(questions);
		return refused === undefined ? planOf(questions) : { refused };
	},
};

function trouble(questions: readonly Question[]): string | undefined {
	if (questions.length === 0 || questions.length > MOST_QUESTIONS)
		return `\`questions\` has ${questions.length} items; ask one to ${MOST_QUESTIONS} at once.`;
	for (const [at, { question, options }] of questions.entries()) {
		const name = `questions[${at}]`;
		if (question.trim() === "") return `\`${name}.question\` is empty: say what you want to know.`;
		if (options.length < 2 || options.length > MOST_OPTIONS)
			return `\`${name}.options\` has ${options.length} items; give two to ${MOST_OPTIONS}. Own words are offered besides.`;
		const labels = options.map(({ label }) => label.trim());
		if (labels.includes("")) return `\`${name}.options\` has an empty label: say what the answer is.`;
		if (new Set(labels).size < labels.length) return `\`${name}.options\` has the same label twice.`;
	}
	return undefined;
}

function planOf(questions: readonly Question[]): Plan {
	const [first] = questions;
	const words = first?.question.replace(/\s+/g, " ").trim() ?? "";
	const more = questions.length > 1 ? ` (+${questions.length - 1})` : "";
	const preview = { kind: "questions" as const, questions: [...questions] };
	const unanswered: Plan = {
		title: `Ask ${words.length > MAX_TITLE ? `${words.slice(0, MAX_TITLE).toWellFormed()}…` : words}${more}`,
		effects: [],
		questions,
		preview,
		amend: async ({ answers }) =>
			answers ? { ...unanswered, run: async () => answered(questions, answers) } : unanswered,
		run: async () => ({ text: NOBODY }),
	};
	return unanswered;
}

const NOBODY = "Nobody is here to answer. Decide yourself what fits best, and say at the end what you assumed.";
const SKIPPED = "The person leaves it to you. Decide yourself what fits best, and say at the end what you assumed.";

function answered(questions: readonly Question[], answers: readonly QuestionAnswer[]): Outcome {
	const said = questions.map((question, at) => answerWords(question, answers[at] ?? { picked: [] }));
	if (said.every((words) => words.length === 0)) return { text: SKIPPED };
	const lines = questions.map(({ question }, at) => {
		const words = said[at]?.join("; ") ?? "";
		return `${question.trim()}\n→ ${words === "" ? "No answer: decide this one yourself." : words}`;
	});
	return {
		text: `The person answered:\n\n${lines.join("\n\n")}`,
		show: { kind: "questions", questions: [...questions], answers: [...answers] },
	};
}
