import * as vscode from "vscode";
import type { Limits } from "../agent/limits.ts";
import type { ReachedLimit } from "../shared/event.ts";
import type { Settings } from "../shared/settings.ts";
import type { ChatRun } from "./chat-run.ts";
import { readSettings, writeSetting } from "./settings.ts";

type Kind = Exclude<ReachedLimit["of"], "steps">;
type Key = "taskCalls" | "taskTokens" | "taskCost" | "taskMinutes";

const KEYS: Readonly<Record<Kind, Key>> = {
	calls: "taskCalls",
	tokens: "taskTokens",
	cost: "taskCost",
	minutes: "taskMinutes",
};

/** What a task may take, as the person set it. */
export function limitsOf(settings: Pick<Settings, Key>): Limits {
	const set = Object.entries(KEYS).map(([of, key]) => [of, settings[key]] as const);
	return Object.fromEntries(set.filter(([, max]) => max > 0));
}

/** Asks for a higher limit than the one that a task reached, and keeps it. True when there is one. */
export async function raiseLimit(run: ChatRun | undefined): Promise<boolean> {
	const limit = run?.session.chat.turns.at(-1)?.limit;
	if (!limit) return false;
	const { of, max } = limit;
	if (of === "steps") return false;
	const key = KEYS[of];
	const now = readSettings()[key];
	const written = await vscode.window.showInputBox({
		title: vscode.l10n.t("Raise the Limit"),
		prompt: promptFor(of),
		value: String(2 * (now || max)),
		validateInput: (text) => troubleWith(text, of, now),
		ignoreFocusOut: true,
	});
	if (written === undefined) return false;
	await writeSetting(key, Number(written));
	return true;
}

function promptFor(of: Kind): string {
	switch (of) {
		case "calls":
			return vscode.l10n.t("Tool calls that a task may make before it pauses; 0: no limit.");
		case "tokens":
			return vscode.l10n.t("Tokens that a task may use before it pauses; 0: no limit.");
		case "cost":
			return vscode.l10n.t("US dollars that a task may cost before it pauses; 0: no limit.");
		case "minutes":
			return vscode.l10n.t("Minutes of work that a task may take before it pauses; 0: no limit.");
	}
}

function troubleWith(text: string, of: Kind, now: number): string | undefined {
	const value = text.trim() === "" ? Number.NaN : Number(text);
	const isWhole = of === "calls" || of === "tokens";
	if (!Number.isFinite(value) || value < 0 || (isWhole && !Number.isSafeInteger(value)))
		return isWhole ? vscode.l10n.t("Give a whole number.") : vscode.l10n.t("Give a number.");
	return value === 0 || value > now ? undefined : vscode.l10n.t("Give more than {0}, or 0 for no limit.", now);
}
