/** What a person types after an `@`, to name something to attach. */
export interface Mention {
	/** Where the `@` stands in the text. */
	readonly at: number;
	/** From there to the caret. */
	readonly query: string;
}

/** Characters of a word: one that is longer names nothing. */
const MAX_WORD = 200;

/**
 * What is being named where the caret stands. Not in the middle of a Latin word, path or address, such as `me@example.com`;
 * right after other letters it is, since not every language puts blanks between words.
 */
export function mentionAt(text: string, caret: number): Mention | undefined {
	const near = text.slice(Math.max(0, caret - MAX_WORD), caret);
	const word = /\S*$/.exec(near)?.[0] ?? "";
	const begin = /(?<![\w.+\-/@])@/.exec(word);
	if (!begin || word.length === MAX_WORD) return undefined;
	const query = word.slice(begin.index + 1);
	return { at: caret - query.length - 1, query };
}

export interface Segment {
	readonly text: string;
	readonly hit: boolean;
}

/** A label in pieces: what the query matched, and what not. `marks`: places in it, in order. */
export function segments(label: string, marks: readonly number[]): readonly Segment[] {
	const hits = new Set(marks);
	const all: { text: string; readonly hit: boolean }[] = [];
	let place = 0;
	for (const char of label) {
		const hit = hits.has(place);
		const last = all.at(-1);
		if (last?.hit === hit) last.text += char;
		else all.push({ text: char, hit });
		place += char.length;
	}
	return all;
}
