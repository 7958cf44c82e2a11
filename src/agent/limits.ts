import type { ReachedLimit } from "../shared/event.ts";
import type { Chat } from "../shared/reduce.ts";

/** What a task may take since its prompt, or since its last pause; absent: as much as it likes. */
export type Limits = Readonly<Partial<Record<ReachedLimit["of"], number>>>;

/** The limit that a task has reached, from its log alone. Looked at between steps: one answer may go over it. */
export function limitReached({ turns }: Chat, limits: Limits): ReachedLimit | undefined {
	const turn = turns.at(-1);
	if (!turn) return undefined;
	const { steps: max } = limits;
	const steps = turn.steps.filter(({ seq }) => seq > (turn.pausedAt ?? -1));
	return max !== undefined && steps.length >= max ? { of: "steps", max } : undefined;
}
