// What goes with the person's words: named by @, pasted, dropped, and taken away again, by keyboard.
import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { violations } from "./axe.ts";
import { withChat } from "./chat.ts";

const CART = "export const total = (prices: number[]) => prices.reduce((a, b) => a - b, 0);\n";
const files = { "src/cart.ts": CART, "src/cart.test.ts": "// none yet\n", "docs/carts.md": "# Carts\n" };

/** The label of the chip that has the focus; else the test id of what has it. */
const focused = (view: Frame) =>
	view.evaluate(() => {
		const at = document.activeElement;
		return (
			at?.closest('[data-testid="attached"]')?.querySelector(".attached-label")?.textContent ??
			at?.getAttribute("data-testid")
		);
	});

/** Resolves once these are the chips that the person asked for, in this order. */
async function attached(view: Frame, ...wanted: string[]): Promise<void> {
	await view.waitForFunction((all) => {
		const chips = [...document.querySelectorAll('[data-testid="chips"] .attached:not(.offered) .attached-label')];
		return JSON.stringify(chips.map((chip) => chip.textContent)) === all;
	}, JSON.stringify(wanted));
}

/** Pastes as a person does, but for the clipboard, which a test has none of. */
async function paste(view: Frame, text: string): Promise<boolean> {
	return view.getByTestId("composer").evaluate((area, words) => {
		const clipboardData = new DataTransfer();
		clipboardData.setData("text/plain", words);
		return area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
	}, text);
}

/** A picture of this size, with noise, so that it is large also when it is packed well. */
async function pastePicture(view: Frame, width: number, height: number): Promise<void> {
	await view.getByTestId("composer").evaluate(
		async (area, [wide, high]) => {
			const canvas = new OffscreenCanvas(wide, high);
			const context = canvas.getContext("2d");
			const image = context?.createImageData(wide, high);
			if (!context || !image) throw new Error("There is no canvas.");
			for (let at = 0; at < image.data.length; at++) image.data[at] = at % 4 === 3 ? 255 : (at * 2_654_435_761) % 251;
			context.putImageData(image, 0, 0);
			const clipboardData = new DataTransfer();
			clipboardData.items.add(new File([await canvas.convertToBlob()], "image.png", { type: "image/png" }));
			area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
		},
		[width, height] as const,
	);
}

describe("what goes with a message", function () {
	this.timeout(120_000);

	it("is found after an @ by keyboard, reads as a part of the sentence, and is sent", () =>
		withChat(
			[{ text: "It takes away." }],
			async ({ view, workbench }) => {
				const { keyboard } = workbench.page;
				const composer = view.getByTestId("composer");
				const option = (name: string) => view.getByRole("option", { name });
				const picked = (name: string) => view.getByRole("option", { name, selected: true });
				await composer.focus();
				await keyboard.type("Look at @carts");
				await option("carts.md docs").waitFor();
				await keyboard.press("Backspace");
				await picked("cart.ts src").waitFor();
				const id = await picked("cart.ts src").getAttribute("id");
				assert.equal(await composer.getAttribute("aria-activedescendant"), id);
				assert.deepEqual(await option("cart.ts src").locator("b").allTextContents(), ["cart"]);
				assert.deepEqual(await violations(view), []);
				await workbench.shot("mention");
				await keyboard.press("Escape");
				await view.getByTestId("mention").waitFor({ state: "detached" });
				assert.equal(await composer.inputValue(), "Look at @cart");
				await keyboard.type(" and @cart");
				await picked("cart.ts src").waitFor();
				await keyboard.press("ArrowDown");
				await picked("cart.test.ts src").waitFor();
				await keyboard.press("ArrowUp");
				await picked("cart.ts src").waitFor();
				await keyboard.press("Enter");
				await attached(view, "cart.ts");
				assert.equal(await composer.inputValue(), "Look at @cart and @cart.ts ");
				await view.getByTestId("chips-status").getByText("Attached: cart.ts").waitFor({ state: "attached" });
				await keyboard.type("why");
				await keyboard.press("Enter");
				await view.getByTestId("transcript").getByText("It takes away.").waitFor();
				assert.deepEqual(workbench.consoleErrors, []);
			},
			{ files },
		));

	it("is gone through and taken away by keyboard, and whoever stands in it stands somewhere after", () =>
		withChat(
			[],
			async ({ view, workbench }) => {
				const { keyboard } = workbench.page;
				await view.getByTestId("composer").focus();
				for (const name of ["cart.ts", "cart.test.ts", "carts.md"]) {
					await keyboard.type(`@${name}`);
					await view.getByRole("option", { name }).first().waitFor();
					await keyboard.press("Tab");
				}
				await attached(view, "cart.ts", "cart.test.ts", "carts.md");
				assert.deepEqual(await violations(view), []);
				await workbench.shot("chips");
				await keyboard.press("Shift+Tab");
				assert.equal(await focused(view), "carts.md");
				await keyboard.press("ArrowLeft");
				assert.equal(await focused(view), "cart.test.ts");
				await keyboard.press("Delete");
				await attached(view, "cart.ts", "carts.md");
				assert.equal(await focused(view), "carts.md");
				await keyboard.press("Home");
				assert.equal(await focused(view), "cart.ts");
				await keyboard.press("Escape");
				assert.equal(await focused(view), "composer");
				await keyboard.press("Control+A");
				await keyboard.press("Backspace");
				await keyboard.press("Backspace");
				assert.equal(await focused(view), "carts.md");
				await keyboard.press("Backspace");
				await attached(view, "cart.ts");
				assert.equal(await focused(view), "cart.ts");
				await keyboard.press("Enter");
				await workbench.page.getByRole("tab", { name: /cart\.ts/ }).waitFor();
				await view.locator('[data-testid="attached"]:not(.offered) [data-part="remove"]').click();
				await attached(view);
				await view.getByTestId("chips-status").getByText("No longer attached: cart.ts").waitFor({ state: "attached" });
			},
			{ files },
		));

	it("is a long text that was pasted, which can be put in the message after all", () =>
		withChat([], async ({ view, workbench }) => {
			const { keyboard } = workbench.page;
			const long = "total is wrong\n".repeat(50);
			await view.getByTestId("composer").focus();
			assert.equal(await paste(view, "short"), true);
			assert.equal(await paste(view, long), false);
			await attached(view, "Pasted text, 50 lines");
			await keyboard.press("Enter");
			await view.getByTestId("composer-note").getByText("Write what Kimi should do with it.").waitFor();
			assert.deepEqual(await violations(view), []);
			await keyboard.type("So: ");
			await view.getByTestId("composer-note").getByText("Write").waitFor({ state: "detached" });
			await view.getByTestId("put-inline").click();
			await attached(view);
			assert.equal(await view.getByTestId("composer").inputValue(), `So: ${long}`);
			await keyboard.press("Control+Shift+V");
			assert.equal(await paste(view, long), true);
		}));

	it("is no picture where the model reads none, and the view says so", () =>
		withChat([], async ({ view, workbench }) => {
			await pastePicture(view, 300, 200);
			await view.getByTestId("composer-note").getByText("This model reads no images").waitFor();
			await attached(view);
			assert.deepEqual(await violations(view), []);
			await workbench.shot("no-images");
		}));
});
