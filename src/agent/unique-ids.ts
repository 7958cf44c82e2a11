import type { Part } from "../shared/message.ts";
import type { Chat } from "../shared/reduce.ts";

/**
 * Gives every call an id that the chat has not seen: servers leave ids out, repeat them within an answer and reuse them
 * across turns. A fresh id stays as the server sent it.
 */
export function uniqueIds(parts: readonly Part[], chat: Chat): Part[] {
	if (!parts.some((part) => part.kind === "call")) return [...parts];
	const used = new Set(chat.turns.flatMap((turn) => turn.steps.flatMap((step) => step.calls.map((call) => call.id))));
	return parts.map((part) => {
		if (part.kind !== "call") return part;
		const id = freeId(part.id || `call_${used.size}`, used);
		used.add(id);
		return id === part.id ? part : { ...part, id, serverId: part.serverId ?? part.id };
	});
}

function freeId(wanted: string, used: ReadonlySet<string>): string {
	if (!used.has(wanted)) return wanted;
	for (let n = 2; ; n++) if (!used.has(`${wanted}__${n}`)) return `${wanted}__${n}`;
}
