/** How long something is waited for. */
interface Patience {
	/** Milliseconds in all; absent: as long as it takes. */
	readonly ms?: number;
	/** Stop: it is waited for `grace` milliseconds more, 0 unless told. */
	readonly signal?: AbortSignal;
	readonly grace?: number;
}

/** What comes of `work`, or `instead` where that takes too long: it goes on then, alone. Rejects where it does in time. */
export async function inTime<T, I>(work: Promise<T>, { ms, signal, grace = 0 }: Patience, instead: I): Promise<T | I> {
	const late = Promise.withResolvers<I>();
	const giveUpIn = (time: number) => setTimeout(late.resolve, time, instead);
	let timer = ms === undefined ? undefined : giveUpIn(ms);
	const stop = () => {
		clearTimeout(timer);
		timer = giveUpIn(grace);
	};
	if (signal?.aborted) stop();
	else signal?.addEventListener("abort", stop, { once: true });
	try {
		return await Promise.race([work, late.promise]);
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener("abort", stop);
	}
}

/** Waits `ms`, or until `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	return inTime(new Promise<never>(() => undefined), { ms, signal }, undefined);
}
