// What goes with the person's words: named by @, pasted, dropped, and taken away again, by keyboard.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Frame } from "playwright-core";
import { violations } from "./axe.ts";
import { withChat, written } from "./chat.ts";
import { editorFocused } from "./harness.ts";

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

/** Width and height of a picture, by its base64. */
function sizeOf(view: Frame, data: string): Promise<number[]> {
	return view.evaluate(async (base64) => {
		const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
		const { width, height } = await createImageBitmap(new Blob([bytes]));
		return [width, height];
	}, data);
}

/** An address of this machine where nobody is ever answered. */
async function withUnanswered(use: (url: string) => Promise<void>): Promise<void> {
	const server = createServer();
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	try {
		await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

describe("what goes with a message", function () {
	this.timeout(120_000);

	it("is found after an @ by keyboard, reads as a part of the sentence, and is sent", () =>
		withChat(
			[{ text: "It takes away." }],
			async ({ view, workbench, endpoint }) => {
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
				// What was found by less than was typed may stand in another order.
				await view.getByRole("option").nth(1).and(option("cart.test.ts src")).waitFor();
				await keyboard.press("ArrowDown");
				await picked("cart.test.ts src").waitFor();
				await keyboard.press("ArrowUp");
				await picked("cart.ts src").waitFor();
				await keyboard.press("Enter");
				await attached(view, "cart.ts");
				assert.equal(await composer.inputValue(), "Look at @cart and @cart.ts ");
				await view.getByTestId("outcome").getByText("Attached: src/cart.ts").waitFor({ state: "attached" });
				await keyboard.type("why");
				await keyboard.press("Enter");
				await view.getByTestId("transcript").getByText("It takes away.").waitFor();
				assert.ok(endpoint.requests.at(-1)?.raw.includes("prices.reduce((a, b) => a - b, 0)"));
				await attached(view);
				await view
					.getByTestId("went-along")
					.getByRole("button", { name: /src\/cart\.ts/ })
					.click();
				await workbench.page.getByRole("tab", { name: "cart.ts" }).waitFor();
				assert.deepEqual(await violations(view), []);
				await workbench.shot("went-along");
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
				const names = ["cart.ts", "cart.test.ts", "carts.md"];
				for (const [at, name] of names.entries()) {
					await keyboard.type(`@${name}`);
					await view.getByRole("option", { name }).first().waitFor();
					await keyboard.press("Tab");
					// Who types on before the answer came takes nothing.
					await attached(view, ...names.slice(0, at + 1));
				}
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
				// It takes the keyboard a moment later, and what is typed below is not for it.
				await editorFocused(workbench.page);
				await view.locator('[data-testid="attached"]:not(.offered) [data-part="remove"]').click();
				await attached(view);
				await view.getByTestId("chips-status").getByText("No longer attached: cart.ts").waitFor({ state: "attached" });
				await view.getByTestId("composer").focus();
				await keyboard.type("@page");
				await view.getByRole("option", { name: "Page…" }).waitFor();
				await keyboard.press("Enter");
				// What is taken before its answer came is taken then.
				await written(view, "@https://");
				await keyboard.type("example.com/x");
				await view.getByRole("option", { name: "https://example.com/x" }).waitFor();
				await keyboard.press("Enter");
				await attached(view, "example.com");
				await written(view, "@https://example.com/x ");
			},
			{ files },
		));

	it("is given back with its message while it is still read, by Escape and by a button, and what is typed meanwhile stays", () =>
		withUnanswered((url) =>
			withChat([{ text: "Never." }], async ({ view, workbench, endpoint }) => {
				const { keyboard } = workbench.page;
				const composer = view.getByTestId("composer");
				const host = new URL(url).host;
				await composer.focus();
				await keyboard.type(`@${url}`);
				await view.getByRole("option", { name: url }).waitFor();
				await keyboard.press("Enter");
				await attached(view, host);
				await keyboard.type("why?");
				await keyboard.press("Enter");
				const sending = view.getByTestId("sending");
				await sending.getByText(`@${url} why?`).waitFor();
				await view
					.getByTestId("sending-status")
					.getByText("Still reading the attachments.")
					.waitFor({ state: "attached" });
				await attached(view);
				await view.getByTestId("stop").waitFor();
				assert.deepEqual(await violations(view), []);
				await workbench.shot("sending");
				await keyboard.type("Or this");
				await keyboard.press("Escape");
				await sending.waitFor({ state: "detached" });
				await attached(view, host);
				await written(view, `@${url} why?\n\nOr this`);
				assert.equal(await focused(view), "composer");
				await view.getByTestId("outcome").getByText("Not sent.").waitFor({ state: "attached" });
				await keyboard.press("Enter");
				await view.getByTestId("unsend").click();
				await written(view, `@${url} why?\n\nOr this`);
				await attached(view, host);
				assert.equal(await view.getByTestId("send").count(), 1);
				assert.ok(!endpoint.requests.some(({ raw }) => raw.includes("why?")));
				assert.deepEqual(workbench.consoleErrors, []);
			}),
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
			await view.locator('[data-part="inline"]').click();
			await attached(view);
			assert.equal(await view.getByTestId("composer").inputValue(), `So: ${long}`);
			await keyboard.press("Control+Shift+V");
			assert.equal(await paste(view, long), true);
		}));

	it("is a picture that was pasted, made as small as models take it, with a preview in the chat", () =>
		withChat(
			[{ text: "Noise." }],
			async ({ view, workbench, endpoint }) => {
				const { keyboard } = workbench.page;
				await pastePicture(view, 2_400, 1_200);
				await attached(view, "Pasted picture");
				assert.ok((await view.locator(".attached-thumb").getAttribute("src"))?.startsWith("data:image/jpeg;base64,"));
				await view.getByTestId("composer").focus();
				await keyboard.press("Backspace");
				await view.locator(".chip-preview").waitFor();
				assert.deepEqual(await violations(view), []);
				await workbench.shot("picture");
				await keyboard.press("Escape");
				await keyboard.type("What is this?");
				await keyboard.press("Enter");
				await view.getByTestId("transcript").getByText("Noise.").waitFor();
				const { type, data } =
					/data:(?<type>[^;"]+);base64,(?<data>[^"]+)"/.exec(endpoint.requests.at(-1)?.raw ?? "")?.groups ?? {};
				assert.equal(type, "image/jpeg");
				assert.deepEqual(await sizeOf(view, data ?? ""), [1_568, 784]);
				await view.getByTestId("went-along").getByRole("button", { name: "Picture: Pasted picture" }).click();
				await view.locator(".went-picture").waitFor();
				assert.deepEqual(await violations(view), []);
				assert.deepEqual(workbench.consoleErrors, []);
			},
			{ models: { data: [{ id: "kimi-k2.7-code", context_length: 262_144, supports_image_in: true }] } },
		));

	it("is the first of many files that were pasted, and the view says so", () =>
		withChat([], async ({ view }) => {
			await view.getByTestId("composer").evaluate((area) => {
				const clipboardData = new DataTransfer();
				for (let n = 0; n < 30; n++) clipboardData.items.add(new File([`${n}`], `${n}.txt`, { type: "text/plain" }));
				area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
			});
			await view.getByTestId("composer-note").getByText("only the first ones were added").waitFor();
			await attached(view, ...Array.from({ length: 20 }, (_, n) => `${n}.txt`));
		}));

	it("is a file that was dragged here with Shift held, which the view says is needed", () =>
		withChat(
			[],
			async ({ view, workbench }) => {
				const { page } = workbench;
				await workbench.openFile("cart.ts");
				await page.getByRole("tab", { name: "cart.ts" }).hover();
				await page.mouse.down();
				await page.mouse.move(700, 500, { steps: 4 });
				await page.keyboard.down("Shift");
				await page.mouse.move(300, 500, { steps: 6 });
				await page.mouse.move(200, 500, { steps: 6 });
				await view.getByTestId("drop-zone").getByText("Drop to attach").waitFor();
				await workbench.shot("drop");
				await page.mouse.up();
				await page.keyboard.up("Shift");
				await attached(view, "cart.ts");
				assert.equal(await view.getByTestId("drop-zone").count(), 0);
			},
			{ files },
		));

	it("is no picture where the model reads none, and the view says so", () =>
		withChat([], async ({ view, workbench }) => {
			await pastePicture(view, 300, 200);
			await view.getByTestId("composer-note").getByText("This model reads no images").waitFor();
			await attached(view);
			assert.deepEqual(await violations(view), []);
			await workbench.shot("no-images");
		}));
});
