/** A name with a `*` in it, and `**`, which some shells take for any folders on the way. */
const WILD = String.raw`(?:\*\*|(?![.-])[\w.+-]*\*(?!\*)(?:[\w.+-]|\*(?!\*))*)`;
const NAMED = String.raw`(?!-|\.{1,2}(?:/|$))[\w.@+-]+`;
const PATH = new RegExp(String.raw`^(?:\.{0,2}/)?(?:${NAMED}/)*${WILD}(?:/(?:${WILD}|${NAMED}))*/?$`);

/**
 * A path with a `*` in a name, such as `src/*.ts`, `*.json` or `src/**`. No `..` but at its start, and no name that is
 * to begin with a dot. The words of a line don't tell whether it stood in quotes, so whoever judges what is read takes
 * every path of this form for both.
 */
export function isWildcardPath(word: string): boolean {
	return PATH.test(word);
}

/** Names for a search, such as `--include=*.ts`: whatever file has such a name, it stays that option. */
export const isWildcardOption = (word: string): boolean => /^--(?:in|ex)clude(?:-dir)?=\*?[\w.-]*\*?$/.test(word);
