import type { Call, Chat } from "../shared/reduce.ts";
import type { Held, Repetition } from "../shared/repetition.ts";
import { isCommand, keyOf, type Look, pastOf, resultOf } from "./guard/past.ts";
import { failures, isHeldBack, isMostSame, repeated, same, titleOf } from "./guard/repeats.ts";
import { AFTER_STOP, failedAgain, heldBack, sameAgain, stopped, toolHeldBack } from "./guard/words.ts";
import type { Outcome, Refusal } from "./tool.ts";

/*
 * Against tasks that go in circles, from the log alone. In three steps: a call that repeats another one says so in its
 * result, which is a whole one; then the tool is held back for the rest of the answer; then, where that brought nothing
 * new, the turn ends and the person is asked. What fails again and again in another way each time is never held back,
 * since the next try may be the one that works: it is told how else to go on, and then the person is asked.
 */

/** Failures from which the model is told how else to go on. */
const FAILURES_TOLD = 3;
/** Failed tries at one file after which the person is asked. */
const MOST_FAILED_EDITS = 6;
/** The same for a command that fails in the same way, while other things were changed. */
const MOST_FAILED_RUNS = 10;

/** A call that is not run. */
export type NotRun = Refusal & { readonly held?: Held };

/** What a call gets in place of being run; undefined: it may run. To be asked in the order of the calls. */
export function heldCall(chat: Chat, call: Call): NotRun | undefined {
	const step = chat.turns.at(-1)?.steps.at(-1)?.seq;
	const all = pastOf(chat, call);
	const now = all.filter((each) => each.step === step);
	if (now.some((each) => each.call.details?.held?.until === "person")) return { refused: AFTER_STOP };
	const before = now.find((each) => isHeldBack(each) && each.call.tool === call.tool)?.call.details?.held;
	if (before) return { refused: toolHeldBack(call.tool), held: { until: "step", what: before.what } };
	const past = sinceNews(all);
	const what = repeated(past, call);
	if (!what) return undefined;
	const [title = call.tool] = what.calls;
	const wasHeld = past.some((each) => isHeldBack(each) && each.step !== step);
	return wasHeld
		? { refused: stopped(what), title, held: { until: "person", what } }
		: { refused: heldBack(what, call.tool), title, held: { until: "step", what } };
}

/** The outcome of a call that ran, or could not be planned, with a sentence where it repeats others. */
export function withRepeats(chat: Chat, { id }: Call, outcome: Outcome): Outcome {
	const call = chat.turns
		.at(-1)
		?.steps.at(-1)
		?.calls.find((each) => each.id === id);
	if (!call || outcome.details?.goesOn) return outcome;
	const past = sinceNews(pastOf(chat, call));
	const look = { call, key: keyOf(call), result: resultOf(call, outcome.text) };
	const times = same(past, look.key, look.result).times + 1;
	const failed = outcome.failed ? failures(past, look) + 1 : 0;
	if (failed >= FAILURES_TOLD && failed > times) return failing(call, failed, outcome);
	return times === 1 ? outcome : saying(outcome, sameAgain(times, isMostSame(call, times)));
}

function failing(call: Call, times: number, outcome: Outcome): Outcome {
	const isRun = isCommand(call);
	const sentence = failedAgain(times, call.tool, !isRun);
	if (times < (isRun ? MOST_FAILED_RUNS : MOST_FAILED_EDITS)) return saying(outcome, sentence);
	const what: Repetition = { kind: "failing", calls: [titleOf(call)], times };
	return saying(outcome, sentence, { until: "person", what });
}

function saying(outcome: Outcome, sentence: string, held?: Held): Outcome {
	const details = { ...outcome.details, said: sentence.length, ...(held && { held }) };
	return { ...outcome, text: outcome.text + sentence, details };
}

/** What the person is to be asked about before the turn goes on. */
export function loopToTell({ turns }: Chat): Repetition | undefined {
	const { steps, steered, pausedAt = -1 } = turns.at(-1) ?? { steps: [] };
	const step = steps.at(-1);
	if (!step || step.seq < Math.max(pausedAt, steered?.at(-1)?.seq ?? -1)) return undefined;
	return step.calls.find(({ details }) => details?.held?.until === "person")?.details?.held?.what;
}

/** Counting begins anew once the model has done something new after a call of it was held back: that helped. */
function sinceNews(past: readonly Look[]): readonly Look[] {
	const keys = new Set<string>();
	let from = 0;
	let last = -1;
	for (const [at, each] of past.entries()) {
		if (isHeldBack(each)) last = at;
		else if (last >= from && each.call.state === "done" && !keys.has(each.key)) from = last + 1;
		keys.add(each.key);
	}
	return past.slice(from);
}
