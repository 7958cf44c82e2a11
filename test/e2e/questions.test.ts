import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { card, send, withChat } from "./chat.ts";

const database = {
	question: "Which database should the cart use?",
	options: [
		{ label: "SQLite", description: "One file beside the project; nothing to install." },
		{ label: "Postgres", description: "A server of its own." },
	],
};
const parts = {
	question: "Which parts?",
	options: [{ label: "API" }, { label: "Command line" }, { label: "Web" }],
	multiple: true,
};
const ask = (...questions: object[]) => ({ calls: [{ tool: "Ask", args: { questions } }] });

/** Resolves when the card waits and takes keys. */
async function arrived(view: Frame): Promise<void> {
	await view.locator('[data-testid="option-0-0"]:focus').waitFor();
	await view.page().waitForTimeout(600);
}

describe("a question of Kimi's", function () {
	this.timeout(120_000);

	it("is answered by keyboard alone, and the model reads what was picked", () =>
		withChat([ask(database, parts), { text: "I see." }], async ({ view, workbench, endpoint }) => {
			const { keyboard } = workbench.page;
			await send(view, "Store the cart");
			await arrived(view);
			await view
				.getByTestId("status")
				.getByText("Kimi asks: Which database should the cart use? SQLite, Postgres.")
				.waitFor({ state: "attached" });
			assert.equal(await view.getByTestId("answer").isDisabled(), true);
			await workbench.shot("questions");
			await keyboard.press("ArrowDown");
			await view.locator('[data-testid="option-0-1"]:focus:checked').waitFor();
			await keyboard.press("Enter");
			await view.locator('[data-testid="option-1-0"]:focus').waitFor();
			await keyboard.press("1");
			await keyboard.press("3");
			await view.locator('[data-testid="option-1-2"]:focus:checked').waitFor();
			await keyboard.press("ArrowDown");
			await view.locator('[data-testid="other-1"]:focus').waitFor();
			await keyboard.type("docs 2");
			await workbench.shot("questions-picked");
			await keyboard.press("Enter");
			await view.getByTestId("transcript").getByText("I see.").waitFor();
			await view.locator('[data-testid="composer"]:focus').waitFor();
			const told = endpoint.requests[1]?.body.messages.at(-1)?.content;
			assert.equal(
				told,
				"The person answered:\n\nWhich database should the cart use?\n→ Postgres\n\nWhich parts?\n→ API; Web; docs 2",
			);
			await card(view, "Ask").locator(".tool-toggle").click();
			await view.getByTestId("answers").getByText("docs 2").waitFor();
			await workbench.shot("questions-answered");
		}));

	it("may be left to Kimi, by mouse", () =>
		withChat([ask(database), { text: "I take SQLite." }], async ({ view, endpoint }) => {
			await send(view, "Store the cart");
			await view.getByTestId("leave-to-kimi").click();
			await view.getByTestId("transcript").getByText("I take SQLite.").waitFor();
			assert.match(endpoint.requests[1]?.body.messages.at(-1)?.content ?? "", /^The person leaves it to you\./);
		}));

	it("survives a reload of the window: it is asked again on Continue, and own words answer it", () =>
		withChat([ask(database), { text: "Fine." }], async ({ view, workbench, endpoint }) => {
			await send(view, "Store the cart");
			await arrived(view);
			await workbench.reload();
			const again = await workbench.view();
			await again.getByTestId("fix-resume").click();
			await again.getByTestId("other-0").fill("A JSON file");
			await again.getByTestId("other-0").press("Enter");
			await again.getByTestId("transcript").getByText("Fine.").waitFor();
			assert.match(endpoint.requests[1]?.body.messages.at(-1)?.content ?? "", /→ A JSON file$/);
		}));
});
