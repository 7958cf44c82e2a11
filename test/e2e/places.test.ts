import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { workbenchReady } from "../../scripts/vscode/browser.ts";
import { asked, decide, send, withChat } from "./chat.ts";
import { withWorkbench } from "./harness.ts";

describe("a window without a folder", function () {
	this.timeout(120_000);

	it("has a chat that works, and tools say why they cannot", () =>
		withChat(
			[{ calls: [{ tool: "Read", args: { path: "a.txt" } }] }, { text: "Open a folder first." }],
			async ({ view, endpoint }) => {
				await view.getByTestId("fix-openFolder").waitFor();
				await send(view, "Read a.txt");
				await view.getByTestId("transcript").getByText("Open a folder first.").waitFor();
				assert.match(endpoint.requests[1]?.body.messages.at(-1)?.content ?? "", /no folder/i);
			},
			{ folder: false },
		));
});

describe("a window that is loaded again", function () {
	this.timeout(120_000);

	it("in the middle of a task keeps the chat, asks again on Continue, and runs nothing twice", () =>
		withChat(
			[
				{ calls: [{ tool: "Bash", args: { command: "echo once >> runs.txt" } }] },
				{ calls: [{ tool: "Write", args: { path: "after.txt", content: "after\n" } }] },
				{ text: "All done." },
			],
			async ({ view, workbench, endpoint }) => {
				await send(view, "Do both");
				await asked(view);
				await decide(view, "allow");
				await view.getByTestId("approval").getByText("after.txt").waitFor();
				await workbench.reload();
				const again = await workbench.view();
				await again.getByTestId("transcript").getByText("Do both").first().waitFor();
				assert.equal(await again.getByTestId("accept").count(), 0);
				await again.getByTestId("fix-resume").click();
				await again.getByTestId("approval").getByText("after.txt").waitFor();
				await decide(again, "allow");
				await again.getByTestId("transcript").getByText("All done.").waitFor();
				assert.deepEqual([workbench.read("runs.txt"), workbench.read("after.txt")], ["once\n", "after\n"]);
				const [, second, third] = endpoint.requests;
				const head = second?.raw.slice(0, second.raw.lastIndexOf("]")) ?? "-";
				assert.equal(endpoint.requests.length, 3);
				assert.deepEqual(third?.body.messages.slice(0, 4), second?.body.messages.slice(0, 4));
				assert.ok(head.length > 0);
			},
		));

	it("keeps the text that was not sent", () =>
		withChat([], async ({ view, workbench }) => {
			await view.getByTestId("composer").fill("Half a thought");
			await workbench.kept("Half a thought");
			await workbench.reload();
			const again = await workbench.view();
			await again.waitForFunction(() => {
				const composer = document.querySelector<HTMLTextAreaElement>('[data-testid="composer"]');
				return composer?.value === "Half a thought";
			});
		}));

	it("a view that was hidden while the answer streamed shows all of it", () =>
		withChat([{ text: `Start ${"word ".repeat(150)} end.`, chunkMs: 100 }], async ({ view, workbench, endpoint }) => {
			await send(view, "Talk");
			await view.getByTestId("transcript").getByText("Start").waitFor();
			const hidden = workbench.page.waitForEvent("framedetached", { predicate: (frame) => frame === view });
			await workbench.run("View: Show Explorer");
			await hidden;
			assert.equal(await endpoint.requests[0]?.ended, "answered");
			const again = await workbench.openView();
			await again.getByTestId("transcript").getByText("end.").waitFor();
			const text = (await again.getByTestId("transcript").textContent()) ?? "";
			assert.equal(text.match(/word/g)?.length, 150);
		}));
});

describe("switching endpoints", function () {
	this.timeout(120_000);

	it("by the native picker: a custom server, with the key it needs, and its model", () =>
		withChat(
			[{ text: "Hello from the new one." }],
			async ({ workbench, endpoint }) => {
				const { page } = workbench;
				const input = page.locator(".quick-input-widget:visible input").first();
				await workbench.run("Kimi K2: Switch Endpoint");
				await page.getByText("Where does Kimi K2 run?").waitFor();
				await input.fill("Any OpenAI");
				await page
					.locator(".quick-input-list .monaco-list-row", { hasText: "Any OpenAI-compatible server" })
					.first()
					.click();
				await page.getByText("Address of the server").waitFor();
				await input.fill("not a url");
				await page
					.locator(".quick-input-message, .quick-input-widget .notification-error, .quick-input-widget")
					.getByText(/http/)
					.first()
					.waitFor();
				await input.fill(endpoint.url);
				await input.press("Enter");
				await page.getByText("Name of the profile").waitFor();
				await input.press("Enter");
				await page.getByText("API key for").waitFor();
				await page.locator(".quick-input-widget input[type=password]").fill("sk-canary-4");
				await page.keyboard.press("Enter");
				const view = await workbench.view();
				await view.getByTestId("composer").waitFor();
				await send(view, "Hi");
				await view.getByTestId("transcript").getByText("Hello from the new one.").waitFor();
				assert.equal(endpoint.requests[0]?.headers["authorization"], "Bearer sk-canary-4");
				assert.equal(endpoint.requests[0]?.body.model, "kimi-k2.7-code");
			},
			{ key: "sk-canary-4", settings: { "kimiK2.endpoint": "", "kimiK2.baseUrl": "", "kimiK2.model": "" } },
		));

	it("lists the chats of the workspace and opens an old one", () =>
		withChat([{ text: "One." }, { text: "Two." }], async ({ view, workbench }) => {
			await send(view, "First question");
			await view.getByTestId("transcript").getByText("One.").waitFor();
			await workbench.run("Kimi K2: New Chat");
			await view.getByTestId("hello").waitFor();
			await send(view, "Second question");
			await view.getByTestId("transcript").getByText("Two.").waitFor();
			await workbench.run("Kimi K2: Show Chats");
			await workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "First question" }).first().click();
			await view.getByTestId("transcript").getByText("One.").waitFor();
		}));
});

describe("the demo project", function () {
	this.timeout(120_000);

	it("opens from the package by a command, whole and fresh", () =>
		withWorkbench({}, async (workbench) => {
			const { page } = workbench;
			await workbench.run("Kimi K2: Open the Demo Project");
			await page.waitForURL(/demo-project/);
			const folder = new URL(page.url()).searchParams.get("folder") ?? "";
			const original = new URL("../../demo/project/", import.meta.url);
			for (const file of ["package.json", "src/discounts.js", "test/discounts.test.js"])
				assert.equal(readFileSync(`${folder}/${file}`, "utf8"), readFileSync(new URL(file, original), "utf8"));
			await workbenchReady(page);
		}));
});

describe("the first-run screen", function () {
	this.timeout(120_000);

	it("offers every preset and says where the code goes", () =>
		withWorkbench({ workspace: { files: { "a.txt": "a" } } }, async (workbench) => {
			const view = await workbench.openView();
			const screen = view.getByTestId("first-run");
			await screen.waitFor();
			for (const preset of [
				"openrouter",
				"moonshot",
				"vllm",
				"sglang",
				"llamacpp",
				"ollama",
				"lmstudio",
				"custom",
				"demo",
			])
				assert.equal(await screen.getByTestId(`preset-${preset}`).count(), 1, preset);
			assert.match((await screen.textContent()) ?? "", /Independent of Moonshot/);
		}));
});
