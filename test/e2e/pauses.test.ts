import assert from "node:assert/strict";
import { send, withChat } from "./chat.ts";

const read = (limit: number) => ({ calls: [{ tool: "Read", args: { path: "a.txt", limit } }] });

describe("a task that pauses", function () {
	this.timeout(120_000);

	it("since it repeats itself says what and how often; its buttons go by keyboard: say something, continue, stop", () =>
		withChat(
			[...Array.from({ length: 5 }, () => read(1)), ...Array.from({ length: 5 }, () => read(2)), { text: "never" }],
			async ({ view, workbench: { page } }) => {
				await send(view, "Go");
				const card = view.locator('[data-testid="pause"][data-reason="looping"]');
				await card.waitFor();
				assert.match((await card.textContent()) ?? "", /5 times the same, with nothing new: Read a\.txt:1-1/);
				await view
					.getByTestId("status")
					.getByText(/^Paused: Kimi repeats itself/)
					.waitFor({ state: "attached" });
				await view.getByTestId("fix-resume").focus();
				await page.keyboard.press("Tab");
				await page.keyboard.press("Enter");
				await view.locator('[data-testid="composer"]:focus').waitFor();
				await view.getByTestId("fix-resume").focus();
				await page.keyboard.press("Enter");
				await card.getByText("Read a.txt:1-2").waitFor();
				await view.getByTestId("fix-resume").focus();
				await page.keyboard.press("Tab");
				await page.keyboard.press("Tab");
				await page.keyboard.press("Enter");
				await view.getByTestId("turn-foot").getByText("Stopped").waitFor();
				await card.waitFor({ state: "detached" });
			},
			{ files: { "a.txt": "one\ntwo\n" } },
		));

	it("at its limit is there after a reload, and goes on once the limit was raised, by keyboard", () =>
		withChat(
			[read(1), read(2), { text: "All done." }],
			async ({ view: first, workbench }) => {
				await send(first, "Go");
				await first.getByText("Paused after 1 tool call").first().waitFor();
				await workbench.reload();
				const view = await workbench.view();
				await view.getByTestId("pause").waitFor();
				await view.getByTestId("fix-raiseLimit").focus();
				await workbench.page.keyboard.press("Enter");
				const input = workbench.page.locator(".quick-input-widget input[type=text]");
				await input.fill("1");
				await workbench.page.getByText("Give more than 1, or 0 for no limit.").waitFor();
				await input.fill("5");
				await input.press("Enter");
				await view.getByTestId("transcript").getByText("All done.").waitFor();
			},
			{ files: { "a.txt": "one\ntwo\n" }, settings: { "kimiK2.taskCalls": 1 } },
		));
});
