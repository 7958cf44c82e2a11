import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { displayLanguage } from "./numbers.ts";

/** The page of the chat view. */
export function viewHtml(webview: vscode.Webview, extension: vscode.Uri): string {
	const src = uriOf(webview, extension, "webview.js");
	return page(webview, extension, (nonce) => `<div id="root"></div>\n<script nonce="${nonce}" src="${src}"></script>`);
}

/** What stands in the side bar while the chat is among the editors: a line, and a button that posts `back`. */
export function elsewhereHtml(webview: vscode.Webview, extension: vscode.Uri, back: string): string {
	const says = escapeHtml(vscode.l10n.t("The chat is open in an editor."));
	const label = escapeHtml(vscode.l10n.t("Bring It Back"));
	const button = `<button type="button" class="button" data-testid="bring-back">${label}</button>`;
	const script = `const vscode = acquireVsCodeApi();
document.querySelector("button").addEventListener("click", () => vscode.postMessage("${back}"));`;
	const line = `<div class="elsewhere"><p>${says}</p>${button}</div>`;
	return page(webview, extension, (nonce) => `${line}\n<script nonce="${nonce}">\n${script}\n</script>`);
}

/**
 * One script, our own styles, nothing from anywhere else. No name in a link of a message is looked up before it is
 * clicked: a lookup alone could carry a secret away.
 */
function page(webview: vscode.Webview, extension: vscode.Uri, body: (nonce: string) => string): string {
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
<html lang="${escapeHtml(displayLanguage())}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uriOf(webview, extension, "codicon.css")}">
<link rel="stylesheet" href="${uriOf(webview, extension, "view.css")}">
<title>Kimi K2 Agent</title>
</head>
<body>
${body(nonce)}
</body>
</html>`;
}

function uriOf(webview: vscode.Webview, extension: vscode.Uri, file: string): string {
	return webview.asWebviewUri(vscode.Uri.joinPath(extension, "dist", file)).toString();
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
