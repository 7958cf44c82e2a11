/*
 * Where values stand in a JSON text, so that one can be changed and every other byte stays as it is. The text has to be
 * valid: `JSON.parse` took it before.
 */

/** A stretch of the text. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** A value of an object: `from` and `to` of the value, `start` of its key. */
export interface Member extends Span {
	readonly key: string;
	readonly start: number;
}

/** An item of a list begins where its value does. */
export type Item = Span & { readonly start: number };

export function rootOf(text: string): Span {
	const from = pastBlanks(text, 0);
	return { from, to: endOf(text, from) };
}

export function membersOf(text: string, object: Span): readonly Member[] {
	const members: Member[] = [];
	for (let at = pastBlanks(text, object.from + 1); text[at] === '"'; at = pastComma(text, at)) {
		const end = endOf(text, at);
		const from = pastBlanks(text, pastBlanks(text, end) + 1);
		const to = endOf(text, from);
		members.push({ key: JSON.parse(text.slice(at, end)) as string, start: at, from, to });
		at = to;
	}
	return members;
}

/** Of a key that is there twice the last one counts, as for `JSON.parse`. */
export function memberOf(text: string, object: Span, key: string): Member | undefined {
	return membersOf(text, object).findLast((member) => member.key === key);
}

export function itemsOf(text: string, list: Span): readonly Item[] {
	const items: Item[] = [];
	for (let at = pastBlanks(text, list.from + 1); at < list.to - 1; at = pastComma(text, at)) {
		const to = endOf(text, at);
		items.push({ start: at, from: at, to });
		at = to;
	}
	return items;
}

export function replaced(text: string, { from, to }: Span, by: string): string {
	return text.slice(0, from) + by + text.slice(to);
}

/** Without one of a list's items or an object's members, and its comma. */
export function without(text: string, list: Span, all: readonly Item[], index: number): string {
	const [one, before, after] = [all[index], all[index - 1], all[index + 1]];
	if (!one) return text;
	if (before) return replaced(text, { from: before.to, to: one.to }, "");
	if (after) return replaced(text, { from: one.start, to: after.start }, "");
	return replaced(text, { from: list.from + 1, to: list.to - 1 }, "");
}

/** With one more before the item that is at `index` now, or at the end. There is at least one. */
export function withMore(text: string, list: Span, all: readonly Item[], index: number, more: string): string {
	const gap = text.slice(list.from + 1, all[0]?.start) || blankAfterComma(text, all);
	const [before, after] = [all[index - 1], all[index]];
	if (after) return replaced(text, { from: after.start, to: after.start }, `${more},${gap}`);
	const end = before?.to ?? list.from + 1;
	return replaced(text, { from: end, to: end }, `,${gap}${more}`);
}

export function blankAfterComma(text: string, [first, second]: readonly Item[]): string {
	const between = first && second ? text.slice(first.to, second.start) : ", ";
	return between.slice(between.indexOf(",") + 1);
}

function pastBlanks(text: string, from: number): number {
	let at = from;
	while (BLANKS.has(text.charAt(at))) at++;
	return at;
}

const BLANKS = new Set([" ", "\t", "\n", "\r"]);

function pastComma(text: string, from: number): number {
	const at = pastBlanks(text, from);
	return text[at] === "," ? pastBlanks(text, at + 1) : at;
}

/** A loop, not a recursion: lists may lie in each other as deep as they like. */
function endOf(text: string, from: number): number {
	const first = text[from];
	if (first === '"') return stringEnd(text, from);
	if (first !== "{" && first !== "[") return end(text, from, /[\s,\]}]/g);
	let depth = 0;
	let at = from;
	do {
		at = end(text, at, /["{}[\]]/g);
		const char = text[at];
		if (char === '"') at = stringEnd(text, at);
		else {
			depth += char === "{" || char === "[" ? 1 : -1;
			at++;
		}
	} while (depth > 0 && at < text.length);
	return at;
}

function end(text: string, from: number, pattern: RegExp): number {
	pattern.lastIndex = from;
	return pattern.exec(text)?.index ?? text.length;
}

function stringEnd(text: string, from: number): number {
	for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
		let slashes = 0;
		while (text[at - 1 - slashes] === "\\") slashes++;
		if (slashes % 2 === 0) return at + 1;
	}
	return text.length;
}
