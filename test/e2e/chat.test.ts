import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { asked, card, decide, send, withChat } from "./chat.ts";
import { withWorkbench } from "./harness.ts";

const CART = "export const total = (prices) => prices.reduce((a, b) => a - b, 0);\n";
const edit = (new_string: string) => ({
	tool: "Edit",
	args: { path: "cart.js", old_string: "a - b", new_string },
});

describe("a chat in the workbench", function () {
	this.timeout(120_000);

	it("streams thinking and text, shows the model's name, and ends", () =>
		withChat([{ reasoning: "The person greets me.", text: "Hello **there**." }], async ({ view, workbench }) => {
			await send(view, "Hi");
			await view.getByTestId("transcript").getByText("there", { exact: true }).waitFor();
			assert.equal(await view.getByTestId("transcript").locator("strong").textContent(), "there");
			assert.match((await view.getByTestId("header-model").textContent()) ?? "", /kimi-k2\.7-code/);
			assert.match((await view.getByTestId("thinking").textContent()) ?? "", /Thought/);
			await view.getByTestId("send").waitFor();
			assert.deepEqual(workbench.consoleErrors, []);
		}));

	it("moves nothing that stands on screen while an answer streams below it", () =>
		withChat(
			[
				{
					reasoning: "First this, then that. ".repeat(10),
					text: "# Plan\n\nOne `two` **three**.\n\n- a\n- b\n\n```js\nconst x = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
					chunkMs: 15,
				},
			],
			async ({ view }) => {
				await view.evaluate(() => {
					const page = globalThis as unknown as { moved: number };
					page.moved = 0;
					new PerformanceObserver((list) => {
						for (const entry of list.getEntries()) page.moved += (entry as unknown as { value: number }).value;
					}).observe({ type: "layout-shift" });
				});
				// A push from above is seen, so a shift would be.
				await view.evaluate(() => {
					document.body.style.paddingTop = "150px";
				});
				await view.waitForFunction(() => (globalThis as unknown as { moved: number }).moved > 0.02);
				await view.evaluate(() => {
					(globalThis as unknown as { moved: number }).moved = 0;
					document.body.style.paddingTop = "";
				});
				await view.waitForFunction(() => (globalThis as unknown as { moved: number }).moved > 0.02);
				await view.evaluate(() => {
					(globalThis as unknown as { moved: number }).moved = 0;
				});
				await send(view, "Plan");
				await view.getByTestId("turn-foot").waitFor();
				const moved = await view.evaluate(() => (globalThis as unknown as { moved: number }).moved);
				assert.ok(moved < 0.1, `layout shift ${moved}: 0.1 is what counts as unnoticed`);
			},
		));

	it("stops in the middle of an answer, keeps what was said, and goes on", () =>
		withChat([{ text: "I will tell ".repeat(20), hang: "mid" }, { text: "Fine." }], async ({ view, endpoint }) => {
			await send(view, "Tell me");
			await view.getByTestId("transcript").getByText("I will tell").first().waitFor();
			await view.getByTestId("stop").click();
			await view.getByTestId("send").waitFor();
			assert.equal(await endpoint.requests[0]?.ended, "left");
			await send(view, "And now?");
			await view.getByTestId("transcript").getByText("Fine.").waitFor();
			assert.match(endpoint.requests[1]?.body.messages.at(-2)?.content ?? "", /^I will tell/);
		}));

	it("rejects an edit with a reason, then accepts another, by keyboard alone", () =>
		withChat(
			[{ calls: [edit("b + a")] }, { calls: [edit("a + b")] }, { text: "Fixed." }],
			async ({ view, workbench, endpoint }) => {
				const { page } = workbench;
				await send(view, "Fix total");
				await asked(view);
				assert.match((await view.getByTestId("approval").textContent()) ?? "", /b \+ a/);
				await page.keyboard.press("r");
				await view.getByTestId("reject-reason").waitFor();
				await page.keyboard.type("Keep the order.");
				await page.keyboard.press("Enter");
				await view.getByTestId("approval").getByText("a + b").waitFor();
				assert.equal(workbench.read("cart.js"), CART);
				assert.match(endpoint.requests[1]?.body.messages.at(-1)?.content ?? "", /Their reason: Keep the order\./);
				await asked(view);
				await page.keyboard.press("a");
				await view.getByTestId("transcript").getByText("Fixed.").waitFor();
				assert.equal(workbench.read("cart.js"), CART.replace("a - b", "a + b"));
			},
			{ files: { "cart.js": CART } },
		));

	it("opens VS Code's diff editor before anything is written, and its title accepts", () =>
		withChat(
			[{ calls: [edit("a + b")] }, { text: "Fixed." }],
			async ({ view, workbench }) => {
				await send(view, "Fix total");
				await asked(view);
				await view.getByTestId("open-diff").click();
				const editor = workbench.page.locator(".monaco-diff-editor");
				await editor.waitFor();
				assert.equal(workbench.read("cart.js"), CART);
				await workbench.page.locator('.editor-actions [aria-label^="Accept All of the Proposal"]').click();
				await view.getByTestId("transcript").getByText("Fixed.").waitFor();
				assert.equal(workbench.read("cart.js"), CART.replace("a - b", "a + b"));
				await editor.waitFor({ state: "detached" });
			},
			{ files: { "cart.js": CART } },
		));

	it("allows edits for the rest of the chat after one answer", () =>
		withChat(
			[
				{ calls: [edit("a + b")] },
				{ calls: [{ tool: "Write", args: { path: "new.js", content: "1\n" } }] },
				{ text: "Both." },
			],
			async ({ view, workbench }) => {
				await send(view, "Fix total");
				await asked(view);
				await view.getByTestId("stop-asking").focus();
				await workbench.page.keyboard.press("ArrowDown");
				await view.getByTestId("allow-0-chat").and(view.locator(":focus")).waitFor();
				// Letters and Escape are the menu's as long as it is open, not the card's.
				await workbench.page.keyboard.press("a");
				await workbench.page.keyboard.press("ArrowDown");
				await view.getByTestId("allow-0-workspace").and(view.locator(":focus")).waitFor();
				await workbench.page.keyboard.press("Escape");
				await view.getByTestId("stop-asking").and(view.locator(":focus")).waitFor();
				assert.equal(workbench.read("cart.js"), CART);
				assert.equal(await view.getByRole("menuitem").count(), 0);
				await workbench.page.keyboard.press("Enter");
				await view.getByTestId("allow-0-chat").and(view.locator(":focus")).waitFor();
				assert.equal(await view.getByTestId("allow-0-always").count(), 0);
				await workbench.page.keyboard.press("Enter");
				await view.getByTestId("transcript").getByText("Both.").waitFor();
				assert.equal(workbench.read("new.js"), "1\n");
			},
			{ files: { "cart.js": CART } },
		));

	it("runs a command only when it is approved, and shows it in a terminal", () =>
		withChat(
			[
				{ calls: [{ tool: "Bash", args: { command: "touch refused.txt" } }] },
				{ calls: [{ tool: "Bash", args: { command: "echo ran > approved.txt; echo said-so" } }] },
				{ text: "One of two." },
			],
			async ({ view, workbench, endpoint }) => {
				await send(view, "Run both");
				await asked(view);
				assert.match((await view.getByTestId("approval").textContent()) ?? "", /touch refused\.txt/);
				await decide(view, "deny");
				await view.getByTestId("approval").getByText("approved.txt").waitFor();
				await decide(view, "allow");
				await view.getByTestId("transcript").getByText("One of two.").waitFor();
				assert.equal(workbench.read("approved.txt"), "ran\n");
				assert.throws(() => workbench.read("refused.txt"));
				assert.match(endpoint.requests[2]?.body.messages.at(-1)?.content ?? "", /said-so/);
				await workbench.run("Terminal: Focus Terminal");
				await workbench.page.locator(".terminal-wrapper.active, .xterm-screen").first().waitFor();
			},
		));

	it("changes a file that is open with unsaved changes in its editor", () =>
		withChat(
			[{ calls: [{ tool: "Read", args: { path: "cart.js" } }] }, { calls: [edit("a + b")] }, { text: "Fixed." }],
			async ({ workbench }) => {
				const { page } = workbench;
				await page.locator('.activitybar [aria-label^="Explorer"]').first().click();
				await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "cart.js" }).dblclick();
				await page.locator(".monaco-editor .view-lines").getByText("reduce").click();
				await page.keyboard.press("Control+Home");
				await page.keyboard.type("let mine;");
				await page.keyboard.press("Enter");
				await page.locator(".tab.dirty").waitFor();
				const view = await workbench.openView();
				await send(view, "Fix total");
				await asked(view);
				assert.match((await view.getByTestId("approval").textContent()) ?? "", /let mine;/);
				await decide(view, "allow");
				await view.getByTestId("transcript").getByText("Fixed.").waitFor();
				assert.equal(workbench.read("cart.js"), `let mine;\n${CART.replace("a - b", "a + b")}`);
			},
			{ files: { "cart.js": CART } },
		));

	it("shows the plan while it lives", () =>
		withChat(
			[
				{ calls: [{ tool: "Todo", args: { items: [{ title: "Look around", status: "in_progress" }] } }] },
				{ calls: [{ tool: "Bash", args: { command: "true | tee /dev/null" } }] },
				{ text: "Done." },
			],
			async ({ view }) => {
				await send(view, "Plan it");
				await asked(view);
				assert.match((await view.getByTestId("todo").textContent()) ?? "", /Look around/);
				assert.equal(await card(view, "Todo").getAttribute("data-state"), "done");
			},
		));
});

