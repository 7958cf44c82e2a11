/** A run of text; `hidden` ones stand for a character that would not be seen, and say which. */
export interface Run {
	readonly text: string;
	readonly hidden: boolean;
}

/**
 * Characters that show nothing, or change how their neighbours show: controls, format and bidi characters, zero
 * width, tags, variation selectors, fillers, private use, lone surrogates, unassigned ones, every space that only
 * looks like U+0020 (a shell does not split at it), and the few letters and symbols that are drawn as nothing.
 */
const UNSEEN =
	/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}]/u;

/** No script puts so many marks on one letter: they are there to paint over other lines. */
const FLOOD = /\p{M}{5,}/u;
const UNSEEN_RUN = new RegExp(`${UNSEEN.source}+|${FLOOD.source}`, "gu");

/** Splits a text so that nothing in it stays unseen. `oneLine` also marks line breaks and tabs. */
export function runs(text: string, oneLine = false): readonly Run[] {
	const out: Run[] = [];
	let plain = "";
	const flush = () => {
		if (plain) out.push({ text: plain, hidden: false });
		plain = "";
	};
	let last = 0;
	for (const match of text.matchAll(UNSEEN_RUN)) {
		plain += text.slice(last, match.index);
		last = match.index + match[0].length;
		if (!UNSEEN.test(match[0])) {
			flush();
			out.push({ text: `${name(match[0])}×${[...match[0]].length}`, hidden: true });
			continue;
		}
		for (const char of match[0]) {
			if (isPlain(char, oneLine)) plain += char;
			else {
				flush();
				out.push({ text: name(char), hidden: true });
			}
		}
	}
	plain += text.slice(last);
	flush();
	return out;
}

/** Blanks that push what follows out of sight: empty lines, many spaces, many tabs. */
const PADDING = /\n(?:[ \t]*\n){3,}| {32,}|\t{8,}/g;

/** As `runs`, of what the person decides on: long runs of blanks are counted instead of shown. */
export function condensed(text: string): readonly Run[] {
	return runs(text).flatMap((run) => (run.hidden ? [run] : condense(run.text)));
}

function condense(text: string): readonly Run[] {
	const out: Run[] = [];
	let last = 0;
	for (const { 0: blanks, index } of text.matchAll(PADDING)) {
		const lines = blanks.split("\n").length - 1;
		const around = lines > 0 ? "\n" : "";
		out.push({ text: text.slice(last, index) + around, hidden: false });
		out.push({ text: `${name(blanks)}×${lines || blanks.length}`, hidden: true });
		if (around) out.push({ text: around, hidden: false });
		last = index + blanks.length;
	}
	return last === 0 ? [{ text, hidden: false }] : [...out, { text: text.slice(last), hidden: false }];
}

/** The same as one string, for titles, labels and announcements: `a⟨U+202E⟩b`. */
export function visible(text: string, oneLine = true): string {
	return runs(text, oneLine)
		.map((run) => (run.hidden ? `⟨${run.text}⟩` : run.text))
		.join("");
}

function isPlain(char: string, oneLine: boolean): boolean {
	return char === " " || (!oneLine && (char === "\n" || char === "\t"));
}

/** Of the first character. */
function name(char: string): string {
	return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
