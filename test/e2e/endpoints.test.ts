import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import { goodKimi } from "../model/verify-kimi.ts";
import { send } from "./chat.ts";
import { type Workbench, withWorkbench } from "./harness.ts";

const many = Array.from({ length: 400 }, (_, n) => ({ id: `vendor/model-${n}`, context_length: 8192 * (n + 1) }));
const kimi = {
	id: "moonshotai/kimi-k2.7-code",
	name: "Kimi K2.7 Code",
	context_length: 262_144,
	pricing: { prompt: "0.00000095", completion: "0.000004" },
	supported_parameters: ["reasoning", "tools"],
	architecture: { input_modalities: ["text", "image"] },
};

/** Two profiles, the first in use. */
async function withTwo(
	body: (workbench: Workbench, home: FakeEndpoint, work: FakeEndpoint) => Promise<void>,
): Promise<void> {
	const home = await startEndpoint({ script: [{ text: "From home." }] });
	const work = await startEndpoint({ script: [{ text: "From work." }], models: { data: [...many, kimi] } });
	const profiles = [
		{ name: "Home", baseUrl: home.url, model: "kimi-k2.7-code" },
		{ name: "Work", baseUrl: work.url, model: kimi.id },
	];
	const settings = { "kimiK2.profiles": profiles, "kimiK2.profile": "Home" };
	try {
		await withWorkbench({ workspace: { files: { "README.md": "# Test\n" } }, settings }, (workbench) =>
			body(workbench, home, work),
		);
	} finally {
		await Promise.all([home.close(), work.close()]);
	}
}

/** A heading in any of the pages that VS Code shows in frames of their own. */
async function heading({ page }: Workbench, name: RegExp): Promise<Locator> {
	for (;;) {
		for (const frame of page.frames()) {
			const found = frame.getByRole("heading", { name });
			if ((await found.count().catch(() => 0)) > 0) return found;
		}
		await page.waitForTimeout(50);
	}
}

describe("endpoints by hand", function () {
	this.timeout(60_000);

	it("are switched from the header in the middle of a chat, and the status bar follows", () =>
		withTwo(async (workbench, home, work) => {
			const { page } = workbench;
			const view = await workbench.openView();
			await send(view, "One");
			await view.getByText("From home.").waitFor();
			await view.getByTestId("header-endpoint").click();
			const picker = page.locator(".quick-input-widget");
			await picker.getByText("Where does Kimi K2 run?").waitFor();
			await workbench.shot("switch-endpoint");
			await workbench.choose("Work");
			await view.getByTestId("header-endpoint").getByText("Work").waitFor();
			await page.locator("#kimi-k2-agent\\.kimi-k2-agent\\.kimiK2\\.endpoint").getByText("Work").waitFor();
			await send(view, "Two");
			await view.getByText("From work.").waitFor();
			const [request] = work.requests;
			const said = request?.body.messages.flatMap(({ role, content }) => (role === "system" ? [] : [content]));
			assert.deepEqual([home.requests.length, said], [1, ["One", "From home.", "Two"]]);
		}));

	it("have their models searched as one types, and an id that no list has is taken to the letter", () =>
		withTwo(async (workbench) => {
			const { page } = workbench;
			const view = await workbench.openView();
			await view.getByTestId("header-endpoint").click();
			const picker = page.locator(".quick-input-widget");
			await picker.getByText("Where does Kimi K2 run?").waitFor();
			await workbench.choose("Work");
			await view.getByTestId("header-endpoint").getByText("Work").waitFor();
			const input = picker.locator("input").first();
			await view.getByTestId("header-model").click();
			await picker.getByText("262k context").waitFor();
			await workbench.shot("switch-model");
			await input.fill("model-39");
			await picker.getByText("328k context").waitFor();
			await workbench.shot("search-model");
			await workbench.choose("model-39", "vendor/model-39");
			await view.getByTestId("header-model").getByText("vendor/model-39", { exact: true }).waitFor();

			await view.getByTestId("header-model").click();
			await picker.getByText("262k context").waitFor();
			await input.fill("model-39");
			await picker.getByText("328k context").waitFor();
			// The last row; it is there once the extension has heard of the last letter.
			const typed = picker.locator(".monaco-list-row.focused", { hasText: /Exactly as typed\s*model-39$/ });
			while (!(await typed.isVisible())) {
				await input.press("ArrowUp");
				await page.waitForTimeout(100);
			}
			await input.press("Enter");
			await view.getByTestId("header-model").getByText("model-39", { exact: true }).waitFor();
		}));

	it("are verified by keyboard from the header: the mark changes and the report opens beside the chat", async () => {
		const kimi = await startEndpoint({ script: goodKimi });
		const settings = { "kimiK2.endpoint": "custom", "kimiK2.baseUrl": kimi.url, "kimiK2.model": "kimi-k2.7-code" };
		try {
			await withWorkbench({ workspace: { files: { "README.md": "# Test\n" } }, settings }, async (workbench) => {
				const view = await workbench.openView();
				const mark = view.getByTestId("header-verify");
				await mark.waitFor();
				await view.getByTestId("header-endpoint").focus();
				await workbench.page.keyboard.press("Tab");
				assert.equal(await mark.evaluate((button) => button === document.activeElement), true);
				await workbench.page.keyboard.press("Enter");
				await view.locator('[data-testid="header-verify"].ready').waitFor();
				await workbench.page.locator(".tab", { hasText: "Verify" }).first().waitFor();
				const title = await heading(workbench, /^Ready: kimi-k2\.7-code at /);
				await title.waitFor();
				await workbench.shot("verified");
				assert.ok(kimi.requests.length > 10);
			});
		} finally {
			await kimi.close();
		}
	});
});
