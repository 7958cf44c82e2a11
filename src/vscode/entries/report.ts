import { hostname } from "node:os";
import * as vscode from "vscode";
import { addressOf } from "../../model/profile.ts";
import type { Recorded } from "../../shared/event.ts";
import type { App } from "../app.ts";
import { bundleText, cleaned, headOf, redactorOf } from "../export-chat.ts";
import { usableProfiles } from "../profiles.ts";
import { readSettings } from "../settings.ts";
import { hostsInFailures, issuesPage, reportText } from "./report-words.ts";

/** Names of machines that say nothing about the person. */
const COMMON = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Opens a report as a document to read. Nothing leaves: the person passes it on, or not. */
export async function reportProblem(app: App): Promise<void> {
	const redactor = await redactorOf(app);
	const events = await cleaned(await eventsInFront(app), redactor);
	const head = redactor.clean(headOf(app));
	const verified = redactor.clean(app.endpoints.verified?.report);
	const isSaid = events.some(({ type }) => type === "prompted");
	const content = reportText({
		head,
		...(verified !== undefined && { verified }),
		...(isSaid && { bundle: bundleText(head, events, redactor) }),
		hosts: [...hostsOf(app), ...hostsInFailures(events)],
		taken: redactor.counts,
	});
	const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
	await vscode.window.showTextDocument(document, { preview: false });
	await offer(app, document);
}

async function eventsInFront({ chats }: App): Promise<readonly Recorded[]> {
	const id = chats.active?.session.chat.id;
	const log = id === undefined ? undefined : await chats.read(id);
	return log?.ok ? log.value : [];
}

/** Where requests went, as far as the settings tell, and this machine. */
function hostsOf({ endpoints: { chosen } }: App): readonly string[] {
	const profiles = [...(chosen.ok && chosen.value ? [chosen.value] : []), ...usableProfiles()];
	const addresses = [...profiles.map(addressOf), readSettings().baseUrl];
	const named = addresses.flatMap((address) => {
		const url = URL.parse(address);
		return url ? [url.host, url.hostname] : [];
	});
	return [...named, hostname()].filter((name) => name.length > 3 && !COMMON.has(name));
}

/** The page for problems is opened on a click only, where the extension names one; else the report can be saved. */
async function offer({ context }: App, document: vscode.TextDocument): Promise<void> {
	const page = issuesPage(context.extension.packageJSON);
	const open = page === undefined ? undefined : vscode.l10n.t("Open the Page for Problems");
	const save = vscode.l10n.t("Save…");
	const text = vscode.l10n.t(
		"This is the report. Keys and names of hosts were taken out; read it before you pass it on.",
	);
	const pressed = await vscode.window.showInformationMessage(text, ...(open === undefined ? [] : [open]), save);
	if (pressed === save) await document.save();
	if (page !== undefined && pressed === open) await vscode.env.openExternal(vscode.Uri.parse(page));
}
