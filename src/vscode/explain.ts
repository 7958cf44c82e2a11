import * as vscode from "vscode";
import { explain } from "../agent/policy.ts";
import type { Verdict } from "../shared/event.ts";
import type { Call, Chat } from "../shared/reduce.ts";
import { inWords, titleInWords } from "./in-words.ts";
import { shown } from "./plain.ts";
import { manageRules, type RulesHost } from "./rules-page.ts";

/** Says of the call that waits, else of the last one that was decided on, which policies were asked, and what they said. */
export async function explainApproval(host: RulesHost): Promise<void> {
	const chat = host.chats.active?.session.chat;
	const call = chat && explainedCall(chat);
	if (!call?.ruling) {
		void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was decided on in this chat yet."));
		return;
	}
	const looks = explain({ policy: "", ...call.ruling }).filter(({ policy }) => policy !== "");
	const asked = looks.map(({ policy, ruling }) => ({
		label: ruling ? `$(arrow-right) ${inWords(policy)}` : `$(dash) ${inWords(policy)}`,
		description: ruling ? "" : vscode.l10n.t("no"),
	}));
	const { verdict, reason } = call.ruling;
	const rules = { label: `$(list-unordered) ${vscode.l10n.t("What You Allowed…")}`, rules: true };
	const items: (vscode.QuickPickItem & { rules?: boolean })[] = [
		{ label: `${ICONS[verdict]} ${verdictWords(verdict)}`, detail: shown(inWords(reason)) },
		...personItems(call),
		{ label: vscode.l10n.t("asked in this order, until one answered"), kind: vscode.QuickPickItemKind.Separator },
		...asked,
		{ label: "", kind: vscode.QuickPickItemKind.Separator },
		rules,
	];
	const title = vscode.l10n.t("Why: {0}", shown(titleInWords(call.title ?? call.tool)));
	const picked = await vscode.window.showQuickPick(items, { title });
	if (picked?.rules) manageRules(host);
}

const ICONS: Readonly<Record<Verdict, string>> = { allow: "$(check)", ask: "$(question)", deny: "$(circle-slash)" };

function verdictWords(verdict: Verdict): string {
	switch (verdict) {
		case "allow":
			return vscode.l10n.t("It may run unasked");
		case "ask":
			return vscode.l10n.t("It asks you first");
		case "deny":
			return vscode.l10n.t("It is not allowed");
	}
}

function personItems({ by, verdict }: Call): readonly vscode.QuickPickItem[] {
	if (by !== "person") return [];
	return [
		{ label: `$(person) ${verdict === "allow" ? vscode.l10n.t("You allowed it") : vscode.l10n.t("You said no")}` },
	];
}

function explainedCall({ turns }: Chat): Call | undefined {
	const calls = turns.flatMap(({ steps }) => steps.flatMap((step) => step.calls)).filter(({ ruling }) => ruling);
	return calls.find(({ state }) => state === "asking") ?? calls.at(-1);
}
