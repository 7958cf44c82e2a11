/** One character so often in a row, or one line of thinking, means nothing any more. */
const MAX_CHARACTERS = 1000;
const MAX_LINES = 100;
/** Of a line, as much as tells it from another. */
const LINE = 200;

/**
 * Notices a model that says the same without end, as engines do whose numbers broke (`!!!!!!`), and as thinking does
 * that has lost its way. Lines of text may repeat: they may be what was asked for. Pure, and O(length of the piece).
 */
export function createRepetitionWatch() {
	let character = "";
	let characters = 0;
	let before = "";
	let line = "";
	let lines = 0;
	let certain = false;

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
