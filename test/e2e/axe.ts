import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Frame } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong in the view, as `rule: element`. */
export async function violations(view: Frame): Promise<string[]> {
	await view.evaluate(axe);
	// The view is transparent and stands on the side bar, which axe cannot see through the frame.
	await view.evaluate(() => {
		document.documentElement.style.background = "var(--vscode-sideBar-background)";
	});
	const { violations: found } = await view.evaluate<AxeResults>("axe.run(document)");
	return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
}
