import * as vscode from "vscode";
import { addressOf } from "../model/profile.ts";
import { readProfileFile, underFreeNames, writeProfileFile } from "../model/profile-file.ts";
import type { Profile } from "../shared/settings.ts";
import { plain } from "./plain.ts";
import { putProfiles, takenNames, usableProfiles } from "./profiles.ts";

const FILE_NAME = "kimi-k2-profiles.json";

/** No list of endpoints comes near this. */
const MAX_BYTES = 1024 * 1024;

function filters(): Record<string, string[]> {
	return { [vscode.l10n.t("Profiles")]: ["json"] };
}

/** Saves all profiles to a file to pass on: without keys, and without headers that look like one. */
export async function exportProfiles(): Promise<void> {
	const profiles = usableProfiles();
	if (profiles.length === 0) {
		void vscode.window.showInformationMessage(vscode.l10n.t("There is no profile to export yet."));
		return;
	}
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	const file = await vscode.window.showSaveDialog({
		filters: filters(),
		...(folder && { defaultUri: vscode.Uri.joinPath(folder, FILE_NAME) }),
	});
	if (!file) return;
	const { text, left } = writeProfileFile(profiles);
	await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
	const done = vscode.l10n.t("Exported {0} profiles, without API keys.", profiles.length);
	const missing = vscode.l10n.t("Also left out, since they look secret: {0}.", plain(left.join(", ")));
	void vscode.window.showInformationMessage(left.length === 0 ? done : `${done} ${missing}`);
}

/** Adds the profiles of a file once the person has seen their names and hosts: all of them or none. */
export async function importProfiles(): Promise<void> {
	const [file] = (await vscode.window.showOpenDialog({ filters: filters(), canSelectMany: false })) ?? [];
	if (!file) return;
	const text = await readFile(file);
	const read = readProfileFile(text);
	if (!read.ok) {
		const nothing = vscode.l10n.t("Nothing was imported.");
		void vscode.window.showErrorMessage(`${nothing} ${plain(read.failure.message)}`);
		return;
	}
	const chosen = await confirm(read.value);
	if (!chosen) return;
	await putProfiles(chosen);
	void vscode.window.showInformationMessage(vscode.l10n.t("Imported {0} profiles.", chosen.length));
}

/** Empty for a file that is no reasonable one: reading it then says what is wrong. */
async function readFile(file: vscode.Uri): Promise<string> {
	try {
		const { size } = await vscode.workspace.fs.stat(file);
		return size > MAX_BYTES ? "" : new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
	} catch {
		return "";
	}
}

/** Shows what would be added; with names that are taken the person chooses what becomes of them. */
async function confirm(profiles: readonly Profile[]): Promise<readonly Profile[] | undefined> {
	const taken = takenNames();
	const clashes = profiles.some(({ name }) => taken.includes(name));
	const rows = profiles.map((profile) => {
		const where = new URL(addressOf(profile) || "demo:").host || profile.preset;
		const known = taken.includes(profile.name) ? ` (${vscode.l10n.t("this name is taken")})` : "";
		return `${plain(profile.name)} → ${plain(where)}${known}`;
	});
	const question = vscode.l10n.t("Add {0} profiles?", profiles.length);
	const [add, rename, replace] = [
		vscode.l10n.t("Add"),
		vscode.l10n.t("Add under new names"),
		vscode.l10n.t("Replace mine"),
	];
	const buttons = clashes ? [rename, replace] : [add];
	const detail = rows.join("\n");
	const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...buttons);
	if (answer === undefined) return undefined;
	return answer === rename ? underFreeNames(profiles, taken) : profiles;
}
