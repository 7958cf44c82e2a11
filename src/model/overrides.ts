import * as z from "zod/mini";
import type { Profile } from "../shared/settings.ts";
import type { Traits } from "./traits.ts";

/** What a person set for an endpoint, as far as it changes what is sent. A profile fits. */
export type Wishes = Partial<
	Pick<Profile, "contextTokens" | "maxTokens" | "temperature" | "topP" | "thinking" | "effort" | "capabilities">
>;

const tokens = z.int().check(z.minimum(0));

/** `capabilities` of a profile: traits by name, and OpenRouter's `provider`, which is added to ours. */
const overrides = {
	dialect: z.enum(["k2", "k3", "auto", "unknown"]),
	contextTokens: tokens,
	maxOutputTokens: z.int().check(z.minimum(1)),
	reasoningKey: z.enum(["reasoning_content", "reasoning"]),
	reasoningReplay: z.enum(["received", "known", "own"]),
	reasoningRequired: z.boolean(),
	thinkTags: z.boolean(),
	thinking: z.enum(["unknown", "none", "always", "switch"]),
	efforts: z.array(z.enum(["low", "medium", "high", "max"])),
	thinkingWire: z.enum(["none", "moonshot", "template", "template-enable", "openrouter", "effort"]),
	ids: z.enum(["native", "unique", "plain"]),
	contentRequired: z.boolean(),
	sampling: z.nullable(z.strictObject({ temperature: z.optional(z.number()), top_p: z.optional(z.number()) })),
	maxTokensField: z.enum(["max_tokens", "max_completion_tokens"]),
	images: z.boolean(),
	omit: z.array(z.string()),
	cacheKeys: z.array(z.enum(["prompt_cache_key", "session_id"])),
	extra: z.record(z.string(), z.unknown()),
} satisfies { readonly [T in keyof Traits]: z.ZodMiniType<Traits[T]> };

const Provider = z.record(z.string(), z.unknown());

interface Overrides {
	readonly set: Partial<Traits>;
	/** OpenRouter's routing wishes. */
	readonly provider?: Readonly<Record<string, unknown>>;
	/** A sentence for each entry that is not taken. */
	readonly ignored: readonly string[];
}

/** Reads the overrides of a profile. What is not known or does not fit is named, and the rest still counts. */
export function readOverrides(capabilities: Readonly<Record<string, unknown>> = {}): Overrides {
	const set: Record<string, unknown> = {};
	const ignored: string[] = [];
	let provider: Readonly<Record<string, unknown>> | undefined;
	for (const [name, value] of Object.entries(capabilities)) {
		const field =
			name === "provider" ? Provider : Object.hasOwn(overrides, name) ? overrides[name as keyof Traits] : undefined;
		const parsed = field?.safeParse(value);
		if (!parsed?.success) ignored.push(parsed ? wrongSentence(name, parsed.error) : unknownSentence(name));
		else if (name === "provider") provider = parsed.data as Readonly<Record<string, unknown>>;
		else set[name] = parsed.data;
	}
	return { set, ...(provider && { provider }), ignored };
}

function unknownSentence(name: string): string {
	return `There is no capability “${name}”. The known ones are ${[...Object.keys(overrides), "provider"].join(", ")}.`;
}

function wrongSentence(name: string, error: z.core.$ZodError): string {
	return `The capability “${name}” is not taken: ${error.issues.map(({ message }) => message).join("; ")}.`;
}
