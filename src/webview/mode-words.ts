import type { Mode } from "../shared/event.ts";
import { t } from "./words.ts";

export interface ModeWords {
	readonly mode: Mode;
	readonly icon: string;
	readonly name: string;
	/** What it allows. */
	readonly allows: string;
}

export function modes(): readonly ModeWords[] {
	return [
		{
			mode: "ask",
			icon: "shield",
			name: t("Ask"),
			allows: t("Asks before edits, and before commands that do more than read"),
		},
		{
			mode: "edits",
			icon: "edit",
			name: t("Accept edits"),
			allows: t("Edits at once, asks before commands that do more than read"),
		},
		{ mode: "trusted", icon: "rocket", name: t("Trusted"), allows: t("Edits and runs commands without asking") },
		{ mode: "plan", icon: "book", name: t("Plan"), allows: t("Reads only, then shows you a plan to accept") },
	];
}

export function modeName(mode: Mode): string {
	return modes().find((one) => one.mode === mode)?.name ?? mode;
}
