import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Frame, Page } from "playwright-core";
import { typed } from "./attachments.ts";
import { presses } from "./review.ts";
import { bodyClasses } from "./serve.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opens a scene of the gallery at `url` and does what the person does in it. */
export async function visit(page: Page, url: string, scene: string, theme = "dark", language = "en"): Promise<void> {
	await page.goto(`${url}?scene=${scene}&theme=${theme}&lang=${language}`);
	await page.waitForSelector("body[data-ready]", { timeout: 120_000 });
	await drawn(page);
	for (const selector of presses[scene] ?? []) await page.locator(selector).first().click();
	const keys = typed[scene];
	if (keys) await page.getByTestId("composer").pressSequentially(keys);
	await drawn(page);
}

/** Another theme for the page as it is: what is open stays open. */
export async function paint(page: Page, theme: keyof typeof bodyClasses): Promise<void> {
	await page.evaluate(
		([name, bodyClass]) => {
			document.documentElement.dataset["theme"] = name;
			document.body.className = bodyClass;
		},
		[theme, bodyClasses[theme]] as const,
	);
	await drawn(page);
}

/** Waits until the page shows what it was told: it draws once a frame. */
async function drawn(page: Page): Promise<void> {
	await page.evaluate(
		() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)))),
	);
}

/** What axe finds wrong in a page for people who hear it or tab through it, as `rule: element`; `rules`: of these alone. */
export async function violations(page: Page | Frame, rules?: readonly string[]): Promise<string[]> {
	if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
	const options = JSON.stringify({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) });
	const { violations: found } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`);
	return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
}

/** A part of the page is wider than its place: one would have to scroll sideways to read it. */
export function scrollsSideways(page: Page): Promise<boolean> {
	return page.evaluate(() =>
		[...document.querySelectorAll(".transcript, .first-run, .changes-list, body")].some(
			(box) => box.scrollWidth > box.clientWidth,
		),
	);
}
