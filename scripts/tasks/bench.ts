// npm run bench [-- --json FILE|-] [--only GROUP,…] [--write-docs]: the figures, beside where they must stand.
import path from "node:path";
import { main, root, runNode } from "../lib/process.ts";
import { isStale, vsixPath } from "../lib/vsix.ts";

await main(async (args) => {
	// The runner for the terminal is not in the package: it goes when another task builds something else.
	if ([vsixPath, path.join(root, "dist", "headless.mjs")].some(isStale)) {
		const packed = await runNode(["scripts/tasks/package.ts"], { capture: true });
		if (packed.code !== 0) {
			console.error(packed.output);
			return packed.code;
		}
	}
	return (await runNode(["--import", "./scripts/hooks.mjs", "bench/run.ts", ...args])).code;
});
