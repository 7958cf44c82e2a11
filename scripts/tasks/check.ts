// npm run check: what needs no VS Code, in seconds.
import { main, runNode } from "../lib/process.ts";

await main(async (args) => (await runNode(["scripts/tasks/test.ts", "--only", "types,lint,knip,units", ...args])).code);
