import * as z from "zod/mini";

/** A question for the person, with answers to pick from; they may always say something else. */
export const Question = z.object({
	question: z.string(),
	options: z.array(z.object({ label: z.string(), description: z.optional(z.string()) })),
	/** More than one may be picked. */
	multiple: z.optional(z.boolean()),
});
export type Question = z.infer<typeof Question>;

/** What the person said to a question. */
export const QuestionAnswer = z.object({
	/** Places of the options that they picked, in order. */
	picked: z.array(z.int()),
	/** Their own words; absent: none. */
	other: z.optional(z.string()),
});
export type QuestionAnswer = z.infer<typeof QuestionAnswer>;

/** Questions as they are shown, and what came of them. */
export const QuestionsPreview = z.object({
	kind: z.literal("questions"),
	questions: z.array(Question),
	/** One for each question; absent: they were not answered. */
	answers: z.optional(z.array(QuestionAnswer)),
});

/** The labels of what was picked, then the person's own words. */
export function answerWords({ options }: Question, { picked, other }: QuestionAnswer): readonly string[] {
	const labels = picked.flatMap((at) => options[at]?.label ?? []);
	return other === undefined ? labels : [...labels, other];
}
