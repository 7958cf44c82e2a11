/** Where JSON text goes wrong: characters from its start, and in words what is there. */
export interface JsonTrouble {
	readonly at: number;
	readonly what: string;
}

/** Far deeper than any argument; a limit keeps the recursion off the end of the stack. */
const MAX_DEPTH = 100;

interface Scan {
	readonly text: string;
	at: number;
}

/** Finds the first error in a text that `JSON.parse` refused: V8's own messages leave the position out at times. */
export function findJsonTrouble(text: string): JsonTrouble | undefined {
	const scan: Scan = { text, at: 0 };
	const trouble = value(scan, 0);
	if (trouble) return trouble;
	skipBlanks(scan);
	return scan.at < text.length ? { at: scan.at, what: "there is more text after the end of the object" } : undefined;
}

function value(scan: Scan, depth: number): JsonTrouble | undefined {
	skipBlanks(scan);
	const char = scan.text[scan.at];
	if (depth > MAX_DEPTH) return { at: scan.at, what: "it is nested too deeply" };
	if (char === '"') return string(scan);
	if (char === "{") return list(scan, "}", () => member(scan, depth + 1));
	if (char === "[") return list(scan, "]", () => value(scan, depth + 1));
	return literal(scan);
}

function list(scan: Scan, close: "}" | "]", item: () => JsonTrouble | undefined): JsonTrouble | undefined {
	scan.at++;
	skipBlanks(scan);
	if (take(scan, close)) return undefined;
	for (;;) {
		const trouble = item();
		if (trouble) return trouble;
		skipBlanks(scan);
		if (take(scan, close)) return undefined;
		if (!take(scan, ",")) return unexpected(scan, `a comma or \`${close}\` was expected`);
	}
}

function member(scan: Scan, depth: number): JsonTrouble | undefined {
	skipBlanks(scan);
	if (scan.text[scan.at] !== '"') return unexpected(scan, "a key in double quotes was expected");
	const trouble = string(scan);
	if (trouble) return trouble;
	skipBlanks(scan);
	if (!take(scan, ":")) return unexpected(scan, "a colon was expected");
	return value(scan, depth);
}

function string(scan: Scan): JsonTrouble | undefined {
	for (scan.at++; scan.at < scan.text.length; scan.at++) {
		const char = scan.text[scan.at] ?? "";
		if (char === '"') {
			scan.at++;
			return undefined;
		}
		if (char < " ")
			return { at: scan.at, what: "a string has a bare line break or control character: write it as `\\n` or `\\u…`" };
		if (char === "\\") {
			const known = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
			known.lastIndex = scan.at;
			if (!known.test(scan.text) && scan.at + 1 < scan.text.length)
				return { at: scan.at, what: "a backslash starts no valid escape: write a literal backslash as `\\\\`" };
			scan.at++;
		}
	}
	return { at: scan.text.length, what: "it ends inside of a string" };
}

function literal(scan: Scan): JsonTrouble | undefined {
	const known = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
	known.lastIndex = scan.at;
	if (!known.test(scan.text)) return unexpected(scan, "a value was expected (strings stand in double quotes)");
	scan.at = known.lastIndex;
	return undefined;
}

function unexpected(scan: Scan, what: string): JsonTrouble {
	return { at: scan.at, what: scan.at >= scan.text.length ? "it ends too early" : what };
}

function take(scan: Scan, char: string): boolean {
	if (scan.text[scan.at] !== char) return false;
	scan.at++;
	return true;
}

function skipBlanks(scan: Scan): void {
	while (" \t\n\r".includes(scan.text[scan.at] ?? "x")) scan.at++;
}
