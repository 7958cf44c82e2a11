import assert from "node:assert/strict";
import { send, withChat } from "./chat.ts";

describe("chats in the workbench", function () {
	this.timeout(180_000);

	it("are found in the list, and a prompt is edited, forked and reached by keyboard", () =>
		withChat([{ text: "It adds." }, { text: "It rounds." }, { text: "Again." }], async ({ workbench, view }) => {
			const { page } = workbench;
			const prompts = () => view.locator('[data-testid="turn"] .bubble').allInnerTexts();
			await send(view, "What does sum do?");
			await view.getByText("It adds.").waitFor();
			await send(view, "And what does round do?");
			await view.getByText("It rounds.").waitFor();
			const second = view.locator('[data-testid="turn"]').nth(1);
			await second.locator(".prompt").hover();
			await second.getByTestId("edit").focus();
			await page.keyboard.press("Tab");
			assert.equal(await view.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Fork from here");
			await page.keyboard.press("Enter");
			await view.waitForFunction(() => document.querySelectorAll('[data-testid="turn"]').length === 1);
			assert.deepEqual(await prompts(), ["What does sum do?"]);
			// It comes in a message of its own.
			await view.waitForFunction(() => document.querySelector("textarea")?.value === "And what does round do?");
			await view.locator(".prompt").hover();
			await view.getByTestId("edit").click();
			await view.waitForFunction(() => document.querySelectorAll('[data-testid="turn"]').length === 0);
			// With its text comes the focus, which would close what is opened before.
			await view.waitForFunction(() => document.querySelector("textarea")?.value.startsWith("What does sum do?"));
			await view.locator('[data-testid="composer"]:focus').waitFor();
			await workbench.run("Kimi K2: Show Chats…");
			const list = page.locator(".quick-input-list");
			await list.getByText("And what does round do?").first().waitFor();
			assert.match((await list.textContent()) ?? "", /What does sum do\?[\s\S]*Today|Today[\s\S]*What does sum do\?/);
			assert.deepEqual(workbench.consoleErrors, []);
		}));
});
