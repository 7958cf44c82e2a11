import assert from "node:assert/strict";
import { asked, card, decide, send, withChat } from "./chat.ts";

describe("a command in the background, in the workbench", function () {
	this.timeout(120_000);

	it("asks as it would run, and shows its terminal, its full output and the way to take it over from its card", () =>
		withChat(
			[
				{ calls: [{ tool: "Bash", args: { command: "npm run dev", background: true } }] },
				{ calls: [{ tool: "Bash", args: { command: "seq 20000" } }] },
				{ text: "The server runs." },
			],
			async ({ view, workbench }) => {
				const { page } = workbench;
				await send(view, "Start the server");
				await asked(view);
				await view.getByText("In the sandbox: writes only in the workspace, no network").waitFor();
				await workbench.shot("terminal-asks");
				await decide(view, "allow");
				await view.getByTestId("turn-foot").waitFor();
				const [first, second] = [0, 1].map((nth) =>
					view.locator('[data-testid="tool-card"][data-tool="Bash"]').nth(nth),
				);
				await first?.locator(".tool-toggle").click();
				await first?.getByRole("button", { name: "Show terminal: Run in the background: npm run dev" }).click();
				await page
					.locator(".terminal-tabs-entry, .single-terminal-tab", { hasText: "Kimi K2: npm run dev" })
					.first()
					.waitFor();
				await workbench.shot("terminal-background");
				assert.equal(await first?.getByRole("button", { name: /^Open full output/ }).count(), 0);
				await second?.locator(".tool-toggle").click();
				await second?.getByRole("button", { name: /^Open full output/ }).click();
				await page.locator(".editor-group-container .view-line", { hasText: /^20?$/ }).first().waitFor();
				await workbench.shot("terminal-output");
				assert.ok(
					await card(view, "Bash")
						.getByRole("button", { name: /^Take over in a terminal/ })
						.isVisible(),
				);
				assert.deepEqual(workbench.consoleErrors, []);
			},
			{
				settings: { "kimiK2.sandbox": "on" },
				files: {
					"package.json": '{ "scripts": { "dev": "node dev.js" } }\n',
					"dev.js": "let n = 0;\nsetInterval(() => console.log('ready', n++), 500);\n",
				},
			},
		));
});
