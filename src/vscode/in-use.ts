import * as vscode from "vscode";
import { checkBaseUrl, keyVariable, originOf } from "../model/endpoint.ts";
import { presetOf } from "../model/presets.ts";
import { addressOf } from "../model/profile.ts";
import { askBaseUrl, askKey } from "./ask.ts";
import { testEndpoint } from "./endpoint-test.ts";
import { plainWords } from "./in-words.ts";
import { editProfile, putProfiles } from "./profiles.ts";
import { readSettings, writeSetting } from "./settings.ts";
import { pickEndpoint, type SwitchHost } from "./switch-picker.ts";

/** Asks for a new key for the endpoint in use; where its address is none, there is no server to keep a key for. */
export async function setKey(host: SwitchHost): Promise<boolean> {
	const { chosen } = host.endpoints;
	if (!chosen.ok || !chosen.value || presetOf(chosen.value.preset).key === "none") return pickEndpoint(host);
	const address = addressOf(chosen.value);
	if (!checkBaseUrl(address).ok) return editUrl(host);
	const key = await askKey(chosen.value);
	if (key === undefined) return false;
	if (key === "") await host.keys.remove(address);
	else await host.keys.set(address, key);
	return true;
}

export async function removeKey(host: SwitchHost): Promise<void> {
	const { chosen } = host.endpoints;
	if (!chosen.ok || !chosen.value) return;
	const address = addressOf(chosen.value);
	const origin = originOf(address);
	if (origin === "") return;
	await host.keys.remove(address);
	const variable = keyVariable(presetOf(chosen.value.preset), address, process.env);
	const removed = vscode.l10n.t("The key for {0} is removed from the secret storage.", origin);
	const still = variable && vscode.l10n.t("The one in the environment variable {0} is still sent there.", variable);
	void vscode.window.showInformationMessage(still ? `${removed} ${still}` : removed);
}

/** Tries the endpoint in use. */
export async function testInUse(host: SwitchHost): Promise<void> {
	const { chosen } = host.endpoints;
	if (!chosen.ok) void vscode.window.showErrorMessage(plainWords(chosen.failure));
	else if (chosen.value) await testEndpoint(host, { ...chosen.value, model: host.endpoints.modelId });
	else await pickEndpoint(host);
}

/** Changes the address of the endpoint in use; a profile that is wrong is opened in the settings. */
export async function editUrl(host: SwitchHost): Promise<boolean> {
	const { chosen } = host.endpoints;
	if (!chosen.ok) {
		void vscode.window.showErrorMessage(plainWords(chosen.failure));
		await editProfile(readSettings().profile);
		return false;
	}
	const { value } = chosen;
	if (!value || value.preset === "demo") return pickEndpoint(host);
	const typed = await askBaseUrl(addressOf(value));
	if (typed === undefined) return false;
	const baseUrl = typed === presetOf(value.preset).baseUrl ? "" : typed;
	if (value.name === "") await writeSetting("baseUrl", baseUrl);
	else return putProfiles([{ ...value, baseUrl }]);
	return true;
}
