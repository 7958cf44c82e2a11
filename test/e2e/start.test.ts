import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { launchBrowser, webviewFrame, workbenchReady } from "../../scripts/vscode/browser.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** As on a machine without keys. */
function npmStart(args: readonly string[], home: string): ChildProcess {
	const keys = Object.keys(process.env).filter((name) => /_API_KEY$|^KIMI_K2_(BASE_URL|MODEL)$/.test(name));
	const env = { ...process.env, ...Object.fromEntries(keys.map((name) => [name, undefined])) };
	return spawn(process.execPath, ["scripts/tasks/start.ts", ...args], {
		cwd: root,
		env: { ...env, KIMI_K2_STATE: home, KIMI_DEMO_SPEED: "0", INIT_CWD: root },
		stdio: ["ignore", "pipe", "pipe"],
	});
}

/** Resolves with the first match in what the process prints. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
	return new Promise((resolve, reject) => {
		let output = "";
		const look = (text: string) => {
			output += text;
			const found = pattern.exec(output)?.[0];
			if (found !== undefined) resolve(found);
		};
		child.stdout?.setEncoding("utf8").on("data", look);
		child.stderr?.setEncoding("utf8").on("data", look);
		child.once("exit", (code) => reject(new Error(`It ended with ${code}:\n${output}`)));
	});
}

describe("npm start", function () {
	this.timeout(120_000);
	let home: string;
	beforeEach(() => {
		home = mkdtempSync(path.join(tmpdir(), "kimi-k2-start-"));
	});
	afterEach(() => rmSync(home, { recursive: true, force: true }));

	it("opens VS Code in the browser on the demo project, behind a token, with the demo endpoint chosen", async () => {
		const child = npmStart(["--browser"], home);
		const browser = await launchBrowser();
		try {
			const url = new URL(await printed(child, /http:\/\/127\.0\.0\.1:\d+\/\S*tkn=\S+/));
			const withoutToken = await fetch(url.origin);
			assert.equal(withoutToken.status, 403);
			const page = await browser.newPage();
			await page.goto(url.href);
			await workbenchReady(page);
			await page.locator('.activitybar [aria-label^="Kimi K2 Agent"]').first().click();
			const view = await webviewFrame(page, "body[data-ready]");
			await view.getByTestId("demo").waitFor();
			assert.equal(await view.getByTestId("first-run").count(), 0);
		} finally {
			await browser.close();
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGINT");
			await ended;
		}
	});

	it("-- --headless does the whole job on a copy of the demo project, with events for scripts", async () => {
		const child = npmStart(["--headless", "--json", "--yes", "Fix the failing test"], home);
		let out = "";
		child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			out += text;
		});
		const code = await new Promise((resolve) => child.once("close", resolve));
		assert.equal(code, 0, out.slice(-2000));
		const events = out
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		const { workspace } = events[0];
		assert.match(events.at(-2).parts.at(-1).text, /all 12 pass/);
		assert.match(readFileSync(path.join(workspace, "src/discounts.js"), "utf8"), /percentOf\(subtotal\(cart\)/);
		rmSync(workspace, { recursive: true });
	});
});
