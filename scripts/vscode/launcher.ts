// Stands in for a VS Code executable: takes the command line of @vscode/test-electron, runs it in VS Code's server and
// a headless Chromium, and ends with the exit code of the tests. See runTests in test/host/run.ts.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import util from "node:util";
import { launchBrowser, type WorkbenchTarget, workbenchUrl } from "./browser.ts";
import { quietSettings, startServer, writeUserSettings } from "./server.ts";
import { setUpServer } from "./setup.ts";

/** For a window that hangs: each test has its own limit, and all of them together take as long as the machine is slow. */
const timeLimitMs = 1_800_000;

interface CommandLine extends WorkbenchTarget {
	readonly extensionsDir: string | undefined;
}

function parse(args: readonly string[]): CommandLine {
	const values = (name: string) => {
		const flag = `--${name}=`;
		return args.filter((arg) => arg.startsWith(flag)).map((arg) => arg.slice(flag.length));
	};
	const [open] = args.filter((arg) => !arg.startsWith("-"));
	const [extensionTestsPath] = values("extensionTestsPath");
	return {
		...(open === undefined ? {} : { open }),
		...(extensionTestsPath === undefined ? {} : { extensionTestsPath }),
		extensionDevelopmentPaths: values("extensionDevelopmentPath"),
		extensionsDir: values("extensions-dir")[0],
	};
}

/** The tests run in a process that we do not own: they write to a file, and its growth is shown here. */
function follow(file: string): () => void {
	fs.writeFileSync(file, "");
	const handle = fs.openSync(file, "r");
	const buffer = Buffer.alloc(65_536);
	const show = () => {
		for (let length = fs.readSync(handle, buffer); length > 0; length = fs.readSync(handle, buffer)) {
			process.stdout.write(Buffer.from(buffer.subarray(0, length)));
		}
	};
	const timer = setInterval(show, 100);
	return () => {
		clearInterval(timer);
		show();
		fs.closeSync(handle);
	};
}

async function launch(args: readonly string[]): Promise<number> {
	const line = parse(args);
	const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "kimi-k2-host-"));
	const output = path.join(dataDir, "tests.out");
	writeUserSettings(dataDir, quietSettings);
	const stopFollowing = follow(output);
	const extensionsDir = path.resolve(line.extensionsDir ?? path.join(dataDir, "extensions"));
	// The workbench takes one extension under development, the last: others are put where installed ones are.
	for (const folder of line.extensionDevelopmentPaths?.slice(0, -1) ?? [])
		fs.cpSync(folder, path.join(extensionsDir, path.basename(folder)), { recursive: true });
	const server = await startServer({
		server: setUpServer(),
		dataDir,
		extensionsDir,
		args: ["--disable-workspace-trust", "--enable-smoke-test-driver"],
		env: { VSCODE_TEST_OUTPUT: output },
	});
	const browser = await launchBrowser();
	try {
		const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
		const code = await new Promise<number>((resolve, reject) => {
			const stopped = (why: string, exit: number) => {
				console.error(why);
				resolve(exit);
			};
			setTimeout(() => stopped(`No end of the tests after ${timeLimitMs / 1000} s.`, 124), timeLimitMs).unref();
			process.on("SIGINT", () => resolve(130)).on("SIGTERM", () => resolve(143));
			page.on("crash", () => stopped("The page with VS Code crashed.", 70));
			openPage(page, workbenchUrl(server.url, line), resolve).catch(reject);
		});
		return code;
	} finally {
		await browser.close();
		await server.stop();
		stopFollowing();
		fs.rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** The two functions are what the workbench calls in an automated browser; they must exist before it loads. */
async function openPage(
	page: import("playwright-core").Page,
	url: string,
	exit: (code: number) => void,
): Promise<void> {
	await page.exposeFunction("codeAutomationExit", exit);
	await page.exposeFunction("codeAutomationLog", (kind: string, args: unknown[]) => {
		if (process.env["KIMI_K2_WORKBENCH_LOG"]) {
			console.error(`[workbench ${kind}]`, util.format(...args).slice(0, 2000));
		}
	});
	await page.goto(url);
}

process.exit(await launch(process.argv.slice(2)));
