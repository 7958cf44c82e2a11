import assert from "node:assert/strict";
import { withChat } from "./chat.ts";
import type { Workbench } from "./harness.ts";

const files = { "story.txt": "Once upon a time" };

/** The file in front, with the cursor at its end. */
async function openStory(workbench: Workbench): Promise<void> {
	const { page } = workbench;
	await workbench.openFile("story.txt");
	await page.locator(".monaco-editor").getByText("Once upon a time").first().waitFor();
	await page.keyboard.press("Control+End");
}

describe("text that goes on at the cursor", function () {
	this.timeout(180_000);

	it("comes by key and ends with Esc; suggestions come while one types and are taken with Tab", () =>
		withChat(
			[{ text: " there was a fox", chunkSize: 1, hang: "mid" }, { text: " and that was all." }],
			async ({ workbench, endpoint }) => {
				const { page } = workbench;
				const text = (part: string) => page.locator(".monaco-editor .view-lines").getByText(part).first();
				await openStory(workbench);
				await page.keyboard.press("Control+Alt+j");
				await text("Once upon a time the").waitFor();
				await page.keyboard.press("Escape");
				assert.equal(await endpoint.requests[0]?.ended, "left");
				await page.keyboard.press("Control+z");
				await page.keyboard.type(".");
				await page.locator(".ghost-text-decoration", { hasText: "that was all" }).first().waitFor();
				await workbench.shot("inline-completion");
				await page.keyboard.press("Tab");
				await page.keyboard.press("Control+s");
				await page.locator(".tab.active:not(.dirty)", { hasText: "story.txt" }).waitFor();
				assert.equal(workbench.read("story.txt"), "Once upon a time. and that was all.");
			},
			{ files, settings: { "kimiK2.inlineCompletions": true } },
		));

	it("does not come where nobody trusts the folder", () =>
		withChat(
			[],
			async ({ workbench, endpoint }) => {
				const { page } = workbench;
				await openStory(workbench);
				await page.keyboard.type(".");
				await workbench.run("Kimi K2: Continue at Cursor");
				await page.locator(".notifications-toasts").getByText("Restricted Mode").first().waitFor();
				assert.deepEqual(endpoint.hits, []);
			},
			{ files, trusted: false, settings: { "kimiK2.inlineCompletions": true } },
		));
});
