import { basename } from "node:path";
import * as vscode from "vscode";
import { shown } from "../plain.ts";
import { otherTools } from "./other-tools.ts";
import { manageServer, pickOtherTools, startOrAsk } from "./server-page.ts";
import type { McpRow, McpServers } from "./servers.ts";
import { isUp, nameOf, stateWords, troubleOf } from "./words.ts";

type Item = vscode.QuickPickItem & { readonly row?: McpRow; readonly run?: () => unknown };

/** All servers, live: how each is, and what can be done with it. */
export async function manageServers(servers: McpServers): Promise<void> {
	const pick = vscode.window.createQuickPick<Item>();
	pick.title = vscode.l10n.t("MCP Servers");
	pick.placeholder = vscode.l10n.t("Select a server to try it, its tools, or to turn it off");
	pick.matchOnDescription = true;
	const show = () => {
		const active = pick.activeItems[0]?.row?.server.id;
		pick.items = itemsOf(servers);
		const same = pick.items.filter(({ row }) => row !== undefined && row.server.id === active);
		if (same.length > 0) pick.activeItems = same;
	};
	const unlisten = servers.onChanged(show);
	pick.onDidTriggerItemButton(({ item: { row }, button }) => {
		if (row) void press(servers, row, button);
	});
	pick.onDidAccept(() => {
		const [item] = pick.selectedItems;
		pick.hide();
		if (item?.row) void manageServer(servers, item.row.server.id, () => manageServers(servers));
		else void item?.run?.();
	});
	pick.onDidHide(() => {
		unlisten.dispose();
		pick.dispose();
	});
	pick.busy = true;
	pick.show();
	await servers.files.load();
	pick.busy = false;
	show();
}

const button = (icon: string, tooltip: string): vscode.QuickInputButton => ({
	iconPath: new vscode.ThemeIcon(icon),
	tooltip,
});
const START = button("play", vscode.l10n.t("Start"));
const STOP = button("debug-stop", vscode.l10n.t("Stop"));
const EDIT = button("go-to-file", vscode.l10n.t("Show in the File"));

async function press(servers: McpServers, { server }: McpRow, pressed: vscode.QuickInputButton): Promise<void> {
	if (pressed === EDIT) await servers.files.open(server.file, server.entry.line);
	else if (pressed === STOP) await servers.stop(server);
	else await startOrAsk(servers, server);
}

function itemsOf(servers: McpServers): readonly Item[] {
	const { rows } = servers;
	const group = (label: string, items: readonly Item[]): readonly Item[] =>
		items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
	const own = rows.filter(({ server }) => server.folder === undefined);
	const workspaces = rows.filter(({ server }) => server.folder !== undefined);
	return [
		...group(vscode.l10n.t("yours"), own.length > 0 ? own.map(itemOf) : noneItem(servers)),
		...group(vscode.l10n.t("of this workspace"), workspaces.map(itemOf)),
		...group(vscode.l10n.t("to correct"), troubleItems(servers)),
		...group(vscode.l10n.t("of other extensions"), otherItems(servers)),
		...group(vscode.l10n.t("more"), moreItems(servers)),
	];
}

function itemOf(row: McpRow): Item {
	const { icon, words } = stateWords(row);
	const detail = troubleOf(row);
	const label = `$(${icon}) ${nameOf(row.server)}`;
	return { label, description: words, buttons: [isUp(row) ? STOP : START, EDIT], row, ...(detail && { detail }) };
}

function noneItem({ files }: McpServers): readonly Item[] {
	const detail = vscode.l10n.t("A server gives Kimi tools, such as a browser or a database.");
	return [{ label: `$(add) ${vscode.l10n.t("Add a Server…")}`, detail, run: () => files.open(files.own) }];
}

function troubleItems({ files }: McpServers): readonly Item[] {
	return files.troubles.map(({ file, line, text }) => ({
		label: `$(warning) ${placeWords(file, line)}`,
		detail: shown(text),
		run: () => files.open(file, line),
	}));
}

/** `mcp.json` is the person's own; one of the workspace has its folder in front. */
function placeWords(file: string, line: number): string {
	const isOpen = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) !== undefined;
	const name = isOpen ? vscode.workspace.asRelativePath(file) : basename(file);
	return vscode.l10n.t("{0}, line {1}", shown(name), line);
}

function otherItems(servers: McpServers): readonly Item[] {
	const all = otherTools();
	if (all.length === 0) return [];
	const on = all.filter(({ id }) => servers.choices.others.includes(id)).length;
	return [
		{
			label: `$(extensions) ${vscode.l10n.t("Tools of Other Extensions…")}`,
			description: vscode.l10n.t("{0} of {1} on", on, all.length),
			run: () => pickOtherTools(servers, () => manageServers(servers)),
		},
	];
}

function moreItems(servers: McpServers): readonly Item[] {
	return [
		{ label: `$(edit) ${vscode.l10n.t("Edit Your Servers")}`, run: () => servers.files.open(servers.files.own) },
		{ label: `$(output) ${vscode.l10n.t("Show Log")}`, run: () => servers.showLog() },
	];
}
