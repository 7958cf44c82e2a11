/** Works without letting go for so many milliseconds, as much code does at once. */
export function busy(ms: number): void {
	const from = performance.now();
	while (performance.now() - from < ms);
}

/** Counts the turns that others get, until it is told to stop. */
export function countTurns(): () => number {
	let turns = 0;
	let isOver = false;
	const next = () => {
		turns++;
		if (!isOver) setImmediate(next);
	};
	setImmediate(next);
	return () => {
		isOver = true;
		return turns;
	};
}
