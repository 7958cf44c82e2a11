/** The value that a share of all values does not exceed; 0 for none. */
function quantile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
export const p95 = (values: readonly number[]): number => quantile(values, 0.95);
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Last quarter against first quarter, by their medians, since pauses hit anywhere: 1 is flat. */
export function quarters(values: readonly number[]): number {
	const quarter = Math.floor(values.length / 4);
	return median(values.slice(-quarter)) / median(values.slice(0, quarter));
}

/** Milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
	const from = performance.now();
	await work();
	return performance.now() - from;
}

/** Milliseconds of each of several runs of the same work, one after the other. */
export async function repeat(times: number, work: (round: number) => unknown): Promise<number[]> {
	const all: number[] = [];
	for (let round = 0; round < times; round++) all.push(await timed(() => work(round)));
	return all;
}

/** The longest time that our own work kept the event loop, in ms: on a busy machine it waits for longer. */
export function watchLoop(): { stop(): number } {
	let longest = 0;
	let from = process.threadCpuUsage();
	const timer = setInterval(() => {
		const { user, system } = process.threadCpuUsage(from);
		longest = Math.max(longest, (user + system) / 1000);
		from = process.threadCpuUsage();
	}, 1);
	return {
		stop() {
			clearInterval(timer);
			return longest;
		},
	};
}

/** Milliseconds that some work takes of its thread: on a busy machine it waits for longer. */
export function cpuOf(work: () => void): number {
	const from = process.threadCpuUsage();
	work();
	const { user, system } = process.threadCpuUsage(from);
	return (user + system) / 1000;
}
