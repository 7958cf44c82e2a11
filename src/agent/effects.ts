import type { Effect } from "../shared/event.ts";

/** Nobody can tell what it changes. */
export function mayChangeAnything(effect: Effect): boolean {
	return "exec" in effect || "tool" in effect || "unknown" in effect;
}
