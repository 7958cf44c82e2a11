// npm run bench [-- --json FILE|-] [--only GROUP,…] [--write-docs]: the figures, beside where they must stand.
import fs from "node:fs";
import path from "node:path";
import { createVSIX } from "@vscode/vsce";
import { main, packageBin, root, runNode } from "../lib/process.ts";
import { isStale, vsixPath } from "../lib/vsix.ts";

/** The figures that need a real VS Code: a host suite takes them. Without it the bench prints the others. */
async function measureInside(): Promise<void> {
	const file = path.join(root, "out", "bench-host.json");
	fs.rmSync(file, { force: true });
	const bundled = await runNode(["esbuild.mjs", "--host"], { capture: true });
	const env = { MOCHA_GREP: "figures inside VS Code", BENCH_HOST_FILE: file };
	const measured = bundled.code === 0 ? await runNode(["test/host/run.ts"], { capture: true, env }) : bundled;
	if (measured.code !== 0) console.error(`No figures from inside VS Code:\n${measured.output}`);
}

/** The figures of a long chat need a browser as well, and an extension beside ours that watches the extension host. */
async function measureChat(): Promise<void> {
	const [file, pauses, probe] = ["bench-chat.json", "bench-pauses.jsonl", "host-probe.vsix"].map((name) =>
		path.join(root, "out", name),
	) as [string, string, string];
	fs.mkdirSync(path.dirname(file), { recursive: true });
	for (const old of [file, pauses]) fs.rmSync(old, { force: true });
	await createVSIX({
		cwd: path.join(root, "bench", "host-probe"),
		packagePath: probe,
		dependencies: false,
		allowMissingRepository: true,
		allowStarActivation: true,
		skipLicense: true,
	});
	const env = { E2E_BESIDE: probe, BENCH_PAUSES_FILE: pauses, BENCH_CHAT_FILE: file };
	const measured = await runNode([packageBin("mocha", "mocha"), "test/e2e/figures.ts"], { capture: true, env });
	if (measured.code !== 0) console.error(`No figures of a long chat:\n${measured.output}`);
}

/** Whether this group of figures is wanted. */
function isWanted(group: string, args: readonly string[]): boolean {
	const only = args.indexOf("--only");
	return only < 0 || args[only + 1]?.split(",").includes(group) === true;
}

await main(async (args) => {
	// The runner for the terminal is not in the package: it goes when another task builds something else.
	if ([vsixPath, path.join(root, "dist", "headless.mjs")].some(isStale)) {
		const packed = await runNode(["scripts/tasks/package.ts"], { capture: true });
		if (packed.code !== 0) {
			console.error(packed.output);
			return packed.code;
		}
	}
	if (isWanted("activation", args)) await measureInside();
	if (isWanted("chat", args)) await measureChat();
	return (await runNode(["--import", "./scripts/hooks.mjs", "bench/run.ts", ...args])).code;
});
