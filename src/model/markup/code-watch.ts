/** Where in a markdown text one is: what stands in code is quoted, whatever it looks like. */
export interface CodeWatch {
	add(text: string): void;
	/** The number of the fenced block that this is in, from 1 on; 0 outside of any. */
	fence(): number;
	/** The line so far, or its first characters. */
	line(): string;
	/** Length of the back-tick run that is open on this line; 0 when none is. Whether it is code shows its end. */
	openRun(): number;
	/** The open run turned out to be none, for the rest of the line. */
	giveUpRun(): void;
}

/** Of a line, as much as can matter for a fence. */
const HEAD = 100;
/** Fences may stand in quotes and lists. */
const OPENING = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}|~{3,})/;
const CLOSING = /^[\s>]*(`{3,}|~{3,})\s*$/;

/** Follows fences and inline code of a text that comes in pieces. Pure, and O(length). */
export function createCodeWatch(): CodeWatch {
	let fence = "";
	let fences = 0;
	let head = "";
	let length = 0;
	let run = 0;
	let runs = 0;
	let givenUp = false;

	const closes = (): boolean => {
		const mark = length <= HEAD ? CLOSING.exec(head)?.[1] : undefined;
		return mark?.startsWith(fence) === true;
	};
	const opening = (): string => {
		const mark = OPENING.exec(head)?.[1] ?? "";
		// A back-tick fence has no back-ticks behind it: else it is inline code.
		return mark.startsWith("`") && runs > 1 ? "" : mark;
	};
	const addToLine = (piece: string): void => {
		length += piece.length;
		if (head.length < HEAD) head += piece.slice(0, HEAD - head.length);
		if (fence !== "") return;
		for (const [ticks] of piece.matchAll(/`+/g)) {
			runs++;
			if (run === 0) run = ticks.length;
			else if (run === ticks.length) run = 0;
		}
	};
	const endLine = (): void => {
		if (fence === "") {
			fence = opening();
			if (fence !== "") fences++;
		} else if (closes()) fence = "";
		head = "";
		length = 0;
		run = 0;
		runs = 0;
		givenUp = false;
	};

	return {
		add(text) {
			const lines = text.split("\n");
			lines.forEach((line, index) => {
				if (index > 0) endLine();
				addToLine(line);
			});
		},
		fence() {
			// Models close a fence and go on without a new line.
			if (fence !== "" && closes()) {
				endLine();
				return 0;
			}
			if (fence !== "") return fences;
			return opening() === "" ? 0 : fences + 1;
		},
		line: () => head,
		openRun: () => (givenUp ? 0 : run),
		giveUpRun() {
			givenUp = true;
		},
	};
}
