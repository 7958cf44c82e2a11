import type { Part } from "../shared/message.ts";
import type { Chat } from "../shared/reduce.ts";

/**
 * Gives every call an id that the chat has not seen: servers leave ids out, repeat them within an answer and reuse them
 * across turns. A fresh id stays as the server sent it.
 */
export function uniqueIds(parts: readonly Part[], chat: Chat): Part[] {
	if (!parts.some((part) => part.kind === "call")) return [...parts];
	const seen = chat.turns.flatMap((turn) => turn.steps.flatMap((step) => step.calls.map((call) => call.id)));
	const unique = createIds(seen);
	return parts.map((part) => {
		if (part.kind !== "call") return part;
		const id = unique(part.id);
		return id === part.id ? part : { ...part, id, serverId: part.serverId ?? part.id };
	});
}

/** Makes ids that are not in `taken` and that it has not given before: the one that is wanted, or one like it. */
export function createIds(taken: readonly string[] = []): (wanted: string) => string {
	const used = new Set(taken);
	const next = new Map<string, number>();
	return (wanted) => {
		// Ids are keys of records: no id may be a word that every record answers to.
		const base = wanted === "" || wanted in Object.prototype ? `call_${wanted || used.size}` : wanted;
		let id = base;
		for (let n = next.get(base) ?? 2; used.has(id); n++) {
			id = `${base}__${n}`;
			next.set(base, n + 1);
		}
		used.add(id);
		return id;
	};
}
