// Pictures of every scene: `node scripts/gallery/shots.mjs [folder] [scene,scene] [width,width] [theme,theme]`.
// Also fails on console errors, on anything that the content security policy blocks, on sideways scrolling, and on what
// axe finds wrong for people who hear or tab through the page.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { typed } from "./attachments.ts";
import { presses } from "./review.ts";
import { scenes } from "./scenes.ts";
import { serve } from "./serve.mjs";

const [folder = "/tmp/gallery", only, widths = "320,600", themes = "dark,light,hc"] = process.argv.slice(2);
const names = only ? only.split(",") : Object.keys(scenes());
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(folder, { recursive: true });
const { url, bytes, close } = await serve();
const browser = await chromium.launch({
	executablePath: process.env["CHROME"] ?? "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu"],
});
const problems = [];
const all = widths.split(",").map(Number);
for (const width of all) {
	const page = await browser.newPage({ viewport: { width, height: 820 }, reducedMotion: "reduce" });
	page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
	page.on("pageerror", (error) => problems.push(String(error)));
	for (const theme of themes.split(",")) {
		for (const name of names) {
			await page.goto(`${url}?scene=${name}&theme=${theme}`);
			await page.waitForSelector("body[data-ready]");
			await page.waitForTimeout(120);
			for (const selector of presses[name] ?? []) await page.locator(selector).first().click();
			if (typed[name]) await page.getByTestId("composer").pressSequentially(typed[name]);
			const wide = await page.evaluate(() =>
				[...document.querySelectorAll(".transcript, .first-run, .changes-list, body")].some(
					(box) => box.scrollWidth > box.clientWidth,
				),
			);
			if (wide) problems.push(`${name} scrolls sideways at ${width}`);
			await page.screenshot({ path: `${folder}/${name}-${theme}-${width}.png` });
			if (width !== all[0]) continue;
			await page.evaluate(axe);
			const { violations } = await page.evaluate("axe.run(document)");
			for (const { id, nodes } of violations)
				for (const { html } of nodes) problems.push(`${name}, ${theme}: ${id}: ${html.slice(0, 120)}`);
		}
	}
	await page.close();
}
await browser.close();
close();
console.log(`${names.length} scenes in ${folder}; the view is ${Math.round(bytes / 1000)} KB`);
for (const problem of new Set(problems)) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
