import type { DemoReply } from "./conversation.ts";

export const MODEL_ID = "scripted-demo";

/** Token counts as Moonshot reports them; the demo counts four bytes as one token. */
export interface DemoUsage {
	readonly prompt_tokens: number;
	readonly completion_tokens: number;
	readonly total_tokens: number;
	readonly cached_tokens: number;
	readonly prompt_tokens_details: { readonly cached_tokens: number };
	readonly completion_tokens_details: { readonly reasoning_tokens: number };
}

/** What all chunks of one answer share. `created` is in seconds since 1970. */
export interface Stamp {
	readonly id: string;
	readonly created: number;
}

export function usageOf(reply: DemoReply, promptBytes: number, cachedBytes: number): DemoUsage {
	const reasoning = tokens(Buffer.byteLength(reply.reasoning));
	const calls = reply.calls.map((call) => call.tool + JSON.stringify(call.args)).join("");
	const completion = reasoning + tokens(Buffer.byteLength(reply.text + calls));
	const prompt = tokens(promptBytes);
	const cached = Math.min(prompt, Math.floor(cachedBytes / 4));
	return {
		prompt_tokens: prompt,
		completion_tokens: completion,
		total_tokens: prompt + completion,
		cached_tokens: cached,
		prompt_tokens_details: { cached_tokens: cached },
		completion_tokens_details: { reasoning_tokens: reasoning },
	};
}

function tokens(bytes: number): number {
	return Math.ceil(bytes / 4);
}

/**
 * The chunks of a streamed answer as Kimi K2 sends them: the role, thinking, words, then each call as a header and
 * pieces of its arguments, the finish reason, and usage in a chunk without choices. `firstCall` is the number of calls
 * in the conversation so far.
 */
export function* chunks(reply: DemoReply, firstCall: number, stamp: Stamp, usage: DemoUsage): Generator<object> {
	const head = { ...stamp, object: "chat.completion.chunk", model: MODEL_ID };
	const chunk = (delta: object, finish: string | null = null) => ({
		...head,
		choices: [{ index: 0, delta, finish_reason: finish }],
	});
	yield chunk({ role: "assistant", content: "" });
	for (const piece of words(reply.reasoning)) yield chunk({ reasoning_content: piece });
	for (const piece of words(reply.text)) yield chunk({ content: piece });
	for (const [index, call] of toolCalls(reply, firstCall).entries()) {
		const { name, arguments: args } = call.function;
		yield chunk({ tool_calls: [{ index, ...call, function: { name, arguments: "" } }] });
		for (const piece of args.match(/[\s\S]{1,12}/gu) ?? []) {
			yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
		}
	}
	yield chunk({}, finishOf(reply));
	yield { ...head, choices: [], usage };
}

/** The same answer in one piece. */
export function completion(reply: DemoReply, firstCall: number, stamp: Stamp, usage: DemoUsage): object {
	const calls = toolCalls(reply, firstCall);
	const message = {
		role: "assistant",
		content: reply.text === "" ? null : reply.text,
		reasoning_content: reply.reasoning,
		...(calls.length > 0 ? { tool_calls: calls } : {}),
	};
	return {
		...stamp,
		object: "chat.completion",
		model: MODEL_ID,
		choices: [{ index: 0, message, finish_reason: finishOf(reply) }],
		usage,
	};
}

function toolCalls(reply: DemoReply, firstCall: number) {
	return reply.calls.map((call, index) => ({
		id: `functions.${call.tool}:${firstCall + index}`,
		type: "function",
		function: { name: call.tool, arguments: JSON.stringify(call.args) },
	}));
}

function finishOf(reply: DemoReply): string {
	return reply.calls.length > 0 ? "tool_calls" : "stop";
}

/** Pieces about as long as a token, each with the blank before it; joined they are the text again. */
function words(text: string): readonly string[] {
	return text.match(/\s*\S{1,8}|\s+/gu) ?? [];
}
