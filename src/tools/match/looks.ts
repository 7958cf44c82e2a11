/*
 * Characters that a model mixes up, since they look alike or can't be seen at all. Text is compared folded: each of them
 * written the plain way, in NFC. Only marks and spaces: letters and digits of other scripts mean something else.
 */
const LOOKS: readonly (readonly [plain: string, looks: string])[] = [
	["'", "\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07"],
	['"', "\u201c\u201d\u201e\u201f\u2033\uff02"],
	["-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"],
	[" ", "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"],
	["...", "\u2026"],
	// Soft hyphen, zero-width space and joiner, byte-order mark, marks of direction, emoji presentation.
	["", "\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0e\ufe0f"],
	// The wide forms of Chinese and Japanese text.
	...[..."!#%&()*+,/:;<=>?@[]{}~"].map((c) => [c, String.fromCharCode(c.charCodeAt(0) + 0xfee0)] as const),
];

const PLAIN = new Map(LOOKS.flatMap(([plain, looks]) => [...looks].map((look) => [look, plain] as const)));
const LOOK = new RegExp(`[${[...PLAIN.keys()].join("")}]`, "gu");
const NOT_ASCII = /[^\0-\x7f]/;
/** Stretches of ASCII, without a last letter that a mark may follow; else one character with its marks. */
const PIECE = /[\0-\x7f]+(?![^\0-\x7f])|\P{M}[\p{M}\u1160-\u11ff]*|[\p{M}\u1160-\u11ff]+/gu;

export function isAscii(text: string): boolean {
	return !NOT_ASCII.test(text);
}

/** Equal for texts that look alike. Line breaks stay where they are. */
export function fold(text: string): string {
	if (isAscii(text)) return text;
	return text.replace(LOOK, (look) => PLAIN.get(look) ?? look).normalize("NFC");
}

/** A stretch of a text and of its folded form. */
interface Piece {
	readonly raw: number;
	readonly folded: number;
	readonly rawLength: number;
	readonly foldedLength: number;
	/** Both are the same, so that every position within has its counterpart. */
	readonly even: boolean;
}

/** Which position of a text is which of its folded form; undefined within what changes as a whole, such as `…`. */
export interface Scale {
	/** Characters that can't be seen belong to neither side of a position: a `start` is after them, an `end` before. */
	rawAt(folded: number, side: "start" | "end"): number | undefined;
	foldedAt(raw: number): number | undefined;
}

export function scaleOf(text: string): Scale {
	const all = piecesOf(text);
	const visible = all.filter(({ foldedLength }) => foldedLength > 0);
	return {
		rawAt(folded, side) {
			const piece =
				side === "start"
					? lastWhere(visible, (one) => one.folded <= folded)
					: lastWhere(visible, (one) => one.folded < folded);
			if (!piece) return 0;
			const into = folded - piece.folded;
			if (into === 0) return piece.raw;
			if (into === piece.foldedLength) return piece.raw + piece.rawLength;
			return piece.even && into < piece.foldedLength ? piece.raw + into : undefined;
		},
		foldedAt(raw) {
			const piece = lastWhere(all, (one) => one.raw <= raw);
			if (!piece) return 0;
			const into = raw - piece.raw;
			if (into === 0) return piece.folded;
			if (into === piece.rawLength) return piece.folded + piece.foldedLength;
			return piece.even && into < piece.rawLength ? piece.folded + into : undefined;
		},
	};
}

function piecesOf(text: string): Piece[] {
	const pieces: Piece[] = [];
	let folded = 0;
	for (const match of text.matchAll(PIECE)) {
		const [raw] = match;
		const form = fold(raw);
		const last = pieces.at(-1);
		const [rawLength, foldedLength, even] = [raw.length, form.length, raw === form];
		folded += foldedLength;
		if (even && last?.even)
			pieces[pieces.length - 1] = {
				...last,
				rawLength: last.rawLength + rawLength,
				foldedLength: last.foldedLength + foldedLength,
			};
		else pieces.push({ raw: match.index, folded: folded - foldedLength, rawLength, foldedLength, even });
	}
	return pieces;
}

/** The last of items of which the first ones satisfy `is`. */
export function lastWhere<T>(items: readonly T[], is: (item: T) => boolean): T | undefined {
	let [low, high] = [0, items.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		const item = items[middle];
		if (item !== undefined && is(item)) low = middle + 1;
		else high = middle;
	}
	return items[low - 1];
}
