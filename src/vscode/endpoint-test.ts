import * as vscode from "vscode";
import { titleOf } from "../model/profile.ts";
import { type Trial, tryEndpoint } from "../model/trial.ts";
import type { Profile } from "../shared/settings.ts";
import type { ChoosingHost } from "./choose.ts";
import { useProfile } from "./choose.ts";
import { plainWords } from "./in-words.ts";
import { numberWords } from "./numbers.ts";
import { plain } from "./plain.ts";

/** Tries an endpoint once and says in a sentence what came of it; offers what is likely wanted next. */
export async function testEndpoint(host: ChoosingHost, profile: Profile): Promise<void> {
	const title = plain(titleOf(profile));
	const trial = await vscode.window.withProgress(
		{
			location: vscode.ProgressLocation.Notification,
			title: vscode.l10n.t("Testing {0}…", title),
			cancellable: true,
		},
		async (_, token) => {
			const stop = new AbortController();
			token.onCancellationRequested(() => stop.abort());
			const endpoint = await host.endpoints.endpointOf(profile);
			if (!endpoint.ok) return { ms: 0, model: "", failure: endpoint.failure };
			return tryEndpoint(profile, endpoint.value, stop.signal);
		},
	);
	if (trial.failure?.code === "aborted") return;
	const sentence = trialSentence(title, trial);
	const { chosen } = host.endpoints;
	const isUsed = chosen.ok && chosen.value?.name === profile.name;
	const next = isUsed ? vscode.l10n.t("Verify endpoint") : vscode.l10n.t("Use it");
	const pressed = trial.failure
		? await vscode.window.showWarningMessage(sentence)
		: await vscode.window.showInformationMessage(sentence, next);
	if (pressed !== next) return;
	if (isUsed) await vscode.commands.executeCommand("kimiK2.verify");
	else await useProfile(host, profile);
}

/** @param title fit for VS Code's messages */
function trialSentence(title: string, { ms, listed, model, failure }: Trial): string {
	if (failure) return vscode.l10n.t("{0} does not work: {1}", title, plainWords(failure));
	const seconds = numberWords(ms / 1000, 1, 1);
	if (listed === undefined)
		return vscode.l10n.t("{0} works: {1} answered in {2} s. It lists no models.", title, plain(model), seconds);
	return vscode.l10n.t("{0} works: {1} answered in {2} s, models listed: {3}.", title, plain(model), seconds, listed);
}
