import type { Chat } from "../shared/reduce.ts";
import { visible } from "../shared/visible.ts";
import { t } from "./words.ts";

/** Characters of a prompt that a sentence quotes. */
const QUOTE = 60;

/** What the last restore put back, in a sentence; undefined when there is none to take back. */
export function restoredWords({ restored, turns }: Chat): string | undefined {
	if (!restored) return undefined;
	const { chat, changes, conversation } = restored;
	if (!conversation) return t("Files were put back to an earlier state.");
	const prompt = quoted(chat.turns[turns.length]?.prompt ?? "");
	return changes.length > 0
		? t("Files and conversation were put back to before “{0}”.", prompt)
		: t("The conversation was put back to before “{0}”. Files stay as they are.", prompt);
}

function quoted(prompt: string): string {
	const line = visible(prompt.trim().split("\n", 1)[0] ?? "");
	return line.length > QUOTE ? `${line.slice(0, QUOTE - 1)}…` : line;
}
