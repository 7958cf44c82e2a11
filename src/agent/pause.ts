import type { EndReason, ReachedLimit } from "../shared/event.ts";
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

/** Why a turn makes no further step before the person was asked. */
export function pauseOf(chat: Chat, limits: Limits): Ending | undefined {
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
