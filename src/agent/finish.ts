import type { Unstamped } from "../shared/event.ts";
import { type Call, type Chat, openCalls } from "../shared/reduce.ts";
import type { Session } from "./session.ts";
import type { Outcome } from "./tool.ts";

/** Gives a call its one result, if it has none yet; a function makes it of the chat at that moment. */
export function finish(
	session: Session,
	call: Call,
	outcome: Outcome | ((chat: Chat) => Outcome),
	ms: number,
): Promise<void> {
	return session.record((chat): Unstamped | undefined => {
		// It went on while the log failed, and was closed when the chat went on.
		if (!openCalls(chat).some(({ id }) => id === call.id)) return undefined;
		const { text, show, details, failed = false } = typeof outcome === "function" ? outcome(chat) : outcome;
		const result = { callId: call.id, failed, text, show, details, ms: Math.round(ms) };
		return { type: "finished", ...result, ...noteWith(chat, call) };
	});
}

export function fail(session: Session, call: Call, text: string): Promise<void> {
	return finish(session, call, { text, failed: true }, 0);
}

/** What the person did meanwhile is told with the last result before the next request. */
function noteWith({ untold, ...chat }: Chat, { id }: Call): { readonly note?: string } {
	const open = openCalls(chat);
	return untold !== undefined && open.length === 1 && open[0]?.id === id ? { note: untold } : {};
}
