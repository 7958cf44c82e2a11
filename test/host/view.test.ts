import assert from "node:assert/strict";
import * as vscode from "vscode";
import { viewHtml } from "../../src/vscode/view-html.ts";

describe("the page of the chat view", () => {
	it("runs one script by its nonce and takes nothing from anywhere else", () => {
		const webview = { cspSource: "https://own.example", asWebviewUri: (uri: vscode.Uri) => uri } as vscode.Webview;
		const page = () => viewHtml(webview, vscode.Uri.file("/extension"));
		const html = page();
		const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
		const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
		assert.deepEqual(policy.split("; "), [
			"default-src 'none'",
			`script-src 'nonce-${nonce}'`,
			"style-src https://own.example",
			"font-src https://own.example",
			"img-src https://own.example",
			"base-uri 'none'",
			"form-action 'none'",
		]);
		assert.deepEqual(
			html.match(/<script[^>]*>/g)?.map((tag) => tag.includes(`nonce="${nonce}"`)),
			[true],
		);
		assert.doesNotMatch(html, / style=| on\w+=/);
		assert.equal(page().includes(nonce), false);
	});
});
