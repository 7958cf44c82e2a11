import { givenTokens } from "../shared/context-size.ts";
import type { Chat } from "../shared/reduce.ts";
import { lastShortened, type Refused, type Shed } from "../shared/shortened.ts";
import { type Room, sentSteps, tokensOf } from "./room.ts";
import type { Session } from "./session.ts";

/*
 * Leaving out of old results costs the prefix cache from the first of them on: the rest of the chat is read anew, once.
 * Notes cost an answer of some thousand tokens (each five times as dear as one read), take half a minute, and lose what
 * was said and thought; but less is read anew, and more room is won. So results are left out where that alone wins a
 * quarter of the window at once, which comes at most every few dozen steps, and notes are written where it does not.
 */

/** Share of the window that has to come free. */
const WORTH = 0.25;
/** Characters that stay of an old result: what it was, and how it ended. */
const KEPT_CHARS = 800;
/** The last steps stay as they are: so many at least, and as many as this share of the window holds. */
const KEPT_STEPS = 4;
const KEPT_SHARE = 0.25;

/** Leaves out the most of old results, and of what went with the prompts of earlier turns, where that wins enough. */
export async function shedOld(session: Session, room: Room, refused: Refused | undefined): Promise<boolean> {
	const { chat } = session;
	const before = firstKept(chat, room.window * KEPT_SHARE);
	const shed = { from: 0, before, max: KEPT_CHARS };
	const freed = freedBy(chat, shed);
	if (freed < room.window * WORTH || room.size - freed > room.point) return false;
	await session.record({ type: "shed", ...shed, ...(refused && { refused }) });
	return true;
}

function firstKept(chat: Chat, room: number): number {
	const steps = sentSteps(chat);
	let left = room;
	let before = chat.next;
	for (const [index, step] of steps.toReversed().entries()) {
		left -= tokensOf([step], chat.shed);
		if (left < 0 && index >= KEPT_STEPS) break;
		before = step.seq;
	}
	return before;
}

function freedBy(chat: Chat, shed: Omit<Shed, "seq">): number {
	const steps = sentSteps(chat).filter(({ seq }) => seq >= shed.from && seq < shed.before);
	const after = [...(chat.shed ?? []), { ...shed, seq: chat.next }];
	const freed = tokensOf(steps, chat.shed) - tokensOf(steps, after);
	return freed + givenTokens(chat, chat.shed) - givenTokens(chat, after);
}

/**
 * Results that no request had yet are cut for free. Done where those of the last step alone would take most of what is
 * left of the chat once it is shortened: they would have to go as a whole then, and the model would ask for them again.
 */
export async function cutTail(session: Session, room: Room, refused: Refused | undefined): Promise<void> {
	const { chat } = session;
	const step = sentSteps(chat).at(-1);
	if (!step || step.calls.length === 0 || step.seq < lastShortened(chat)) return;
	const most = room.after / 3;
	if (tokensOf([step], chat.shed) <= most) return;
	const longest = Math.max(...step.calls.map(({ text = "" }) => text.length));
	const cut = (max: number) => ({ from: step.seq, before: step.seq + 1, max });
	const left = (max: number) => tokensOf([step], [...(chat.shed ?? []), { ...cut(max), seq: chat.next }]);
	let max = Math.floor(longest / 2);
	while (max > LEAST_CUT && left(max) > most) max = Math.floor(max / 2);
	if (left(max) >= tokensOf([step], chat.shed)) return;
	await session.record({ type: "shed", ...cut(max), ...(refused && { refused }) });
}

const LEAST_CUT = 400;
