// npm run bench [-- --json]: the figures that the README quotes.
import { main, runNode } from "../lib/process.ts";

await main(async (args) => {
	const packed = await runNode(["scripts/tasks/package.ts"], { capture: true });
	if (packed.code !== 0) {
		console.error(packed.output);
		return packed.code;
	}
	return (await runNode(["--import", "./scripts/hooks.mjs", "bench/run.ts", ...args])).code;
});
