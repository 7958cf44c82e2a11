// npm run build [-- --dev --watch --meta]: bundles into dist/.
import { main, runNode } from "../lib/process.ts";

await main(async (args) => (await runNode(["esbuild.mjs", ...args])).code);
