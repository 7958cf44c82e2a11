/** A path as it is compared: `lower` has the same length. */
export interface Target {
	readonly path: string;
	readonly lower: string;
	/** Where its last name begins. */
	readonly base: number;
	/** The letters of it, and of its last name, as bits: one that lacks a bit of what was typed can't fit it. */
	readonly letters: number;
	readonly nameLetters: number;
}

/** What was typed, in lower case and without blanks. */
export interface Typed {
	readonly text: string;
	readonly letters: number;
}

/*
 * Each way to fit is worth more than all of those after it, whatever else speaks for the path: what people type is
 * mostly the beginning of a name, or the first letters of its words.
 */
const NAME_IS = 1000;
const NAME_BEGINS = 900;
const WORD_OF_NAME = 800;
const IN_NAME = 600;
const LETTERS_OF_NAME = 400;
const WORD_OF_PATH = 300;
const IN_PATH = 200;
const LETTERS_OF_PATH = 50;
/** Of letters that lie apart, for each that begins a word or follows the one before. */
const GOOD_LETTERS = 100;

export function targetOf(path: string): Target {
	const lower = lowered(path);
	const base = path.lastIndexOf("/") + 1;
	return { path, lower, base, letters: lettersOf(lower, 0), nameLetters: lettersOf(lower, base) };
}

export function typedOf(word: string): Typed {
	const text = lowered(word);
	return { text, letters: lettersOf(text, 0) };
}

/** In lower case, letter by letter: some characters become two, and then what was found would be elsewhere. */
function lowered(text: string): string {
	const lower = text.toLowerCase();
	return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function lettersOf(lower: string, from: number): number {
	let bits = 0;
	for (let at = from; at < lower.length; at++) bits |= 1 << (lower.charCodeAt(at) % 31);
	return bits;
}

/**
 * How well a path fits what was typed, 0: not at all, or less than `least`. Where `marks` is given, the places in the
 * path that it fits are added to it.
 */
export function matchPath(target: Target, typed: Typed, least = 0, marks?: number[]): number {
	if (!hasLetters(target.letters, typed)) return 0;
	const name = hasLetters(target.nameLetters, typed) ? fitName(target, typed.text, least, marks) : 0;
	return name > 0 || least > WORD_OF_PATH ? name : fitPath(target, typed.text, least, marks);
}

function hasLetters(of: number, { letters }: Typed): boolean {
	return (of & letters) === letters;
}

function fitPath(target: Target, typed: string, least: number, marks: number[] | undefined): number {
	const { path, lower } = target;
	const at = bestPlace(path, lower, typed, 0);
	if (at >= 0) {
		addRun(marks, at, typed.length);
		return beginsWord(path, at) ? WORD_OF_PATH : IN_PATH;
	}
	const good = least > LETTERS_OF_PATH + GOOD_LETTERS ? -1 : goodLetters(target, 0, typed, marks);
	return good < 0 ? 0 : LETTERS_OF_PATH + good;
}

function fitName(target: Target, typed: string, least: number, marks: number[] | undefined): number {
	const { path, lower, base } = target;
	const at = bestPlace(path, lower, typed, base);
	if (at < 0) {
		if (least > LETTERS_OF_NAME + GOOD_LETTERS) return 0;
		const words = wordLetters(target, typed, marks);
		const apart = words < 0 ? goodLetters(target, base, typed, marks) : words;
		return apart < 0 ? 0 : LETTERS_OF_NAME + apart;
	}
	addRun(marks, at, typed.length);
	if (at > base) return beginsWord(path, at) ? WORD_OF_NAME : IN_NAME;
	const end = at + typed.length;
	return end === path.length || path.charAt(end) === "." ? NAME_IS : NAME_BEGINS;
}

/** Where it stands as a whole, at the beginning of a word where there is such a place. */
function bestPlace(path: string, lower: string, typed: string, from: number): number {
	const first = lower.indexOf(typed, from);
	for (let at = first; at >= 0; at = lower.indexOf(typed, at + 1)) if (beginsWord(path, at)) return at;
	return first;
}

/** Letters in order with others between them, the first place of each: how good, up to `GOOD_LETTERS`; -1: not there. */
function goodLetters({ path, lower }: Target, from: number, typed: string, marks: number[] | undefined): number {
	const before = marks?.length ?? 0;
	let good = 0;
	let last = from - 2;
	for (let n = 0; n < typed.length; n++) {
		const at = lower.indexOf(typed.charAt(n), n === 0 ? from : last + 1);
		if (at < 0) {
			marks?.splice(before);
			return -1;
		}
		if (at === last + 1 || beginsWord(path, at)) good++;
		marks?.push(at);
		last = at;
	}
	return (GOOD_LETTERS * good) / typed.length;
}

/** The same in the last name where each letter goes on from the one before or begins a later word: `gsw` in `getSomeWord`. */
function wordLetters({ path, lower, base }: Target, typed: string, marks: number[] | undefined): number {
	const before = marks?.length ?? 0;
	let last = base - 1;
	for (let n = 0; n < typed.length; n++) {
		const letter = typed.charAt(n);
		const goesOn = lower.startsWith(letter, last + 1);
		const at = goesOn ? last + 1 : bestPlace(path, lower, letter, last + 1);
		if (at < 0 || !(goesOn || beginsWord(path, at))) {
			marks?.splice(before);
			return -1;
		}
		marks?.push(at);
		last = at;
	}
	return GOOD_LETTERS;
}

function addRun(marks: number[] | undefined, from: number, length: number): void {
	for (let at = from; at < from + length; at++) marks?.push(at);
}

/** The first letter, one after a sign, a capital after a small letter, a digit after a letter. */
function beginsWord(path: string, at: number): boolean {
	if (at === 0) return true;
	const [before, here] = [kindOf(path.charCodeAt(at - 1)), kindOf(path.charCodeAt(at))];
	return before === "sign" || (here !== before && (here === "capital" || here === "digit"));
}

function kindOf(code: number): "small" | "capital" | "digit" | "sign" {
	if (code >= 97 && code <= 122) return "small";
	if (code >= 65 && code <= 90) return "capital";
	if (code >= 48 && code <= 57) return "digit";
	return code > 127 ? "small" : "sign";
}
