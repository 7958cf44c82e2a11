import * as vscode from "vscode";
import { checkBaseUrl, originOf } from "../model/endpoint.ts";
import { type Preset, presetOf, presets } from "../model/presets.ts";
import type { Mode } from "../shared/event.ts";
import type { PresetId } from "../shared/settings.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Keys } from "./keys.ts";
import { plain } from "./plain.ts";
import { readSettings, writeSetting } from "./settings.ts";

/** What the pickers change. */
export interface PickerHost {
	readonly endpoints: Endpoints;
	readonly keys: Keys;
}

type Item<T> = vscode.QuickPickItem & { value?: T };

/** Chooses among all presets, then asks for what that one needs. False when the person left. */
export async function pickEndpoint(host: PickerHost): Promise<boolean> {
	const { endpoint } = readSettings();
	const groups: [Preset["group"], string][] = [
		["cloud", vscode.l10n.t("Cloud")],
		["local", vscode.l10n.t("On this machine or your network")],
		["demo", vscode.l10n.t("Try it")],
	];
	const items = groups.flatMap(([group, label]): Item<Preset>[] => [
		{ label, kind: vscode.QuickPickItemKind.Separator },
		...presets
			.filter((preset) => preset.group === group)
			.map((preset) => ({
				label: preset.name,
				description: preset.id === endpoint ? vscode.l10n.t("current") : "",
				detail: vscode.l10n.t(preset.about),
				value: preset,
			})),
	]);
	const title = vscode.l10n.t("Where does Kimi K2 run?");
	const picked = await vscode.window.showQuickPick(items, { title, matchOnDetail: true });
	return picked?.value ? usePreset(host, picked.value.id) : false;
}

/** Makes a preset the endpoint: asks for an address and a key where it needs them. Nothing changes if the person leaves. */
export async function usePreset(host: PickerHost, id: PresetId): Promise<boolean> {
	const preset = presetOf(id);
	const settings = readSettings();
	let baseUrl = "";
	if (preset.id === "custom") {
		const asked = await askBaseUrl(settings.endpoint === "custom" ? settings.baseUrl : "");
		if (asked === undefined) return false;
		baseUrl = asked;
	}
	const address = baseUrl || preset.baseUrl;
	const asksKey = preset.key === "required" || preset.id === "custom";
	if (asksKey && (await host.keys.find(preset, address)) === undefined) {
		const key = await askKey(preset, address);
		if (key === undefined) return false;
		if (key !== "") await host.keys.set(address, key);
	}
	await writeSetting("baseUrl", baseUrl);
	// A model id means nothing at another server; the one last used there comes back by itself.
	await writeSetting("model", "");
	await writeSetting("endpoint", preset.id);
	return true;
}

function askBaseUrl(value: string): Thenable<string | undefined> {
	return vscode.window
		.showInputBox({
			title: vscode.l10n.t("Address of the server"),
			prompt: vscode.l10n.t("The base URL of its OpenAI-compatible API; it usually ends in /v1"),
			placeHolder: "http://localhost:8000/v1",
			value,
			ignoreFocusOut: true,
			validateInput: (text) => {
				const checked = checkBaseUrl(text);
				return checked.ok ? undefined : checked.failure.message;
			},
		})
		.then((text) => {
			const checked = text === undefined ? undefined : checkBaseUrl(text);
			return checked?.ok ? checked.value : undefined;
		});
}

function askKey(preset: Preset, address: string): Thenable<string | undefined> {
	const optional = preset.key !== "required";
	const where = preset.keyUrl ? vscode.l10n.t("Get one at {0}.", preset.keyUrl) : "";
	const stays = vscode.l10n.t("Stored in VS Code's secret storage and sent to {0} only.", originOf(address));
	return vscode.window.showInputBox({
		title: vscode.l10n.t("API key for {0}", preset.name),
		prompt: `${where} ${stays}`.trim(),
		placeHolder: optional ? vscode.l10n.t("Leave empty if the server needs none") : "",
		password: true,
		ignoreFocusOut: true,
		validateInput: (text) => {
			if (/\s/.test(text.trim())) return vscode.l10n.t("A key has no spaces.");
			return optional || text.trim() !== "" ? undefined : vscode.l10n.t("Paste the key, or press Escape to leave.");
		},
	});
}

