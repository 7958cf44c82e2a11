// What a person writes while a turn runs: queued, put in order by keyboard, said in the middle, and kept.
import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { asked, decide, send, withChat } from "./chat.ts";

const CART = "export const total = (prices) => prices.reduce((a, b) => a - b, 0);\n";
const edit = { tool: "Edit", args: { path: "cart.js", old_string: "a - b", new_string: "a + b" } };

const texts = (view: Frame) => view.locator('[data-testid="queued"] [data-part="text"]').allTextContents();
const focused = (view: Frame) => view.evaluate(() => document.activeElement?.textContent ?? "");

/** Resolves once these wait, in this order. */
async function waiting(view: Frame, ...wanted: string[]): Promise<void> {
	await view.waitForFunction((all) => {
		const rows = [...document.querySelectorAll('[data-testid="queued"] [data-part="text"]')];
		return JSON.stringify(rows.map((row) => row.textContent)) === all;
	}, JSON.stringify(wanted));
}

describe("messages that wait", function () {
	this.timeout(120_000);

	it("are put in order by keyboard, rewritten, said in the middle, and outlive a reload", () =>
		withChat(
			[{ calls: [edit] }, { text: "Fixed." }, { text: "To three." }, { text: "To one." }],
			async ({ view: first, workbench, endpoint }) => {
				const { keyboard } = workbench.page;
				await send(first, "Fix total");
				await asked(first);
				for (const text of ["one", "two", "three"]) await send(first, text);
				await waiting(first, "one", "two", "three");
				await first.locator('[data-testid="queued"] [data-part="text"]').first().focus();
				for (const key of ["ArrowDown", "ArrowDown", "Alt+ArrowUp"]) await keyboard.press(key);
				await waiting(first, "one", "three", "two");
				await keyboard.press("Alt+ArrowUp");
				await waiting(first, "three", "one", "two");
				assert.equal(await focused(first), "three");
				await keyboard.press("ArrowDown");
				await keyboard.press("Enter");
				await first.locator('[data-testid="composer"]:focus').waitFor();
				await keyboard.type(" more");
				await keyboard.press("Enter");
				await waiting(first, "three", "one more", "two");
				await first.locator('[data-testid="queued"] [data-part="text"]').last().focus();
				await keyboard.press("Control+Enter");
				await first.getByTestId("queued-when").getByText("After your decision").waitFor({ state: "attached" });
				await workbench.shot("queue");

				await workbench.reload();
				const view = await workbench.view();
				await waiting(view, "three", "one more", "two");
				await view.getByTestId("queue").getByText("Waiting for you: 3").waitFor();
				await view
					.getByTestId("transcript")
					.getByRole("button", { name: /^(Continue|Resume)$/ })
					.click();
				await view.getByTestId("approval").waitFor();
				await decide(view, "allow");
				await view.getByTestId("transcript").getByText("To one.").waitFor();
				await view.getByTestId("queue").waitFor({ state: "detached" });
				const roles = endpoint.requests
					.at(-1)
					?.body.messages.slice(1)
					.map(({ role }) => role);
				assert.deepEqual(roles, [
					...["user", "assistant", "tool", "user"],
					...["assistant", "user", "assistant", "user"],
				]);
				const said = endpoint.requests.at(-1)?.body.messages.filter(({ role }) => role === "user");
				assert.deepEqual(
					said?.map(({ content }) => content?.split("\n", 1)[0]),
					["Fix total", "two", "three", "one more"],
				);
				assert.equal(await view.getByTestId("steering").textContent(), "Youtwo");
				await view.getByTestId("composer").press("ArrowUp");
				assert.equal(await view.getByTestId("composer").inputValue(), "one more");
			},
			{ files: { "cart.js": CART } },
		));

	it("give back what was being written, also where the view was built anew while one was rewritten", () =>
		withChat(
			[{ calls: [edit] }],
			async ({ view: first, workbench }) => {
				const { keyboard } = workbench.page;
				await send(first, "Fix total");
				await asked(first);
				await send(first, "one");
				await waiting(first, "one");
				await first.getByTestId("composer").fill("not sent yet");
				await first.locator('[data-testid="queued"] [data-part="text"]').first().focus();
				await keyboard.press("Enter");
				await first.locator('[data-testid="composer"]:focus').waitFor();
				await keyboard.type(" more");
				await workbench.kept("one more");
				await workbench.reload();
				const view = await workbench.view();
				await view.getByTestId("queued").waitFor();
				const composer = view.getByTestId("composer");
				assert.equal(await composer.inputValue(), "one more");
				await composer.press("Enter");
				await waiting(view, "one more");
				assert.equal(await composer.inputValue(), "not sent yet");
			},
			{ files: { "cart.js": CART } },
		));

	it("wait after Stop, until they are sent; who deletes the last one stands in the composer", () =>
		withChat(
			[{ text: "I will tell ".repeat(20), hang: "mid" }, { text: "To one." }, { text: "To two." }],
			async ({ view, workbench, endpoint }) => {
				const { keyboard } = workbench.page;
				await send(view, "Tell me");
				await view.getByTestId("transcript").getByText("I will tell").first().waitFor();
				for (const text of ["one", "two", "three"]) await send(view, text);
				await waiting(view, "one", "two", "three");
				await view.getByTestId("composer").press("Escape");
				await view.getByTestId("queue-send").waitFor();
				assert.equal(endpoint.requests.length, 1);
				await view.locator('[data-testid="queued"] [data-part="text"]').last().focus();
				await keyboard.press("Delete");
				await waiting(view, "one", "two");
				assert.equal(await focused(view), "two");
				await view.getByTestId("queue-send").click();
				await view.getByTestId("transcript").getByText("To two.").waitFor();
				assert.deepEqual(await texts(view), []);
				await view.getByTestId("send").waitFor();
				assert.equal(endpoint.requests.length, 3);
				assert.deepEqual(workbench.consoleErrors, []);
			},
		));
});
