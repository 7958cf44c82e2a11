// Pictures of every scene: `node scripts/gallery/shots.mjs [folder] [scene,scene] [width,width] [theme,theme] [language]`.
// Also fails on console errors, on anything that the content security policy blocks, on sideways scrolling, and on what
// axe finds wrong for people who hear or tab through the page.
import { mkdirSync } from "node:fs";
import { launchBrowser } from "../vscode/browser.ts";
import { scenes } from "./scenes.ts";
import { serve } from "./serve.mjs";
import { scrollsSideways, violations, visit } from "./visit.ts";

const [folder = "/tmp/gallery", only, widths = "320,600", themes = "dark,light,hc", language = "en"] =
	process.argv.slice(2);
const names = only ? only.split(",") : Object.keys(scenes());
mkdirSync(folder, { recursive: true });
const { url, bytes, close } = await serve();
const browser = await launchBrowser();
const problems = [];
const all = widths.split(",").map(Number);
for (const width of all) {
	const page = await browser.newPage({ viewport: { width, height: 820 }, reducedMotion: "reduce" });
	page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
	page.on("pageerror", (error) => problems.push(String(error)));
	for (const theme of themes.split(",")) {
		for (const name of names) {
			await visit(page, url, name, theme, language);
			if (await scrollsSideways(page)) problems.push(`${name} scrolls sideways at ${width}`);
			await page.screenshot({ path: `${folder}/${name}-${theme}-${width}.png` });
			if (width !== all[0]) continue;
			for (const violation of await violations(page)) problems.push(`${name}, ${theme}: ${violation}`);
		}
	}
	await page.close();
}
await browser.close();
close();
console.log(`${names.length} scenes in ${folder}; the view is ${Math.round(bytes / 1000)} KB`);
for (const problem of new Set(problems)) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
