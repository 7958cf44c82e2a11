/*
 * The model writes `\n`; files may have `\r\n`, or both. Matching happens on a view with `\n` only, positions are
 * mapped back, so that bytes which no edit touches stay as they are.
 */
export type Eol = "\n" | "\r\n";

export function normalise(text: string): string {
	return text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
}

/** The line end that a text mostly has; undefined when it has none. */
export function dominantEol(text: string): Eol | undefined {
	if (!text.includes("\r")) return text.includes("\n") ? "\n" : undefined;
	let all = 0;
	let windows = 0;
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
		all++;
		if (text[at - 1] === "\r") windows++;
	}
	if (all === 0) return undefined;
	return windows * 2 > all ? "\r\n" : "\n";
}

export function withEol(text: string, eol: Eol): string {
	const plain = normalise(text);
	return eol === "\n" ? plain : plain.replaceAll("\n", "\r\n");
}

/** Turns positions in the view into positions in the text. Ask in ascending order: each line break is passed once. */
export function createMapper(text: string): (viewIndex: number) => number {
	let next = text.indexOf("\r\n");
	let dropped = 0;
	return (viewIndex) => {
		while (next >= 0 && next - dropped < viewIndex) {
			dropped++;
			next = text.indexOf("\r\n", next + 2);
		}
		return viewIndex + dropped;
	};
}
