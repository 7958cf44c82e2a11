import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import { asked, card, send, withChat } from "./chat.ts";

const one = { question: "Which?", options: [{ label: "First", description: "It comes first." }, { label: "Second" }] };

describe("accessibility", function () {
	this.timeout(120_000);

	// What the gallery shows is looked at in all themes in states.test.ts; here it is in VS Code itself.
	for (const theme of ["light", "highContrast"] as const) {
		it(`a chat with thinking, tools, a plan and a question has no violation, ${theme}`, () =>
			withChat(
				[
					{
						reasoning: "I look first.",
						text: "Reading `a.txt`:\n\n```js\nconst a = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |",
						calls: [
							{ tool: "Read", args: { path: "a.txt" } },
							{ tool: "Todo", args: { items: [{ title: "Read", status: "done" }] } },
							{ tool: "Edit", args: { path: "a.txt", old_string: "one", new_string: "two" } },
						],
					},
				],
				async ({ view }) => {
					assert.deepEqual(await violations(view), []);
					await view.getByTestId("composer").fill("/");
					await view.getByTestId("slash").waitFor();
					assert.deepEqual(await violations(view), []);
					await send(view, "Go");
					await asked(view);
					assert.deepEqual(await violations(view), []);
				},
				{ files: { "a.txt": "one\n", "AGENTS.md": "Be brief.\n" }, theme },
			));
	}

	it("questions have no violation, open or answered", () =>
		withChat(
			[{ calls: [{ tool: "Ask", args: { questions: [one, { ...one, multiple: true }] } }] }, { text: "Fine." }],
			async ({ view, workbench }) => {
				await send(view, "Go");
				await view.getByTestId("option-0-0").check();
				await workbench.shot("questions");
				assert.deepEqual(await violations(view), []);
				await view.getByTestId("leave-to-kimi").click();
				await view.getByTestId("turn-foot").waitFor();
				await card(view, "Ask").locator(".tool-toggle").click();
				await view.getByTestId("answers").waitFor();
				assert.deepEqual(await violations(view), []);
			},
			{ theme: "light" },
		));
});
