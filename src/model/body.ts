/** A body as text, as far as it was read. */
export interface Capped {
	readonly text: string;
	/** There was more than the cap allows: the rest was left unread and the connection was given up. */
	readonly isTooLong: boolean;
	/** What ended the reading before the body did: the transport's error, or the reason of the signal. */
	readonly error?: unknown;
}

/** Reads at most about `maxBytes` of a body, counted after decompression; a few hundred bytes may stand for gigabytes. Never throws. */
export async function readCapped(response: Response, maxBytes: number, signal: AbortSignal): Promise<Capped> {
	const reader = response.body?.getReader();
	const utf8 = new TextDecoder();
	let text = "";
	if (!reader) return { text, isTooLong: false };
	const leave = () => void reader.cancel().catch(() => undefined);
	if (signal.aborted) leave();
	signal.addEventListener("abort", leave, { once: true });
	try {
		for (let bytes = 0; bytes <= maxBytes; ) {
			const read = await reader.read();
			if (read.done)
				return { text: text + utf8.decode(), isTooLong: false, ...(signal.aborted && { error: signal.reason }) };
			bytes += read.value.byteLength;
			text += utf8.decode(read.value, { stream: true });
		}
		leave();
		return { text, isTooLong: true };
	} catch (error) {
		return { text, isTooLong: false, error };
	} finally {
		signal.removeEventListener("abort", leave);
	}
}
