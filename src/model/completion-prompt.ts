import type { Profile } from "../shared/settings.ts";

/** A text with a cursor in it. Lines end in `\n`. */
export interface Around {
	readonly before: string;
	readonly after: string;
}

/** What a completion model is asked to go on with. */
export interface Prompt {
	readonly text: string;
	/** The answer is over where one of these begins. */
	readonly stop: readonly string[];
}

/** Of the characters that may be sent, what goes to the text after the cursor. */
const AFTER_SHARE = 0.25;

/**
 * The prompt for a text: with what stands before and after the cursor where the model's tokens for that are known, else
 * what stands before it. A text that holds such a token would say something else than it means, and is sent plain.
 */
export function promptFor(around: Around, tokens: Profile["fillInTheMiddle"], maxChars: number): Prompt {
	const { before, after } = around;
	const own = tokens ? [tokens.prefix, tokens.suffix, tokens.middle] : [];
	if (!tokens || after.trim() === "" || own.some((token) => before.includes(token) || after.includes(token)))
		return { text: lastOf(before, maxChars), stop: own };
	const behind = firstOf(after, Math.floor(maxChars * AFTER_SHARE));
	const text = `${tokens.prefix}${lastOf(before, maxChars - behind.length)}${tokens.suffix}${behind}${tokens.middle}`;
	return { text, stop: own };
}

/**
 * At most `max` characters from the end. Where they begin moves in strides, to the begin of a line if one is near: what
 * is typed next is then asked for with the same beginning, which servers keep.
 */
function lastOf(text: string, max: number): string {
	if (text.length <= max) return text;
	const stride = Math.max(1, Math.floor(max / 4));
	const from = Math.ceil((text.length - max) / stride) * stride;
	const line = text.indexOf("\n", from) + 1;
	const start = line > 0 && line < from + stride ? line : from;
	return text.slice(isLow(text, start) ? start + 1 : start);
}

function firstOf(text: string, max: number): string {
	return text.slice(0, isLow(text, max) ? max - 1 : max);
}

/** Whether it is the second half of a character. */
function isLow(text: string, at: number): boolean {
	const unit = text.charCodeAt(at);
	return unit >= 0xdc00 && unit <= 0xdfff;
}
