import { setImmediate as next } from "node:timers/promises";

/** Milliseconds after which others have their turn: half a frame. */
const SLICE_MS = 8;

/** Lets others have their turn while much is worked through: await `rest()` after each small part of it. */
export class Pace {
	#since = performance.now();

	/** A promise only where it is time to wait. */
	rest(): Promise<void> | undefined {
		if (performance.now() - this.#since < SLICE_MS) return undefined;
		return next().then(() => {
			this.#since = performance.now();
		});
	}
}
