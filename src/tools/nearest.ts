/** The candidates most like a word, best first; those that are not alike are left out. Letter case counts for nothing. */
export function nearest(word: string, candidates: readonly string[], limit: number): readonly string[] {
	const wanted = word.toLowerCase();
	return candidates
		.map((name) => ({ name, cost: distance(wanted, name.toLowerCase()) }))
		.filter(({ name, cost }) => cost <= Math.max(1, Math.round(Math.max(wanted.length, name.length) * 0.4)))
		.sort((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1))
		.slice(0, limit)
		.map(({ name }) => name);
}

/** Longer words are no typing slips of each other worth a quadratic comparison. */
const MAX_LENGTH = 200;

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
function distance(a: string, b: string): number {
	if (a.length > MAX_LENGTH || b.length > MAX_LENGTH) return a === b ? 0 : Number.POSITIVE_INFINITY;
	let above: readonly number[] = [];
	let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) [above, row] = [row, nextRow(a, b, i, row, above)];
	return row[b.length] ?? 0;
}

function nextRow(a: string, b: string, i: number, row: readonly number[], above: readonly number[]): number[] {
	const next = [i];
	for (let j = 1; j <= b.length; j++) {
		const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
		const crossed = j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
		const swapped = crossed ? (above[j - 2] ?? 0) + 1 : replaced;
		next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
	}
	return next;
}
