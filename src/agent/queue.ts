import type { Attached } from "../shared/attachments.ts";
import type { QueuedMessage, Unstamped } from "../shared/event.ts";
import type { QueueChange } from "../shared/queue.ts";
import type { Chat } from "../shared/reduce.ts";
import type { Session } from "./session.ts";

/** The person's words with what goes with them. */
export interface Said {
	readonly text: string;
	readonly attached: readonly Attached[];
}

/** What a turn begins with: words, or a message that waits. */
export type Prompt = string | Said | Queued;

/** A message that waits, by its id. */
export interface Queued {
	readonly queued: string;
}

/** What the next turn begins with by itself. Order is kept: what stands behind a message that is rewritten waits too. */
export function nextQueued({ queue }: Chat): QueuedMessage | undefined {
	const [first] = queue;
	return queue.find(isDue) ?? (first?.held ? undefined : first);
}

/** Whether the turn has to go on: the person has something to say to it. */
export function mustSteer({ queue }: Chat): boolean {
	return queue.some(isDue);
}

function isDue({ steer, held }: QueuedMessage): boolean {
	return steer === true && !held;
}

/**
 * Says what waits for the next step of the turn that runs, if anything. Between two steps only: the prompt comes first,
 * and every call has its result.
 */
export async function saySteering(session: Session): Promise<void> {
	await session.record((chat) => {
		const due = chat.queue.filter(isDue);
		const isBetween = chat.turns.at(-1)?.steps.some(({ complete }) => complete);
		if (due.length === 0 || !isBetween) return undefined;
		const { untold: note } = chat;
		const text = due.map((message) => message.text).join("\n\n");
		const attached = due.flatMap((message) => message.attached ?? []);
		const given = attached.length > 0 && { attached };
		return { type: "steered", ids: due.map(({ id }) => id), text, ...given, ...(note !== undefined && { note }) };
	});
}

/** The words of a prompt; undefined: it was deleted, said, or taken up to be rewritten, before it could be. */
export function wordsOf(
	{ queue }: Chat,
	prompt: Prompt,
): { readonly text: string; attached?: Attached[]; readonly queued?: string } | undefined {
	if (typeof prompt === "string") return { text: prompt };
	if ("text" in prompt)
		return prompt.attached.length > 0 ? { text: prompt.text, attached: [...prompt.attached] } : { text: prompt.text };
	const message = queue.find(({ id, held }) => id === prompt.queued && !held);
	return message && { text: message.text, ...(message.attached && { attached: message.attached }), queued: message.id };
}

/** Puts on record what the person does with what waits; nothing where that changes nothing. `attached` goes with a message that is added. Rejects with `StorageError`. */
export function changeQueue(session: Session, change: QueueChange, attached: readonly Attached[] = []): Promise<void> {
	return session.record((chat): Unstamped | undefined => {
		const messages = changed(chat, change, attached);
		return messages && { type: "queued", messages: messages.map((each) => asRecorded(each, chat)) };
	});
}

function asRecorded(message: QueuedMessage, { queue }: Chat): QueuedMessage {
	if (!queue.some(({ id }) => id === message.id)) return message;
	const { attached: _onRecord, ...rest } = message;
	return rest;
}

function changed(
	{ queue, next }: Chat,
	change: QueueChange,
	attached: readonly Attached[],
): readonly QueuedMessage[] | undefined {
	if (change.do === "add") {
		const { text, steer } = change;
		// Each event has a place of its own in the log, and adds one message at most.
		if (text.trim() === "" && attached.length === 0) return undefined;
		const given = attached.length > 0 && { attached: [...attached] };
		return [...queue, { id: `q${next}`, text, ...given, ...(steer && { steer }) }];
	}
	const at = queue.findIndex(({ id }) => id === change.id);
	const message = queue[at];
	if (!message) return undefined;
	switch (change.do) {
		case "steer":
			return message.steer ? undefined : queue.with(at, { ...message, steer: true });
		case "hold":
			return message.held ? undefined : queue.map(free).with(at, { ...message, held: true });
		case "release":
			return released(queue, at, message, change.text);
		case "move": {
			const to = at + change.by;
			const other = queue[to];
			return other && queue.with(at, other).with(to, message);
		}
		case "delete":
			return queue.toSpliced(at, 1);
	}
}

function released(queue: readonly QueuedMessage[], at: number, message: QueuedMessage, rewritten = message.text) {
	const text = rewritten.trim() === "" ? message.text : rewritten;
	return message.held || text !== message.text ? queue.with(at, { ...free(message), text }) : undefined;
}

function free({ held: _held, ...message }: QueuedMessage): QueuedMessage {
	return message;
}
