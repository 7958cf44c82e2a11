import type { WebPage } from "../../agent/web.ts";
import { runs } from "../../shared/visible.ts";

export interface Readable {
	readonly text: string;
	/** The page's end is missing. */
	readonly cut: boolean;
}

/** What a page says: HTML as Markdown, other text as it is. */
export async function readable({ type, text, url }: WebPage, signal: AbortSignal): Promise<Readable> {
	if (!isHtml(type, text)) return { text, cut: false };
	// 50 KB that only those who fetch need.
	const { toMarkdown } = await import("./markdown.ts");
	return toMarkdown(text, url, signal);
}

function isHtml(type: string, text: string): boolean {
	if (type === "text/html" || type === "application/xhtml+xml") return true;
	return type === "" && /^\s*<(!doctype html|html)\b/i.test(text.slice(0, 1000));
}

/**
 * Without characters that no person would see: they can hide words from whoever checks the page, and spell whole
 * sentences to a model. `hidden` is how many there were; blanks of other widths only become plain ones.
 */
export function plainText(text: string): { readonly text: string; readonly hidden: number } {
	const lines = text.replaceAll(/\r\n?|[\u2028\u2029]/g, "\n").replaceAll(/\p{Zs}/gu, " ");
	const parts = runs(lines);
	const kept = parts.flatMap((part) => (part.hidden ? [] : [part.text]));
	return { text: kept.join("").replace(/^\n+/, "").trimEnd(), hidden: parts.length - kept.length };
}
