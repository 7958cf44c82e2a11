import { visible } from "../shared/visible.ts";
import { callPreview } from "./call-look.ts";
import { asking, isRunning, type State } from "./store.ts";
import { t } from "./words.ts";

/** What a screen reader is told when it changes: the turns of the work, not its text. */
export function announcement(state: State): string {
	const [call] = asking(state);
	if (call) {
		const preview = callPreview(call);
		const what = preview?.kind === "command" ? preview.command : (call.title ?? call.tool);
		return t("Approval needed: {0}", visible(what));
	}
	const { waiting } = state.live;
	if (isRunning(state) && waiting) return t("{0} Kimi tries again by itself.", visible(waiting.failure.message));
	if (isRunning(state)) return t("Kimi is working.");
	const turn = state.chat.turns.at(-1);
	if (!turn) return "";
	if (turn.failure && turn.ended === "failed") return visible(turn.failure.message);
	if (state.view.interrupted) return t("This task was interrupted.");
	switch (turn.ended) {
		case "stopped":
			return t("Stopped");
		case "limit":
			return t("Paused: this task reached its limit of steps.");
		case "interrupted":
			return t("This task was interrupted.");
		default:
			return t("Kimi is done.");
	}
}
