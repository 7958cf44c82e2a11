import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { displayLanguage } from "./numbers.ts";

/**
 * The page of the chat view: one script, our own styles, nothing from anywhere else. No name in a link of a message is
 * looked up before it is clicked: a lookup alone could carry a secret away.
 */
export function viewHtml(webview: vscode.Webview, extension: vscode.Uri): string {
	const uri = (...path: string[]) => webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", ...path)).toString();
	const nonce = randomBytes(16).toString("base64");
	const policy = [
		"default-src 'none'",
		`script-src 'nonce-${nonce}'`,
		`style-src ${webview.cspSource}`,
		`font-src ${webview.cspSource}`,
		// Thumbnails are in the messages themselves: there is nothing to fetch.
		`img-src ${webview.cspSource} data:`,
		// These do not fall back to default-src.
		"base-uri 'none'",
		"form-action 'none'",
	].join("; ");
	return `<!DOCTYPE html>
<html lang="${language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri("codicon.css")}">
<link rel="stylesheet" href="${uri("view.css")}">
<title>Kimi K2 Agent</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${uri("webview.js")}"></script>
</body>
</html>`;
}

/** What stands in the side bar while the chat is among the editors: a line, and a button that posts `back`. */
export function elsewhereHtml(webview: vscode.Webview, extension: vscode.Uri, back: string): string {
	const style = webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", "view.css")).toString();
	const nonce = randomBytes(16).toString("base64");
	const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; base-uri 'none'; form-action 'none'`;
	const says = escapeHtml(vscode.l10n.t("The chat is open in an editor."));
	const label = escapeHtml(vscode.l10n.t("Bring It Back"));
	return `<!DOCTYPE html>
<html lang="${language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Kimi K2 Agent</title>
</head>
<body>
<div class="elsewhere"><p>${says}</p><button type="button" class="button" data-testid="bring-back">${label}</button></div>
<script nonce="${nonce}">
const vscode = acquireVsCodeApi();
document.querySelector("button").addEventListener("click", () => vscode.postMessage("${back}"));
</script>
</body>
</html>`;
}

function language(): string {
	return escapeHtml(displayLanguage());
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
