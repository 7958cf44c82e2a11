import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import type { ScriptedReply } from "../fake/endpoint-reply.ts";
import { asked, card, send, withChat, written } from "./chat.ts";

const CART = "export const total = (lines) => lines.reduce((a, b) => a - b, 0);\n";
const FIXED = CART.replace("a - b", "a + b");

const fix = { tool: "Edit", args: { path: "cart.js", old_string: "a - b", new_string: "a + b" } };
const create = { tool: "Write", args: { path: "src/new.js", content: "export const one = 1;\n" } };

/** Both files change without a question. */
const both: readonly ScriptedReply[] = [{ calls: [fix, create] }, { text: "Changed both." }];

async function setMode(view: Frame, mode: string): Promise<void> {
	await view.getByTestId("mode").click();
	await view.getByTestId(`mode-${mode}`).click();
	await view.locator(`[data-testid="mode"][data-mode="${mode}"]`).waitFor();
}

/** Changes both files in mode Accept edits; the bar holds them. */
async function changeBoth(view: Frame): Promise<void> {
	await setMode(view, "edits");
	await send(view, "Change both");
	await view.getByTestId("turn-foot").waitFor();
	await view.getByTestId("changes-toggle").getByText("2 files").waitFor();
}

describe("reviewing changes", function () {
	this.timeout(120_000);

	it("keeps one file and undoes the other by keyboard alone, and the model is told", () =>
		withChat(
			[...both, { text: "I see." }],
			async ({ view, workbench, endpoint }) => {
				const { page } = workbench;
				await changeBoth(view);
				await view.getByTestId("changes-toggle").focus();
				await page.keyboard.press("Enter");
				const cart = view.locator('[data-testid="change"][data-path="cart.js"]');
				await cart.getByTestId("change-undo").focus();
				await page.keyboard.press("Enter");
				await cart.waitFor({ state: "detached" });
				assert.equal(workbench.read("cart.js"), CART);
				// The row is gone, and the focus stands on the same button of the next one.
				const next = view.locator('[data-path="src/new.js"] [data-act="undo"]:focus');
				await next.waitFor();
				await page.keyboard.press("Shift+Tab");
				await page.keyboard.press("Enter");
				await view.getByTestId("changes").waitFor({ state: "detached" });
				await view.locator('[data-testid="composer"]:focus').waitFor();
				assert.equal(workbench.read("src/new.js"), "export const one = 1;\n");
				await send(view, "Go on");
				await view.getByTestId("transcript").getByText("I see.").waitFor();
				const last = endpoint.requests.at(-1)?.body.messages.at(-1)?.content ?? "";
				assert.match(last, /undid these[\s\S]*cart\.js/);
				await view.getByTestId("told").getByText("Kimi was told:").waitFor();
			},
			{ files: { "cart.js": CART } },
		));

	it("asks before it undoes all, and Escape there undoes nothing", () =>
		withChat(
			both,
			async ({ view, workbench }) => {
				const { page } = workbench;
				await changeBoth(view);
				await view.getByTestId("changes-undo").focus();
				await page.keyboard.press("Enter");
				await view.locator('[data-testid="changes-undo-no"]:focus').waitFor();
				await page.keyboard.press("Escape");
				await view.locator('[data-testid="changes-undo"]:focus').waitFor();
				assert.equal(workbench.read("cart.js"), FIXED);
				await page.keyboard.press("Enter");
				await view.locator('[data-testid="changes-undo-no"]:focus').waitFor();
				await page.keyboard.press("Shift+Tab");
				await page.keyboard.press("Enter");
				await view.getByTestId("changes").waitFor({ state: "detached" });
				assert.equal(workbench.read("cart.js"), CART);
				assert.throws(() => workbench.read("src/new.js"));
			},
			{ files: { "cart.js": CART } },
		));

	it("undoes a whole task, with what a command changed, and takes that back", () =>
		withChat(
			[{ calls: [fix] }, { calls: [{ tool: "Bash", args: { command: "echo built > out.txt" } }] }, { text: "Built." }],
			async ({ view, workbench }) => {
				const { page } = workbench;
				await setMode(view, "trusted");
				await send(view, "Build it");
				await view.getByTestId("turn-foot").getByText("2 files").waitFor();
				await view.getByTestId("undo-task").click();
				await page.locator(".quick-input-list").getByText("Put 2 files back").click();
				await view.getByTestId("restored").waitFor();
				assert.equal(workbench.read("cart.js"), CART);
				assert.throws(() => workbench.read("out.txt"));
				await view.getByTestId("undo-restore").click();
				await view.getByTestId("restored").waitFor({ state: "detached" });
				assert.equal(workbench.read("cart.js"), FIXED);
				assert.equal(workbench.read("out.txt"), "built\n");
			},
			{ files: { "cart.js": CART } },
		));

	it("restores files and conversation to before a prompt, which comes back to the composer", () =>
		withChat(
			both,
			async ({ view, workbench }) => {
				await changeBoth(view);
				await view.getByTestId("restore").focus();
				await workbench.page.keyboard.press("Enter");
				await workbench.page.locator(".quick-input-list").getByText("Files and conversation").click();
				await view.getByTestId("restored").getByText("Files and conversation were put back").waitFor();
				assert.equal(workbench.read("cart.js"), CART);
				assert.equal(await view.getByTestId("turn").count(), 0);
				// It comes in a message of its own.
				await written(view, "Change both");
			},
			{ files: { "cart.js": CART } },
		));
});

describe("reviewing proposals", function () {
	this.timeout(120_000);

	it("asks once for two edits of one file in one answer", () =>
		withChat(
			[
				{
					calls: [fix, { tool: "Edit", args: { path: "cart.js", old_string: "total", new_string: "sum" } }],
				},
				{ text: "Both edits." },
			],
			async ({ view, workbench }) => {
				await send(view, "Fix it");
				await asked(view);
				assert.equal(await view.getByTestId("approval").count(), 1);
				await card(view, "Edit").getByText("part of the edit above").waitFor();
				await workbench.page.keyboard.press("a");
				await view.getByTestId("transcript").getByText("Both edits.").waitFor();
				assert.equal(workbench.read("cart.js"), FIXED.replace("total", "sum"));
			},
			{ files: { "cart.js": CART } },
		));

	it("shows a plan, keeps planning with a reason, and leaves plan mode once one is accepted", () =>
		withChat(
			[
				{ calls: [{ tool: "Plan", args: { plan: "# Rewrite\n\n1. Delete all\n2. Start again\n" } }] },
				{ calls: [{ tool: "Plan", args: { plan: "# Fix\n\n1. Fix the sign\n2. Run the tests\n" } }] },
				{ text: "I begin." },
			],
			async ({ view, workbench, endpoint }) => {
				const { page } = workbench;
				await setMode(view, "plan");
				await send(view, "Plan it");
				await asked(view);
				await view.getByTestId("approval").getByRole("heading", { name: "Rewrite" }).waitFor();
				await page.keyboard.press("r");
				await page.keyboard.type("Smaller.");
				await page.keyboard.press("Enter");
				await view.getByTestId("approval").getByRole("heading", { name: "Fix" }).waitFor();
				assert.match(endpoint.requests[1]?.body.messages.at(-1)?.content ?? "", /Smaller\./);
				await asked(view);
				await page.keyboard.press("a");
				await view.getByTestId("transcript").getByText("I begin.").waitFor();
				await view.getByTestId("todo").getByText("Fix the sign").waitFor();
				// The answer does not wait for the setting to be written.
				await view.locator('[data-testid="mode"][data-mode="ask"]').waitFor();
				await card(view, "Plan").waitFor();
			},
		));
});
