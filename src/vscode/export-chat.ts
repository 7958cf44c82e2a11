import { homedir } from "node:os";
import * as vscode from "vscode";
import { type BundleFacts, withoutHashes, withoutPictures, writeBundle } from "../agent/bundle.ts";
import { chatMarkdown } from "../agent/chat-markdown.ts";
import { sumUp } from "../agent/replay.ts";
import { inStretches } from "../agent/stretch.ts";
import { resolveCapabilities } from "../model/capabilities.ts";
import { checkBaseUrl, type Endpoint } from "../model/endpoint.ts";
import { presetOf, presets } from "../model/presets.ts";
import { addressOf, presetAt } from "../model/profile.ts";
import { createRedactor, type Redactor } from "../model/redact.ts";
import type { Recorded } from "../shared/event.ts";
import type { Profile } from "../shared/settings.ts";
import type { App } from "./app.ts";
import { plainWords } from "./in-words.ts";
import { plain } from "./plain.ts";
import { usableProfiles } from "./profiles.ts";

/** How a file with a chat is called, before its ending. */
const BUNDLE = "kimi-chat.jsonl";

interface Kind extends vscode.QuickPickItem {
	readonly ending: string;
	text(head: BundleFacts, events: readonly Recorded[], redactor: Redactor): string | Promise<string>;
}

/** Saves a chat as a file to read or to pass on, without what is secret. */
export async function exportChat(app: App, id: string): Promise<void> {
	const log = await app.chats.read(id);
	if (!log.ok) return void vscode.window.showErrorMessage(plainWords(log.failure));
	const title = vscode.l10n.t("Export Chat");
	const kind = await vscode.window.showQuickPick(kinds(), { title });
	if (!kind) return;
	const chat = await sumUp(log.value);
	const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
	const file = await vscode.window.showSaveDialog({
		...(folder && { defaultUri: vscode.Uri.joinPath(folder, `${fileName(chat.title)}.${kind.ending}`) }),
		filters: { [kind.label]: [kind.ending.split(".").at(-1) ?? ""] },
	});
	if (!file) return;
	const redactor = await redactorOf(app);
	const events = await cleaned(log.value, redactor);
	const text = await kind.text(redactor.clean(headOf(app)), events, redactor);
	try {
		await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
	} catch (error) {
		const why = plain(error instanceof Error ? error.message : String(error));
		return void vscode.window.showErrorMessage(vscode.l10n.t("The chat could not be exported: {0}", why));
	}
	await said(file, redactor);
}

function kinds(): readonly Kind[] {
	return [
		{
			label: vscode.l10n.t("Markdown"),
			detail: vscode.l10n.t("To read: what was said, and each call with its result folded."),
			ending: "md",
			text: async (_head, events) => chatMarkdown(await sumUp(events)),
		},
		{
			label: vscode.l10n.t("Bundle"),
			detail: vscode.l10n.t("To import again or to attach to a bug report: everything on record of the chat."),
			ending: BUNDLE,
			text: bundleText,
		},
	];
}

/** Knows every key that the person may have, and takes it out. */
export async function redactorOf(app: App): Promise<Redactor> {
	return createRedactor({ endpoints: await endpointsOf(app), env: process.env, home: homedir() });
}

export async function cleaned(events: readonly Recorded[], redactor: Redactor): Promise<readonly Recorded[]> {
	const rest = inStretches();
	const clean: Recorded[] = [];
	for (const event of events) {
		clean.push(redactor.clean(withoutPictures(event)));
		await rest();
	}
	return clean;
}

/** The chat as it is kept, to import again; `events` are cleaned. */
export function bundleText(head: BundleFacts, events: readonly Recorded[], { counts }: Redactor): string {
	const more = { redacted: { ...counts }, about: aboutWords(counts) };
	return writeBundle({ head: { ...head, ...more }, events: withoutHashes(events) });
}

async function said(file: vscode.Uri, { counts }: Redactor): Promise<void> {
	const open = vscode.l10n.t("Open");
	const sum = Object.values(counts).reduce((all, count) => all + count, 0);
	const taken = vscode.l10n.t(
		"Exported. What looks secret was taken out, {0} times; look it over before you pass it on.",
		sum,
	);
	const nothing = vscode.l10n.t("Exported. Nothing in it looks secret; look it over before you pass it on.");
	if ((await vscode.window.showInformationMessage(sum > 0 ? taken : nothing, open)) !== open) return;
	await vscode.commands.executeCommand("vscode.open", file);
}

/** In the file, so in English: it is read elsewhere. */
function aboutWords(counts: Redactor["counts"]): string {
	const taken = Object.entries(counts).map(([what, times]) => `${what} (${times})`);
	const what = taken.length === 0 ? "Nothing that looks secret was found in it." : `Taken out: ${taken.join(", ")}.`;
	return `A chat of Kimi K2 Agent, one recorded event a line. ${what} Images are left out. It still holds what was said, and what was read of files and commands.`;
}

export function headOf(app: App): BundleFacts {
	const { version } = app.context.extension.packageJSON as { version: string };
	const { chosen, modelId: model } = app.endpoints;
	const versions = { extension: version, vscode: vscode.version, system: `${process.platform} ${process.arch}` };
	const head = { kimiK2Bundle: 1 as const, versions, exportedAt: Date.now() };
	if (!chosen.ok || !chosen.value) return head;
	const { value: profile } = chosen;
	const server = app.endpoints.listed(addressOf(profile)).find(({ id }) => id === model);
	const known = { endpoint: { preset: profile.preset, baseUrl: addressOf(profile) }, model, server, wishes: profile };
	const { extra: _extra, ignored: _ignored, ...capabilities } = resolveCapabilities(known);
	// Without a name of its own it is called by its address, which stays here.
	const name = profile.name || presetOf(profile.preset).name;
	return { ...head, endpoint: { name, preset: profile.preset, model, capabilities } };
}

/** All that a key may be stored for: the chat may have begun at another endpoint. */
async function endpointsOf({
	endpoints: { chosen },
	keys,
}: App): Promise<readonly Pick<Endpoint, "key" | "headers">[]> {
	const profiles: readonly Profile[] = [...(chosen.ok && chosen.value ? [chosen.value] : []), ...usableProfiles()];
	const own = profiles.map((each) => ({ preset: presetAt(each), address: addressOf(each), headers: each.headers }));
	const usual = presets.map((preset) => ({ preset, address: preset.baseUrl, headers: {} }));
	return Promise.all(
		[...own, ...usual].map(async ({ preset, address, headers }) => {
			const baseUrl = checkBaseUrl(address);
			const key = baseUrl.ok ? await keys.find(preset, baseUrl.value) : undefined;
			return { headers, ...(key !== undefined && { key }) };
		}),
	);
}

function fileName(title: string): string {
	const name = title
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, "-")
		.replace(/^-+|-+$/g, "");
	return name.slice(0, 60) || "chat";
}
