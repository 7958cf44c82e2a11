import type { Call } from "../../shared/reduce.ts";
import type { Repetition } from "../../shared/repetition.ts";
import { mayChangeAnything } from "../effects.ts";
import { isCommand, keyOf, type Look } from "./past.ts";

/*
 * What in a list of calls repeats. A call repeats another one where tool, arguments and result are the same; what a call
 * that was held back would have brought counts as the same.
 */

/** Results that are the same before the next such call is held back. */
const MOST_SAME = 3;
/** The same for commands that wait (`sleep 30; gh run view`): that is how one waits for something elsewhere. */
const MOST_WAITS = 20;
/** Rounds of several calls before the next one is held back. */
const MOST_ROUNDS = 3;
const LONGEST_CYCLE = 5;
/** Other calls that may stand between two of a kind. */
const MOST_BETWEEN = 16;

/** What `call` would repeat once too often if it ran. */
export function repeated(past: readonly Look[], call: Call): Repetition | undefined {
	const key = keyOf(call);
	for (let length = 2; length <= LONGEST_CYCLE; length++) {
		const round = past.slice(-length);
		const most = round.some((each) => waits(each.call)) ? MOST_WAITS : MOST_ROUNDS;
		const rounds = round[0]?.key === key ? roundsOf(past, length) : 0;
		if (rounds >= most) return { kind: "cycle", calls: round.map((each) => titleOf(each.call)), times: rounds + 1 };
	}
	const { last, times, asked } = same(past, key);
	return last && isMostSame(last.call, times)
		? { kind: "same", calls: [titleOf(last.call)], times: asked + 1 }
		: undefined;
}

interface Same {
	readonly last?: Look;
	/** How often it gave what it gave last. */
	readonly times: number;
	/** The same, with those that were held back. */
	readonly asked: number;
}

/** The last calls with this key, while nothing of ours changed a thing. Given `result`, only those that gave this. */
export function same(past: readonly Look[], key: string, result?: string): Same {
	let last: Look | undefined;
	let times = 0;
	let asked = 0;
	let between = 0;
	for (const each of past.toReversed()) {
		if (each.key !== key) {
			if (changes(each) || ++between > MOST_BETWEEN) break;
			continue;
		}
		if (!isHeldBack(each)) {
			if (each.call.details?.goesOn || each.result !== (last?.result ?? result ?? each.result)) break;
			last ??= each;
			times++;
		}
		asked++;
		between = 0;
	}
	return { ...(last && { last }), times, asked };
}

/** The next such call is held back. */
export function isMostSame(call: Call, times: number): boolean {
	return times >= (waits(call) ? MOST_WAITS : MOST_SAME);
}

type Try = Omit<Look, "step">;

/** How often the last tries of this all failed, whatever was done between them; for a command, in the same way. */
export function failures(past: readonly Look[], now: Try): number {
	let times = 0;
	let between = 0;
	for (const each of past.toReversed()) {
		const is = tryOf(each, now);
		if (is === "over" || (is === "other" && ++between > MOST_BETWEEN)) break;
		if (is !== "failed") continue;
		times++;
		between = 0;
	}
	return times;
}

/** What an earlier call says of this try: `over`, nothing before it counts. */
function tryOf(each: Look, { key, call, result }: Try): "failed" | "over" | "other" {
	const isRun = isCommand(call);
	const { state, by } = each.call;
	if (isRun ? each.key !== key : !isSameTarget(each.call, call)) return hasHelped(each.call, call) ? "over" : "other";
	// What the person rejects is no failure.
	if (isHeldBack(each) || (state === "denied" && by === "person")) return "other";
	return state === "done" || (isRun && each.result !== result) ? "over" : "failed";
}

/** How often the last `length` calls were made in a row, with the same results. */
function roundsOf(past: readonly Look[], length: number): number {
	let match = 0;
	for (let at = past.length - 1; at >= length; at--) {
		const [later, earlier] = [past[at], past[at - length]];
		if (!later || !earlier || !isRepeat(later, earlier)) break;
		match++;
	}
	return Math.floor(match / length) + 1;
}

function isRepeat(later: Look, earlier: Look): boolean {
	if (later.key !== earlier.key || later.call.details?.goesOn) return false;
	return isHeldBack(later) || isHeldBack(earlier) || later.result === earlier.result;
}

/** It was not run. A call that failed once too often was. */
export function isHeldBack({ call }: Look): boolean {
	return call.details?.held !== undefined && call.details.held.what.kind !== "failing";
}

/** Things may not be as they were before this call. */
function changes({ call }: Look): boolean {
	const { effects = [], state, details } = call;
	if (details?.goesOn) return true;
	if (state !== "done" && state !== "failed") return false;
	return effects.some((effect) => ("write" in effect ? state === "done" : mayChangeAnything(effect)));
}

const WAITS = /(?:^|[\s;&|({])(?:(?:start-)?sleep\s+(?:-\w+\s+)?[\d.]|timeout\s+\/t\s)/i;

function waits({ effects = [] }: Call): boolean {
	return effects.some((effect) => "exec" in effect && WAITS.test(effect.exec));
}

/** As the card says it: `Edit src/cart.js`, whatever the edit. */
function isSameTarget(one: Call, other: Call): boolean {
	return one.tool === other.tool && one.title === other.title && !isCommand(one);
}

/** Another tool did what this one failed at; or, where nobody could tell what that was, the tool was used as it should be. */
function hasHelped({ tool, effects = [], state }: Call, failing: Call): boolean {
	if (state !== "done") return false;
	const title = titleOf(failing);
	return title === failing.tool
		? tool === failing.tool
		: effects.some((effect) => "write" in effect && title.endsWith(` ${effect.write}`));
}

export function titleOf({ title, tool }: Call): string {
	return title ?? tool;
}
