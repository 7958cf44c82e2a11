import * as vscode from "vscode";
import { resolveCapabilities } from "../model/capabilities.ts";
import { checkBaseUrl } from "../model/endpoint.ts";
import type { Learned } from "../model/facts.ts";
import { factsReport, type LearnedModel } from "../model/facts-report.ts";
import { presets } from "../model/presets.ts";
import { addressOf } from "../model/profile.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Facts } from "./facts.ts";
import { plain } from "./plain.ts";
import { usableProfiles } from "./profiles.ts";

interface LearnedHost {
	readonly facts: Facts;
	readonly endpoints: Endpoints;
}

const SCHEME = "kimi-k2-learned";

/** Serves the page about what was learned; an open one follows. */
export function serveLearned({ facts, endpoints }: LearnedHost): vscode.Disposable {
	const changed = new vscode.EventEmitter<vscode.Uri>();
	return vscode.Disposable.from(
		changed,
		facts.onChanged(() => changed.fire(page())),
		vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
			onDidChange: changed.event,
			provideTextDocumentContent: () => factsReport(facts.all().map((learned) => withCapabilities(learned, endpoints))),
		}),
	);
}

function page(): vscode.Uri {
	return vscode.Uri.from({ scheme: SCHEME, path: `/${vscode.l10n.t("Learned of endpoints")}.md` });
}

export async function showLearned(): Promise<void> {
	const document = await vscode.workspace.openTextDocument(page());
	await vscode.commands.executeCommand("markdown.showPreview", document.uri);
}

/** Lets the person choose what to forget. */
export async function forgetLearned({ facts }: LearnedHost): Promise<void> {
	const learned = facts.all();
	if (learned.length === 0) {
		void vscode.window.showInformationMessage(vscode.l10n.t("Nothing was learned of any endpoint yet."));
		return;
	}
	const items: readonly (vscode.QuickPickItem & { readonly key?: string })[] = [
		...learned.map(({ key, model, baseUrl }) => ({ key, label: plain(model), description: plain(baseUrl) })),
		{ label: vscode.l10n.t("All of it"), description: vscode.l10n.t("Every model at every endpoint") },
	];
	const placeHolder = vscode.l10n.t("What to forget: it is learned anew where it still holds");
	const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
	if (picked) facts.forget(picked.key);
}

/** As the endpoint is set up now: as a profile, as the flat settings have it, or no more at all. */
function withCapabilities({ baseUrl, facts, model }: Learned, endpoints: Endpoints): LearnedModel {
	const { chosen } = endpoints;
	const profiles = [...(chosen.ok && chosen.value ? [chosen.value] : []), ...usableProfiles()];
	const profile = profiles.find((each) => addressFor(each) === baseUrl);
	const preset = profile?.preset ?? presets.find((each) => each.baseUrl === baseUrl)?.id ?? "custom";
	const server = endpoints.listed(baseUrl).find(({ id }) => id === model);
	const capabilities = resolveCapabilities({ endpoint: { baseUrl, preset }, model, server, facts, wishes: profile });
	return { baseUrl, model, facts, capabilities };
}

function addressFor(profile: Parameters<typeof addressOf>[0]): string {
	const checked = checkBaseUrl(addressOf(profile));
	return checked.ok ? checked.value : "";
}
