import { createHash } from "node:crypto";

/** Chance that a seed and a name decide: the same in each process, and whatever was thrown before. */
export interface Dice {
	/** From 0 up to 1. */
	next(): number;
	/** From 0 up to `below`. */
	int(below: number): number;
	/** True in so many of a hundred throws. */
	percent(share: number): boolean;
	pick<T>(from: readonly T[]): T;
}

export function dice(seed: number, name: string): Dice {
	let state = createHash("sha256").update(`${seed} ${name}`).digest().readUInt32LE();
	// mulberry32
	const next = () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	const int = (below: number) => Math.floor(next() * below);
	return {
		next,
		int,
		percent: (share) => next() * 100 < share,
		pick: <T>(from: readonly T[]): T => {
			const at = int(from.length);
			const found = from[at];
			if (found === undefined) throw new Error("There is nothing to pick from.");
			return found;
		},
	};
}
