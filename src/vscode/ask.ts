import * as vscode from "vscode";
import { checkBaseUrl, originOf } from "../model/endpoint.ts";
import { addressOf, presetAt } from "../model/profile.ts";
import type { Profile } from "../shared/settings.ts";
import { inWords } from "./in-words.ts";
import { plain } from "./plain.ts";
import { takenNames } from "./profiles.ts";

/** Asks for the address of a server; as `checkBaseUrl` returns it. */
export async function askBaseUrl(value: string): Promise<string | undefined> {
	const text = await vscode.window.showInputBox({
		title: vscode.l10n.t("Address of the server"),
		prompt: vscode.l10n.t("The base URL of its OpenAI-compatible API; it usually ends in /v1"),
		placeHolder: "http://localhost:8000/v1",
		value,
		ignoreFocusOut: true,
		validateInput: (typed) => {
			const checked = checkBaseUrl(typed);
			return checked.ok ? undefined : inWords(checked.failure.message);
		},
	});
	const checked = text === undefined ? undefined : checkBaseUrl(text);
	return checked?.ok ? checked.value : undefined;
}

/**
 * Asks for a key. Empty: the server needs none. Whose key it is, the address says and nothing else: a profile may have
 * any name.
 */
export async function askKey(profile: Pick<Profile, "preset" | "baseUrl">): Promise<string | undefined> {
	const preset = presetAt(profile);
	const optional = preset.key !== "required";
	const where = preset.keyUrl ? vscode.l10n.t("Get one at {0}.", preset.keyUrl) : "";
	const stays = vscode.l10n.t("Stored in VS Code's secret storage and sent to {0} only.", originOf(addressOf(profile)));
	const key = await vscode.window.showInputBox({
		title: vscode.l10n.t("API key for {0}", plain(preset.name)),
		prompt: `${where} ${stays}`.trim(),
		placeHolder: optional ? vscode.l10n.t("Leave empty if the server needs none") : "",
		password: true,
		ignoreFocusOut: true,
		validateInput: (text) => {
			if (/\s/.test(text.trim())) return vscode.l10n.t("A key has no spaces.");
			return optional || text.trim() !== "" ? undefined : vscode.l10n.t("Paste the key, or press Escape to leave.");
		},
	});
	return key?.trim();
}

/** Asks for the name of a profile: one that is free, or the `own` one. */
export async function askName(value: string, own?: string): Promise<string | undefined> {
	const name = await vscode.window.showInputBox({
		title: vscode.l10n.t("Name of the profile"),
		prompt: vscode.l10n.t("How the endpoint is called in pickers and in the header"),
		value,
		ignoreFocusOut: true,
		validateInput: (text) => {
			if (text.trim() === "") return vscode.l10n.t("A profile needs a name.");
			const isTaken = text.trim() !== own && takenNames().includes(text.trim());
			return isTaken ? vscode.l10n.t("This name is taken.") : undefined;
		},
	});
	return name?.trim();
}
