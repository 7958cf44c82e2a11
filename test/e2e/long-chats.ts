import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { longChat, type Shape } from "../fake/long-chat.ts";
import type { Workbench } from "./harness.ts";

/** Puts the log of such a chat where the extension keeps its chats. */
export function keepLongChat(workbench: Workbench, shape: Shape): void {
	const folder = join(workbench.storage(), "chats");
	mkdirSync(folder, { recursive: true });
	const lines = longChat(shape).map((event) => `${JSON.stringify(event)}\n`);
	writeFileSync(join(folder, `${shape.chat}.jsonl`), lines.join(""));
}

/** When it was chosen (ms since 1970), and how long it took until its end was on screen. */
interface Opening {
	readonly at: number;
	readonly ms: number;
}

/** Opens a chat as a person does: by its title in the list. Resolves once its end, `words`, is on screen. */
export async function openChat(workbench: Workbench, view: Frame, title: string, words: string): Promise<Opening> {
	const { page } = workbench;
	await workbench.run("Show Chats…");
	const input = page.locator(".quick-input-widget:visible input").first();
	await input.fill(title);
	await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
	// Filtering goes on for a moment, and takes the first Enter.
	await page.waitForTimeout(300);
	const painted = view.evaluate(
		(wanted) =>
			new Promise<number>((resolve) => {
				const look = () => {
					const box = document.querySelector('[data-testid="transcript"]');
					const isThere = box?.textContent.includes(wanted) && box.scrollHeight - box.scrollTop - box.clientHeight < 32;
					// The frame after the one that shows it: it is painted.
					if (isThere) requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
					else requestAnimationFrame(look);
				};
				look();
			}),
		words,
	);
	const from = Date.now();
	await page.keyboard.press("Enter");
	return { at: from, ms: (await painted) - from };
}
