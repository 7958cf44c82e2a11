import type { Effect, Mode } from "../shared/event.ts";
import type { Reviewing } from "../shared/live.ts";
import type { Call } from "../shared/reduce.ts";
import { callPreview } from "./call-look.ts";
import { modeName } from "./mode-words.ts";
import { t } from "./words.ts";

interface ApprovalWords {
	readonly accept: string;
	readonly reject: string;
	/** What the editor can show of it; absent: nothing. */
	readonly open?: { readonly words: string; readonly op: "openDiff" | "openPlan" };
	/** Asks for words to the model when it is rejected. */
	readonly why: string;
	/** What accepting means, where the button alone does not say it. */
	readonly means?: string;
}

/**
 * What the buttons of an approval say: they name what happens to this thing, as the person changed it. `afterPlan`: the
 * mode that an accepted plan goes on in.
 */
export function approvalWords(call: Call, reviewing: Reviewing | undefined, afterPlan: Mode): ApprovalWords {
	const edited = reviewing?.edited === true;
	const why = t("Tell Kimi why (optional)");
	switch (callPreview(call)?.kind) {
		case "diff":
		case "files":
			return {
				accept: edited ? t("Accept with your changes") : t("Accept"),
				reject: t("Reject"),
				open: { words: t("Open diff"), op: "openDiff" },
				why,
			};
		case "plan":
			return {
				accept: edited ? t("Accept plan with your changes") : t("Accept plan"),
				reject: t("Keep planning"),
				open: { words: t("Open as document"), op: "openPlan" },
				why: t("What should change? (optional)"),
				means: t("Accepting it goes on in mode {0}, and the plan becomes the todo list.", modeName(afterPlan)),
			};
		case "command":
			return { accept: t("Run"), reject: t("Reject"), why };
		default:
			return { accept: acceptWord(call.effects ?? []), reject: t("Reject"), why };
	}
}

/** Of what shows no more than its title. */
function acceptWord(effects: readonly Effect[]): string {
	const only = (kind: string) => effects.length > 0 && effects.every((effect) => kind in effect);
	if (only("net")) return t("Fetch");
	if (only("tool")) return t("Run");
	return only("read") ? t("Read") : t("Accept");
}

/** How far the person is with it in the editor; undefined before they did anything there. */
export function reviewProgress(call: Call, reviewing: Reviewing | undefined): string | undefined {
	if (!reviewing) return undefined;
	const { accepted, rejected, left, edited } = reviewing;
	if (accepted + rejected > 0) return t("In the diff: {0} accepted, {1} rejected, {2} left", accepted, rejected, left);
	if (!edited) return undefined;
	return callPreview(call)?.kind === "plan"
		? t("You changed the plan in its document. Your text counts, not the one below.")
		: t("You changed the proposal in the diff. Your text counts, not the lines below.");
}
