import type { Mode } from "../shared/event.ts";
import type { Chat } from "../shared/reduce.ts";

const PLAN =
	"Plan mode is on: you can read and search, but nothing may be changed or run. Find out what the task needs, then put your plan to the person with the Plan tool.";
const OVER = "Plan mode is over: you may change files and run commands again, as far as the person allows.";

/**
 * What the mode means for the model, told with the prompt; undefined where nothing has to be said. In the conversation
 * and not in the system prompt, whose bytes stay the same when the mode changes.
 */
export function modeNote({ turns }: Chat, mode: Mode): string | undefined {
	if (mode === "plan") return PLAN;
	return turns.at(-1)?.modeNote === PLAN ? OVER : undefined;
}
