// Every state of the view, as the gallery shows it: without VS Code around it, in its colours, as narrow as it gets.
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { scenes } from "../../scripts/gallery/scenes.ts";
import { serve } from "../../scripts/gallery/serve.mjs";
import { paint, scrollsSideways, violations, visit } from "../../scripts/gallery/visit.ts";
import { launchBrowser } from "../../scripts/vscode/browser.ts";

const HEIGHT = 820;
/** Rules of axe that look at colours. */
const COLOURS = ["color-contrast", "link-in-text-block"];

describe("every state of the view", function () {
	this.timeout(120_000);
	let gallery: Awaited<ReturnType<typeof serve>>;
	let browser: Browser;
	let page: Page;
	const errors: string[] = [];

	before(async () => {
		[gallery, browser] = await Promise.all([serve(), launchBrowser()]);
		page = await browser.newPage({ reducedMotion: "reduce" });
		page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
		page.on("pageerror", (error) => errors.push(String(error)));
	});

	after(async () => {
		await browser?.close();
		gallery?.close();
	});

	for (const scene of Object.keys(scenes())) {
		it(`${scene}: nothing for axe at 300 px in any theme, no scrolling sideways at 260 px, no error`, async () => {
			errors.length = 0;
			await page.setViewportSize({ width: 300, height: HEIGHT });
			await visit(page, gallery.url, scene);
			const found: Record<string, readonly string[]> = {};
			found["dark"] = await violations(page);
			for (const theme of ["light", "hc", "hcLight"] as const) {
				await paint(page, theme);
				// The page is the same one in other colours.
				found[theme] = await violations(page, COLOURS);
			}
			assert.deepEqual(found, { dark: [], light: [], hc: [], hcLight: [] });
			await page.setViewportSize({ width: 260, height: HEIGHT });
			assert.equal(await scrollsSideways(page), false);
			// Of the languages it is one with the longest words.
			await visit(page, gallery.url, scene, "dark", "fr");
			assert.equal(await scrollsSideways(page), false, "French");
			assert.deepEqual(errors, []);
		});
	}
});
