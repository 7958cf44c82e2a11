import * as vscode from "vscode";
import { freeName, type StoredProfile } from "../model/profile.ts";
import { askName } from "./ask.ts";
import { type ChoosingHost, useProfile } from "./choose.ts";
import { testEndpoint } from "./endpoint-test.ts";
import { plainWords } from "./in-words.ts";
import { plain } from "./plain.ts";
import { editProfile, putProfiles, removeProfile, renameProfile, storedProfiles, takenNames } from "./profiles.ts";
import { readSettings } from "./settings.ts";

type Action = vscode.QuickPickItem & { readonly run: () => Promise<unknown> };

/**
 * Everything that can be done with a profile, by keyboard. True when another endpoint is in use now.
 * @param choose asks for one when none is in use any more
 */
export async function manageProfiles(host: ChoosingHost, choose: () => Promise<boolean>): Promise<boolean> {
	const rows = storedProfiles().map((stored) => ({ label: plain(stored.name), stored }));
	const row = await vscode.window.showQuickPick(rows, { title: vscode.l10n.t("Which profile?") });
	if (!row) return false;
	const action = await vscode.window.showQuickPick(actionsOf(host, row.stored, choose), { title: row.label });
	return (await action?.run()) === true;
}

function actionsOf(host: ChoosingHost, stored: StoredProfile, choose: () => Promise<boolean>): readonly Action[] {
	const { name, read } = stored;
	const always: readonly Action[] = [
		{ label: `$(edit) ${vscode.l10n.t("Edit in settings.json")}`, run: () => editProfile(name) },
		{ label: `$(trash) ${vscode.l10n.t("Delete")}`, run: async () => (await deleteProfile(name)) && choose() },
	];
	if (!read.ok) return always;
	const profile = read.value;
	return [
		{ label: `$(check) ${vscode.l10n.t("Use")}`, run: () => useProfile(host, profile) },
		{ label: `$(beaker) ${vscode.l10n.t("Test")}`, run: () => testEndpoint(host, profile) },
		{
			label: `$(pencil) ${vscode.l10n.t("Rename…")}`,
			run: async () => {
				const named = await askName(name, name);
				if (named !== undefined) await renameProfile(profile, named);
			},
		},
		{
			label: `$(copy) ${vscode.l10n.t("Duplicate…")}`,
			run: async () => {
				const named = await askName(freeName(name, takenNames()));
				if (named !== undefined) await putProfiles([{ ...profile, name: named }]);
			},
		},
		...always,
	];
}

/** Tries a profile; one that is wrong says so at once. */
export async function testProfile(host: ChoosingHost, { read }: StoredProfile): Promise<void> {
	if (read.ok) await testEndpoint(host, read.value);
	else void vscode.window.showErrorMessage(plainWords(read.failure));
}

/** Deletes a profile once the person agreed. True when it was in use: no endpoint is, then. */
export async function deleteProfile(name: string): Promise<boolean> {
	if (storedProfiles().filter((each) => each.name === name).length > 1) {
		const message = vscode.l10n.t("There are several profiles named “{0}”. Delete the wrong one here.", plain(name));
		void vscode.window.showErrorMessage(message);
		await editProfile(name);
		return false;
	}
	const isUsed = readSettings().profile === name;
	const yes = vscode.l10n.t("Delete");
	const question = vscode.l10n.t("Delete the profile {0}?", plain(name));
	const keyStays = vscode.l10n.t("Its API key stays in the secret storage for other profiles of the same server.");
	const used = vscode.l10n.t("It is in use: without it no endpoint is, until you choose another one.");
	const detail = isUsed ? `${used} ${keyStays}` : keyStays;
	const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, yes);
	if (answer !== yes) return false;
	await removeProfile(name);
	return isUsed;
}
