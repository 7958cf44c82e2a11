// A server of the workspace by hand: off at first, looked at, turned on, and a call of it in the chat.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { asked, decide, send, withChat } from "./chat.ts";

const program = fileURLToPath(
	new URL("../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js", import.meta.url),
);
const folder = "${" + "workspaceFolder}";
const config = JSON.stringify({ servers: { files: { command: "node", args: [program, folder] }, "half done": {} } });
const files = { ".vscode/mcp.json": config };

const picker = (page: Page) => page.locator(".quick-input-widget:visible");
const row = (page: Page, text: string | RegExp) => picker(page).locator(".monaco-list-row", { hasText: text }).first();

describe("MCP servers in the workbench", function () {
	this.timeout(180_000);

	it("one of the workspace is looked at, turned on, and its call is asked for and shown", () =>
		withChat(
			[
				{
					calls: [
						{ tool: "mcp_files_search_files", args: { path: ".", pattern: "*.md", excludePatterns: ["node_modules"] } },
					],
				},
				{ text: "There is a README." },
			],
			async ({ view, workbench, endpoint }) => {
				const { page } = workbench;
				await send(view, "/mcp");
				await row(page, "off: look at it and turn it on").waitFor();
				await workbench.shot("mcp-page");
				await row(page, "files").click();
				await row(page, "Turn On").click();
				const dialog = page.locator(".monaco-dialog-box");
				await dialog.getByText("Turn on the MCP server “files” of this workspace?").waitFor();
				assert.match((await dialog.textContent()) ?? "", /server-filesystem\/dist\/index\.js \$\{workspaceFolder\}/);
				await workbench.shot("mcp-turn-on");
				await dialog.getByRole("button", { name: "Turn On" }).click();
				await row(page, /running · \d+ tools/).waitFor();
				await workbench.shot("mcp-running");
				await row(page, /running · \d+ tools/).click();
				await row(page, "Tools…").click();
				await row(page, "list_directory").waitFor();
				await workbench.shot("mcp-tools");
				await page.keyboard.press("Escape");
				await row(page, /running · \d+ tools/).waitFor();
				await page.keyboard.press("Escape");
				// The keyboard goes back to where it was.
				await page.locator(".quick-input-widget").waitFor({ state: "hidden" });
				await send(view, "Which documents are there?");
				await asked(view);
				assert.match((await view.getByTestId("approval").textContent()) ?? "", /^Run search_files of files\?/);
				await workbench.shot("mcp-asks");
				await decide(view, "allow");
				await view.getByTestId("transcript").getByText("There is a README.").waitFor();
				assert.match(endpoint.requests.at(-1)?.raw ?? "", /README\.md/);
				const card = view.locator('[data-tool="mcp_files_search_files"]');
				await card.locator(".tool-toggle").click();
				await card.getByText("README.md").waitFor();
				await workbench.shot("mcp-called");
			},
			{ files },
		));

	it("none of a workspace that nobody trusts is even read", () =>
		withChat(
			[],
			async ({ workbench }) => {
				const { page } = workbench;
				await workbench.run("Kimi K2: MCP Servers…");
				await row(page, "Edit Your Servers").waitFor();
				assert.doesNotMatch((await picker(page).textContent()) ?? "", /half done|of this workspace/);
			},
			{ files, trusted: false },
		));
});
