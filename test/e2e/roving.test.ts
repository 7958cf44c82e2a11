import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { LAST_WORDS, promptOf } from "../fake/long-chat.ts";
import { send, withChat } from "./chat.ts";
import { keepLongChat, openChat } from "./long-chats.ts";

/** What has the focus, in few words. */
const focused = (view: Frame) =>
	view.evaluate(() => {
		const active = document.activeElement;
		const item = active?.closest(".said, .md, .thinking, .tool, .foot");
		const part = active?.closest("[data-testid]")?.getAttribute("data-testid") ?? "";
		return item ? `${item.classList[0]}: ${(item.textContent ?? "").slice(0, 40)}` : part;
	});

const script = [
	{ reasoning: "I look first.", calls: [{ tool: "Read", args: { path: "README.md" } }] },
	{ text: "It is a [test](README.md)." },
];

describe("the keyboard in the chat", function () {
	this.timeout(180_000);

	it("goes by arrows from message to message and by Tab past the whole chat, back to where it came from", () =>
		withChat(script, async ({ workbench, view }) => {
			await send(view, "Hello you");
			await view.getByTestId("turn-foot").waitFor();
			const seen: string[] = [];
			const press = async (key: string) => {
				await workbench.page.keyboard.press(key);
				seen.push(await focused(view));
			};
			await view.getByTestId("transcript").focus();
			await press("Home");
			assert.match(seen.at(-1) ?? "", /^said: YouHello you/);
			await workbench.shot("roving");
			for (let times = 0; times < 5; times++) await press("ArrowDown");
			const kinds = seen.map((each) => each.split(":")[0]);
			assert.deepEqual(kinds, ["said", "thinking", "tool", "md", "foot", "foot"]);
			await press("ArrowUp");
			// Its link is the one stop that a message has.
			await press("Tab");
			await press("Tab");
			assert.ok(!(seen.at(-1) ?? "").includes(":"), seen.at(-1));
			await press("Shift+Tab");
			assert.match(seen.at(-1) ?? "", /^foot/);
			await press("Escape");
			assert.equal(seen.at(-1), "composer");
			await view.getByTestId("transcript").focus();
			await press("ArrowUp");
			assert.match(seen.at(-1) ?? "", /^foot/);
			await press("ArrowUp");
			await press("ArrowUp");
			await press("Enter");
			await view.locator(".tool-toggle[aria-expanded=true]:focus").waitFor();
		}));

	it("comes to the first message of 300 steps and back, though most of them are not in the page", () =>
		withChat([{ text: "Hello." }], async ({ workbench, view }) => {
			await send(view, "Hi");
			await view.getByTestId("turn-foot").waitFor();
			keepLongChat(workbench, { chat: "long", turns: 1, steps: 300 });
			await openChat(workbench, view, "long", LAST_WORDS);
			await view.getByTestId("transcript").focus();
			await workbench.page.keyboard.press("Home");
			await view.locator(".said:focus").getByText(promptOf(0)).waitFor();
			await workbench.page.keyboard.press("ArrowDown");
			await view.locator(".slot :focus").waitFor();
			await workbench.page.keyboard.press("End");
			await view.locator(".foot :focus").waitFor();
		}));
});
