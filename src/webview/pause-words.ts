import type { ReachedLimit } from "../shared/event.ts";
import type { Turn } from "../shared/reduce.ts";
import type { Repetition } from "../shared/repetition.ts";
import { translatedTitle } from "../shared/said.ts";
import { visible } from "../shared/visible.ts";
import { duration, money, tokens } from "./format.ts";
import { t } from "./words.ts";

const MS_PER_MINUTE = 60_000;

/** Why a turn that has ended waits for the person, in a sentence; empty where it does not. */
export function pauseWords({ ended, limit, loop }: Pick<Turn, "ended" | "limit" | "loop">): string {
	if (ended === "limit") return limit ? limitWords(limit) : t("Paused: this task reached its limit.");
	if (ended === "looping") return loop ? loopWords(loop) : t("Paused: Kimi repeats itself.");
	return "";
}

function limitWords({ of, used }: ReachedLimit): string {
	switch (of) {
		case "calls":
			return used === 1 ? t("Paused after 1 tool call") : t("Paused after {0} tool calls", used);
		case "tokens":
			return t("Paused after {0} tokens", tokens(used));
		case "cost":
			return t("Paused after {0}", money(used));
		case "minutes":
			return t("Paused after {0} of work", duration(used * MS_PER_MINUTE));
		case "steps":
			return used === 1 ? t("Paused after 1 step") : t("Paused after {0} steps", used);
	}
}

function loopWords({ kind, calls, times }: Repetition): string {
	const what = calls.map((title) => visible(translatedTitle(title, t))).join(", ");
	if (kind === "cycle") return t("Paused: Kimi goes in a circle. {0} times the same: {1}", times, what);
	if (kind === "failing") return t("Paused: {1} failed {0} times in a row", times, what);
	return t("Paused: Kimi repeats itself. {0} times the same, with nothing new: {1}", times, what);
}
