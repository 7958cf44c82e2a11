import type { QueuedMessage } from "../shared/event.ts";
import { t } from "./words.ts";

interface Doing {
	readonly running: boolean;
	/** A call waits for the person. */
	readonly asks: boolean;
}

/** When this message is said, where that is not its turn in the list; else empty. */
export function whenSaid({ steer, held }: QueuedMessage, { running, asks }: Doing): string {
	if (held) return t("Editing");
	if (!steer || !running) return "";
	return asks ? t("After your decision") : t("Next step");
}

/** What stands above the messages. */
export function queueTitle(queue: readonly QueuedMessage[], running: boolean): string {
	return running ? t("{0} queued", queue.length) : t("Waiting for you: {0}", queue.length);
}

/** What a screen reader is told of a change; empty where nothing is to be said. `at`: the message that the person is at. */
export function queueNews(before: readonly QueuedMessage[], after: readonly QueuedMessage[], at: string): string {
	const known = new Map(before.map((message) => [message.id, message]));
	if (after.some(({ id }) => !known.has(id))) return t("Message queued. {0} waiting.", after.length);
	if (after.length < before.length) return t("{0} waiting.", after.length);
	const changed = after.flatMap((message) => newsOf(known.get(message.id) ?? message, message));
	const place = after.findIndex(({ id }) => id === at);
	const isMoved = place !== -1 && before[place]?.id !== at;
	return changed[0] ?? (isMoved ? t("Place {0} of {1}.", place + 1, after.length) : "");
}

function newsOf(old: QueuedMessage, now: QueuedMessage): string[] {
	if (now.held && !old.held) return [t("Editing. Enter saves it in its place, Escape leaves it as it was.")];
	if (now.steer && !old.steer) return [t("Said at the next step.")];
	return now.text === old.text ? [] : [t("Saved.")];
}
