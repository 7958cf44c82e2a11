// The figures of a long chat, for `npm run bench`: taken in a real browser on the real workbench, and written to a file.
// Not among the tests: a machine that does other things as well would fail it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { CDPSession, Frame, Page } from "playwright-core";
import { LAST_WORDS, type Shape } from "../fake/long-chat.ts";
import { send, withChat } from "./chat.ts";
import type { Workbench } from "./harness.ts";
import { keepLongChat, openChat } from "./long-chats.ts";

const SMALL: Shape = { chat: "ten calls", turns: 1, steps: 10 };
const SHAPES: Readonly<Record<string, Shape>> = {
	one: { chat: "one turn of a thousand calls", turns: 1, steps: 1000 },
	many: { chat: "fifty turns of twenty calls", turns: 50, steps: 20 },
};
const figures: Record<string, number> = {};
const long = Array.from({ length: 400 }, (_, n) => `Line ${n} of an **answer** that goes on, with \`code\`.\n\n`).join(
	"",
);

describe("figures of a long chat", function () {
	this.timeout(500_000);

	after(() => {
		const file = process.env["BENCH_CHAT_FILE"];
		if (file !== undefined) writeFileSync(file, JSON.stringify(figures));
	});

	it("opens, scrolls, takes typing, streams, and is left", () =>
		withChat(
			(_request, n) => (n === 0 ? { text: "Hello." } : { text: long, chunkMs: 30, chunkSize: 20 }),
			async ({ workbench, view }) => {
				await send(view, "Hi");
				await view.getByTestId("turn-foot").waitFor();
				for (const shape of [SMALL, ...Object.values(SHAPES)]) keepLongChat(workbench, shape);
				const cdp = await workbench.page.context().newCDPSession(workbench.page);
				await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
				// What runs for the first time is slow, and not what is measured.
				await openChat(workbench, view, SMALL.chat, LAST_WORDS);
				await openChat(workbench, view, "Hi", "Hello.");
				figures["floor.open"] = (await openChat(workbench, view, SMALL.chat, LAST_WORDS)).ms;
				await around(workbench, view, cdp, "floor");
				for (const [name, shape] of Object.entries(SHAPES)) {
					await openChat(workbench, view, "Hi", "Hello.");
					const before = await heap(cdp);
					const { at, ms } = await openChat(workbench, view, shape.chat, LAST_WORDS);
					figures[`${name}.open`] = ms;
					await workbench.page.waitForTimeout(1000);
					Object.assign(figures, pauses(name, at));
					await around(workbench, view, cdp, name);
					await streaming(workbench, view, cdp, name);
					figures[`${name}.grown`] = (await heap(cdp)) - before;
					await openChat(workbench, view, "Hi", "Hello.");
					figures[`${name}.kept`] = (await heap(cdp)) - before;
				}
			},
		));
});

/** Scrolls to the start and back, and types. */
async function around({ page }: Workbench, view: Frame, cdp: CDPSession, name: string): Promise<void> {
	const counted = [await nodes(view)];
	await frames(view, cdp, `${name}.scroll`, async () => {
		await wheel(page, view, -1);
		counted.push(await nodes(view));
		await wheel(page, view, 1);
	});
	figures[`${name}.nodes`] = Math.max(...counted);
	await frames(view, cdp, `${name}.typing`, () => type(page, view));
}

/** The same in the middle of an answer. */
async function streaming({ page }: Workbench, view: Frame, cdp: CDPSession, name: string): Promise<void> {
	await send(view, "Go on");
	await view.getByText("Line 3 of an").waitFor();
	await frames(view, cdp, `${name}.streamTyping`, () => type(page, view));
	await frames(view, cdp, `${name}.streamScroll`, () => wheel(page, view, -1, 60));
	// Stops it, unless it came to its end meanwhile.
	await view.getByTestId("composer").press("Escape");
	await view.getByTestId("stop").waitFor({ state: "detached" });
}

/** At most `times` turns of the wheel: until nothing moves any more. */
async function wheel(page: Page, view: Frame, direction: 1 | -1, times = 1000): Promise<void> {
	const box = await view.getByTestId("transcript").elementHandle();
	const bounds = await box?.boundingBox();
	if (!box || !bounds) throw new Error("no transcript");
	await page.mouse.move(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2);
	for (let n = 0; n < times; n++) {
		await page.mouse.wheel(0, direction * 700);
		await page.waitForTimeout(20);
		const left = await box.evaluate(
			({ scrollTop, scrollHeight, clientHeight }, up) => (up ? scrollTop : scrollHeight - clientHeight - scrollTop),
			direction < 0,
		);
		if (left < 2) break;
	}
}

async function type(page: Page, view: Frame): Promise<void> {
	await view.getByTestId("composer").focus();
	await page.keyboard.type("The quick brown fox jumps over the lazy dog and then again. ".repeat(2).slice(0, 100), {
		delay: 20,
	});
	await view.getByTestId("composer").fill("");
}

/** Milliseconds from frame to frame in the view while something is done there. */
async function frames(view: Frame, cdp: CDPSession, name: string, work: () => Promise<void>): Promise<void> {
	await view.evaluate(() => {
		const all: number[] = [];
		let last = performance.now();
		const next = () => {
			const now = performance.now();
			all.push(now - last);
			last = now;
			Object.assign(window, { stopFrames: () => [all, cancelAnimationFrame(id)][0] });
			const id = requestAnimationFrame(next);
		};
		requestAnimationFrame(next);
	});
	const before = await worked(cdp);
	await work();
	const after = await worked(cdp);
	const all = await view.evaluate(() => (window as unknown as { stopFrames(): number[] }).stopFrames());
	all.sort((a, b) => a - b);
	figures[`${name}.median`] = all[Math.floor(all.length / 2)] ?? 0;
	figures[`${name}.p95`] = all[Math.floor(all.length * 0.95)] ?? 0;
	figures[`${name}.work`] = (after - before) / Math.max(1, all.length);
}

/** Milliseconds that the main thread of the page and its views has worked: waiting for a busy machine is not in it. */
async function worked(cdp: CDPSession): Promise<number> {
	const { metrics } = await cdp.send("Performance.getMetrics");
	return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
}

/** MB of JavaScript in use by the page and its views, after what is garbage went. */
async function heap(cdp: CDPSession): Promise<number> {
	await cdp.send("HeapProfiler.collectGarbage");
	await cdp.send("HeapProfiler.collectGarbage");
	return (await cdp.send("Runtime.getHeapUsage")).usedSize / 1e6;
}

const nodes = (view: Frame) => view.evaluate(() => document.querySelectorAll("*").length);

/** The longest that the extension host stood still since then. */
function pauses(name: string, from: number): Record<string, number> {
	const file = process.env["BENCH_PAUSES_FILE"] ?? "";
	if (!existsSync(file)) return {};
	const lines = readFileSync(file, "utf8").trim().split("\n");
	const all = lines.map((line) => JSON.parse(line) as { at: number; wall: number; cpu: number });
	const since = all.filter(({ at }) => at >= from);
	return {
		[`${name}.block`]: Math.max(0, ...since.map(({ wall }) => wall)),
		[`${name}.blockWork`]: Math.max(0, ...since.map(({ cpu }) => cpu)),
	};
}
