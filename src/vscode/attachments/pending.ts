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

/** What goes with the person's next words, kept through reloads. */
export class Pending {
	readonly #memory: Memory;
	#all: readonly Given[];
	#last = 0;

	constructor(memory: Memory) {
		this.#memory = memory;
		const kept = z.array(Wanted).safeParse(memory.get(KEY));
		this.#all = (kept.success ? kept.data : []).map((wanted) => this.#given(wanted));
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

	/** What was not known when it was added; nothing where it is gone again. */
	fill(id: string, wanted: Wanted): void {
		this.#set(this.#all.map((each) => (each.id === id ? { id, wanted } : each)));
	}

	remove(ids: readonly string[]): void {
		this.#set(this.#all.filter(({ id }) => !ids.includes(id)));
	}

	/** Before what came meanwhile. */
	giveBack(given: readonly Given[]): void {
		const known = new Set(this.#all.map(({ id }) => id));
		this.#set([...given.filter(({ id }) => !known.has(id)), ...this.#all]);
	}

	#given(wanted: Wanted): Given {
		return { id: String(++this.#last), wanted };
	}

	#set(all: readonly Given[]): void {
		this.#all = all;
		let left = MOST_KEPT;
		const kept = all.flatMap(({ wanted }) => {
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
