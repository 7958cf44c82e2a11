// npm start [-- --browser]: the main job, on a copy of the demo project, in VS Code; npm start -- --headless "prompt": in the terminal.
// npm start -- --verify: tries an endpoint, in the terminal as well.
import path from "node:path";
import { copyDemoProject, endpointSettings } from "../lib/demo.ts";
import { main, root, runNode } from "../lib/process.ts";
import { say } from "../lib/setup.mjs";
import { isStale, vsixPath } from "../lib/vsix.ts";
import { findDesktop, openDesktop } from "../vscode/desktop.ts";
import { serveDemo } from "../vscode/serve.ts";

const headless = path.join(root, "dist", "headless.mjs");

/** Builds what is missing or older than its sources. What it prints stays off stdout, which belongs to the agent. */
async function bring(file: string, args: readonly string[]): Promise<boolean> {
	if (!isStale(file)) {
		return true;
	}
	const built = await runNode(args, { capture: true });
	if (built.code !== 0) {
		console.error(built.output);
		return false;
	}
	say("the extension is built");
	return true;
}

async function start(inBrowser: boolean): Promise<number> {
	if (!(await bring(vsixPath, ["scripts/tasks/package.ts"]))) {
		return 1;
	}
	const demo = await copyDemoProject();
	const settings = endpointSettings(process.env);
	const desktop = inBrowser ? undefined : findDesktop();
	if (desktop !== undefined) {
		return openDesktop(desktop, demo.dir, settings);
	}
	try {
		return await serveDemo(demo.dir, settings);
	} finally {
		demo.remove();
	}
}

await main(async (args) => {
	if (!args.includes("--headless") && !args.includes("--verify")) {
		return start(args.includes("--browser"));
	}
	if (!(await bring(headless, ["esbuild.mjs"]))) {
		return 1;
	}
	// The agent ends by itself on Ctrl+C, and its exit code is the answer.
	process.on("SIGINT", () => undefined);
	const rest = args.filter((arg) => arg !== "--headless");
	return (await runNode([headless, ...rest], { cwd: process.env["INIT_CWD"] ?? process.cwd(), asIs: true })).code;
});
