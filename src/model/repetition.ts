/** From when on a repetition means nothing any more. Sizes in characters. */
interface Limits {
	/** One character in a row. */
	readonly run: number;
	/** Nothing but one passage, over and over. */
	readonly cycle: number;
	/** One line in a row: of words, and of anything shorter, such as a bracket. */
	readonly lines?: { readonly ofWords: number; readonly others: number };
}

/** Lines and passages of a text may be what was asked for, and more so in a file that a call writes. */
const LIMITS: Readonly<Record<"text" | "reasoning" | "arguments", Limits>> = {
	text: { run: 4000, cycle: 65_536 },
	reasoning: { run: 1000, cycle: 24_576, lines: { ofWords: 100, others: 2000 } },
	arguments: { run: 65_536, cycle: 98_304 },
};
/** Of a line, as much as tells it from another. */
const LINE = 200;
const WORDS = /\p{L}+\P{L}+\p{L}+\P{L}+\p{L}/u;
/** Repeated less often than that, a passage may be meant. */
const MIN_TIMES = 12;
/** How much comes between two looks for a cycle, and what is looked for: its last appearance tells the period. */
const BLOCK = 2048;
const PROBE = 64;

/** Takes the next piece, and says whether it is certain by now that the same is said without end. */
export type RepetitionWatch = (piece: string) => boolean;

/**
 * Notices a model that says the same without end, as engines do whose numbers broke (`!!!!!!`), and as thinking does
 * that has lost its way. Pure, and O(length of the piece).
 */
export function createRepetitionWatch(kind: keyof typeof LIMITS): RepetitionWatch {
	const { run, cycle, lines } = LIMITS[kind];
	const watches = [createRunWatch(run), createCycleWatch(cycle), ...(lines ? [createLineWatch(lines)] : [])];
	let certain = false;
	return (piece) => {
		if (piece !== "") for (const watch of watches) certain = watch(piece) || certain;
		return certain;
	};
}

function createRunWatch(limit: number): RepetitionWatch {
	let character = "";
	let characters = 0;
	return (piece) => {
		const last = piece.at(-1) ?? "";
		let run = 1;
		while (run < piece.length && piece.at(-1 - run) === last) run++;
		characters = run === piece.length && last === character ? characters + run : run;
		character = last;
		return characters >= limit;
	};
}

/** Blank lines between them do not matter. */
function createLineWatch({ ofWords, others }: { readonly ofWords: number; readonly others: number }): RepetitionWatch {
	let before = "";
	let line = "";
	let times = 0;
	const lineEnds = (): boolean => {
		if (line.trim() === "") return false;
		times = line === before ? times + 1 : 1;
		before = line;
		return times >= ofWords && times >= (WORDS.test(line) ? ofWords : others);
	};
	return (piece) => {
		let certain = false;
		for (const [n, each] of piece.split("\n").entries()) {
			if (n > 0) {
				certain = lineEnds() || certain;
				line = "";
			}
			line = (line + each).slice(0, LINE);
		}
		return certain;
	};
}

/** Says of each piece whether the text now ends with pages of one passage. Looks at the same places however it is cut. */
function createCycleWatch(size: number): RepetitionWatch {
	let tail = "";
	let coming = "";
	return (piece) => {
		coming += piece;
		let found = false;
		for (; coming.length >= BLOCK; coming = coming.slice(BLOCK)) {
			tail = (tail + coming.slice(0, BLOCK)).slice(-size);
			found ||= tail.length === size && isCycle(tail);
		}
		return found;
	};
}

function isCycle(tail: string): boolean {
	const period = tail.length - PROBE - tail.lastIndexOf(tail.slice(-PROBE), tail.length - PROBE - 1);
	return period * MIN_TIMES <= tail.length && tail.endsWith(tail.slice(0, -period));
}
