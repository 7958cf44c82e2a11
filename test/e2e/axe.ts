import type { Frame } from "playwright-core";
import { violations as found } from "../../scripts/gallery/visit.ts";

/** What axe finds wrong in the view, as `rule: element`. */
export async function violations(view: Frame): Promise<string[]> {
	// The view is transparent and stands on the side bar, which axe cannot see through the frame.
	await view.evaluate(() => {
		document.documentElement.style.background = "var(--vscode-sideBar-background)";
	});
	return found(view);
}
