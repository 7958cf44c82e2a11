import * as vscode from "vscode";
import { type Preset, presetOf, presets } from "../model/presets.ts";
import { addressOf, type StoredProfile, titleOf } from "../model/profile.ts";
import type { Profile } from "../shared/settings.ts";
import { addEndpoint, type ChoosingHost, presetKey, profileKey, saveCurrent, usePreset, useProfile } from "./choose.ts";
import type { Discovery } from "./discovery.ts";
import { pickFound } from "./found-picker.ts";
import { plainWords } from "./in-words.ts";
import { deleteProfile, manageProfiles, testProfile } from "./manage.ts";
import { plain } from "./plain.ts";
import { exportProfiles, importProfiles } from "./profile-io.ts";
import { editProfile, storedProfiles } from "./profiles.ts";
import { readSettings } from "./settings.ts";

/** What the picker of endpoints reaches. */
export interface SwitchHost extends ChoosingHost {
	readonly discovery: Discovery;
}

/** A row; what it does says whether another endpoint is in use now. */
export interface SwitchItem extends vscode.QuickPickItem {
	readonly run?: () => Promise<boolean>;
	readonly profile?: StoredProfile;
}

/** Chooses among profiles and presets, most recently used first, and leads to all that can be done with them. */
export async function pickEndpoint(host: SwitchHost): Promise<boolean> {
	const pick = vscode.window.createQuickPick<SwitchItem>();
	pick.title = vscode.l10n.t("Where does Kimi K2 run?");
	pick.placeholder = vscode.l10n.t("Search endpoints and actions");
	pick.matchOnDescription = true;
	pick.matchOnDetail = true;
	pick.items = switchItems(host);
	const picked = await new Promise<(() => Promise<boolean>) | undefined>((resolve) => {
		pick.onDidAccept(() => resolve(pick.selectedItems[0]?.run));
		pick.onDidTriggerItemButton(({ button, item: { profile } }) =>
			resolve(profile && buttonAction(host, button, profile)),
		);
		pick.onDidHide(() => resolve(undefined));
		pick.show();
	});
	pick.dispose();
	return picked ? picked() : false;
}

const edit: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("edit"), tooltip: vscode.l10n.t("Edit") };
const test: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("beaker"), tooltip: vscode.l10n.t("Test") };
const remove: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon("trash"), tooltip: vscode.l10n.t("Delete") };

function buttonAction(
	host: SwitchHost,
	button: vscode.QuickInputButton,
	stored: StoredProfile,
): () => Promise<boolean> {
	const actions = new Map<vscode.QuickInputButton, () => Promise<unknown>>([
		[edit, () => editProfile(stored.name)],
		[test, () => testProfile(host, stored)],
		[remove, () => deleteProfile(stored.name)],
	]);
	return async () => {
		await actions.get(button)?.();
		// A profile that was in use and is gone leaves no endpoint in use: choose another one.
		return button === remove ? pickEndpoint(host) : false;
	};
}

/** The rows of the picker, in their order. */
export function switchItems(host: SwitchHost): readonly SwitchItem[] {
	const { recent } = host.endpoints;
	const profiles = recent.sort(storedProfiles(), ({ name }) => profileKey(name));
	return [
		...section(
			vscode.l10n.t("Profiles"),
			profiles.map((stored) => profileItem(host, stored)),
		),
		...presetSections(host),
		...section(vscode.l10n.t("More"), actionItems(host, profiles.length > 0)),
	];
}

function section(label: string, items: readonly SwitchItem[]): readonly SwitchItem[] {
	return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function profileItem(host: SwitchHost, stored: StoredProfile): SwitchItem {
	const { name, read } = stored;
	const current = readSettings().profile === name ? vscode.l10n.t("current") : "";
	const base = { buttons: [edit, test, remove], profile: stored };
	if (!read.ok) {
		const run = async () => {
			await editProfile(name);
			return false;
		};
		return {
			...base,
			run,
			label: `$(warning) ${plain(name)}`,
			description: current,
			detail: plainWords(read.failure),
		};
	}
	const description = [whereOf(read.value), plain(read.value.model), current].filter(Boolean).join(" · ");
	return { ...base, run: () => useProfile(host, read.value), label: `$(server) ${plain(name)}`, description };
}

/** The host that requests go to; a preset without an address, such as the demo, by its name. */
function whereOf(profile: Profile): string {
	return plain(URL.parse(addressOf(profile))?.host ?? titleOf({ ...profile, name: "" }));
}

function presetSections(host: SwitchHost): readonly SwitchItem[] {
	const { endpoint, baseUrl, profile } = readSettings();
	const used = profile === "" ? endpoint : "";
	const groups: [Preset["group"], string][] = [
		["cloud", vscode.l10n.t("Cloud")],
		["local", vscode.l10n.t("On this machine or your network")],
		["demo", vscode.l10n.t("Try it")],
	];
	// An address without a name is offered while it is in use; to give a new one is an action of its own.
	const offered = presets.filter(({ id }) => id !== "custom" || used === "custom");
	const sorted = host.endpoints.recent.sort(offered, ({ id }) => presetKey(id));
	return groups.flatMap(([group, label]) => {
		const rows = sorted.filter((preset) => preset.group === group);
		const items = rows.map(
			(preset): SwitchItem => ({
				label: preset.id === used ? plain(titleOf({ name: "", preset: used, baseUrl })) : preset.name,
				description: [preset.id === used ? vscode.l10n.t("current") : "", vscode.l10n.t(preset.about)]
					.filter(Boolean)
					.join(" · "),
				run: () => usePreset(host, preset.id),
			}),
		);
		return section(label, items);
	});
}

function actionItems(host: SwitchHost, hasProfiles: boolean): readonly SwitchItem[] {
	const stay = (work: () => Promise<unknown>) => async () => {
		await work();
		return false;
	};
	const { chosen } = host.endpoints;
	const isChosen = chosen.ok && chosen.value !== undefined;
	const all: readonly (SwitchItem & { readonly when: boolean })[] = [
		{
			when: true,
			label: `$(add) ${vscode.l10n.t("Add endpoint…")}`,
			description: vscode.l10n.t(presetOf("custom").about),
			run: () => addEndpoint(host),
		},
		{
			when: isChosen,
			label: `$(save) ${vscode.l10n.t("Save current as profile…")}`,
			run: () => saveCurrent(host),
		},
		{
			when: hasProfiles,
			label: `$(gear) ${vscode.l10n.t("Manage profiles…")}`,
			description: vscode.l10n.t("Test, edit, rename, duplicate, delete"),
			run: () => manageProfiles(host, () => pickEndpoint(host)),
		},
		{
			when: true,
			label: `$(search) ${vscode.l10n.t("Look for servers on this machine")}`,
			run: () => pickFound(host),
		},
		{ when: true, label: `$(cloud-download) ${vscode.l10n.t("Import profiles…")}`, run: stay(importProfiles) },
		{ when: hasProfiles, label: `$(export) ${vscode.l10n.t("Export profiles…")}`, run: stay(exportProfiles) },
	];
	return all.filter(({ when }) => when).map(({ when: _, ...item }) => item);
}
