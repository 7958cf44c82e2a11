import type { Effect } from "../shared/event.ts";
import type { Rule } from "../shared/rule.ts";
import type { CommandLine } from "./commands/command-line.ts";

/** Words of a rule that is offered for a command: the program and what it is told to do. */
const MOST_WORDS = 2;

/**
 * What a person may allow beyond one call, the narrowest first. Nothing for a call that was read from leaked text, and
 * for what no rule can stand for.
 */
export function offersFor(call: {
	readonly effects: readonly Effect[];
	readonly command?: CommandLine;
	readonly recovered?: boolean;
}): readonly Rule[] {
	const { effects, command, recovered } = call;
	const [effect] = effects;
	if (!effect || recovered) return [];
	if (effects.every((each) => "read" in each || "write" in each))
		return effects.some((each) => "write" in each) ? [{ edits: true }] : [];
	if (effects.length > 1) return [];
	if ("exec" in effect) return [{ command: effect.exec }, ...wordsOf(command)];
	return [];
}

/** Only of a line with one program that is not harmless by itself: which of several a rule would mean is a guess. */
function wordsOf(command: CommandLine | undefined): Rule[] {
	if (!command || !("commands" in command)) return [];
	const others = command.commands.filter(({ trouble }) => trouble !== undefined);
	const [only] = others;
	if (!only || others.length > 1) return [];
	const plain = only.words.findIndex((word, at) => at > 0 && !/^[a-z][\w:-]*$/i.test(word));
	const words = only.words.slice(0, Math.min(MOST_WORDS, plain < 0 ? MOST_WORDS : plain));
	return words.length < only.words.length || others.length < command.commands.length ? [{ words: [...words] }] : [];
}
