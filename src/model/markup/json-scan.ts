/**
 * Follows JSON that comes in pieces: whether it is still open, whether it stands inside of a string, and the first sign
 * that it is none. Words and numbers pass unchecked, and raw control characters in strings are borne.
 */
export interface JsonScan {
	add(piece: string): void;
	readonly state: "open" | "done" | "bad";
	readonly inString: boolean;
	/** Nothing but blanks came yet. */
	readonly empty: boolean;
}

/** What may come next: a value, a key, a colon, or what follows a value. */
type Expected = "value" | "first-value" | "key" | "first-key" | "colon" | "after";

const WORD = /^[-+.\w]$/;

export function createJsonScan(): JsonScan {
	const closers: string[] = [];
	let expected: Expected = "value";
	let word = false;
	let escaped = false;
	const scan = { state: "open" as JsonScan["state"], inString: false, empty: true };

	const inString = (char: string): void => {
		if (escaped) escaped = false;
		else if (char === "\\") escaped = true;
		else if (char === '"') scan.inString = false;
	};
	const isValue = (): boolean => expected === "value" || expected === "first-value";
	const isKey = (): boolean => expected === "key" || expected === "first-key";
	const valueOver = (): void => {
		expected = "after";
		if (closers.length === 0) scan.state = "done";
	};
	const begins = (char: string): boolean => {
		if (char === '"' && (isValue() || isKey())) {
			scan.inString = true;
			expected = isKey() ? "colon" : "after";
			return true;
		}
		if ((char !== "{" && char !== "[") || !isValue()) return false;
		closers.push(char === "{" ? "}" : "]");
		expected = char === "{" ? "first-key" : "first-value";
		return true;
	};
	const goesOn = (char: string): boolean => {
		if (char === ":" && expected === "colon") expected = "value";
		else if (char === "," && expected === "after" && closers.length > 0)
			expected = closers.at(-1) === "}" ? "key" : "value";
		else if (char === closers.at(-1) && (expected === "after" || expected.startsWith("first"))) {
			closers.pop();
			valueOver();
		} else return false;
		return true;
	};
	const wordChar = (char: string): boolean => {
		if (!WORD.test(char) || !(word || (isValue() && closers.length > 0))) return false;
		word = true;
		expected = "after";
		return true;
	};
	const outside = (char: string): void => {
		if (char === " " || char === "\n" || char === "\r" || char === "\t") {
			word = false;
			return;
		}
		scan.empty = false;
		if (scan.state === "done") scan.state = "bad";
		else if (!wordChar(char)) {
			word = false;
			if (!begins(char) && !goesOn(char)) scan.state = "bad";
		}
	};

	return Object.assign(scan, {
		add(piece: string) {
			for (let at = 0; at < piece.length && scan.state !== "bad"; at++) {
				const char = piece.charAt(at);
				if (scan.inString) inString(char);
				else outside(char);
			}
		},
	});
}
