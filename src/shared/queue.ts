import * as z from "zod/mini";
import type { QueuedMessage, Recorded } from "./event.ts";
import type { Chat } from "./reduce.ts";
import { attachedSeen } from "./seen.ts";
import { changeTurn } from "./turn-files.ts";

/** What the person does with what waits to be said. `id`: the message; one that was said meanwhile is left alone. */
export const QueueChange = z.discriminatedUnion("do", [
	z.object({ do: z.literal("add"), text: z.string(), steer: z.optional(z.literal(true)) }),
	/** To be said at the next step of the turn that runs. */
	z.object({ do: z.literal("steer"), id: z.string() }),
	/** The person begins to rewrite it: it is held, and no other one is. */
	z.object({ do: z.literal("hold"), id: z.string() }),
	/** They are done; `text` absent: it stays as it was. */
	z.object({ do: z.literal("release"), id: z.string(), text: z.optional(z.string()) }),
	z.object({ do: z.literal("move"), id: z.string(), by: z.union([z.literal(-1), z.literal(1)]) }),
	z.object({ do: z.literal("delete"), id: z.string() }),
]);
export type QueueChange = z.infer<typeof QueueChange>;

type Of<T extends Recorded["type"]> = Extract<Recorded, { type: T }>;

export function queued(chat: Chat, { messages }: Of<"queued">): Chat {
	const given = new Map(chat.queue.map(({ id, attached }) => [id, attached]));
	const queue = messages.map((message) => {
		const attached = message.attached ?? given.get(message.id);
		return attached ? { ...message, attached } : message;
	});
	return { ...chat, queue };
}

/** Said between two steps of the last turn. */
export function steered(chat: Chat, { seq, ids, text, attached, note }: Of<"steered">): Chat {
	const { untold, ...now } = chat;
	const words = { seq, text, ...(attached && { attached }), ...(note !== undefined && { note }) };
	const said = changeTurn(now, (turn) => ({ ...turn, steered: [...(turn.steered ?? []), words] }));
	const isTold = untold === undefined || note !== undefined;
	const seen = attachedSeen(chat.seen, attached);
	return { ...said, ...(!isTold && { untold }), seen, queue: unqueue(chat.queue, ids) };
}

export function unqueue(queue: readonly QueuedMessage[], ids: readonly string[]): readonly QueuedMessage[] {
	return queue.some(({ id }) => ids.includes(id)) ? queue.filter(({ id }) => !ids.includes(id)) : queue;
}
