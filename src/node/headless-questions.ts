import type { Question, QuestionAnswer } from "../shared/questions.ts";

export const HOW_TO_ANSWER = {
	one: "A number, or your own words; empty: Kimi decides",
	several: "Numbers such as 1,3, or your own words; empty: Kimi decides",
} as const;

/** A question with its numbered options. */
export function questionLines({ question, options }: Question): readonly string[] {
	const about = (words: string | undefined) => (words === undefined || words === "" ? "" : `: ${words}`);
	return [question, ...options.map(({ label, description }, at) => `  ${at + 1}. ${label}${about(description)}`)];
}

/** Numbers of options where there is nothing else in the line, and no more than may be picked; else own words. */
export function readAnswer({ options, multiple }: Question, line: string): QuestionAnswer {
	const words = line.trim();
	if (words === "") return { picked: [] };
	const picked = [...new Set(words.split(/[\s,]+/).filter((part) => part !== ""))].map((part) => Number(part) - 1);
	const isEach = picked.every((at) => Number.isInteger(at) && at >= 0 && at < options.length);
	return isEach && (multiple || picked.length === 1) ? { picked: picked.sort() } : { picked: [], other: words };
}
