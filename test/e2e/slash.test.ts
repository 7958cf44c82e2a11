// The list of commands that opens as `/` is typed: by keyboard, by mouse, in a narrow view, for screen readers.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Frame } from "playwright-core";
import { withChat } from "./chat.ts";

const names = (view: Frame) => view.locator('[data-testid="slash"] .menu-name').allTextContents();
const picked = (view: Frame) =>
	view.getByTestId("composer").evaluate((area) => {
		const id = area.getAttribute("aria-activedescendant");
		const option = id === null ? null : document.getElementById(id);
		return [option?.getAttribute("role"), option?.ariaSelected, option?.getAttribute("data-testid")];
	});

describe("typing / in the composer", function () {
	this.timeout(120_000);

	it("lists commands to choose by keyboard, runs one, and says others with the words that follow", () =>
		withChat([{ text: "Looked." }, { text: "A plan." }], async ({ view, workbench, endpoint }) => {
			const { keyboard } = workbench.page;
			const composer = view.getByTestId("composer");
			await composer.focus();
			await keyboard.type("/");
			await view.getByTestId("slash").waitFor();
			assert.deepEqual(
				(await names(view)).map((name) => name.split(" ", 1)[0]),
				["/new", "/plan", "/compact", "/review", "/commit", "/init", "/verify", "/export", "/model", "/mcp", "/help"],
			);
			assert.deepEqual(await picked(view), ["option", "true", "slash-new"]);
			await keyboard.press("ArrowUp");
			assert.deepEqual(await picked(view), ["option", "true", "slash-help"]);
			assert.match((await view.locator(".composer-hint").textContent()) ?? "", /Commands: 11/);
			await workbench.shot("slash");
			await keyboard.press("Escape");
			await view.getByTestId("slash").waitFor({ state: "detached" });
			assert.equal(await composer.inputValue(), "/");
			await keyboard.press("Backspace");
			await keyboard.type("/rev");
			await view.getByTestId("slash-review").waitFor();
			await keyboard.press("Tab");
			await view.getByTestId("slash").waitFor({ state: "detached" });
			assert.equal(await composer.inputValue(), "/review ");
			await keyboard.type("the cart");
			await keyboard.press("Enter");
			await view.getByTestId("transcript").getByText("Looked.").waitFor();
			const said = endpoint.requests.at(-1)?.body.messages.findLast(({ role }) => role === "user")?.content ?? "";
			assert.match(said, /^Review my uncommitted changes: .*\n\nthe cart$/);

			await keyboard.type("/plan the cart");
			await keyboard.press("Enter");
			await view.getByTestId("transcript").getByText("A plan.").waitFor();
			await view.locator('[data-testid="mode"][data-mode="plan"]').waitFor();
			assert.match(
				endpoint.requests.at(-1)?.body.messages.findLast(({ role }) => role === "user")?.content ?? "",
				/^the cart\n\n\[Note from the editor: Plan mode is on/,
			);

			await keyboard.type("/ne");
			await keyboard.press("Enter");
			await view.getByTestId("turn").first().waitFor({ state: "detached" });
			await view.locator('[data-testid="composer"]:focus').waitFor();
			assert.equal(await composer.inputValue(), "");
			await keyboard.type("/etc/hosts");
			assert.equal(await view.getByTestId("slash").count(), 0);
		}));

	it("fits a view of 260 pixels, and takes a click without moving the focus", () =>
		withChat([], async ({ view }) => {
			await view.getByTestId("composer").pressSequentially("/");
			await view.evaluate(() => {
				document.body.style.width = "260px";
			});
			const box = await view.getByTestId("slash").evaluate((list) => ({
				inside: list.getBoundingClientRect().right <= 260 && list.getBoundingClientRect().left >= 0,
				scrolls: list.scrollWidth > list.clientWidth,
				above: list.getBoundingClientRect().top >= 0,
			}));
			assert.deepEqual(box, { inside: true, scrolls: false, above: true });
			await view.getByTestId("slash-review").click();
			assert.equal(await view.getByTestId("composer").inputValue(), "/review ");
			await view.locator('[data-testid="composer"]:focus').waitFor();
		}));

	it("offers the project's own commands and skills, also those that come later, after what is built in", () =>
		withChat(
			[{ text: "Shipped." }],
			async ({ view, workbench, endpoint }) => {
				const { keyboard } = workbench.page;
				const put = (name: string, text: string) => {
					mkdirSync(dirname(join(workbench.dir, name)), { recursive: true });
					writeFileSync(join(workbench.dir, name), text);
				};
				await view.getByTestId("composer").focus();
				await keyboard.type("/s");
				await view.getByTestId("slash-ship").waitFor();
				put(".agents/skills/sums/SKILL.md", "---\ndescription: How sums are made\n---\n");
				await view.getByTestId("slash-sums").waitFor();
				assert.equal(await view.getByTestId("slash-new").count(), 0);
				await keyboard.press("Backspace");
				await view.getByTestId("slash-new").waitFor();
				assert.equal(await view.getByTestId("slash-new").count(), 1);
				await keyboard.type("ship");
				await keyboard.press("Enter");
				assert.equal(await view.getByTestId("composer").inputValue(), "");
				await view.getByTestId("transcript").getByText("Shipped.").waitFor();
				const said = endpoint.requests.at(-1)?.body.messages.findLast(({ role }) => role === "user")?.content ?? "";
				assert.match(said, /^Ship it now\.\n\n\[Note from the editor: notes for agents/);
				assert.match(
					said,
					/\n\[AGENTS\.md\]\n> Use tabs\.\n\[Skills of this project, .*\]\n> - sums: How sums are made/,
				);
				const lines = view.getByTestId("instructed");
				assert.equal(await lines.count(), 2);
				await lines
					.first()
					.getByRole("button", { name: /AGENTS\.md, 9 B/ })
					.click();
				await workbench.page.getByRole("tab", { name: /AGENTS\.md/ }).waitFor();
				await workbench.shot("instructed");
			},
			{
				files: {
					"AGENTS.md": "Use tabs.",
					".agents/commands/ship.md": "---\ndescription: Ship the cart\n---\nShip it now.",
					".agents/commands/new.md": "Not this.",
				},
			},
		));
});
