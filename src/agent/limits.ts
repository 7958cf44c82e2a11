import type { ReachedLimit } from "../shared/event.ts";
import type { Chat, Step, Turn } from "../shared/reduce.ts";

type Of = ReachedLimit["of"];

/** What a task may take since its prompt, or since its last pause; absent: as much as it likes. */
export type Limits = Readonly<Partial<Record<Of, number>>>;

const MS_PER_MINUTE = 60_000;
const ALL: readonly Of[] = ["calls", "tokens", "cost", "minutes", "steps"];

/**
 * The limit that a task has reached, from its log alone. Looked at between steps, and by `call` before that one runs:
 * there the first call of an answer is never over a limit, since what was paid for should bring something.
 */
export function limitReached(chat: Chat, limits: Limits, call?: string): ReachedLimit | undefined {
	const turn = chat.turns.at(-1);
	if (!turn || isFirst(turn, call)) return undefined;
	for (const of of ALL) {
		const max = limits[of];
		// An answer is a step of its own: its calls belong to it.
		if (max === undefined || (call !== undefined && of === "steps")) continue;
		const used = usedOf[of](chat, turn, call);
		// Each call is looked at, so no more of them ran than that.
		if (used >= max) return { of, max, used: of === "calls" ? max : used };
	}
	return undefined;
}

/** Words for the model on a call that was not run. */
export function overLimit({ of, max }: ReachedLimit): string {
	const what = of === "cost" ? `$${max}` : `${max} ${of === "calls" ? "tool calls" : of}`;
	return `Not run: this task reached its limit of ${what}, and the person was asked whether it goes on. When you read this, it does: make this call again if you still need it.`;
}

/** What a task has used. */
const usedOf: Readonly<Record<Of, (chat: Chat, turn: Turn, call?: string) => number>> = {
	calls: (_chat, turn, call) => {
		const calls = counted(turn).flatMap((step) => step.calls);
		const at = call === undefined ? -1 : calls.findIndex(({ id }) => id === call);
		return at < 0 ? calls.length : at;
	},
	/** All that was sent and said, also what the server read from its cache: each request sends the history anew. */
	tokens: ({ spent }, { spentBefore: from }) =>
		spent.inputTokens + spent.outputTokens - from.inputTokens - from.outputTokens,
	cost: ({ spent }, { spentBefore }) => (spent.cost ?? 0) - (spentBefore.cost ?? 0),
	/** What answers and calls took: not what the person thought over, nor what passed while the task was cut off. */
	minutes: (_chat, turn) => counted(turn).reduce((sum, step) => sum + msOf(step), 0) / MS_PER_MINUTE,
	steps: (_chat, turn) => counted(turn).length,
};

function counted({ steps, pausedAt = -1 }: Turn): readonly Step[] {
	return steps.filter(({ seq }) => seq > pausedAt);
}

/** Of calls that overlap, each moment counts once. */
function msOf({ ms, calls }: Step): number {
	const spans = calls.flatMap(({ endedAt, ms: took = 0 }) =>
		endedAt === undefined ? [] : [[endedAt - took, endedAt]],
	);
	let sum = ms;
	let until = 0;
	for (const [from = 0, to = 0] of spans.sort(([a = 0], [b = 0]) => a - b)) {
		sum += Math.max(0, to - Math.max(from, until));
		until = Math.max(until, to);
	}
	return sum;
}

function isFirst({ steps }: Turn, call: string | undefined): boolean {
	return call !== undefined && steps.at(-1)?.calls[0]?.id === call;
}
