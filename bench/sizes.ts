import { statSync } from "node:fs";
import path from "node:path";
import { root } from "./place.ts";
import type { Figures } from "./targets.ts";

const files = {
	"size.extension": "dist/extension.cjs",
	"size.webview": "dist/webview.js",
	"size.headless": "dist/headless.mjs",
	"size.vsix": "kimi-k2-agent.vsix",
};

/** What is built, in kilobytes of 1,000 bytes. */
export function measureSizes(): Figures {
	const sizes = Object.entries(files).map(
		([id, file]) => [id, statSync(path.join(root, file), { throwIfNoEntry: false })] as const,
	);
	return Object.fromEntries(sizes.flatMap(([id, stat]) => (stat ? [[id, stat.size / 1000]] : [])));
}
