/** How long what may take its time is waited for after Stop, in milliseconds. */
const STOP_GRACE = 50;

/** Waits for `work`, but no longer than `ms` milliseconds, and hardly any longer after Stop. Rejects where it does in time. */
export async function patiently(work: Promise<unknown>, signal: AbortSignal, ms: number): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	let stop: () => void = () => undefined;
	const late = new Promise<void>((resolve) => {
		stop = () => {
			clearTimeout(timer);
			timer = setTimeout(resolve, STOP_GRACE);
		};
		timer = setTimeout(resolve, ms);
		if (signal.aborted) stop();
		else signal.addEventListener("abort", stop, { once: true });
	});
	try {
		await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", stop);
	}
}
