import path from "node:path";
import { type Browser, chromium, type Frame, type Page } from "playwright-core";
import { findOrInstallChromium } from "./chromium.ts";

const chromiumArguments = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--disable-dev-shm-usage",
];

export function launchBrowser(): Promise<Browser> {
	return chromium.launch({ executablePath: findOrInstallChromium(), args: chromiumArguments });
}

export interface WorkbenchTarget {
	/** A folder, or a `.code-workspace` file; an empty window when absent. */
	readonly open?: string;
	readonly extensionDevelopmentPaths?: readonly string[];
	/** Ignored, without a word, unless the server runs with `--enable-smoke-test-driver`. */
	readonly extensionTestsPath?: string;
}

/** The address of a workbench on a server of ours. */
export function workbenchUrl(serverUrl: string, target: WorkbenchTarget): string {
	const { host } = new URL(serverUrl);
	const remote = (file: string) => `vscode-remote://${host}${encodeURI(webPath(file))}`;
	const payload = [
		...(target.extensionDevelopmentPaths ?? []).map((file) => ["extensionDevelopmentPath", remote(file)]),
		...(target.extensionTestsPath ? [["extensionTestsPath", remote(target.extensionTestsPath)]] : []),
		["skipWelcome", "true"],
	];
	const query = new URLSearchParams();
	if (target.open === undefined) {
		query.set("ew", "true");
	} else {
		query.set(target.open.endsWith(".code-workspace") ? "workspace" : "folder", webPath(target.open));
	}
	query.set("payload", JSON.stringify(payload));
	return `${serverUrl}/?${query}`;
}

/** VS Code's form of a path in URIs: `/c:/x` for `C:\x`. */
function webPath(file: string): string {
	const forward = path.resolve(file).replaceAll("\\", "/");
	return forward.startsWith("/") ? forward : `/${forward}`;
}

/**
 * Answers the page's request for the server's half of the key of the secret storage. VS Code's bare server has no
 * answer, and then secrets are lost with a reload.
 */
export async function keepSecrets(page: Page): Promise<void> {
	const body = Buffer.alloc(32, 7);
	await page.route("**/mint-key", (route) =>
		route.fulfill({ status: 200, contentType: "application/octet-stream", body }),
	);
}

/** Resolves when the workbench stands. The extension host may still be on its way: retry the command palette. */
export async function workbenchReady(page: Page): Promise<void> {
	await page.waitForSelector(".monaco-workbench .part.activitybar", { timeout: 60_000 });
}

/** A webview's document is an iframe in an iframe: the first frame whose document matches the selector. */
export async function webviewFrame(page: Page, selector: string, timeoutMs = 30_000): Promise<Frame> {
	const end = Date.now() + timeoutMs;
	while (Date.now() < end) {
		for (const frame of page.frames()) {
			if (frame !== page.mainFrame() && (await matches(frame, selector))) {
				return frame;
			}
		}
		await page.waitForTimeout(50);
	}
	throw new Error(`No webview shows ${selector} after ${timeoutMs} ms.`);
}

/** Frames come and go while a webview loads; asking one that went is no error. */
async function matches(frame: Frame, selector: string): Promise<boolean> {
	return frame
		.locator(selector)
		.count()
		.then((count) => count > 0)
		.catch(() => false);
}
