import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import { choosingSettings } from "../model/profile.ts";
import { Settings } from "../shared/settings.ts";

const SECTION = "kimiK2";

/** As they were read last; every change of what the view shows looks at them several times. */
let known: Settings | undefined;

// With the first line of this module, so that no other listener reads what is over.
vscode.workspace.onDidChangeConfiguration((event) => {
	if (event.affectsConfiguration(SECTION)) known = undefined;
});

/**
 * The person's own settings. Workspace values are ignored even where VS Code would hand them over: a repository must
 * not choose the endpoint or widen approvals. A value that does not fit falls back to its default.
 */
export function readSettings(): Settings {
	known ??= readAll();
	return known;
}

function readAll(): Settings {
	const config = vscode.workspace.getConfiguration(SECTION);
	const fields = Object.entries(Settings.shape).map(([key, field]) => {
		const parsed = field.safeParse(ownValue(config, key));
		return [key, parsed.success ? parsed.data : field.parse(undefined)];
	});
	return Settings.parse(Object.fromEntries(fields));
}

/** Whether a setting's own value is one, not something else for which its default stands in. */
export function fits(key: keyof Settings): boolean {
	return Settings.shape[key].safeParse(ownValue(vscode.workspace.getConfiguration(SECTION), key)).success;
}

/** What VS Code tells of a setting beyond its documented API (`ExtHostConfiguration.inspect`, from 1.104 to today). */
interface Inspected {
	readonly globalValue?: unknown;
	/** From the settings of this person alone. */
	readonly globalLocalValue?: unknown;
	/** From those of the machine that VS Code is connected to: a repository's `devcontainer.json` fills them. */
	readonly globalRemoteValue?: unknown;
}

/**
 * From the person's own settings and from no others. VS Code itself keeps the flat names out of workspaces and remote
 * machines for their scope, but some versions (1.104) let `"kimiK2": { "mode": … }` through: they look up the scope of
 * the names at the top of a file only.
 */
function ownValue(config: vscode.WorkspaceConfiguration, key: string): unknown {
	const { globalValue, globalLocalValue, globalRemoteValue }: Inspected = config.inspect(key) ?? {};
	return globalRemoteValue === undefined ? globalValue : globalLocalValue;
}

/** Writes to the person's user settings. */
export async function writeSetting<K extends keyof Settings>(key: K, value: Settings[K]): Promise<void> {
	await vscode.workspace.getConfiguration(SECTION).update(key, value, vscode.ConfigurationTarget.Global);
}

type Entry = { readonly [K in keyof Settings]: readonly [key: K, value: Settings[K]] }[keyof Settings];

let writing = 0;
const written = new vscode.EventEmitter<void>();

/**
 * Writes several settings, one after the other, as one change: this window hears of them once, after the last one or
 * after the one that can't be written. Other windows see every step: their order must not name a host that nobody chose.
 */
export async function writeSettings(entries: readonly Entry[]): Promise<void> {
	writing++;
	try {
		for (const [key, value] of entries) await writeSetting(key, value);
	} finally {
		writing--;
		written.fire();
	}
}

/** Fires when settings of ours changed; `choosing`: also those that choose the endpoint. */
export function onSettingsChanged(listener: (choosing: boolean) => void): vscode.Disposable {
	let untold: boolean | undefined;
	const tell = () => {
		if (writing > 0 || untold === undefined) return;
		const choosing = untold;
		untold = undefined;
		listener(choosing);
	};
	return vscode.Disposable.from(
		written.event(tell),
		vscode.workspace.onDidChangeConfiguration((event) => {
			if (!event.affectsConfiguration(SECTION)) return;
			untold ||= choosingSettings.some((key) => event.affectsConfiguration(`${SECTION}.${key}`));
			tell();
		}),
	);
}

/**
 * Names of our settings that the workspace tries to set. They have no effect: VS Code itself drops most of them for
 * their scope, without a word, so the files are read to tell the person.
 */
export async function ignoredWorkspaceSettings(): Promise<readonly string[]> {
	const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
	const folders = workspaceFolders.map(({ uri }) => vscode.Uri.joinPath(uri, ".vscode", "settings.json"));
	const files = [...(workspaceFile ? [workspaceFile] : []), ...folders].filter(({ scheme }) => scheme === "file");
	const texts = await Promise.all(files.map(({ fsPath }) => readFile(fsPath, "utf8").catch(() => "")));
	return [...new Set(texts.flatMap(ourNames))];
}

/** No others: the person reads them on a notice of ours. */
const settingNames = [SECTION, ...Object.keys(Settings.shape).map((key) => `${SECTION}.${key}`)];

/** A text, or a comment, in JSON as VS Code takes it; one that does not end goes to the end, in one step. */
const TEXT_OR_COMMENT = /("(?:\\[\s\S]|[^"\\])*(?:"|$))|\/\/.*|\/\*[\s\S]*?(?:\*\/|$)/g;
const NAME = /("(?:\\[\s\S]|[^"\\])*(?:"|$))(\s*:)?/g;

function ourNames(json: string): readonly string[] {
	const bare = json.replace(TEXT_OR_COMMENT, (_, text: string | undefined) => text ?? " ");
	const names = [...bare.matchAll(NAME)].map(([, text = "", colon]) => (colon === undefined ? "" : nameIn(text)));
	return names.filter((name) => settingNames.includes(name));
}

function nameIn(quoted: string): string {
	try {
		return String(JSON.parse(quoted));
	} catch {
		return "";
	}
}
