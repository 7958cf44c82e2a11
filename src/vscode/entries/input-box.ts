/** Milliseconds between two writes: what the person types is heard of between them. */
const BATCH = 100;

/**
 * A box in which a text grows while the person may write there too. Their words win: from the first one on nothing more
 * is written.
 */
export class InputBox {
	/** What the person had written. */
	readonly begun: string;
	readonly #box: { value: string };
	#written: string;
	/** All that stood there by us: VS Code tells of each with delay, also once a later one is there. */
	readonly #ours: Set<string>;
	#at = 0;
	#isTaken = false;

	constructor(box: { value: string }) {
		this.#box = box;
		this.begun = box.value;
		this.#written = box.value;
		this.#ours = new Set([box.value]);
	}

	/** What was written here; empty where nothing was. */
	get text(): string {
		return this.#written === this.begun ? "" : this.#written;
	}

	/** Puts a text there, unless it did so just now. False where the box is the person's. */
	write(text: string): boolean {
		if (text === "" || performance.now() - this.#at < BATCH) return !this.isTheirs;
		return this.finish(text);
	}

	/** The whole text. False where the box is the person's. */
	finish(text: string): boolean {
		if (this.isTheirs) return false;
		if (text === "") return true;
		this.#ours.add(text);
		this.#box.value = text;
		this.#written = text;
		this.#at = performance.now();
		return true;
	}

	/** What the person had written is there again, unless they wrote since. */
	restore(): void {
		if (!this.isTheirs) this.#box.value = this.begun;
	}

	/** For good: also where they put back what was there. */
	get isTheirs(): boolean {
		this.#isTaken ||= !this.#ours.has(this.#box.value);
		return this.#isTaken;
	}
}
