import type { Rule } from "../shared/rule.ts";
import { wordsTrouble } from "./command-words.ts";

/**
 * A rule for commands as a person writes it: `npm test` is that command to the letter, `npm test *` every command that
 * begins with these words. Or why it is none, as a sentence.
 */
export function readCommandRule(written: string): { readonly rule: Rule } | { readonly trouble: string } {
	const text = written.trim();
	if (text === "") return { trouble: "Write a command, or the words that it begins with and a *." };
	if (text === "*") return { trouble: "“*” would allow everything: that is the mode Trusted." };
	const beginning = /^(\S[\s\S]*?) +\*$/.exec(text)?.[1];
	if (beginning === undefined) {
		const glued = /(?:^|\s)([\w:-]+)\*$/.exec(text)?.[1];
		if (glued !== undefined)
			return { trouble: `Put a blank before the *, or write all of it: “${text.slice(0, -1)} *”.` };
		return { rule: { command: text } };
	}
	const words = beginning.split(/ +/);
	const trouble = wordsTrouble(words);
	return trouble === undefined ? { rule: { words } } : { trouble };
}

/** A rule in the form that is read above; undefined where that can't hold it. */
export function writeCommandRule(rule: Rule): string | undefined {
	if ("words" in rule) return `${rule.words.join(" ")} *`;
	if (!("command" in rule) || rule.cwd !== undefined || rule.command.includes("\n")) return undefined;
	const read = readCommandRule(rule.command);
	return "rule" in read && "command" in read.rule && read.rule.command === rule.command ? rule.command : undefined;
}
