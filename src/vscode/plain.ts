import { visible } from "../shared/visible.ts";

/**
 * Text of a model, a server or a repository, fit for VS Code's own messages: these turn `[words](command:…)` into a
 * link that runs the command, and `$(name)` into an icon, so both are broken up and control characters dropped.
 */
export function plain(text: string, longest = LONGEST): string {
	const broken = text
		.replace(/\p{Cc}|\p{Cf}/gu, " ")
		.replaceAll("](", "] (")
		.replaceAll("$(", "$ (");
	return broken.length > longest ? `${broken.slice(0, longest - 1).toWellFormed()}…` : broken;
}

const LONGEST = 300;

/** The same with nothing unseen in it, in one line: for what a person decides by. */
export function shown(text: string, longest?: number): string {
	return plain(visible(text), longest);
}

/** A text as VS Code's documents have it when all their lines end with a line feed, whatever ends the file has. */
export function withPlainEnds(text: string): string {
	return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
