import * as vscode from "vscode";
import { nameOf, readProfiles, type StoredProfile, withoutDefaults } from "../model/profile.ts";
import type { Profile } from "../shared/settings.ts";
import { fits, readSettings, writeSetting, writeSettings } from "./settings.ts";

export function storedProfiles(): readonly StoredProfile[] {
	return readProfiles(readSettings().profiles);
}

/** Those that can be used. */
export function usableProfiles(): readonly Profile[] {
	return storedProfiles().flatMap(({ read }) => (read.ok ? [read.value] : []));
}

/** The name in use where no profile has it (deleted by hand): whoever gets it is in use at once. */
export function danglingName(): string | undefined {
	const { profile, profiles } = readSettings();
	return profile === "" || profiles.some((value) => nameOf(value) === profile) ? undefined : profile;
}

/** All names in the settings, also those of wrong profiles, and the one in use. */
export function takenNames(): readonly string[] {
	const names = storedProfiles().map(({ name }) => name);
	const dangling = danglingName();
	return dangling === undefined ? names : [...names, dangling];
}

/** False where the setting holds something else than a list: the person is told, and nothing may be written over it. */
async function isList(): Promise<boolean> {
	if (fits("profiles")) return true;
	const message = vscode.l10n.t("The setting kimiK2.profiles is not a list, so nothing was changed. Correct it first.");
	void vscode.window.showErrorMessage(message);
	await editProfile("");
	return false;
}

/** Adds profiles, or replaces those of the same name: all of them or none. False when the setting must be corrected first. */
export async function putProfiles(profiles: readonly Profile[]): Promise<boolean> {
	if (!(await isList())) return false;
	const left = [...readSettings().profiles];
	for (const profile of profiles) {
		const at = left.findIndex((value) => nameOf(value) === profile.name);
		left.splice(at < 0 ? left.length : at, 1, withoutDefaults(profile));
	}
	await writeSetting("profiles", left);
	return true;
}

/** When it was in use, no endpoint is: the flat settings beneath would be a host that nobody chose now. */
export async function removeProfile(name: string): Promise<void> {
	const { profile: used, profiles } = readSettings();
	const left = profiles.filter((value) => nameOf(value) !== name);
	if (used !== name) await writeSetting("profiles", left);
	else
		await writeSettings([
			["endpoint", ""],
			["profiles", left],
			["profile", ""],
		]);
}

/** The profile stays in use if it was. */
export async function renameProfile(profile: Profile, name: string): Promise<void> {
	const { profile: used, profiles } = readSettings();
	const renamed = withoutDefaults({ ...profile, name });
	await writeSettings([
		["profiles", profiles.map((value) => (nameOf(value) === profile.name ? renamed : value))],
		["profile", used === profile.name ? name : used],
	]);
}

/** Opens settings.json at a profile: VS Code completes and checks it there. */
export async function editProfile(name: string): Promise<void> {
	const revealSetting = { key: "kimiK2.profiles", edit: false };
	await vscode.commands.executeCommand("workbench.action.openSettingsJson", { revealSetting });
	const editor = vscode.window.activeTextEditor;
	const text = editor?.document.getText() ?? "";
	const at = text.indexOf(JSON.stringify(name), text.indexOf('"kimiK2.profiles"'));
	if (!editor || at < 0) return;
	const place = editor.document.positionAt(at + 1);
	editor.selection = new vscode.Selection(place, place);
	editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenter);
}
