import type { EndReason, ReachedLimit } from "../shared/event.ts";
import type { Part } from "../shared/message.ts";
import type { Call, Chat } from "../shared/reduce.ts";
import type { Repetition } from "../shared/repetition.ts";
import { type Limits, limitReached, overLimit } from "./limits.ts";
import { heldCall, loopToTell, type NotRun } from "./loop-guard.ts";

/** How a turn ends by itself. */
export interface Ending {
	readonly reason: EndReason;
	readonly limit?: ReachedLimit;
	readonly loop?: Repetition;
}

/** Why a turn makes no further step: it has its last word, or the person is to be asked first. */
export function endingOf(chat: Chat, limits: Limits): Ending | undefined {
	if (isAnswered(chat)) return { reason: "done" };
	const loop = loopToTell(chat);
	if (loop) return { reason: "looping", loop };
	const limit = limitReached(chat, limits);
	return limit && { reason: "limit", limit };
}

/** Why a call is not run: it would repeat others once too often, or go over a limit. */
export function notRun(chat: Chat, call: Call, limits: Limits): NotRun | undefined {
	const held = heldCall(chat, call);
	if (held) return held;
	const limit = limitReached(chat, limits, call.id);
	return limit && { refused: overLimit(limit) };
}

/** The process died between the last answer and the end of the turn, or Stop came there: to ask once more would be to answer twice. */
function isAnswered({ turns }: Chat): boolean {
	const { steps = [], noted = [], steered = [] } = turns.at(-1) ?? {};
	const step = steps.at(-1);
	if (!step?.complete || step.calls.length > 0 || !saysSomething(step)) return false;
	return [...noted, ...steered].every(({ seq }) => seq < step.seq);
}

export function saysSomething({ parts }: { readonly parts: readonly Part[] }): boolean {
	return parts.some((part) => part.kind === "call" || (part.kind === "text" && part.text.trim() !== ""));
}
