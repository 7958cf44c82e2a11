import type { Question } from "../shared/questions.ts";
import type { Call } from "../shared/reduce.ts";
import { translated } from "../shared/said.ts";
import { visible } from "../shared/visible.ts";
import { callPreview, titleWords } from "./call-look.ts";
import { sumLines } from "./changes.ts";
import { pauseWords } from "./pause-words.ts";
import { restoredWords } from "./restored-words.ts";
import { asking, isRunning, type State } from "./store.ts";
import { t } from "./words.ts";

/** What a screen reader is told when it changes: the turns of the work, not its text. */
export function announcement(state: State): string {
	const [call] = asking(state);
	if (call?.preview?.kind === "questions") return t("Kimi asks: {0}", asked(call.preview.questions));
	if (call) return t("Approval needed: {0}", whatIsAsked(call));
	if (isRunning(state)) return t("Kimi is working.");
	const restored = restoredWords(state.chat);
	if (restored) return restored;
	const turn = state.chat.turns.at(-1);
	if (!turn) return "";
	if (turn.failure && turn.ended === "failed") return visible(translated(turn.failure.message, t));
	if (state.view.interrupted) return t("This task was interrupted.");
	switch (turn.ended) {
		case "stopped":
			return t("Stopped");
		case "limit":
		case "looping":
			return pauseWords(turn);
		case "interrupted":
			return t("This task was interrupted.");
		default:
			return t("Kimi is done.");
	}
}

/** What holds up a turn that goes on by itself. Apart from `announcement`, which would be said anew after each of it. */
export function delay(state: State): string {
	if (!isRunning(state)) return "";
	const { waiting, compactingSince } = state.live;
	if (waiting) return t("{0} Kimi tries again by itself.", visible(translated(waiting.failure.message, t)));
	return compactingSince === undefined ? "" : t("Shortening the chat, so that the model has room…");
}

/** The first failed call of a turn that runs; of more their number, each time that it doubled: many are no flood. */
export function failedCalls(state: State): string {
	const steps = isRunning(state) ? state.chat.turns.at(-1)?.steps : undefined;
	const [first, ...more] = steps?.flatMap(({ calls }) => calls.filter((call) => call.state === "failed")) ?? [];
	if (!first) return "";
	if (more.length === 0) return t("{0} (failed)", titleWords(first));
	return t("Failed calls: {0}", 2 ** Math.floor(Math.log2(1 + more.length)));
}

/** Each with its answers: a card that comes while the person writes is not read out. */
function asked(questions: readonly Question[]): string {
	const words = questions.map(
		({ question, options }) => `${question} ${options.map(({ label }) => label).join(", ")}.`,
	);
	return visible(words.join(" "));
}

/** A command in full; an edit with its lines, since the card with them is not read out. */
function whatIsAsked(call: Call): string {
	const preview = callPreview(call);
	const title = titleWords(call);
	switch (preview?.kind) {
		case "command":
			return visible(preview.command);
		case "diff":
			return t("{0}. Lines added: {1}, removed: {2}", title, preview.added, preview.removed);
		case "files": {
			const { added, removed } = sumLines(preview.files);
			return t("{0}. Lines added: {1}, removed: {2}", title, added, removed);
		}
		default:
			return title;
	}
}
