// npm run soak [-- --seed N --calls N --runs N]: a task of 1,000 calls with all that goes wrong, and whether all holds.
import { main, runNode } from "../lib/process.ts";

await main(async (args) => (await runNode(["--import", "./scripts/hooks.mjs", "test/soak/main.ts", ...args])).code);
