import { addUsage } from "./answers.ts";
import type { Recorded } from "./event.ts";
import type { Chat, Turn } from "./reduce.ts";
import { changeTurn } from "./turn-files.ts";

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

/** What stands for everything before the step with `seq` `keptFrom` (or for all there was) in later requests. */
export type Compaction = Pick<Of<"compacted">, "seq" | "summary" | "keptFrom">;

/** Of results of steps with `from` <= `seq` < `before`, later requests have `max` characters each. */
export type Shed = Pick<Of<"shed">, "seq" | "from" | "before" | "max">;

/** A request that the model refused as too long: tokens that it had, as far as we can tell. */
export type Refused = NonNullable<Of<"shed">["refused"]>;

/** Later requests begin with a summary. */
export function compacted(chat: Chat, event: Of<"compacted">): Chat {
	const { seq, summary, keptFrom, usage, refused } = event;
	const next = changeTurn(chat, (turn) => ({ ...turn, compacted: [...(turn.compacted ?? []), turn.steps.length] }));
	return {
		...next,
		compaction: { seq, summary, keptFrom },
		...(usage && { spent: addUsage(chat.spent, usage) }),
		...(refused && { refused }),
	};
}

/** Later requests have less of old results. */
export function shed(chat: Chat, { seq, from, before, max, refused }: Of<"shed">): Chat {
	const mark = (turn: Turn) => ({ ...turn, shed: [...(turn.shed ?? []), turn.steps.length] });
	const next = changeTurn(chat, mark);
	return { ...next, shed: [...(chat.shed ?? []), { seq, from, before, max }], ...(refused && { refused }) };
}

/** `seq` of the last event that made later requests shorter; -1: there was none. */
export function lastShortened({ compaction, shed: sheds }: Chat): number {
	return Math.max(compaction?.seq ?? -1, sheds?.at(-1)?.seq ?? -1);
}

/** Characters that a result of the step with this `seq` may have in later requests. */
export function mostOf(sheds: readonly Shed[] | undefined, step: number): number {
	const fitting = (sheds ?? []).filter(({ from, before }) => from <= step && step < before);
	return Math.min(Infinity, ...fitting.map(({ max }) => max));
}

/**
 * The same of each thing that went with what the person said in a turn. `next`: the `seq` of the turn after it. Where old
 * results were left out, so was what earlier turns brought; that of the last one is what the model works with.
 */
export function mostAttached(sheds: readonly Shed[] | undefined, next: number | undefined): number {
	const fitting = (sheds ?? []).filter(({ seq, from }) => from === 0 && next !== undefined && next < seq);
	return Math.min(Infinity, ...fitting.map(({ max }) => max));
}

/** A result as later requests have it. */
export function shedText(text: string, max: number): string {
	if (text.length <= max) return text;
	const tail = Math.floor(max * 0.3);
	const left = text.length - max;
	return `${text.slice(0, max - tail)}\n[… ${left} characters of this result were left out later, to save room in your context. If you need them, call the tool again, for a part of it where that is possible. …]\n${text.slice(text.length - tail)}`;
}