/** Asks for a new key for the endpoint in use. */
export async function setKey(host: PickerHost): Promise<boolean> {
	const { preset } = host.endpoints;
	if (!preset || preset.key === "none") return pickEndpoint(host);
	const address = readSettings().baseUrl || preset.baseUrl;
	const key = await askKey(preset, address);
	if (key === undefined) return false;
	if (key.trim() === "") await host.keys.remove(address);
	else await host.keys.set(address, key.trim());
	return true;
}

export async function removeKey(host: PickerHost): Promise<void> {
	const { preset } = host.endpoints;
	const address = readSettings().baseUrl || preset?.baseUrl;
	if (!address) return;
	await host.keys.remove(address);
	void vscode.window.showInformationMessage(vscode.l10n.t("The key for {0} is removed.", originOf(address)));
}

/** Changes the address of the endpoint in use. */
export async function editUrl(host: PickerHost): Promise<boolean> {
	const { preset } = host.endpoints;
	if (!preset || preset.id === "demo") return pickEndpoint(host);
	const baseUrl = await askBaseUrl(readSettings().baseUrl || preset.baseUrl);
	if (baseUrl === undefined) return false;
	await writeSetting("baseUrl", baseUrl === preset.baseUrl ? "" : baseUrl);
	return true;
}

/** Chooses among the models that the server lists; any other id can be typed. */
export async function pickModel({ endpoints }: PickerHost): Promise<boolean> {
	const endpoint = await endpoints.endpoint();
	if (!endpoint.ok) {
		void vscode.window.showErrorMessage(plain(endpoint.failure.message));
		return false;
	}
	const pick = vscode.window.createQuickPick<Item<string>>();
	pick.title = vscode.l10n.t("Model at {0}", endpoint.value.name);
	pick.placeholder = vscode.l10n.t("Search, or type a model id");
	pick.busy = true;
	pick.matchOnDescription = true;
	const stop = new AbortController();
	pick.show();
	const chosen = new Promise<string | undefined>((resolve) => {
		pick.onDidAccept(() => resolve(pick.selectedItems[0]?.value ?? (pick.value.trim() || undefined)));
		pick.onDidHide(() => resolve(undefined));
	});
	const listing = endpoints.models(endpoint.value, stop.signal, true).then((models) => {
		if (stop.signal.aborted) return;
		pick.busy = false;
		if (!models.ok) {
			pick.items = [{ label: vscode.l10n.t("No list: {0}", models.failure.message), alwaysShow: true }];
			return;
		}
		const items = models.value.map((model): Item<string> => {
			const size = model.contextTokens ? vscode.l10n.t("{0}k context", Math.round(model.contextTokens / 1000)) : "";
			const current = model.id === endpoints.modelId ? vscode.l10n.t("current") : "";
			const description = [model.name === model.id ? "" : model.name, size, current].filter(Boolean).join(" · ");
			return { label: model.id, description, value: model.id };
		});
		// A Kimi is what most people look for here.
		pick.items = items.sort((a, b) => Number(/kimi/i.test(b.label)) - Number(/kimi/i.test(a.label)));
	});
	const id = await chosen;
	stop.abort();
	pick.dispose();
	await listing;
	if (id === undefined) return false;
	await writeSetting("model", id);
	await endpoints.remember(id);
	return true;
}

export async function pickMode(): Promise<void> {
	const { mode } = readSettings();
	const item = (value: Mode, label: string, detail: string): Item<Mode> => ({
		label,
		detail,
		value,
		description: value === mode ? vscode.l10n.t("current") : "",
	});
	const items = [
		item("ask", vscode.l10n.t("Ask"), vscode.l10n.t("Reads run; every edit and every command asks first.")),
		item("edits", vscode.l10n.t("Accept edits"), vscode.l10n.t("Edits are written at once; commands ask.")),
		item("trusted", vscode.l10n.t("Trusted"), vscode.l10n.t("Edits and commands run unasked.")),
		item("plan", vscode.l10n.t("Plan"), vscode.l10n.t("Reads only: nothing is changed or run.")),
	];
	const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("How much may Kimi K2 do unasked?") });
	if (picked?.value) await writeSetting("mode", picked.value);
}
