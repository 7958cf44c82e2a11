import type { Capabilities } from "./capabilities.ts";
import type { Facts } from "./facts.ts";
import { cell, code, plainText } from "./markdown.ts";

/** One model at one endpoint: what was learned of it, and what is done now. */
export interface LearnedModel {
	readonly baseUrl: string;
	readonly model: string;
	readonly facts: Facts;
	readonly capabilities: Capabilities;
}

/** How each fact is told, and where it comes from. */
const rows: {
	readonly [F in Exclude<keyof Facts, "verified">]-?: {
		readonly from: string;
		readonly words: (value: NonNullable<Facts[F]>) => string;
	};
} = {
	omit: { from: "a refusal, or Verify", words: (fields) => `It refuses ${fields.map(code).join(", ")}: left out.` },
	maxOutputTokens: { from: "a refusal", words: (tokens) => `It gives at most ${tokens} tokens in one answer.` },
	contextTokens: { from: "a refusal", words: (tokens) => `It reads at most ${tokens} tokens.` },
	reasoningKey: { from: "its answers", words: (key) => `Its thinking comes in ${code(key)}.` },
	reasoningRequired: {
		from: "a refusal, or Verify",
		words: (is) => (is ? "Past calls must carry their thinking." : "Past calls may lack their thinking."),
	},
	thinkTags: {
		from: "its answers, or Verify",
		words: (is) => (is ? "Its thinking comes inside of the text." : "Its thinking comes in a field of its own."),
	},
	plainIds: {
		from: "a refusal",
		words: (is) => (is ? "It takes only plain ids of calls." : "It takes any ids of calls."),
	},
	contentRequired: {
		from: "a refusal",
		words: (is) => (is ? "Past calls must have a text, if only an empty one." : "Past calls need no text."),
	},
	maxTokensField: { from: "a refusal", words: (name) => `It calls the token limit ${code(name)}.` },
	anyProvider: {
		from: "a refusal",
		words: (is) => (is ? "Its providers may ignore some parameters." : "Its providers must take all parameters."),
	},
	images: { from: "a refusal, or Verify", words: (is) => (is ? "It takes images." : "It takes no images.") },
	thinkingOff: {
		from: "a refusal, or Verify",
		words: (is) => (is ? "Its thinking can be turned off." : "Its thinking can't be turned off."),
	},
	completions: {
		from: "a refusal",
		words: (is) => (is ? "It goes on with a plain text." : "It can't go on with a plain text: no `/completions`."),
	},
	repairs: {
		from: "its answers",
		words: (counts) =>
			`Answers that were mended: ${Object.entries(counts)
				.map(([kind, times]) => `${kind} ${times}`)
				.join(", ")}.`,
	},
};

const INTRO = `# What was learned of endpoints

Kimi K2 Agent learns from answers, from refusals and from **Verify Endpoint** what a model at an endpoint takes. What was
learned counts more than our own table and less than your settings. **Forget What Was Learned…** begins anew.
`;

/** What was learned, as Markdown for a person. */
export function factsReport(learned: readonly LearnedModel[]): string {
	if (learned.length === 0) return `${INTRO}\nNothing was learned yet.\n`;
	return [INTRO, ...learned.map(section)].join("\n");
}

function section({ baseUrl, capabilities, facts, model }: LearnedModel): string {
	const told = Object.entries(facts).flatMap(([name, value]) => {
		const row = rows[name as keyof typeof rows] as { from: string; words: (value: unknown) => string } | undefined;
		return row && value !== undefined ? [`| ${cell(row.words(value))} | ${row.from} |`] : [];
	});
	const { verified } = facts;
	const { ignored, ...now } = capabilities;
	return [
		`## ${code(model)} at ${code(baseUrl)}`,
		"",
		...(verified
			? [`Verified on ${new Date(verified.at).toISOString().slice(0, 10)}: **${verified.verdict}**.`, ""]
			: []),
		...(told.length > 0 ? ["| Learned | From |", "| --- | --- |", ...told, ""] : []),
		...ignored.flatMap((sentence) => [`> ${plainText(sentence)}`, ""]),
		"### In force now",
		"",
		"| Capability | Value |",
		"| --- | --- |",
		...Object.entries(now).map(([name, value]) => `| ${name} | ${cell(code(JSON.stringify(value)))} |`),
		"",
	].join("\n");
}
