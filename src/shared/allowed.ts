import type { Recorded } from "./event.ts";
import type { Chat } from "./reduce.ts";
import { isSameRule, type Rule } from "./rule.ts";

/** The person changed what they allow in this chat. What they took back does not come back with an earlier moment. */
export function allowed(chat: Chat, { rules }: Extract<Recorded, { type: "allowed" }>): Chat {
	const stays = (rule: Rule) => rules.some((other) => isSameRule(other, rule));
	const turns = chat.turns.map((turn) => ({
		...turn,
		before: { ...turn.before, rules: turn.before.rules.filter(stays) },
	}));
	return { ...chat, turns, rules };
}
