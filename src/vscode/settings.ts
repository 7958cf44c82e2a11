import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { Settings } from "../shared/settings.ts";

const SECTION = "kimiK2";

/**
 * The person's own settings. Workspace values are ignored even where VS Code would hand them over: a repository must
 * not choose the endpoint or widen approvals. A value that does not fit falls back to its default.
 */
export function readSettings(): Settings {
	const config = vscode.workspace.getConfiguration(SECTION);
	const fields = Object.entries(Settings.shape).map(([key, field]) => {
		const parsed = field.safeParse(config.inspect(key)?.globalValue);
		return [key, parsed.success ? parsed.data : field.parse(undefined)];
	});
	return Settings.parse(Object.fromEntries(fields));
}

/** Writes to the person's user settings. */
export async function writeSetting<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void> {
	await vscode.workspace.getConfiguration(SECTION).update(key, value, vscode.ConfigurationTarget.Global);
}

/** Fires when any setting of ours changed. */
export function onSettingsChanged(listener: () => void): vscode.Disposable {
	return vscode.workspace.onDidChangeConfiguration((event) => {
		if (event.affectsConfiguration(SECTION)) listener();
	});
}

/**
 * Names of our settings that the workspace folder tries to set. They have no effect: VS Code itself drops them for
 * their scope, without a word, so the file is read to tell the person.
 */
export async function ignoredWorkspaceSettings(root: string | undefined): Promise<readonly string[]> {
	if (root === undefined) return [];
	const text = await readFile(join(root, ".vscode", "settings.json"), "utf8").catch(() => "");
	const names = [...text.matchAll(/"(kimiK2\.\w+)"\s*:/g)].map((match) => match[1] ?? "");
	return [...new Set(names)];
}
