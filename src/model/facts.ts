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
	/** OpenRouter has no provider that takes all parameters: one that ignores some may answer. */
	anyProvider: z.optional(z.boolean()),
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

/** The facts of one model at one endpoint, with their place. */
export interface Learned {
	/** The name under which they are kept. */
	readonly key: string;
	readonly baseUrl: string;
	readonly model: string;
	readonly facts: Facts;
}

/** All that was learned. */
export interface FactStore {
	book(baseUrl: string, model: string): FactBook;
	/** Sorted by endpoint, then model. */
	all(): readonly Learned[];
	/** Forgets one model at one endpoint, or all of them; books that were given out are empty then. */
	forget(key?: string): void;
}

const NOTHING: Facts = {};

/** A store that says what is to be kept: the facts under a key, or undefined when they are forgotten. */
export function createFactStore(
	known: Iterable<readonly [string, Facts]>,
	changed: (key: string, facts: Facts | undefined) => void,
): FactStore {
	const facts = new Map(known);
	const forget = (key: string) => {
		if (facts.delete(key)) changed(key, undefined);
	};
	return {
		book(baseUrl, model) {
			const key = `${baseUrl} ${model}`;
			return {
				read: () => facts.get(key) ?? NOTHING,
				learn(more) {
					const now = { ...facts.get(key), ...more };
					facts.set(key, now);
					changed(key, now);
				},
			};
		},
		all: () => [...facts].map(([key, each]) => ({ key, ...placeOf(key), facts: each })).sort(byKey),
		forget(key) {
			for (const each of key === undefined ? [...facts.keys()] : [key]) forget(each);
		},
	};
}

const byKey = (a: Learned, b: Learned) => (a.key < b.key ? -1 : 1);

/** A base URL has no blanks; a model's id may. */
function placeOf(key: string): { baseUrl: string; model: string } {
	const end = key.indexOf(" ");
	return { baseUrl: key.slice(0, end), model: key.slice(end + 1) };
}

/** A book that lasts as long as the process. */
export function createFactBook(): FactBook {
	return createFactStore([], () => undefined).book("", "");
}
