/**
 * A path whose last segment has a `*`, such as `src/*.ts`. It begins with a folder, so that what it becomes is never an
 * option, and no `.*` becomes `..`. The words of a line don't tell whether it stood in quotes, so whoever judges them takes
 * every word of this form for expanded.
 */
export function isWildcardPath(word: string): boolean {
	const folder = /^(?:\.{0,2}\/)?(?:(?!-)[\w.@+-]+\/)*/.exec(word)?.[0] ?? "";
	const last = word.slice(folder.length);
	return folder !== "" && /^(?!\.)[\w.+-]*\*[\w.*+-]*$/.test(last) && !last.includes("**");
}

/** Names for a search, such as `--include=*.ts`: whatever file has such a name, it stays that option. */
export const isWildcardOption = (word: string): boolean => /^--(?:in|ex)clude(?:-dir)?=\*?[\w.-]*\*?$/.test(word);
