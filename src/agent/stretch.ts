/** Milliseconds of work after which others go first. A busy machine makes a multiple of it out of them. */
const STRETCH_MS = 5;

/**
 * For work that may take long, to be awaited between its parts: once they took a while together, all else that waits in
 * this process goes first. The agent shares its one thread with the host, and often with other extensions.
 */
export function inStretches(): () => Promise<void> {
	let from = performance.now();
	return async () => {
		if (performance.now() - from < STRETCH_MS) return;
		await new Promise((resolve) => setImmediate(resolve));
		from = performance.now();
	};
}
