import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { LAST_WORDS, promptOf } from "../fake/long-chat.ts";
import { send, withChat } from "./chat.ts";
import type { Workbench } from "./harness.ts";
import { keepLongChat, openChat } from "./long-chats.ts";

/** Steps of a long chat that may be in the page at once, whatever its length. */
const MANY = 120;
const answer = Array.from({ length: 80 }, (_, n) => `Line ${n} of an answer.\n\n`).join("");

/** A chat of so many turns and steps is on screen. */
async function opened({ workbench, view }: { workbench: Workbench; view: Frame }, turns: number, steps: number) {
	await send(view, "Hi");
	await view.getByTestId("turn-foot").waitFor();
	const chat = `${turns} times ${steps}`;
	keepLongChat(workbench, { chat, turns, steps });
	await openChat(workbench, view, chat, LAST_WORDS);
}

/** Resolves once few steps are in the page: what was scrolled past leaves it a moment later. */
async function fewSteps(view: Frame): Promise<void> {
	await view.waitForFunction((most) => document.querySelectorAll(".step").length < most, MANY);
}

/** Resolves once the end of the chat is in sight: what gets higher after it was drawn is followed a frame later. */
async function atEnd(view: Frame): Promise<void> {
	await view.waitForFunction(() => {
		const end = document.querySelector('[data-testid="transcript"]');
		return end !== null && end.scrollHeight - end.scrollTop - end.clientHeight < 32;
	});
}

const transcript = (view: Frame) => view.getByTestId("transcript");

describe("a long chat", function () {
	this.timeout(180_000);

	it("has what is near in the page only, from its end to its first prompt and back, by keyboard", () =>
		withChat([{ text: "Hello." }], async ({ workbench, view }) => {
			await opened({ workbench, view }, 1, 300);
			await fewSteps(view);
			await transcript(view).press("Home");
			await view.getByText(promptOf(0)).last().waitFor();
			const first = view.locator(".slot").first().getByTestId("tool-card").first();
			await first.getByText("total-0.ts").waitFor();
			await fewSteps(view);
			await transcript(view).press("End");
			await view.getByText(LAST_WORDS).waitFor();
			await fewSteps(view);
		}));

	it("fetches what is behind an old card when it is opened, and keeps it open, with the focus, out of sight", () =>
		withChat([{ text: "Hello." }], async ({ workbench, view }) => {
			await opened({ workbench, view }, 1, 300);
			await transcript(view).press("Home");
			const third = view.locator(".slot").first().getByTestId("tool-card").nth(2);
			await third.locator(".tool-toggle").click();
			await third.getByText("✓ part 2 adds up the items of cart 0").waitFor();
			await view.locator(".slot").first().getByTestId("thinking").nth(2).getByRole("button").click();
			await view.getByText("The function in part 0 rounds each price").first().waitFor();
			await third.locator(".tool-toggle").focus();
			await transcript(view).evaluate((box) => box.scrollTo(0, box.scrollHeight));
			await view.getByText(LAST_WORDS).waitFor();
			assert.ok(await third.locator(".tool-toggle").evaluate((toggle) => toggle === document.activeElement));
			await fewSteps(view);
			await transcript(view).evaluate((box) => box.scrollTo(0, 0));
			await third.getByText("✓ part 2 adds up the items of cart 0").waitFor();
		}));

	it("of many turns has each one's prompt, with the way back to before it", () =>
		withChat([{ text: "Hello." }], async ({ workbench, view }) => {
			await opened({ workbench, view }, 40, 10);
			await fewSteps(view);
			assert.equal(await view.getByTestId("turn").count(), 40);
			const first = view.getByTestId("turn").first();
			await first.getByText(promptOf(0)).scrollIntoViewIfNeeded();
			await first.getByTestId("tool-card").first().waitFor();
			assert.equal(await first.getByTestId("restore").count(), 1);
			await first.getByTestId("turn-foot").scrollIntoViewIfNeeded();
			await first.getByTestId("undo-task").waitFor();
		}));

	it("stays at its end while an answer streams, and where the person scrolled to after that", () =>
		withChat(
			(_request, n) => (n === 0 ? { text: "Hello." } : { text: answer, chunkMs: 20 }),
			async ({ workbench, view }) => {
				await opened({ workbench, view }, 1, 100);
				await send(view, "Go on");
				const left = () => transcript(view).evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
				await view.getByText("Line 30 of an answer.").waitFor();
				await atEnd(view);
				const box = await transcript(view).boundingBox();
				await workbench.page.mouse.move((box?.x ?? 0) + 50, (box?.y ?? 0) + 50);
				await workbench.page.mouse.wheel(0, -2000);
				await view.getByTestId("jump").waitFor();
				await view.getByText("Line 79 of an answer.").waitFor({ state: "attached" });
				assert.ok((await left()) > 1000, String(await left()));
				await view.getByTestId("jump").click();
				await atEnd(view);
			},
		));
});
