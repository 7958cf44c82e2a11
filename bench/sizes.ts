import { statSync } from "node:fs";
import path from "node:path";
import { root } from "./place.ts";
import type { Figures, Group, Row } from "./targets.ts";

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

function row(id: string, what: string, means: string): Row {
	return { id: `size.${id}`, what, unit: "KB", digits: 1, means };
}

export const sizeGroup: Group = {
	name: "sizes",
	title: "Sizes",
	rows: [
		row("extension", "dist/extension.cjs", "Loaded at activation, the `openai` package within it later."),
		row("webview", "dist/webview.js", "Loaded with the view."),
		row("headless", "dist/headless.mjs", "The runner for the terminal; not in the package."),
		{ ...row("vsix", "kimi-k2-agent.vsix", "The whole package."), must: { most: 1000 } },
	],
};
