// npm run bench [-- --json FILE|-] [--only GROUP,…] [--write-docs]: the figures, beside where they must stand.
import fs from "node:fs";
import path from "node:path";
import { main, root, runNode } from "../lib/process.ts";
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

await main(async (args) => {
	// The runner for the terminal is not in the package: it goes when another task builds something else.
	if ([vsixPath, path.join(root, "dist", "headless.mjs")].some(isStale)) {
		const packed = await runNode(["scripts/tasks/package.ts"], { capture: true });
		if (packed.code !== 0) {
			console.error(packed.output);
			return packed.code;
		}
	}
	await measureInside();
	return (await runNode(["--import", "./scripts/hooks.mjs", "bench/run.ts", ...args])).code;
});
