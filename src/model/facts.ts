import * as z from "zod/mini";
import { Repair } from "../shared/message.ts";

/**
 * What was learned of one model at one endpoint, from its answers, its errors or Verify: each field is a belief that
 * is stronger than our table and weaker than the person's own settings. Kept until it is reset.
 */
export const Facts = z.object({
	/** Request fields that it refused. */
	omit: z.optional(z.array(z.string())),
	/** Largest token budget that it takes, as an error stated it. */
	maxOutputTokens: z.optional(z.number()),
	/** Context window in tokens, as an error stated it. */
	contextTokens: z.optional(z.number()),
	/** The field in which its thinking came. */
	reasoningKey: z.optional(z.enum(["reasoning_content", "reasoning"])),
	/** It refuses messages with calls that carry no thinking. */
	reasoningRequired: z.optional(z.boolean()),
	/** Its thinking comes inside of the text and ends with `</think>`. */
	thinkTags: z.optional(z.boolean()),
	/** It refuses tool-call ids that hold more than letters, digits, `_` and `-`. */
	plainIds: z.optional(z.boolean()),
	/** It refuses messages with calls that have no `content`. */
	contentRequired: z.optional(z.boolean()),
	/** The name of the token budget that it wants. */
	maxTokensField: z.optional(z.enum(["max_tokens", "max_completion_tokens"])),
	images: z.optional(z.boolean()),
	/** Thinking can be turned off. */
	thinkingOff: z.optional(z.boolean()),
	/** Answers that were mended so far, by kind. */
	repairs: z.optional(z.partialRecord(Repair, z.number())),
	/** The last run of Verify. */
	verified: z.optional(
		z.object({
			/** Milliseconds since 1970. */
			at: z.number(),
			verdict: z.enum(["ready", "repairs", "unsuitable"]),
			/** Markdown. */
			report: z.string(),
		}),
	),
});
export type Facts = z.infer<typeof Facts>;

/** The facts of one model at one endpoint. Reading is cheap: it happens with every request. */
export interface FactBook {
	read(): Facts;
	/** Fields given replace what was known; the rest stays. Kept before the next start of VS Code, at the latest. */
	learn(more: Facts): void;
}

/** The name under which facts are kept: base URL and model id. */
export function factKey(baseUrl: string, model: string): string {
	return `${baseUrl} ${model}`;
}

/** A book that lasts as long as the process. */
export function createFactBook(known: Facts = {}, changed: (facts: Facts) => void = () => undefined): FactBook {
	let facts = known;
	return {
		read: () => facts,
		learn(more) {
			facts = { ...facts, ...more };
			changed(facts);
		},
	};
}
