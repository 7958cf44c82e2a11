import * as z from "zod/mini";
import type { Picture } from "./attachments.ts";

/**
 * One piece of what a model said, in the order it said it.
 * `reasoning` and `args` are kept byte for byte as received: Kimi K2 must get its own thinking back with its tool
 * calls, and re-serialised arguments would break the server's prefix cache.
 */
export const Part = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("text"), text: z.string() }),
	z.object({
		kind: z.literal("reasoning"),
		text: z.string(),
		/** The wire field it arrived in (`reasoning_content`, `reasoning`); it goes back under the same one. */
		key: z.optional(z.string()),
		/** OpenRouter's `reasoning_details`, complete, in order and untouched. */
		details: z.optional(z.array(z.unknown())),
	}),
	z.object({
		kind: z.literal("call"),
		/** Unique within the chat; ours, whatever the server sent. */
		id: z.string(),
		tool: z.string(),
		/** JSON text as the server sent it; may be malformed. */
		args: z.string(),
		/** The id the server gave, when it differs from `id`. */
		serverId: z.optional(z.string()),
		/** Gemini's `extra_content`: it signs the thinking behind the call, and without it the history is refused. */
		extra: z.optional(z.record(z.string(), z.unknown())),
		/** Read by us from markup that the server leaked into text or thinking: it always asks before it runs. */
		recovered: z.optional(z.literal(true)),
	}),
]);
export type Part = z.infer<typeof Part>;
export type CallPart = Extract<Part, { kind: "call" }>;

/** One message of the history that a model is sent. */
export type Message =
	/** Images stand before the text. */
	| { role: "user"; text: string; images?: readonly Picture[] }
	| { role: "assistant"; parts: readonly Part[] }
	| { role: "tool"; callId: string; tool: string; text: string; failed: boolean };

/** What the client mended in an answer because the server did not do its part. */
export const Repair = z.enum([
	"recovered-calls", // tool calls were read from leaked markup
	"leaked-markup", // markup was taken out of the text
	"think-tags", // thinking came inside of the text
	"dropped-tool", // a tool was not offered: the server refused it, or takes no more
]);
export type Repair = z.infer<typeof Repair>;

/** Token counts as the server reported them; `cost` in US dollars where the server tells. */
export const Usage = z.object({
	inputTokens: z.number(),
	outputTokens: z.number(),
	cachedTokens: z.optional(z.number()),
	reasoningTokens: z.optional(z.number()),
	cost: z.optional(z.number()),
});
export type Usage = z.infer<typeof Usage>;
