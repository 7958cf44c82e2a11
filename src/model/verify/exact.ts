/*
 * Tells what a server did to the arguments of a call from what a model wrote in its own way. Models shorten, skip lines
 * and mend line ends; they do not lose the middle of a word or turn `<` into `&lt;`.
 */

/** What became of a text that a model was asked to pass on to the letter. */
export type Fate =
	| { readonly kind: "exact" }
	/** Exact but for the line ends, which models like to mend. */
	| { readonly kind: "line ends" }
	/** A piece is missing that no model would leave out: `at` and `missing` count characters. */
	| { readonly kind: "torn"; readonly at: number; readonly missing: number }
	/** Characters came changed as only software does it. */
	| { readonly kind: "changed"; readonly how: string }
	/** The model wrote something else. */
	| { readonly kind: "own" };

export function fateOf(wanted: string, got: string): Fate {
	if (got === wanted) return { kind: "exact" };
	if (unix(got) === unix(wanted)) return { kind: "line ends" };
	const how = changes.find(({ test }) => test(wanted, got))?.how;
	if (how !== undefined) return { kind: "changed", how };
	return tornFrom(unix(wanted), unix(got)) ?? { kind: "own" };
}

const changes: readonly { readonly how: string; readonly test: (wanted: string, got: string) => boolean }[] = [
	{
		how: "HTML escapes stand in place of < and &",
		test: (wanted, got) => /&lt;|&quot;|&amp;amp;/.test(got) && !wanted.includes("&lt;"),
	},
	{
		how: "some letters came broken (U+FFFD)",
		test: (wanted, got) => got.includes("\ufffd") && !wanted.includes("\ufffd"),
	},
	{ how: "the escapes were escaped once more", test: (wanted, got) => got === JSON.stringify(wanted).slice(1, -1) },
	{
		how: "Kimi's markup was taken out of the text",
		test: (wanted, got) => wanted.includes("<|") && unix(got) === unix(wanted.replace(/<\|\w+\|>/g, "")),
	},
	{
		how: "the think tag was taken out of the text",
		test: (wanted, got) =>
			wanted.includes("</think>") && unix(got).trim() === unix(wanted.replace("</think>", "")).trim(),
	},
];

/** One piece is missing, and it begins or ends in the middle of a line. */
function tornFrom(wanted: string, got: string): Fate | undefined {
	const missing = wanted.length - got.length;
	if (missing <= 1) return undefined;
	let at = 0;
	while (at < got.length && got[at] === wanted[at]) at++;
	if (wanted.slice(at + missing) !== got.slice(at)) return undefined;
	// The piece may be told at several places when its ends are alike; a model leaves out whole lines.
	for (let begin = at; begin >= 0 && wanted.slice(begin + missing) === got.slice(begin); begin--)
		if (isLineStart(wanted, begin) && isLineStart(wanted, begin + missing)) return undefined;
	// A last line end is the model's own business.
	return wanted.slice(at).trim() === "" ? undefined : { kind: "torn", at, missing };
}

function isLineStart(text: string, at: number): boolean {
	return at === 0 || at >= text.length || text[at - 1] === "\n" || text[at] === "\n";
}

function unix(text: string): string {
	return text.replaceAll("\r\n", "\n");
}
