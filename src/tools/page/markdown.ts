import { setImmediate } from "node:timers/promises";
import { Parser } from "htmlparser2";
import { MarkdownWriter } from "./markdown-writer.ts";
import type { Readable } from "./readable.ts";

/** Characters that are parsed at once: between two such pieces the host goes on, and Stop is heard. */
const STRIDE = 16 * 1024;
/** Elements inside of each other: no page of a person is deeper, and the parser's work grows with it. */
const MAX_DEPTH = 500;
/** Characters of Markdown. Links grow when they become absolute. */
const MAX_OUTPUT = 6_000_000;

/** Nothing that a person reads as text. */
const SILENT = new Set(
	"script style template noscript svg math iframe object canvas audio video select datalist link meta".split(" "),
);
/** An inline style that takes the element off the page. */
const UNSHOWN = /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i;

/**
 * Turns HTML into Markdown: headings, lists, tables, code and absolute links stay, the rest becomes paragraphs. Works on
 * the parser's events without a tree, so that time and memory grow no faster than the page, whoever made it.
 */
export async function toMarkdown(html: string, base: string, signal: AbortSignal): Promise<Readable> {
	const writer = new MarkdownWriter(base);
	let depth = 0;
	/** Depth of the outermost element that is not shown; 0: everything is. */
	let silent = 0;
	const parser = new Parser({
		onopentag(name, attributes) {
			depth++;
			if (silent > 0) return;
			if (SILENT.has(name) || "hidden" in attributes || UNSHOWN.test(attributes["style"] ?? "")) silent = depth;
			else writer.open(name, attributes);
		},
		ontext(text) {
			if (silent === 0) writer.text(text);
		},
		onclosetag(name) {
			if (silent === 0) writer.close(name);
			else if (silent === depth) silent = 0;
			depth--;
		},
	});
	let at = 0;
	while (at < html.length && depth <= MAX_DEPTH && writer.length <= MAX_OUTPUT && !signal.aborted) {
		parser.write(html.slice(at, at + STRIDE));
		at += STRIDE;
		await setImmediate();
	}
	const cut = at < html.length;
	// Else the parser would take what it has of a tag for text.
	if (!cut) parser.end();
	return { text: writer.done(), cut };
}
