import { createLexer } from "../markup/lexer.ts";

/** The markers of tool calls and of messages in a text, each once, as they are spelled there. */
export function markupIn(text: string): readonly string[] {
	const found = new Set<string>();
	const lexer = createLexer({
		text: () => undefined,
		marker: (marker, spelled) => {
			if (marker !== "think" && marker !== "think-end") found.add(spelled);
		},
	});
	lexer.add(text);
	lexer.end();
	return [...found];
}

export function hasThinkTags(text: string): boolean {
	return /<\/?think>/.test(text);
}
