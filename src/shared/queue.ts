import type { QueuedMessage, Recorded } from "./event.ts";
import type { Chat } from "./reduce.ts";
import { changeTurn } from "./turn-files.ts";

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

export function queued(chat: Chat, { messages }: Of<"queued">): Chat {
	return { ...chat, queue: messages };
}

/** Said between two steps of the last turn. */
export function steered(chat: Chat, { seq, id, text }: Of<"steered">): Chat {
	const said = changeTurn(chat, (turn) => ({ ...turn, steered: [...(turn.steered ?? []), { seq, text }] }));
	return { ...said, queue: unqueue(chat.queue, id) };
}

export function unqueue(queue: readonly QueuedMessage[], id: string | undefined): readonly QueuedMessage[] {
	return queue.some((message) => message.id === id) ? queue.filter((message) => message.id !== id) : queue;
}
