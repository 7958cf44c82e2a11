import { countedFrom, stepTokens } from "../shared/context-size.ts";
import type { Recorded } from "../shared/event.ts";
import { type Chat, emptyChat, reduce } from "../shared/reduce.ts";
import { inStretches } from "./stretch.ts";

/** The chat that a log adds up to, however long it is: others have their turn meanwhile. */
export async function sumUp(events: readonly Recorded[]): Promise<Chat> {
	const rest = inStretches();
	let chat = emptyChat;
	for (const event of events) {
		await rest();
		chat = reduce(chat, event);
	}
	return chat;
}

/** The same, with its size. */
export async function replay(events: readonly Recorded[]): Promise<Chat> {
	const rest = inStretches();
	const chat = await sumUp(events);
	// What the context size is made of is counted once a step: not all at once, when it is first asked for.
	const from = countedFrom(chat);
	for (const step of chat.turns.flatMap(({ steps }) => steps.filter(({ seq }) => seq >= from))) {
		await rest();
		stepTokens(step, chat.shed);
	}
	return chat;
}
