/** Lines from `head` to `end` (exclusive): a function or class, and what is in it. */
export interface Block {
	readonly head: number;
	readonly end: number;
}

/** Lines that stand in more places than this name none. */
const MAX_HEADS = 100;
/** Git cuts the lines that it names after `@@` at 80 bytes. */
const CUT = 40;

/** A file's lines without their ends, to look lines up in. */
export class Sheet {
	readonly lines: readonly string[];
	readonly #places = new Map<string, number[]>();
	#trimmed: ReadonlyMap<string, readonly number[]> | undefined;

	constructor(lines: readonly string[]) {
		this.lines = lines;
		for (const [at, line] of lines.entries()) {
			const places = this.#places.get(line);
			if (places) places.push(at);
			else this.#places.set(line, [at]);
		}
	}

	/** Where lines stand one after the other; there is at least one. */
	find(wanted: readonly string[]): readonly number[] {
		let rarest = { places: undefined as readonly number[] | undefined, index: 0 };
		for (const [index, line] of wanted.entries()) {
			const places = this.#places.get(line);
			if (!places) return [];
			if (!rarest.places || places.length < rarest.places.length) rarest = { places, index };
		}
		const starts = (rarest.places ?? []).map((at) => at - rarest.index);
		return starts.filter((start) => wanted.every((line, index) => this.lines[start + index] === line));
	}

	/** What the last of these lines begins, each inside of what the one before it does. White space about them aside. */
	blocksOf(anchors: readonly string[]): readonly Block[] {
		let blocks: readonly Block[] | undefined;
		for (const anchor of anchors) {
			const outer = blocks;
			const heads = this.#headsOf(anchor).filter(
				(at) => !outer || outer.some(({ head, end }) => head < at && at < end),
			);
			blocks = heads.length > MAX_HEADS ? [] : heads.map((head) => ({ head, end: this.#endOf(head) }));
		}
		return blocks ?? [];
	}

	#headsOf(anchor: string): readonly number[] {
		this.#trimmed ??= Map.groupBy(this.lines.keys(), (at) => this.lines[at]?.trim() ?? "");
		const heads = this.#trimmed.get(anchor);
		if (heads || anchor.length < CUT) return heads ?? [];
		return [...this.#trimmed].flatMap(([line, places]) => (line.startsWith(anchor) ? places : []));
	}

	/** Its block goes on while lines are deeper, blank, or begin with a bracket. */
	#endOf(head: number): number {
		const depth = depthOf(this.lines[head] ?? "");
		for (let at = head + 1; at < this.lines.length; at++) {
			const line = this.lines[at] ?? "";
			if (depthOf(line) <= depth && !/^\s*(?:[[\](){}]|$)/.test(line)) return at;
		}
		return this.lines.length;
	}
}

function depthOf(line: string): number {
	return line.length - line.trimStart().length;
}
