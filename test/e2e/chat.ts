import type { Frame, Locator } from "playwright-core";
import { type EndpointOptions, type FakeEndpoint, startEndpoint } from "../fake/endpoint.ts";
import { type Workbench, type WorkbenchOptions, withWorkbench } from "./harness.ts";

export interface ChatTest {
	readonly workbench: Workbench;
	readonly endpoint: FakeEndpoint;
	readonly view: Frame;
}

export interface ChatOptions extends Omit<WorkbenchOptions, "workspace"> {
	readonly files?: Readonly<Record<string, string>>;
	readonly key?: string;
	/** What the endpoint lists. */
	readonly models?: EndpointOptions["models"];
	/** False: no folder is open. */
	readonly folder?: boolean;
}

/** A workbench whose chat talks to an endpoint with this script; the chat is open. */
export async function withChat(
	script: EndpointOptions["script"],
	body: (test: ChatTest) => Promise<void>,
	{ files = {}, key, models, folder = true, settings, ...options }: ChatOptions = {},
): Promise<void> {
	const endpoint = await startEndpoint({
		script,
		...(key !== undefined && { key }),
		...(models !== undefined && { models }),
	});
	const ours = { "kimiK2.endpoint": "custom", "kimiK2.baseUrl": endpoint.url, "kimiK2.model": "kimi-k2.7-code" };
	const workspace = folder ? { workspace: { files: { "README.md": "# Test\n", ...files } } } : {};
	try {
		await withWorkbench({ ...options, ...workspace, settings: { ...ours, ...settings } }, async (workbench) => {
			await body({ workbench, endpoint, view: await workbench.openView() });
		});
	} finally {
		await endpoint.close();
	}
}

/** Types a prompt and sends it as a person does. */
export async function send(view: Frame, text: string): Promise<void> {
	await view.getByTestId("composer").fill(text);
	await view.getByTestId("composer").press("Enter");
}

/** Resolves once this stands in the composer. */
export async function written(view: Frame, wanted: string): Promise<void> {
	await view.waitForFunction(
		(text) => document.querySelector<HTMLTextAreaElement>('[data-testid="composer"]')?.value === text,
		wanted,
	);
}

/** Resolves when a call waits for the person and has the keyboard. */
export async function asked(view: Frame): Promise<void> {
	await view.locator('[data-testid="accept"]:focus').waitFor();
	// The card takes no key in its first moments, so that a key meant for the composer decides nothing.
	await view.page().waitForTimeout(600);
}

export async function decide(view: Frame, verdict: "allow" | "deny", reason = ""): Promise<void> {
	if (verdict === "allow") return view.getByTestId("accept").click();
	await view.getByTestId("reject").click();
	await view.getByTestId("reject-reason").fill(reason);
	await view.getByTestId("reject-confirm").click();
}

export function card(view: Frame, tool: string): Locator {
	return view.locator(`[data-testid="tool-card"][data-tool="${tool}"]`).last();
}
