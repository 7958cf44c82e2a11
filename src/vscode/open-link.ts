import * as vscode from "vscode";
import { isLoopback } from "../model/endpoint.ts";
import { visible } from "../shared/visible.ts";

/** Characters of an address that VS Code's own question shows; it leaves out the middle of a longer query. */
const SHOWN = 60;

/**
 * Opens a web page or a mail once the person has seen the whole target. VS Code's own question about untrusted domains
 * is the one they know, so it is left to ask wherever it does so with all of it.
 */
export async function openLink(href: string): Promise<void> {
	const url = URL.parse(href);
	if (!url || !/^(https?|mailto):$/.test(url.protocol)) return;
	if (isAskedWhole(url) || (await mayOpen(href, url))) await vscode.env.openExternal(vscode.Uri.parse(href, true));
}

/** Whether VS Code asks, and shows everything: it opens mail and this machine's servers unasked. */
function isAskedWhole({ protocol, href, hostname, username, password, search, hash }: URL): boolean {
	const isWeb = protocol !== "mailto:" && username === "" && password === "";
	const isHere = isLoopback(href) || hostname === "0.0.0.0" || hostname === "[::]";
	return isWeb && !isHere && (href.length <= SHOWN || search + hash === "");
}

async function mayOpen(href: string, { protocol, host }: URL): Promise<boolean> {
	const question =
		protocol === "mailto:" ? vscode.l10n.t("Write this mail?") : vscode.l10n.t("Open this address at {0}?", host);
	const open = vscode.l10n.t("Open");
	const options = { modal: true, detail: visible(href) };
	return (await vscode.window.showInformationMessage(question, options, open)) === open;
}
