import * as vscode from "vscode";
import { addressOf } from "../model/profile.ts";
import { readProfileFile, underFreeNames, writeProfileFile } from "../model/profile-file.ts";
import type { Profile } from "../shared/settings.ts";
import { plainWords } from "./in-words.ts";
import { plain } from "./plain.ts";
import { danglingName, putProfiles, storedProfiles, takenNames } from "./profiles.ts";
import { readSettings } from "./settings.ts";

const FILE_NAME = "kimi-k2-profiles.json";

/** No list of endpoints comes near this. */
const MAX_BYTES = 1024 * 1024;

function filters(): Record<string, string[]> {
	return { [vscode.l10n.t("Profiles")]: ["json"] };
}

/** Saves the profiles that can be used to a file to pass on: without keys, and without what looks like one. */
export async function exportProfiles(): Promise<void> {
	const stored = storedProfiles();
	const profiles = stored.flatMap(({ read }) => (read.ok ? [read.value] : []));
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
	const wrong = stored.flatMap(({ name, read }) => (read.ok ? [] : [name]));
	const broken = vscode.l10n.t("Not exported, since they can't be used: {0}.", plain(wrong.join(", ")));
	const sentences = [done, ...(left.length > 0 ? [missing] : []), ...(wrong.length > 0 ? [broken] : [])];
	void vscode.window.showInformationMessage(sentences.join(" "));
}

/** Adds the profiles of a file once the person has seen their names and hosts: all of them or none. */
export async function importProfiles(): Promise<void> {
	const [file] = (await vscode.window.showOpenDialog({ filters: filters(), canSelectMany: false })) ?? [];
	if (!file) return;
	const text = await readFile(file);
	const read = readProfileFile(text);
	if (!read.ok) {
		const nothing = vscode.l10n.t("Nothing was imported.");
		void vscode.window.showErrorMessage(`${nothing} ${plainWords(read.failure)}`);
		return;
	}
	const chosen = await confirm(read.value);
	if (!chosen) return;
	if (!(await putProfiles(chosen))) return;
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
async function confirm(read: readonly Profile[]): Promise<readonly Profile[] | undefined> {
	// The name in use whose profile is gone: whoever had it would be in use unasked.
	const profiles = underFreeNames(read, [danglingName() ?? ""]);
	const taken = takenNames();
	const { profile: used } = readSettings();
	const clashes = profiles.some(({ name }) => taken.includes(name));
	const rows = profiles.map((profile) => {
		const where = new URL(addressOf(profile) || "demo:").host || profile.preset;
		const note = profile.name === used ? vscode.l10n.t("this one is in use") : vscode.l10n.t("this name is taken");
		const known = taken.includes(profile.name) ? ` (${note})` : "";
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
