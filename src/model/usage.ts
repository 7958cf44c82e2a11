import type { Usage } from "../shared/message.ts";
import { asCount, asObject, type Json } from "./json.ts";

/**
 * Token counts in a chunk or a whole answer, from any of the places where servers put them: the top, the first choice
 * (Moonshot), `x_groq` (Groq). Each is a total; the last one seen holds and they are never summed.
 */
export function usageIn(chunk: Json, choice: Json | undefined): Usage | undefined {
	const usage =
		asObject(chunk["usage"]) ?? asObject(choice?.["usage"]) ?? asObject(asObject(chunk["x_groq"])?.["usage"]);
	if (!usage) return undefined;
	const inputTokens = asCount(usage["prompt_tokens"]) ?? asCount(usage["input_tokens"]);
	const outputTokens = asCount(usage["completion_tokens"]) ?? asCount(usage["output_tokens"]);
	if (inputTokens === undefined && outputTokens === undefined) return undefined;
	return {
		inputTokens: inputTokens ?? 0,
		outputTokens: outputTokens ?? 0,
		...defined("cachedTokens", cachedIn(usage)),
		...defined("reasoningTokens", asCount(asObject(usage["completion_tokens_details"])?.["reasoning_tokens"])),
		...defined("cost", asCount(usage["cost"])),
	};
}

/** `cached_tokens` is Moonshot's, the details are OpenAI's, the last is DeepSeek's. */
function cachedIn(usage: Json): number | undefined {
	return (
		asCount(usage["cached_tokens"]) ??
		asCount(asObject(usage["prompt_tokens_details"])?.["cached_tokens"]) ??
		asCount(usage["prompt_cache_hit_tokens"])
	);
}

function defined<K extends string>(key: K, value: number | undefined): { [P in K]?: number } {
	return (value === undefined ? {} : { [key]: value }) as { [P in K]?: number };
}
