/** A tag of K3's markup, between `<|open|>` or `<|close|>` and `<|sep|>`. */
export interface Tag {
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
}

/** Longer than any tag: what is so long is prose. */
export const MAX_TAG = 500;

const TAG = /^\s*([a-z_]+)((?:\s+[\w-]+\s*=\s*"[^"]*")*)\s*$/;
const ATTRIBUTE = /([\w-]+)\s*=\s*"([^"]*)"/g;

/** Undefined when the text is no tag. */
export function parseTag(text: string): Tag | undefined {
	const match = TAG.exec(text);
	if (!match) return undefined;
	const pairs = [...(match[2] ?? "").matchAll(ATTRIBUTE)];
	const attributes = new Map(pairs.map(([, key = "", value = ""]) => [key, unescaped(value)]));
	return { name: match[1] ?? "", attributes };
}

function unescaped(value: string): string {
	return value.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
