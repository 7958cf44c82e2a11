// npm run screenshots: the README's pictures, taken from the real workbench.
import { main, packageBin, runNode } from "../lib/process.ts";
import { isStale, vsixPath } from "../lib/vsix.ts";

await main(async (args) => {
	if (isStale(vsixPath)) {
		const packed = await runNode(["scripts/tasks/package.ts"]);
		if (packed.code !== 0) {
			return packed.code;
		}
	}
	return (await runNode([packageBin("mocha", "mocha"), ...args, "test/e2e/screenshots.ts"])).code;
});
