/** Lets a few work at once; others wait, in order. */
export class Lanes {
	readonly #waiting: (() => void)[] = [];
	#free: number;

	constructor(lanes: number) {
		this.#free = lanes;
	}

	/** Runs `work` once a lane is free; `instead` where `signal` aborts before that. */
	async run<T>(work: () => Promise<T>, signal: AbortSignal, instead: T): Promise<T> {
		await this.#enter();
		try {
			return signal.aborted ? instead : await work();
		} finally {
			this.#leave();
		}
	}

	/** Also an aborted one enters, and leaves at once: whoever waits behind it must not be forgotten. */
	#enter(): Promise<void> | void {
		if (this.#free > 0) {
			this.#free--;
			return;
		}
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	#leave(): void {
		const next = this.#waiting.shift();
		if (next) next();
		else this.#free++;
	}
}
