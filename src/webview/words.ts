let dictionary: Readonly<Record<string, string>> = {};

/** Takes the snapshot's translations of the English sentences in this room. */
export function setWords(words: Readonly<Record<string, string>>): void {
	dictionary = words;
}

/** The language of the page, for numbers. */
export function language(): string {
	return globalThis.document?.documentElement.lang || "en";
}

/** The sentence in the person's language with `{0}`, `{1}` … filled in. The English sentence itself is the key. */
export function t(sentence: string, ...args: readonly (string | number)[]): string {
	const known = Object.hasOwn(dictionary, sentence) ? dictionary[sentence] : undefined;
	return (known || sentence).replace(/\{(\d+)\}/g, (slot, index: string) => String(args[Number(index)] ?? slot));
}
