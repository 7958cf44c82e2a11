import * as vscode from "vscode";
import type { Result } from "../agent/ports.ts";
import { nameOf, readProfile, withoutDefaults } from "../model/profile.ts";
import type { Profile } from "../shared/settings.ts";
import { readSettings, writeSetting } from "./settings.ts";

/** A profile as it stands in the settings: one that is wrong is shown with the reason, not dropped. */
export interface StoredProfile {
	readonly name: string;
	readonly read: Result<Profile>;
}

export function storedProfiles(): readonly StoredProfile[] {
	return readSettings().profiles.map((value) => ({ name: nameOf(value), read: readProfile(value) }));
}

/** Those that can be used. */
export function usableProfiles(): readonly Profile[] {
	return storedProfiles().flatMap(({ read }) => (read.ok ? [read.value] : []));
}

/** All names in the settings, also those of wrong profiles. */
export function takenNames(): readonly string[] {
	return storedProfiles().map(({ name }) => name);
}

/** Adds profiles, or replaces those of the same name; all of them or, when the settings can't be written, none. */
export async function putProfiles(profiles: readonly Profile[]): Promise<void> {
	const left = [...readSettings().profiles];
	for (const profile of profiles) {
		const at = left.findIndex((value) => nameOf(value) === profile.name);
		left.splice(at < 0 ? left.length : at, 1, withoutDefaults(profile));
	}
	await writeSetting("profiles", left);
}

export async function removeProfile(name: string): Promise<void> {
	await writeSetting(
		"profiles",
		readSettings().profiles.filter((value) => nameOf(value) !== name),
	);
}

/** The profile stays in use if it was. */
export async function renameProfile(profile: Profile, name: string): Promise<void> {
	const { profile: used, profiles } = readSettings();
	const renamed = withoutDefaults({ ...profile, name });
	await writeSetting(
		"profiles",
		profiles.map((value) => (nameOf(value) === profile.name ? renamed : value)),
	);
	if (used === profile.name) await writeSetting("profile", name);
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
