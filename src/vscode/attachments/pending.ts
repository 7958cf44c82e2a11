import { isDeepStrictEqual } from "node:util";
import * as z from "zod/mini";
import { Wanted } from "../../shared/attachments.ts";

const KEY = "kimiK2.attachments";
/** Characters that are kept through a reload, images above all. */
const MOST_KEPT = 6_000_000;

/** One thing that goes with the next words. */
export interface Given {
	readonly id: string;
	readonly wanted: Wanted;
}

/** What VS Code keeps for a workspace. */
interface Memory {
	get(key: string): unknown;
	update(key: string, value: unknown): PromiseLike<void>;
}

/** What goes with the person's next words, and with those on their way; kept through reloads. */
export class Pending {
	readonly #memory: Memory;
	#all: readonly Given[];
	/** Of messages that are not said yet. */
	#taken: readonly Given[] = [];
	#last = 0;

	constructor(memory: Memory) {
		this.#memory = memory;
		const kept = z.array(Wanted).safeParse(memory.get(KEY));
		// What stood in a terminal of before the reload, and was not read by then, nobody knows.
		const known = (kept.success ? kept.data : []).filter((wanted) => wanted.kind !== "terminal" || wanted.text !== "");
		this.#all = known.map((wanted) => this.#given(wanted));
	}

	get all(): readonly Given[] {
		return this.#all;
	}

	/** The one that was there already, where it is the same: of two terminals of one name what stands in them decides. */
	add(wanted: Wanted): Given {
		const known = this.#all.find((each) => isDeepStrictEqual(each.wanted, wanted));
		if (known) return known;
		const given = this.#given(wanted);
		this.#set([...this.#all, given]);
		return given;
	}

	/** What was not known when it was added, also of what is taken; nothing where it is gone again. */
	fill(id: string, wanted: Wanted): void {
		const filled = (all: readonly Given[]) => all.map((each) => (each.id === id ? { id, wanted } : each));
		this.#set(filled(this.#all), filled(this.#taken));
	}

	remove(id: string): void {
		const left = (all: readonly Given[]) => all.filter((each) => each.id !== id);
		this.#set(left(this.#all), left(this.#taken));
	}

	/** All of it, to go with a message: what is added from now on goes with another one. */
	take(): readonly Given[] {
		const taken = this.#all;
		this.#set([], [...this.#taken, ...taken]);
		return taken;
	}

	/** What is taken, as it is now. */
	now(taken: readonly Given[]): readonly Given[] {
		return this.#taken.filter(({ id }) => taken.some((each) => each.id === id));
	}

	/** Lets go of what is taken; returns it as it is now. */
	drop(taken: readonly Given[]): readonly Given[] {
		const now = this.now(taken);
		this.#set(
			this.#all,
			this.#taken.filter((each) => !now.includes(each)),
		);
		return now;
	}

	/** Before what came meanwhile. */
	giveBack(given: readonly Given[]): void {
		const known = new Set(this.#all.map(({ id }) => id));
		this.#set([...given.filter(({ id }) => !known.has(id)), ...this.#all]);
	}

	#given(wanted: Wanted): Given {
		return { id: String(++this.#last), wanted };
	}

	#set(all: readonly Given[], taken = this.#taken): void {
		this.#all = all;
		this.#taken = taken;
		let left = MOST_KEPT;
		const kept = [...taken, ...all].flatMap(({ wanted }) => {
			left -= sizeOf(wanted);
			return left > 0 ? [wanted] : [];
		});
		void this.#memory.update(KEY, kept.length > 0 ? kept : undefined);
	}
}

/** Characters, about: twenty long texts that were encoded to be counted would hold up everything else. */
function sizeOf(wanted: Wanted): number {
	if (wanted.kind !== "image") return "text" in wanted ? wanted.text.length : 0;
	return wanted.picture.data.length + (wanted.picture.thumb?.length ?? 0);
}