describe("the first five minutes", function () {
	this.timeout(180_000);

	it("a stranger picks the offline demo and lets it fix the failing test, by keyboard alone", () => {
		const copyOf = fileURLToPath(new URL("../../demo/project", import.meta.url));
		return withWorkbench({ workspace: { copyOf } }, async (workbench) => {
			const { page } = workbench;
			const view = await workbench.openView();
			await view.getByTestId("first-run").waitFor();
			await view.getByTestId("preset-demo").focus();
			await page.keyboard.press("Enter");
			await view.getByTestId("composer").waitFor();
			await view.getByTestId("demo").waitFor();
			await view.getByTestId("composer").focus();
			await page.keyboard.type("Fix the failing test");
			await page.keyboard.press("Enter");
			for (const what of ["npm test", "percentOf(subtotal(cart), voucher.percent)", "npm test"]) {
				await view.getByTestId("approval").getByText(what).first().waitFor({ timeout: 60_000 });
				await asked(view);
				const call = await view.getByTestId("approval").getAttribute("data-call");
				await page.keyboard.press("a");
				// The next card may come at once.
				await view.locator(`[data-testid="approval"][data-call="${call}"]`).waitFor({ state: "detached" });
			}
			await view.getByTestId("transcript").getByText("all 12 pass").waitFor({ timeout: 60_000 });
			assert.match(workbench.read("src/discounts.js"), /return percentOf\(subtotal\(cart\), voucher\.percent\);/);
			assert.deepEqual(workbench.consoleErrors, []);
		});
	});
});
