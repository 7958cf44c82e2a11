// npm run package: builds for production and packs the extension, which must stay small and hold nothing else.
import fs from "node:fs";
import path from "node:path";
import { createVSIX } from "@vscode/vsce";
import { notices, noticesPath } from "../lib/notices.ts";
import { main, root, runNode } from "../lib/process.ts";
import { Refusal } from "../lib/setup.mjs";
import { filesThatMustNotShip, vsixPath } from "../lib/vsix.ts";

const limitBytes = 1_000_000;

await main(async () => {
	const built = await runNode(["esbuild.mjs", "--meta"]);
	if (built.code !== 0) {
		return built.code;
	}
	fs.writeFileSync(noticesPath, notices());
	const strangers = await filesThatMustNotShip();
	if (strangers.length > 0) {
		throw new Refusal(`These files must not be in the package: ${strangers.join(", ")}. See .vscodeignore.`);
	}
	fs.rmSync(vsixPath, { force: true });
	await createVSIX({
		cwd: root,
		packagePath: vsixPath,
		dependencies: false,
		// The README's links stay relative until package.json names a public repository.
		allowMissingRepository: true,
		rewriteRelativeLinks: false,
	});
	const { size } = fs.statSync(vsixPath);
	const kilobytes = `${(size / 1000).toFixed(0)} kB`;
	if (size >= limitBytes) {
		throw new Refusal(`${path.basename(vsixPath)} is ${kilobytes}, more than ${limitBytes / 1000} kB.`);
	}
	console.log(`${path.basename(vsixPath)}: ${kilobytes}`);
	return 0;
});
