/** A run of text; `hidden` ones stand for a character that would not be seen, and say which. */
export interface Run {
	readonly text: string;
	readonly hidden: boolean;
}

/**
 * Characters that show nothing, or change how their neighbours show: controls, format and bidi characters, zero
 * width, tags, variation selectors, fillers, private use, lone surrogates, unassigned ones, and every space that only
 * looks like U+0020 (a shell does not split at it).
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]/u;
const UNSEEN_RUN = new RegExp(`${UNSEEN.source}+`, "gu");

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

/** The same as one string, for titles, labels and announcements: `a⟨U+202E⟩b`. */
export function visible(text: string, oneLine = true): string {
	return runs(text, oneLine)
		.map((run) => (run.hidden ? `⟨${run.text}⟩` : run.text))
		.join("");
}

function isPlain(char: string, oneLine: boolean): boolean {
	return char === " " || (!oneLine && (char === "\n" || char === "\t"));
}

function name(char: string): string {
	return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
