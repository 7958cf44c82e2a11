/**
 * A path whose last segment has a `*`, such as `src/*.ts`: the only word that a shell may expand in a line that is read
 * at all. It begins with a folder, so that what it becomes is never an option, and no `.*` becomes `..`. The words of a
 * line don't tell whether it stood in quotes, so whoever judges them takes every word of this form for expanded.
 */
export function isWildcardPath(word: string): boolean {
	return (
		/^(?:\.{0,2}\/)?(?:(?!-)[\w.@+-]+\/)*(?!\.)[\w.+-]*\*[\w.*+-]*$/.test(word) &&
		word.includes("/") &&
		!word.includes("**")
	);
}
