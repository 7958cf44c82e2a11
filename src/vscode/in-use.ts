import * as vscode from "vscode";
import { originOf } from "../model/endpoint.ts";
import { presetOf } from "../model/presets.ts";
import { addressOf, titleOf } from "../model/profile.ts";
import { askBaseUrl, askKey } from "./ask.ts";
import { testEndpoint } from "./endpoint-test.ts";
import { plain } from "./plain.ts";
import { editProfile, putProfiles } from "./profiles.ts";
import { readSettings, writeSetting } from "./settings.ts";
import { pickEndpoint, type SwitchHost } from "./switch-picker.ts";

/** Asks for a new key for the endpoint in use. */
export async function setKey(host: SwitchHost): Promise<boolean> {
	const { chosen } = host.endpoints;
	if (!chosen.ok || !chosen.value || presetOf(chosen.value.preset).key === "none") return pickEndpoint(host);
	const address = addressOf(chosen.value);
	const key = await askKey({ ...presetOf(chosen.value.preset), name: titleOf(chosen.value) }, address);
	if (key === undefined) return false;
	if (key === "") await host.keys.remove(address);
	else await host.keys.set(address, key);
	return true;
}

export async function removeKey(host: SwitchHost): Promise<void> {
	const { chosen } = host.endpoints;
	const address = chosen.ok && chosen.value ? addressOf(chosen.value) : "";
	if (address === "") return;
	await host.keys.remove(address);
	void vscode.window.showInformationMessage(vscode.l10n.t("The key for {0} is removed.", originOf(address)));
}

/** Tries the endpoint in use. */
export async function testInUse(host: SwitchHost): Promise<void> {
	const { chosen } = host.endpoints;
	if (!chosen.ok) void vscode.window.showErrorMessage(plain(chosen.failure.message));
	else if (chosen.value) await testEndpoint(host, { ...chosen.value, model: host.endpoints.modelId });
	else await pickEndpoint(host);
}

/** Changes the address of the endpoint in use; a profile that is wrong is opened in the settings. */
export async function editUrl(host: SwitchHost): Promise<boolean> {
	const { chosen } = host.endpoints;
	if (!chosen.ok) {
		void vscode.window.showErrorMessage(plain(chosen.failure.message));
		await editProfile(readSettings().profile);
		return false;
	}
	const { value } = chosen;
	if (!value || value.preset === "demo") return pickEndpoint(host);
	const typed = await askBaseUrl(addressOf(value));
	if (typed === undefined) return false;
	const baseUrl = typed === presetOf(value.preset).baseUrl ? "" : typed;
	if (value.name === "") await writeSetting("baseUrl", baseUrl);
	else await putProfiles([{ ...value, baseUrl }]);
	return true;
}
