import * as vscode from "vscode";
import type { ServerModel } from "../model/list.ts";
import type { ChoosingHost } from "./choose.ts";
import { inWords, plainWords } from "./in-words.ts";
import { plain } from "./plain.ts";

interface ModelItem extends vscode.QuickPickItem {
	readonly id?: string;
}

/** Chooses among the models that the server lists; any other id can be typed. */
export async function pickModel({ endpoints }: ChoosingHost): Promise<boolean> {
	const endpoint = await endpoints.endpoint();
	if (!endpoint.ok) {
		void vscode.window.showErrorMessage(plainWords(endpoint.failure));
		return false;
	}
	const pick = vscode.window.createQuickPick<ModelItem>();
	pick.title = vscode.l10n.t("Model at {0}", plain(endpoint.value.name));
	pick.placeholder = vscode.l10n.t("Search, or type a model id");
	pick.busy = true;
	pick.matchOnDescription = true;
	pick.matchOnDetail = true;
	const stop = new AbortController();
	let listed: readonly ModelItem[] = [];
	const show = () => {
		pick.items = [...listed, ...typedItems(pick.value, listed)];
	};
	pick.onDidChangeValue(show);
	pick.show();
	const chosen = new Promise<string | undefined>((resolve) => {
		pick.onDidAccept(() => resolve(pick.selectedItems[0]?.id ?? (pick.value.trim() || undefined)));
		pick.onDidHide(() => resolve(undefined));
	});
	const listing = endpoints.models(endpoint.value, stop.signal, true).then((models) => {
		if (stop.signal.aborted) return;
		pick.busy = false;
		listed = models.ok
			? modelItems(models.value, endpoints.recentModels, endpoints.modelId)
			: [{ label: `$(warning) ${noList(inWords(models.failure.message))}`, alwaysShow: true }];
		show();
	});
	const id = await chosen;
	stop.abort();
	pick.dispose();
	await listing;
	if (id === undefined) return false;
	await endpoints.setModel(id);
	return true;
}

function noList(why: string): string {
	return vscode.l10n.t("The server gives no list; type a model id. {0}", plain(why));
}

/**
 * What is typed can be taken to the letter, also where it matches ids of the list. It stands in the description, since
 * VS Code would put a label that begins with it before them, and Enter would take it.
 */
function typedItems(typed: string, listed: readonly ModelItem[]): readonly ModelItem[] {
	const id = typed.trim();
	if (id === "" || listed.some((item) => item.id === id)) return [];
	return [{ label: `$(edit) ${vscode.l10n.t("Exactly as typed")}`, description: id, id, alwaysShow: true }];
}

/** Models used last here, then Kimis, which most people look for, then the rest as the server lists them. */
export function modelItems(
	models: readonly ServerModel[],
	recent: readonly string[],
	current: string,
): readonly ModelItem[] {
	const used = recent.flatMap((id) => models.filter((model) => model.id === id));
	const rest = models.filter(({ id }) => !recent.includes(id));
	const groups: readonly (readonly [string, readonly ServerModel[]])[] = [
		[vscode.l10n.t("Used last"), used],
		[vscode.l10n.t("Kimi"), rest.filter(({ id }) => isKimi(id))],
		[vscode.l10n.t("Other models"), rest.filter(({ id }) => !isKimi(id))],
	];
	return groups.flatMap(([label, group]) =>
		group.length === 0
			? []
			: [
					{ label, kind: vscode.QuickPickItemKind.Separator },
					...group.map((model) => modelItem(model, model.id === current)),
				],
	);
}

function isKimi(id: string): boolean {
	return /kimi/i.test(id);
}

function modelItem(model: ServerModel, isCurrent: boolean): ModelItem {
	const { id, name, contextTokens, price, images, reasoning } = model;
	const dollars = (value: number) => `$${Number(value.toPrecision(3))}`;
	const facts = [
		isCurrent ? vscode.l10n.t("current") : "",
		name === undefined || name === id ? "" : plain(name),
		contextTokens ? vscode.l10n.t("{0}k context", Math.round(contextTokens / 1000)) : "",
		price ? vscode.l10n.t("{0} in, {1} out per 1M tokens", dollars(price.input), dollars(price.output)) : "",
		reasoning ? vscode.l10n.t("thinks") : "",
		images ? vscode.l10n.t("sees images") : "",
	];
	return { id, label: plain(id), description: facts.filter(Boolean).join(" · ") };
}
