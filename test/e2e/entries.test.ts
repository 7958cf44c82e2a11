import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { webviewFrame } from "../../scripts/vscode/browser.ts";
import { startEndpoint } from "../fake/endpoint.ts";
import { send, withChat } from "./chat.ts";
import { editorFocused, withWorkbench } from "./harness.ts";

const CART = "export function sum(cart) {\n\treturn cart.lines.length;\n}\n";

/** Opens a file and selects its second line. */
async function select(page: Page, file: string): Promise<Locator> {
	await page.getByRole("treeitem", { name: file }).dblclick();
	const line = page.locator(".monaco-editor .view-line", { hasText: "cart.lines" }).first();
	await line.click();
	await editorFocused(page);
	await page.keyboard.press("Home");
	await page.keyboard.press("Shift+End");
	return line;
}

function menuItem(page: Page, name: string | RegExp): Locator {
	return page.locator(".context-view .monaco-menu").getByRole("menuitem", { name });
}

describe("the ways to Kimi, in the workbench", function () {
	this.timeout(180_000);

	it("lead from the editor's menu with what is selected, and from the explorer with a file", () =>
		withChat(
			[],
			async ({ workbench }) => {
				const { page } = workbench;
				await page.locator('.activitybar [aria-label^="Explorer"]').first().click();
				const line = await select(page, "cart.js");
				await line.click({ button: "right", position: { x: 80, y: 8 } });
				await menuItem(page, "Kimi K2").hover();
				await menuItem(page, "Add Selection to Chat").waitFor();
				await workbench.shot("entries-editor-menu");
				await menuItem(page, "Add Selection to Chat").click();
				const chat = await workbench.view();
				await chat.getByText("cart.js:2").first().waitFor();
				await page.locator('.activitybar [aria-label^="Explorer"]').first().click();
				await page.getByRole("treeitem", { name: "README.md" }).click({ button: "right" });
				await menuItem(page, "Kimi K2: Add to Chat").waitFor();
				await workbench.shot("entries-explorer-menu");
				await menuItem(page, "Kimi K2: Add to Chat").click();
				await (await workbench.view()).getByText("README.md").first().waitFor();
				await workbench.shot("entries-attached");
			},
			{ files: { "cart.js": CART } },
		));

	it("stand behind the light bulb of a problem", () =>
		withChat(
			[{ text: "It lacks a value." }],
			async ({ endpoint, workbench }) => {
				const { page } = workbench;
				await page.locator('.activitybar [aria-label^="Explorer"]').first().click();
				await page.getByRole("treeitem", { name: "cart.json" }).dblclick();
				await page.locator(".squiggly-error").first().waitFor();
				await page.locator(".monaco-editor .view-line", { hasText: "lines" }).first().click();
				await editorFocused(page);
				await page.keyboard.press("F8");
				// What it opens takes the keys until it is closed again.
				await page.locator(".marker-widget").waitFor();
				await page.keyboard.press("Escape");
				await page.locator(".marker-widget").waitFor({ state: "detached" });
				// VS Code asks for it some time after the cursor has come there, and would give up what a key asked for before.
				await page.locator(".lightBulbWidget").click();
				const fix = page.locator(".action-widget .action-item, .action-widget .monaco-list-row", {
					hasText: "Fix with Kimi K2",
				});
				await fix.first().waitFor();
				await workbench.shot("entries-light-bulb");
				await fix.first().click();
				const chat = await workbench.view();
				await chat.getByText("It lacks a value.").waitFor();
				await workbench.shot("entries-fixed");
				const asked = JSON.stringify(endpoint.requests[0]?.body.messages);
				for (const part of [/Fix the attached problem in cart\.json:3/, /Value expected/, /cart\.json:1-3/])
					assert.match(asked, part);
				assert.deepEqual(workbench.consoleErrors, []);
			},
			{ files: { "cart.json": '{\n\t"lines": \n}\n' } },
		));

	it("write a commit message from the button in Source Control", async () => {
		const copyOf = fs.mkdtempSync(path.join(os.tmpdir(), "kimi-entries-"));
		const git = (...args: string[]) =>
			execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@b.c", ...args], { cwd: copyOf });
		git("init", "-q");
		fs.writeFileSync(path.join(copyOf, "cart.js"), CART);
		git("add", ".");
		git("commit", "-qm", "cart: begin with the sum");
		fs.writeFileSync(path.join(copyOf, "cart.js"), CART.replace(".length", ".size"));
		const endpoint = await startEndpoint({ script: [{ text: "cart: count by size", chunkSize: 3, chunkMs: 30 }] });
		const settings = {
			"kimiK2.endpoint": "custom",
			"kimiK2.baseUrl": endpoint.url,
			"kimiK2.model": "kimi-k2.7-code",
			"git.openRepositoryInParentFolders": "never",
		};
		try {
			await withWorkbench({ workspace: { copyOf }, settings }, async (workbench) => {
				const { page } = workbench;
				await page.locator('.activitybar [aria-label^="Source Control"]').first().click();
				await page.locator(".scm-view .resource", { hasText: "cart.js" }).waitFor();
				await page.locator(".pane-header", { hasText: "Changes" }).first().hover();
				const button = page.getByRole("button", { name: "Kimi K2: Write Commit Message" }).first();
				await button.waitFor();
				await button.hover();
				await page.locator(".monaco-hover", { hasText: "Write Commit Message" }).first().waitFor();
				await workbench.shot("entries-scm-button");
				await button.click();
				await page.locator(".scm-input .view-line", { hasText: "cart: count by size" }).waitFor();
				await workbench.shot("entries-scm-message");
			});
		} finally {
			await endpoint.close();
			fs.rmSync(copyOf, { recursive: true, force: true });
		}
	});

	it("show the chat in an editor, with its own place in the side bar, also after a reload", () =>
		withChat([{ text: "Hello there." }], async ({ view, workbench }) => {
			await send(view, "Hi");
			await view.getByText("Hello there.").waitFor();
			await workbench.run("Kimi K2: Open Chat in Editor");
			const line = '[data-testid="bring-back"]';
			await webviewFrame(workbench.page, line);
			await (await workbench.view()).getByText("Hello there.").waitFor();
			await workbench.shot("entries-panel");
			await workbench.reload();
			// The side bar may show the chat until VS Code has brought the editor back.
			const side = await webviewFrame(workbench.page, line);
			const panel = await workbench.view();
			await panel.getByText("Hello there.").waitFor();
			const gone = workbench.page.waitForEvent("framedetached", { predicate: (frame) => frame === panel });
			await side.locator(line).click();
			await workbench.page.locator(".tab", { hasText: "Kimi K2 Chat" }).waitFor({ state: "detached" });
			await gone;
			await (await workbench.view()).getByText("Hello there.").waitFor();
			await workbench.shot("entries-panel-back");
		}));

	it("take what is selected in a terminal, and leave the clipboard as it was", () =>
		withChat([], async ({ workbench }) => {
			const { page } = workbench;
			await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
			await page.evaluate(() => navigator.clipboard.writeText("mine"));
			await workbench.run("Terminal: Create New Terminal");
			const screen = page.locator(".terminal-wrapper.active .xterm-screen").first();
			await screen.click();
			await page.locator(".terminal-wrapper.active .xterm.focus").waitFor();
			await page.keyboard.type("echo one-of-a-kind | tee said.txt");
			await page.keyboard.press("Enter");
			while (!fs.existsSync(path.join(workbench.dir, "said.txt"))) await page.waitForTimeout(50);
			await workbench.run("Terminal: Select All");
			await workbench.run("Kimi K2: Add Terminal Selection to Chat");
			await (await workbench.view()).getByTestId("attached").first().waitFor();
			await workbench.shot("entries-terminal");
			assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "mine");
		}));
});
