import type { Question, QuestionAnswer } from "../shared/questions.ts";

/** An answer in the making. */
export interface DraftAnswer {
	readonly picked: readonly number[];
	readonly other: string;
}

export const NO_ANSWER: DraftAnswer = { picked: [], other: "" };

/** Picks an option, or takes it back where several may be picked. One answer has one source: own words go. */
export function pick({ multiple }: Question, { picked, other }: DraftAnswer, at: number): DraftAnswer {
	if (!multiple) return { picked: [at], other: "" };
	const others = picked.filter((each) => each !== at);
	return { picked: others.length < picked.length ? others : [...others, at].sort((a, b) => a - b), other };
}

/** Own words take the place of an option, unless several answers may be given. */
export function say({ multiple }: Question, { picked }: DraftAnswer, other: string): DraftAnswer {
	return { picked: multiple || other.trim() === "" ? picked : [], other };
}

/** The answer after Enter on the option at this place: it is meant, unless several may be picked and some are. */
export function entered(question: Question, draft: DraftAnswer, at: number): DraftAnswer {
	const isMeant = at < question.options.length && !(question.multiple && isAnswered(draft));
	return isMeant ? pick({ ...question, multiple: false }, draft, at) : draft;
}

export function isAnswered({ picked, other }: DraftAnswer): boolean {
	return picked.length > 0 || other.trim() !== "";
}

/** The next question without an answer, from the one at `from` on and around; undefined: all have one. */
export function nextOpen(drafts: readonly DraftAnswer[], from: number): number | undefined {
	const order = drafts.map((_, index) => (from + 1 + index) % drafts.length);
	return order.find((index) => !isAnswered(drafts[index] ?? NO_ANSWER));
}

export function answerOf({ picked, other }: DraftAnswer): QuestionAnswer {
	const words = other.trim();
	return { picked: [...picked], ...(words !== "" && { other: words }) };
}
