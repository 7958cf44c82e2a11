import assert from "node:assert/strict";
import { startEndpoint } from "../fake/endpoint.ts";
import { asked, type ChatTest, card, decide, send, withChat } from "./chat.ts";

/** The failure on screen, as words. */
async function failure({ view }: ChatTest): Promise<string> {
	const shown = view.getByTestId("failure").last();
	await shown.waitFor();
	return (await shown.textContent()) ?? "";
}

/** A call as a server without a tool-call parser sends it. */
const leaked = (tool: string, args: object) =>
	`I will look.<|tool_calls_section_begin|><|tool_call_begin|>functions.${tool}:0<|tool_call_argument_begin|>${JSON.stringify(args)}<|tool_call_end|><|tool_calls_section_end|>`;

const NUMBERS = Array.from({ length: 3000 }, (_, n) => `number ${n}`).join(" ");

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

	it("that cuts the connection in the middle runs nothing, is asked again by itself, and shows the answer once", () =>
		withChat(
			[
				{
					text: "Half of the answer",
					calls: [{ tool: "Write", args: { path: "x.txt", content: "x" } }],
					cutAfterBytes: 900,
				},
				{ text: "The whole answer." },
			],
			async ({ view, workbench }) => {
				await send(view, "Write x");
				await view.getByTestId("transcript").getByText("The whole answer.").waitFor();
				assert.throws(() => workbench.read("x.txt"));
				assert.equal(await view.getByTestId("failure").count(), 0);
				assert.equal(await view.getByText("Half of").count(), 0);
				await view.getByTestId("superseded").locator("summary").click();
				await view.getByText("Half of").waitFor();
			},
		));

	it("that asks for patience gets a countdown; Retry now by keyboard asks at once, Stop ends the answer", () =>
		withChat(
			[
				{ status: 503, headers: { "retry-after": "90" }, body: { error: { message: "overloaded" } } },
				{ text: "Slowly ".repeat(20), hang: "mid" },
			],
			async ({ view, endpoint }) => {
				await send(view, "Try");
				const retry = view.getByTestId("retry");
				await retry.getByText(/Trying again in 1 min/).waitFor();
				await view.getByTestId("retry-now").focus();
				await view.getByTestId("retry-now").press("Enter");
				await view.getByTestId("transcript").getByText("Slowly").first().waitFor();
				assert.equal(await retry.count(), 0);
				await view.getByTestId("stop").click();
				await view.getByTestId("send").waitFor();
				assert.equal(await endpoint.requests[1]?.ended, "left");
			},
		));

	it("that is not waited for leaves its failure with a button, and nothing is asked any more", () =>
		withChat(
			[
				{ status: 429, headers: { "retry-after": "90" }, body: { error: { message: "too many requests" } } },
				{ text: "Now." },
			],
			async (test) => {
				const { view, endpoint } = test;
				await send(view, "Try");
				await view.getByTestId("retry-cancel").click();
				await failure(test);
				assert.equal(endpoint.requests.length, 1);
				await view.getByTestId("fix-retry").click();
				await view.getByTestId("transcript").getByText("Now.").waitFor();
			},
		));

	it("that can't read more has the chat shortened and goes on with the task", () =>
		withChat(
			[
				{ text: NUMBERS, calls: [{ tool: "Read", args: { path: "big.txt" } }] },
				{ text: NUMBERS, calls: [{ tool: "Read", args: { path: "big.txt", offset: 3 } }] },
				{ status: 400, body: { error: { message: "Your request exceeded model token limit : 8192" } } },
				{ text: "Read big.txt twice; it holds numbers.", chunkMs: 5 },
				{ text: "All numbers." },
			],
			async ({ view, endpoint }) => {
				await send(view, "What is in big.txt?");
				await view.getByTestId("transcript").getByText("All numbers.").waitFor();
				await view.getByTestId("compacted").waitFor();
				assert.equal(await view.getByTestId("failure").count(), 0);
				const [before, after] = [endpoint.requests[2], endpoint.requests[4]].map((request) => request?.raw ?? "");
				assert.ok((after?.length ?? 0) < (before?.length ?? 0) * 0.8, `${after?.length} of ${before?.length}`);
				assert.match(after ?? "", /What is in big\.txt\?.*it holds numbers/);
			},
			{ files: { "big.txt": "1\n2\n3\n4\n" } },
		));

	it("or none, has the chat shortened where the person types /compact, and the meter tells where it would be by itself", () =>
		withChat(
			[{ text: NUMBERS }, { text: "The person counts.", chunkMs: 5 }, { text: "Done." }],
			async ({ view, endpoint }) => {
				await send(view, "Count.");
				await view.getByTestId("turn-foot").waitFor();
				const meter = view.getByTestId("meter");
				await meter.and(view.locator('[title*="Shortened by itself"][title*="or now with /compact"]')).waitFor();
				await send(view, "/compact the last number");
				await view.getByTestId("compacted").waitFor();
				assert.match(endpoint.requests[1]?.raw ?? "", /above all: the last number/);
				assert.equal(await view.getByTestId("turn").count(), 1);
				await meter.and(view.locator('[title*="Estimated"]')).waitFor();
				await send(view, "And now?");
				await view.getByTestId("transcript").getByText("Done.").waitFor();
				assert.match(endpoint.requests[2]?.raw ?? "", /Count\.[\s\S]*The person counts\.[\s\S]*And now\?/);
				assert.equal(endpoint.requests[2]?.raw.includes(NUMBERS.slice(0, 500)), false);
			},
		));

	it("that leaks its calls as text gets them read, marked and asked about, and advice on its flags once", () =>
		withChat(
			[
				{ text: leaked("Read", { path: "README.md" }), finish: "stop" },
				{ text: leaked("Read", { path: "README.md", limit: 1 }), finish: "stop" },
				{ text: "It says Test." },
			],
			async ({ view, endpoint }) => {
				await send(view, "What does the readme say?");
				await view.getByTestId("approval").getByTestId("recovered").waitFor();
				assert.equal(await view.getByTestId("stop-asking").count(), 0);
				await view
					.getByTestId("notice")
					.getByText(/--tool-call-parser kimi_k2/)
					.waitFor();
				await view.getByTestId("accept").click();
				await view.locator('[data-testid="tool-card"][data-state="done"]').waitFor();
				await view.getByTestId("accept").click();
				await view.getByTestId("transcript").getByText("It says Test.").waitFor();
				assert.equal((await view.getByTestId("transcript").textContent())?.includes("<|"), false);
				assert.equal(endpoint.requests[1]?.raw.includes("<|"), false);
				assert.match(endpoint.requests[1]?.raw ?? "", /"id":"functions\.Read:0"/);
			},
			{ settings: { "kimiK2.mode": "trusted" } },
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

	it("that calls unknown tools, writes broken JSON and wants to leave the workspace gets told, and goes on", () =>
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
				await asked(view);
				assert.match(
					(await view.getByTestId("approval").textContent()) ?? "",
					/outside the workspace, so reading it asks/,
				);
				await decide(view, "deny", "Not that one");
				await view.getByTestId("transcript").getByText("Sorry about that.").waitFor();
				assert.equal(await card(view, "Read").getAttribute("data-state"), "denied");
				const results = endpoint.requests[1]?.body.messages.slice(-3).map((message) => message.content ?? "") ?? [];
				assert.match(results[0] ?? "", /There is no tool "Delete"/);
				assert.match(results[1] ?? "", /not valid JSON/);
				assert.match(results[2] ?? "", /rejected this call.*Not that one/);
			},
		));
});
