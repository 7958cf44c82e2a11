import type { FileChange } from "./event.ts";
import type { Chat, Turn } from "./reduce.ts";

/** Changes the last turn; there may be none. */
export function changeTurn(chat: Chat, change: (turn: Turn) => Turn): Chat {
	const last = chat.turns.at(-1);
	return last ? { ...chat, turns: [...chat.turns.slice(0, -1), change(last)] } : chat;
}

/** Adds to what happened to files, in order: the last turn tells of it. */
export function changeFiles(chat: Chat, made: readonly FileChange[]): Chat {
	if (made.length === 0) return chat;
	if (chat.turns.length === 0) return { ...chat, carried: [...(chat.carried ?? []), ...made] };
	return changeTurn(chat, (turn) => ({ ...turn, changes: [...turn.changes, ...made] }));
}

/** Characters that are told at once: what is in a prompt can't be shortened any more. */
const MAX_UNTOLD = 24_000;
const MORE = "More happened to files than can be told here: read each one again before you rely on it.";

export function tell(chat: Chat, note: string | undefined): Chat {
	const { untold } = chat;
	if (note === undefined || untold?.endsWith(MORE)) return chat;
	const all = untold ? `${untold}\n${note}` : note;
	return { ...chat, untold: all.length > MAX_UNTOLD ? `${untold ? `${untold}\n` : ""}${MORE}` : all };
}
