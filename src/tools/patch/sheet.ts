/** Lines from `head` to `end` (exclusive): a function or class, and what is in it. */
export interface Block {
	readonly head: number;
	readonly end: number;
}

/** Lines that stand in more places than this name none. */
const MAX_HEADS = 100;
/** Git cuts the lines that it names after `@@` at 80 bytes. */
const CUT = 40;

/** Lines that are no deeper than the one that begins a block, but do not end it: in one language or another. */
const GOES_ON =
	/^\s*(?:$|[[\](){}#]|<\/|(?:end|fi|done|esac)\W*$|(?:else|elif|elsif|elseif|except|finally|catch|rescue|ensure)\b|case\b.*:|(?:default|public|private|protected)\s*:)/;

/** A file's lines without their ends, to look lines up in. */
export class Sheet {
	readonly lines: readonly string[];
	readonly #places = new Map<string, number[]>();
	/** For each line the first one that is the same: numbers are compared faster. */
	readonly #firsts: readonly number[];
	#trimmed: ReadonlyMap<string, readonly number[]> | undefined;
	/** Found out once: hunks name the same lines again and again. */
	readonly #cuts = new Map<string, readonly number[]>();
	readonly #ends = new Map<number, number>();

	constructor(lines: readonly string[]) {
		this.lines = lines;
		this.#firsts = lines.map((line, at) => {
			const places = this.#places.get(line);
			if (places) places.push(at);
			else this.#places.set(line, [at]);
			return places?.[0] ?? at;
		});
	}

	/** Where lines stand one after the other; there is at least one. */
	find(wanted: readonly string[]): readonly number[] {
		const firsts: number[] = [];
		let rarest = { places: undefined as readonly number[] | undefined, index: 0 };
		for (const [index, line] of wanted.entries()) {
			const places = this.#places.get(line);
			if (!places) return [];
			firsts.push(places[0] ?? 0);
			if (!rarest.places || places.length < rarest.places.length) rarest = { places, index };
		}
		const starts = (rarest.places ?? []).map((at) => at - rarest.index);
		return starts.filter((start) => firsts.every((first, index) => this.#firsts[start + index] === first));
	}

	/**
	 * What the last of these lines begins, each inside of what the one before it does. White space about them aside.
	 * Empty where they are not in the file, undefined where they say nothing.
	 */
	blocksOf(anchors: readonly string[]): readonly Block[] | undefined {
		let blocks: readonly Block[] | undefined;
		for (const anchor of anchors) {
			const outer = blocks;
			const heads = this.#headsOf(anchor).filter(
				(at) => !outer || outer.some(({ head, end }) => head < at && at < end),
			);
			if (heads.length > MAX_HEADS) return undefined;
			blocks = heads.map((head) => ({ head, end: this.#endOf(head) }));
		}
		return blocks;
	}

	/** Lines that are it; else lines that go on after it. */
	#headsOf(anchor: string): readonly number[] {
		this.#trimmed ??= Map.groupBy(this.lines.keys(), (at) => this.lines[at]?.trim() ?? "");
		const heads = this.#trimmed.get(anchor);
		if (heads) return heads;
		const known = this.#cuts.get(anchor);
		if (known) return known;
		const found = [...this.#trimmed].flatMap(([line, places]) => (isCut(anchor, line) ? places : []));
		this.#cuts.set(anchor, found);
		return found;
	}

	/** Its block goes on while lines are deeper or go on at its depth. A line without one stands for all after it. */
	#endOf(head: number): number {
		const known = this.#ends.get(head);
		if (known !== undefined) return known;
		const end = this.#findEnd(head);
		this.#ends.set(head, end);
		return end;
	}

	#findEnd(head: number): number {
		const depth = depthOf(this.lines[head] ?? "");
		let isDeeper = false;
		for (let at = head + 1; at < this.lines.length; at++) {
			const line = this.lines[at] ?? "";
			const isInside = depthOf(line) > depth && line.trim() !== "";
			isDeeper ||= isInside;
			if (!isInside && !GOES_ON.test(line)) return isDeeper ? at : this.lines.length;
		}
		return this.lines.length;
	}
}

/** Whether a line begins with what was given of it, up to the end of a word. */
function isCut(anchor: string, line: string): boolean {
	if (!line.startsWith(anchor)) return false;
	return anchor.length >= CUT || !/\w\w/.test(line.slice(anchor.length - 1, anchor.length + 1));
}

function depthOf(line: string): number {
	return line.length - line.trimStart().length;
}
