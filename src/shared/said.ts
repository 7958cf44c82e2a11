import { type Sentence, titles } from "./sentences.ts";

/** Translates an English sentence and fills in its slots: `t` of the view, `vscode.l10n.t` of the extension. */
export type Translate = (sentence: string, ...args: string[]) => string;

/** Leaves a sentence in English. */
export const inEnglish: Translate = (sentence, ...args) =>
	sentence.replace(/\{(\d+)\}/g, (slot, index: string) => args[Number(index)] ?? slot);

/**
 * A sentence of the list with `{0}`, `{1}` … filled in, in English, as the log keeps it. The list is closed, so that
 * `translated` knows each sentence again when it is shown.
 */
export function say(sentence: Sentence, ...args: readonly (string | number)[]): string {
	return inEnglish(sentence, ...args.map(String));
}

/** Takes the sentences that there are translations of. English needs none, so the list comes with the translations. */
export function knowSentences(sentences: readonly string[]): void {
	sentencePatterns = patternsOf(sentences);
}

/** A sentence of the log in the person's language; as it is where nothing in the list reads like it. */
export function translated(text: string, t: Translate): string {
	return translatedBy(sentencePatterns, text, t);
}

/** The title of a call in the person's language; as it is where no tool of ours gives such a title. */
export function translatedTitle(title: string, t: Translate): string {
	const found = titleIn(title, t);
	return found ? found.text : title;
}

/**
 * A title in the person's language, and how many of its first characters are words and the blank before what it is
 * about; undefined for a title that no tool of ours gives.
 */
export function titleIn(title: string, t: Translate): { readonly text: string; readonly verb: number } | undefined {
	const known = find(titlePatterns, title);
	if (!known) return undefined;
	const text = t(known.sentence, ...known.args);
	const open = t(known.sentence, ...known.args.map((_, index) => `{${index}}`));
	const slot = open.indexOf("{");
	return { text, verb: slot < 0 ? text.length : open.lastIndexOf(" ", slot) + 1 };
}

interface Pattern {
	readonly sentence: string;
	/** What stands before, between and behind the slots, which come in the order of their numbers. */
	readonly pieces: readonly string[];
}

let sentencePatterns: readonly Pattern[] = [];
const titlePatterns = patternsOf(titles);

/** Those that say most come first: `Run in the background: {0}` also reads like `Run {0}`. */
function patternsOf(sentences: readonly string[]): readonly Pattern[] {
	const patterns = sentences.map((sentence) => ({ sentence, pieces: sentence.split(/\{\d+\}/) }));
	const weight = ({ pieces }: Pattern) => pieces.join("").length;
	return patterns.sort((one, other) => weight(other) - weight(one));
}

/** What fills a slot may be a sentence of the list itself: the reason why a file is protected, what a server is. */
function translatedBy(patterns: readonly Pattern[], text: string, t: Translate): string {
	const known = find(patterns, text);
	return known ? t(known.sentence, ...known.args.map((each) => translatedBy(patterns, each, t))) : text;
}

function find(patterns: readonly Pattern[], text: string) {
	for (const { sentence, pieces } of patterns) {
		const args = argsOf(text, pieces);
		if (args) return { sentence, args };
	}
	return undefined;
}

/** What stands in the slots; undefined: another sentence. Each piece at its first place, so that a long text costs no more. */
function argsOf(text: string, pieces: readonly string[]): string[] | undefined {
	const [first = "", ...rest] = pieces;
	const last = rest.pop();
	if (last === undefined) return text === first ? [] : undefined;
	if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
	const end = text.length - last.length;
	const args: string[] = [];
	let at = first.length;
	for (const piece of rest) {
		const found = text.indexOf(piece, at);
		if (found < 0) return undefined;
		args.push(text.slice(at, found));
		at = found + piece.length;
	}
	return at <= end ? [...args, text.slice(at, end)] : undefined;
}
