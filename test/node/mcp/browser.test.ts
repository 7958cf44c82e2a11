import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOrInstallChromium } from "../../../scripts/vscode/chromium.ts";
import { call, node, running, type Started, stopAll, toolNames } from "./servers.ts";

const PAGE = `<!doctype html><title>A shop</title><h1>Cart</h1><label>Name <input></label>
<button onclick="document.body.append('Thank you, ' + document.querySelector('input').value)">Buy</button>`;

describe("a browser as an MCP server", () => {
	let site: Server;
	let browser: Started;
	let url: string;
	let folder: string;
	before(async function () {
		this.timeout(60_000);
		folder = mkdtempSync(join(tmpdir(), "kimi-mcp-"));
		site = createServer((_, response) => void response.setHeader("content-type", "text/html").end(PAGE));
		await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
		url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
		const options = ["--headless", "--isolated", "--no-sandbox", "--executable-path", findOrInstallChromium()];
		browser = await running({
			...node(new URL("cli.js", import.meta.resolve("@playwright/mcp/package.json")).href, ...options),
			cwd: folder,
		});
	});
	after(async () => {
		await stopAll();
		site.close();
		site.closeAllConnections();
		rmSync(folder, { recursive: true, force: true });
	});

	it("opens a page, types, clicks and reads what came of it", async () => {
		assert.ok(toolNames(browser.server).includes("browser_navigate"));
		const opened = await call(browser.server, "browser_navigate", { url });
		assert.match(opened.text, /Page Title: A shop/);
		const before = (await call(browser.server, "browser_snapshot")).text;
		const ref = (what: RegExp) => what.exec(before)?.[1] ?? assert.fail(before);
		const field = ref(/textbox "Name" \[ref=(\w+)\]/);
		const button = ref(/button "Buy" \[ref=(\w+)\]/);
		const typed = { element: "Name", target: field, ref: field, text: "Ada" };
		assert.equal((await call(browser.server, "browser_type", typed)).failed, undefined);
		assert.equal(
			(await call(browser.server, "browser_click", { element: "Buy", target: button, ref: button })).failed,
			undefined,
		);
		assert.match((await call(browser.server, "browser_snapshot")).text, /Thank you, Ada/);
	}).timeout(60_000);

	it("is told to the model as a picture that is not shown", async () => {
		const { text, failed } = await call(browser.server, "browser_take_screenshot");
		assert.equal(failed, undefined, text);
		assert.match(text, /\[image image\/(png|jpeg), \d+ KB, not shown\]/);
	}).timeout(60_000);
});
