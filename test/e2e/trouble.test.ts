import assert from "node:assert/strict";
import { startEndpoint } from "../fake/endpoint.ts";
import { type ChatTest, card, send, withChat } from "./chat.ts";

/** The failure on screen, as words. */
async function failure({ view }: ChatTest): Promise<string> {
	const shown = view.getByTestId("failure").last();
	await shown.waitFor();
	return (await shown.textContent()) ?? "";
}

describe("an endpoint in trouble", function () {
	this.timeout(120_000);

	it("that nobody answers at is named, and Retry goes on once it is up", () =>
		withChat([{ text: "never" }], async (test) => {
			const { view, endpoint } = test;
			const port = Number(new URL(endpoint.url).port);
			await endpoint.close();
			await send(view, "Are you there?");
			assert.match(await failure(test), new RegExp(`127\\.0\\.0\\.1:${port}`));
			const revived = await startEndpoint({ script: [{ text: "Now I am." }], port });
			await view.getByTestId("fix-retry").click();
			await view.getByTestId("transcript").getByText("Now I am.").waitFor();
			assert.equal(await view.getByTestId("turn").count(), 1);
			await revived.close();
		}));

	it("that wants a key asks for it natively and goes on with the task", () =>
		withChat(
			[{ text: "Welcome." }],
			async (test) => {
				const { view, workbench } = test;
				await send(view, "Let me in");
				assert.match(await failure(test), /key/i);
				await view.getByTestId("fix-setKey").click();
				const input = workbench.page.locator(".quick-input-widget input[type=password]");
				await input.fill("sk-canary-3");
				await input.press("Enter");
				await view.getByTestId("transcript").getByText("Welcome.").waitFor();
				assert.equal((await workbench.page.content()).includes("sk-canary-3"), false);
				await workbench.reload();
				await send(await workbench.view(), "Still in?");
				await (await workbench.view()).getByTestId("failure").waitFor();
				assert.doesNotMatch(await failure({ ...test, view: await workbench.view() }), /key/i);
			},
			{ key: "sk-canary-3" },
		));

	it("that does not know the model offers its list and goes on with the choice", () =>
		withChat(
			[
				{
					status: 404,
					body: {
						error: { message: "Not found the model kimi-gone or Permission denied", type: "resource_not_found_error" },
					},
				},
				{ text: "Found." },
			],
			async (test) => {
				const { view, workbench, endpoint } = test;
				await send(view, "Hello");
				assert.match(await failure(test), /kimi-gone/);
				await view.getByTestId("fix-pickModel").click();
				await workbench.page
					.locator(".quick-input-list .monaco-list-row", { hasText: "kimi-k2.7-code" })
					.first()
					.click();
				await view.getByTestId("transcript").getByText("Found.").waitFor();
				assert.equal(endpoint.requests[1]?.body.model, "kimi-k2.7-code");
			},
			{ settings: { "kimiK2.model": "kimi-gone" } },
		));

	it("that cuts the connection in the middle keeps what was said, runs nothing, and Retry answers whole", () =>
		withChat(
			[
				{
					text: "Half of the answer",
					calls: [{ tool: "Write", args: { path: "x.txt", content: "x" } }],
					cutAfterBytes: 900,
				},
				{ text: "The whole answer." },
			],
			async (test) => {
				const { view, workbench } = test;
				await send(view, "Write x");
				assert.match(await failure(test), /ended|cut|closed|connection/i);
				await view.getByTestId("transcript").getByText("Half of").waitFor();
				assert.throws(() => workbench.read("x.txt"));
				await view.getByTestId("fix-retry").click();
				await view.getByTestId("transcript").getByText("The whole answer.").waitFor();
				assert.equal(await view.getByTestId("failure").count(), 0);
			},
		));

	it("that is tried again shows the new answer as it streams, and Stop ends it", () =>
		withChat(
			[
				{ status: 503, body: { error: { message: "overloaded" } } },
				{ text: "Slowly ".repeat(200), chunkMs: 20 },
			],
			async (test) => {
				const { view, endpoint } = test;
				await send(view, "Try");
				await failure(test);
				await view.getByTestId("fix-retry").click();
				await view.getByTestId("transcript").getByText("Slowly").first().waitFor();
				assert.equal(await view.getByTestId("failure").count(), 0);
				await view.getByTestId("stop").click();
				await view.getByTestId("send").waitFor();
				assert.equal(await endpoint.requests[1]?.ended, "left");
			},
		));

	it("that answers with a web page says so", () =>
		withChat(
			[
				{
					headers: { "content-type": "text/html" },
					body: "<html><head><title>Welcome to nginx!</title></head></html>",
				},
			],
			async (test) => {
				await send(test.view, "Hello");
				assert.match(await failure(test), /nginx/);
				await test.view.getByTestId("fix-editUrl").waitFor();
			},
		));
});

describe("a model in trouble", function () {
	this.timeout(120_000);

	it("that calls unknown tools, writes broken JSON and leaves the workspace gets told, and goes on", () =>
		withChat(
			[
				{
					calls: [
						{ tool: "Delete", args: {} },
						{ tool: "Read", args: '{"path": README.md}' },
						{ tool: "Read", args: { path: "../../etc/passwd" } },
					],
				},
				{ text: "Sorry about that." },
			],
			async ({ view, endpoint }) => {
				await send(view, "Go");
				await view.getByTestId("transcript").getByText("Sorry about that.").waitFor();
				assert.equal(await card(view, "Read").getAttribute("data-state"), "failed");
				const results = endpoint.requests[1]?.body.messages.slice(-3).map((message) => message.content ?? "") ?? [];
				assert.match(results[0] ?? "", /There is no tool "Delete"/);
				assert.match(results[1] ?? "", /not valid JSON/);
				assert.match(results[2] ?? "", /outside/);
			},
		));
});
