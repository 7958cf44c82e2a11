import type { Recorded } from "./event.ts";
import type { CallPart, Usage } from "./message.ts";
import type { Chat, Step, Turn } from "./reduce.ts";
import { changeTurn } from "./turn-files.ts";

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

export function replied(chat: Chat, event: Of<"replied">): Chat {
	const said = event.complete ? event.parts.filter((part): part is CallPart => part.kind === "call") : [];
	const step: Step = {
		seq: event.seq,
		at: event.at,
		parts: event.parts,
		calls: said.map(({ id, tool, args, recovered }) => ({
			id,
			tool,
			args,
			state: "said",
			...(recovered && { recovered }),
		})),
		complete: event.complete,
		finish: event.finish,
		model: event.model,
		ms: event.ms,
		...(event.usage === undefined ? {} : { usage: event.usage }),
		...(event.thinkingMs === undefined ? {} : { thinkingMs: event.thinkingMs }),
	};
	const { restored: _gone, ...now } = chat;
	const next = changeTurn(now, (turn) => ({ ...reopen(turn), steps: [...turn.steps, step] }));
	const counted = event.usage && { spent: addUsage(chat.spent, event.usage) };
	return { ...next, ...counted, model: event.model };
}

export function ended(turn: Turn, { seq, at, reason, limit, loop }: Of<"ended">, spent: Usage): Turn {
	const isPause = reason === "limit" || reason === "looping";
	const { limit: _limit, loop: _loop, ...now } = turn;
	const pause = isPause && { pausedAt: seq, spentBefore: spent };
	return { ...now, ended: reason, endedAt: at, ...(limit && { limit }), ...(loop && { loop }), ...pause };
}

/** A turn that goes on after its end (retry, continue) has not ended. */
export function reopen(turn: Turn): Turn {
	if (turn.ended === undefined && turn.failure === undefined) return turn;
	const { ended: _ended, endedAt: _endedAt, failure: _failure, limit: _limit, loop: _loop, ...open } = turn;
	return open;
}

export function addUsage(sum: Usage, more: Usage): Usage {
	const optional = (key: "cachedTokens" | "reasoningTokens" | "cost") =>
		sum[key] === undefined && more[key] === undefined ? {} : { [key]: (sum[key] ?? 0) + (more[key] ?? 0) };
	return {
		inputTokens: sum.inputTokens + more.inputTokens,
		outputTokens: sum.outputTokens + more.outputTokens,
		...optional("cachedTokens"),
		...optional("reasoningTokens"),
		...optional("cost"),
	};
}
