/** One character so often in a row, or one line of thinking, means nothing any more. */
const MAX_CHARACTERS = 1000;
const MAX_LINES = 100;
/** Of a line, as much as tells it from another. */
const LINE = 200;
/** So much of nothing but one passage, over and over, is no table and no encoded file any more. */
const CYCLES = 24_576;
/** Repeated less often than that, a passage may be meant. */
const MIN_TIMES = 12;
/** How much comes between two looks for a cycle, and what is looked for: its last appearance tells the period. */
const BLOCK = 2048;
const PROBE = 64;

/**
 * Notices a model that says the same without end, as engines do whose numbers broke (`!!!!!!`), and as thinking does
 * that has lost its way. Lines of text may repeat: they may be what was asked for; but no passage for pages, in either.
 * Pure, and O(length of the piece).
 */
export function createRepetitionWatch() {
	let character = "";
	let characters = 0;
	let before = "";
	let line = "";
	let lines = 0;
	let certain = false;
	const cycles = { text: createCycleWatch(), reasoning: createCycleWatch() };

	const addCharacters = (piece: string): void => {
		const last = piece.at(-1) ?? "";
		let run = 1;
		while (run < piece.length && piece.at(-1 - run) === last) run++;
		characters = run === piece.length && last === character ? characters + run : run;
		character = last;
		certain ||= characters >= MAX_CHARACTERS;
	};
	const endLine = (): void => {
		if (line.trim() === "") return;
		lines = line === before ? lines + 1 : 1;
		before = line;
		certain ||= lines >= MAX_LINES;
	};

	return {
		add(kind: "text" | "reasoning", piece: string): void {
			if (piece === "") return;
			addCharacters(piece);
			certain ||= cycles[kind](piece);
			if (kind === "text") return;
			for (const [n, each] of piece.split("\n").entries()) {
				if (n > 0) {
					endLine();
					line = "";
				}
				line = (line + each).slice(0, LINE);
			}
		},
		get certain() {
			return certain;
		},
	};
}

/** Says of each piece whether the text now ends with pages of one passage. Looks at the same places however it is cut. */
function createCycleWatch(): (piece: string) => boolean {
	let tail = "";
	let coming = "";
	return (piece) => {
		coming += piece;
		let found = false;
		for (; coming.length >= BLOCK; coming = coming.slice(BLOCK)) {
			tail = (tail + coming.slice(0, BLOCK)).slice(-CYCLES);
			found ||= isCycle(tail);
		}
		return found;
	};
}

function isCycle(tail: string): boolean {
	if (tail.length < CYCLES) return false;
	const period = tail.length - PROBE - tail.lastIndexOf(tail.slice(-PROBE), tail.length - PROBE - 1);
	return period * MIN_TIMES <= CYCLES && tail.endsWith(tail.slice(0, -period));
}
