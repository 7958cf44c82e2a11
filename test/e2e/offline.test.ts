import assert from "node:assert/strict";
import type { Request } from "playwright-core";
import { canary, pieceIn } from "../security/canary.ts";
import { asked, decide, send, withChat } from "./chat.ts";

/** Nobody listens there; the page's own policy lets it ask. */
const nobody = "https://127.0.0.1:1/";
const elsewhere = "https://elsewhere.example";
const text = `Done. ![an image](${elsewhere}/x.png) <img src="${elsewhere}/y.png"> [a link](${elsewhere}/) ${elsewhere}/bare`;

describe("the browser that shows the chat", function () {
	this.timeout(120_000);

	it("asks nobody but VS Code for anything in a whole task, and has the key nowhere", () =>
		withChat(
			[
				{
					reasoning: `Thinking of ${elsewhere}/z.png`,
					calls: [{ tool: "Edit", args: { path: "a.txt", old_string: "one", new_string: "two" } }],
				},
				{ calls: [{ tool: "Bash", args: { command: `echo '![x](${elsewhere}/c.png)' | tee c.txt` } }] },
				{ text },
			],
			async ({ view, workbench, endpoint }) => {
				const { page } = workbench;
				const asks: string[] = [];
				page.context().on("request", (request) => {
					if (!isGallery(request)) asks.push(request.url());
				});
				page.on("websocket", (socket) => asks.push(socket.url()));
				await workbench.run("Kimi K2: Set API Key");
				// The view asked for the models without a key. Once it has one, it asks again.
				while (endpoint.hits.length === 0) await page.waitForTimeout(50);
				const { length } = endpoint.hits;
				const input = page.locator(".quick-input-widget input[type=password]");
				await input.fill(canary);
				await input.press("Enter");
				while (endpoint.hits.length === length) await page.waitForTimeout(50);
				await send(view, "Do it");
				await asked(view);
				await decide(view, "allow");
				await asked(view);
				await decide(view, "allow");
				await view.getByTestId("transcript").getByText("Done.").waitFor();
				await workbench.reload();
				const again = await workbench.view();
				await again.getByTestId("transcript").getByText("Done.").waitFor();
				await workbench.shot("offline");
				const vscode = new URL(page.url()).host;
				const strange = asks.filter((url) => /^(https?|wss?):/.test(url) && new URL(url).host !== vscode);
				assert.deepEqual(
					strange.filter((url) => !isInside(url)),
					[],
				);
				assert.ok(
					asks.some((url) => url.includes("webview.js")),
					"the recorder hears the frames of webviews",
				);
				for (const frame of page.frames()) assert.equal(pieceIn(await frame.content().catch(() => "")), undefined);
				assert.equal(pieceIn(endpoint.requests.map(({ raw }) => raw).join("\n")), undefined);
				assert.equal(endpoint.requests[0]?.headers["authorization"], `Bearer ${canary}`);
				// The recorder does hear what goes elsewhere.
				await page.evaluate((url) => fetch(url).catch(() => undefined), nobody);
				assert.ok(asks.includes(nobody));
			},
			{ files: { "a.txt": "one\n" }, key: canary },
		));
});

/** VS Code's own list of extensions, which it asks for by itself and not on behalf of a webview. */
function isGallery(request: Request): boolean {
	if (new URL(request.url()).host !== "open-vsx.org" || request.serviceWorker()) return false;
	return request.frame().parentFrame() === null;
}

/** Files of the extension as webviews name them: VS Code's service worker answers, and no such host is asked. */
function isInside(url: string): boolean {
	return new URL(url).hostname.endsWith(".vscode-resource.vscode-cdn.net");
}
