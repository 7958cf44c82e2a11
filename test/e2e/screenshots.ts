// The README's pictures: the real workbench at work on the demo project. `npm run screenshots`
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Frame } from "playwright-core";
import { asked, send } from "./chat.ts";
import { type Workbench, withWorkbench } from "./harness.ts";

const out = fileURLToPath(new URL("../../docs/images", import.meta.url));
const copyOf = fileURLToPath(new URL("../../demo/project", import.meta.url));

describe("screenshots", function () {
	this.timeout(240_000);
	before(() => fs.mkdirSync(out, { recursive: true }));

	for (const theme of ["dark", "light", "highContrast"] as const) {
		it(`of the main job, ${theme}`, () =>
			withWorkbench({ workspace: { copyOf }, theme, size: { width: 1280, height: 800 } }, async (workbench) => {
				const picture = (name: string) => take(workbench, `${name}-${theme}`);
				const view = await workbench.openView();
				await widen(workbench, 450);
				await view.getByTestId("first-run").waitFor();
				await picture("first-run");
				await view.getByTestId("preset-demo").click();
				await view.getByTestId("hello").waitFor();
				await send(view, "Fix the failing test");
				await asked(view);
				await picture("command");
				await accept(view);
				await view.getByTestId("approval").getByText("percentOf(subtotal(cart)").first().waitFor({ timeout: 60_000 });
				await view.getByTestId("open-diff").click();
				await workbench.page.locator(".monaco-diff-editor .line-delete").first().waitFor();
				await picture("review");
				await accept(view);
				await view.getByTestId("approval").getByText("npm test").first().waitFor({ timeout: 60_000 });
				await accept(view);
				await view.getByTestId("transcript").getByText("all 12 pass").waitFor({ timeout: 60_000 });
				await picture("done");
			}));
	}
});

async function accept(view: Frame): Promise<void> {
	await view.getByTestId("accept").click();
	await view.getByTestId("approval").waitFor({ state: "detached" });
}

/** Drags the border of the side bar, as a person with room does. */
async function widen({ page }: Workbench, width: number): Promise<void> {
	const bar = await page.locator(".part.sidebar").boundingBox();
	if (!bar) return;
	await page.mouse.move(bar.x + bar.width, 400);
	await page.mouse.down();
	await page.mouse.move(bar.x + width, 400, { steps: 10 });
	await page.mouse.up();
	await page.mouse.move(900, 500);
}

/** After the last animation, and without the blinking cursor's chance. */
async function take({ page }: Workbench, name: string): Promise<void> {
	await page.waitForTimeout(1_200);
	await page.screenshot({ path: path.join(out, `${name}.png`), caret: "hide", animations: "disabled" });
}
