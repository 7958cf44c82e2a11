import * as vscode from "vscode";
import type { McpTool } from "../../node/mcp/server.ts";
import { shown } from "../plain.ts";
import { untrusted } from "../trust.ts";
import { askToEnable } from "./enable.ts";
import type { Configured } from "./files.ts";
import { otherTools } from "./other-tools.ts";
import type { McpRow, McpServers } from "./servers.ts";
import { isUp, nameOf, stateWords, troubleOf } from "./words.ts";

type Action = vscode.QuickPickItem & { readonly run: () => unknown };

/** Starts a server; one of the workspace that is not turned on is looked at first. */
export async function startOrAsk(servers: McpServers, server: Configured): Promise<void> {
	const row = rowOf(servers, server.id);
	const stays = untrusted();
	if (stays) void vscode.window.showWarningMessage(stays.message);
	if (!row || stays) return;
	if (row.standing === "off" && server.folder === undefined) await servers.turn(server, true);
	else if (row.standing !== "on" && !(await askToEnable(servers, server))) return;
	await servers.start(server);
}

/** What can be done with one server. `back`: to where the person came from. */
export async function manageServer(servers: McpServers, id: string, back: () => unknown): Promise<void> {
	const row = rowOf(servers, id);
	if (!row) return void back();
	const { words } = stateWords(row);
	const title = `${nameOf(row.server)} · ${words}`;
	const action = await vscode.window.showQuickPick(actionsOf(servers, row, back), {
		title,
		placeHolder: troubleOf(row) ?? "",
	});
	await action?.run();
}

const rowOf = (servers: McpServers, id: string) => servers.rows.find(({ server }) => server.id === id);

const action = (icon: string, words: string, run: () => unknown): Action => ({ label: `$(${icon}) ${words}`, run });

/** An action that leads back to the page. */
type Then = (icon: string, words: string, work: () => Promise<unknown>) => Action;

function actionsOf(servers: McpServers, row: McpRow, back: () => unknown): readonly Action[] {
	const { server, standing } = row;
	const { t } = vscode.l10n;
	const then: Then = (icon, words, work) => action(icon, words, () => work().then(back));
	const turnOn = then("check", t("Turn On"), () => startOrAsk(servers, server));
	const turnOff = then("circle-slash", t("Turn Off"), () => servers.turn(server, false));
	const values = then("symbol-string", t("Change Its Values…"), () => changeValues(servers, server));
	return [
		...(standing === "on" ? [...runActions(servers, row, then), turnOff] : [turnOn]),
		...(server.entry.inputs.length > 0 ? [values] : []),
		action("go-to-file", t("Show in the File"), () => servers.files.open(server.file, server.entry.line)),
		action("output", t("Show Log"), () => servers.showLog()),
		action("arrow-left", t("All Servers"), back),
	];
}

/** What one that is turned on can do. */
function runActions(servers: McpServers, row: McpRow, then: Then): readonly Action[] {
	const { server, state, tools, toolsOff } = row;
	const { t } = vscode.l10n;
	const on = tools.filter(({ name }) => !toolsOff.includes(name)).length;
	const signIn = then("key", t("Sign In…"), () => signInTo(servers, server));
	const signOut = then("sign-out", t("Sign Out"), () => servers.signOut(server));
	const pickTools = {
		...then("tools", t("Tools…"), () => pickToolsOf(servers, server, tools, toolsOff)),
		description: t("{0} of {1} on", on, tools.length),
	};
	return [
		...(state.kind === "signIn" ? [signIn] : []),
		...(tools.length > 0 ? [pickTools] : []),
		isUp(row)
			? then("debug-stop", t("Stop"), () => servers.stop(server))
			: then("play", t("Start"), () => startOrAsk(servers, server)),
		then("debug-restart", t("Restart"), () => servers.restart(server)),
		...(server.entry.template.type === "http" && state.kind !== "signIn" ? [signOut] : []),
	];
}

async function signInTo(servers: McpServers, server: Configured): Promise<void> {
	const title = vscode.l10n.t("Waiting for you to sign in to “{0}” in your browser", nameOf(server));
	const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
	await vscode.window.withProgress(options, async (_, token) => {
		const stop = new AbortController();
		const listening = token.onCancellationRequested(() => stop.abort());
		await servers.signIn(server, stop.signal);
		listening.dispose();
	});
}

async function changeValues(servers: McpServers, server: Configured): Promise<void> {
	if (await servers.inputs.ask(server, true)) await servers.restart(server);
}

async function pickToolsOf(
	servers: McpServers,
	server: Configured,
	tools: readonly McpTool[],
	off: readonly string[],
): Promise<void> {
	const items = tools.map(({ name, title = "", description, readOnly, destructive }) => ({
		label: shown(name),
		description: hint(readOnly, destructive) || shown(title),
		detail: shown(description),
		picked: !off.includes(name),
		name,
	}));
	const picked = await vscode.window.showQuickPick(items, {
		title: vscode.l10n.t("Tools of {0}", nameOf(server)),
		placeHolder: vscode.l10n.t("Ticked: offered to the model. Each call still asks you."),
		canPickMany: true,
		matchOnDetail: true,
	});
	if (!picked) return;
	const left = tools.filter(({ name }) => !picked.some((each) => each.name === name));
	await servers.turnToolsOff(
		server,
		left.map(({ name }) => name),
	);
}

/** Claims of the server: they allow nothing. */
function hint(readOnly: boolean | undefined, destructive: boolean | undefined): string {
	if (destructive) return vscode.l10n.t("says that it may destroy");
	return readOnly ? vscode.l10n.t("says that it only reads") : "";
}

/** Which tools of other extensions the model is offered: none, until the person ticks them. */
export async function pickOtherTools(servers: McpServers, back: () => unknown): Promise<void> {
	const { others } = servers.choices;
	const all = otherTools();
	const items = all.map(({ id, name, from, description }) => ({
		label: shown(name),
		description: shown(from),
		detail: shown(description),
		picked: others.includes(id),
		id,
	}));
	const picked = await vscode.window.showQuickPick(items, {
		title: vscode.l10n.t("Tools of Other Extensions"),
		placeHolder: vscode.l10n.t("Ticked: offered to the model. Each call still asks you."),
		canPickMany: true,
		matchOnDescription: true,
		matchOnDetail: true,
	});
	if (picked) {
		// One whose extension is not there now stays as it is.
		const away = others.filter((id) => !all.some((tool) => tool.id === id));
		await servers.turnOthers([...away, ...picked.map(({ id }) => id)]);
	}
	back();
}
