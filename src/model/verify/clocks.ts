import type { Clocks } from "../patience.ts";

/** Time in which a server on this machine reads the longest of the questions. */
const LOCAL_MS = 120_000;

/** In a chat a server on this machine may take as long as it likes to begin; a trial must come to an end. */
export function limited(clocks: Clocks): Clocks {
	if (clocks.firstByteMs !== null) return clocks;
	return { ...clocks, firstByteMs: LOCAL_MS, idleMs: Math.max(clocks.idleMs, LOCAL_MS) };
}
