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
	const row = page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
	await row.waitFor();
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
	const chosen = page.evaluate(
		() =>
			new Promise<number>((resolve) => {
				document.addEventListener("mouseup", () => resolve(Date.now()), { capture: true, once: true });
			}),
	);
	await row.click();
	const at = await chosen;
	return { at, ms: (await painted) - at };
}
