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
	/** Whether it goes on with a plain text (`POST /completions`). */
	completions: z.optional(z.boolean()),
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

/** Where facts are kept, by key. Others may write there as well: what is there now counts. */
export interface FactSource {
	keys(): readonly string[];
	/** The same object as long as nothing changed; anything at all, since it may be of another version. */
	get(key: string): unknown;
	/** Lays what is new over what is there; undefined: all under the key goes. */
	change(key: string, more: Facts | undefined): void;
}

export function createFactStore(source: FactSource): FactStore {
	const read = new Map<string, { readonly raw: unknown; readonly facts: Facts }>();
	const factsOf = (key: string): Facts => {
		const raw = source.get(key);
		if (raw === undefined) return NOTHING;
		const known = read.get(key);
		if (known?.raw === raw) return known.facts;
		const parsed = Facts.safeParse(raw);
		const facts = parsed.success ? parsed.data : NOTHING;
		read.set(key, { raw, facts });
		return facts;
	};
	return {
		book(baseUrl, model) {
			const key = `${baseUrl} ${model}`;
			return { read: () => factsOf(key), learn: (more) => source.change(key, more) };
		},
		all: () =>
			source
				.keys()
				.map((key) => ({ key, ...placeOf(key), facts: factsOf(key) }))
				.filter(({ facts }) => facts !== NOTHING)
				.sort(byKey),
		forget(key) {
			for (const each of key === undefined ? source.keys() : [key]) source.change(each, undefined);
		},
	};
}

const byKey = (a: Learned, b: Learned) => (a.key < b.key ? -1 : 1);

/** A base URL has no blanks; a model's id may. */
function placeOf(key: string): { baseUrl: string; model: string } {
	const end = key.indexOf(" ");
	return { baseUrl: key.slice(0, end), model: key.slice(end + 1) };
}

/** Facts in memory; `changed` is told what is new. */
export function memorySource(
	facts: Map<string, Facts>,
	changed: (key: string, more: Facts | undefined) => void = () => undefined,
): FactSource {
	return {
		keys: () => [...facts.keys()],
		get: (key) => facts.get(key),
		change(key, more) {
			if (more) facts.set(key, { ...facts.get(key), ...more });
			else facts.delete(key);
			changed(key, more);
		},
	};
}

/** A book that lasts as long as the process. */
export function createFactBook(): FactBook {
	return createFactStore(memorySource(new Map())).book("", "");
}
