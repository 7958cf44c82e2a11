import type { Repetition } from "../../shared/repetition.ts";

/*
 * What the model reads of its repetitions. The sentence after a result begins a paragraph of its own in brackets, as the
 * status of a command does.
 */

export function sameAgain(times: number, isLast: boolean): string {
	const advice = isLast ? " Work with it, or do something else: one more such call is not run." : "";
	return `\n\n[You made the same call before, and this is the same result, for the ${ordinal(times)} time.${advice}]`;
}

export function failedAgain(times: number, tool: string, isEdit: boolean): string {
	const advice = isEdit
		? `Do not guess once more. To change a file, Read the part of it that you want to change and copy it to the letter, or give the whole file to Write; else find another way.`
		: `What you did in between did not change that: find another cause, or do it in another way.`;
	return `\n\n[${isEdit ? `${tool} failed here` : "It failed in this way"} for the ${ordinal(times)} time in a row. ${advice}]`;
}

export function heldBack(what: Repetition, tool: string): string {
	return `Not run: ${said(what)} Once more brings nothing new, so ${tool} is held back for the rest of this answer. Use the results that you have. If they do not help, do something that you have not tried, or tell the person what is missing.`;
}

export function toolHeldBack(tool: string): string {
	return `Not run: ${tool} is held back for the rest of this answer, since an earlier call of it goes in a circle. You may use it again in your next answer, for something else.`;
}

export function stopped(what: Repetition): string {
	return `Not run: ${said(what)} The person was asked whether it goes on. When you read this, it does: do not repeat that. Try another way, or tell the person what is missing.`;
}

export const AFTER_STOP =
	"Not run: an earlier call of this answer goes in a circle, and the person was asked whether it goes on. When you read this, it does: make this call again if you still need it.";

function said({ kind, calls, times }: Repetition): string {
	if (kind === "cycle")
		return `you make the same ${calls.length} calls in a row for the ${ordinal(times)} time, and each gives what it gave before.`;
	return `you make this call for the ${ordinal(times)} time, and it gave the same result each time.`;
}

function ordinal(times: number): string {
	if (times % 100 >= 11 && times % 100 <= 13) return `${times}th`;
	return `${times}${["th", "st", "nd", "rd"][times % 10] ?? "th"}`;
}
