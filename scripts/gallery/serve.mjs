// Serves the webview outside VS Code: `node scripts/gallery/serve.mjs`, then open the printed address.
// One page a scene (`?scene=ask-edit&theme=light`), with the colours of real themes and the real content security policy.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const root = new URL("../../", import.meta.url);
const nonce = "gallery";
const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; font-src 'self'; img-src 'self' data:`;

/** The bundles, in memory. */
async function bundle() {
	/** @type {(entry: string, more: import("esbuild").BuildOptions) => Promise<string>} */
	const build = async (entry, more) => {
		const { outputFiles } = await esbuild.build({
			absWorkingDir: root.pathname,
			entryPoints: [entry],
			bundle: true,
			minify: true,
			target: "es2022",
			...more,
			write: false,
		});
		return outputFiles[0]?.text ?? "";
	};
	/** @type {import("esbuild").BuildOptions} */
	const jsx = { format: "iife", jsx: "automatic", jsxImportSource: "preact" };
	const [view, page, css] = await Promise.all([
		build("src/webview/main.tsx", jsx),
		build("scripts/gallery/page.ts", jsx),
		build("media/view.css", {}),
	]);
	return { view, page, css };
}

/** What VS Code puts into a webview: the theme's variables, and its name as a class of the body. */
async function themeCss() {
	/** @type {Record<string, Record<string, string>>} */
	const themes = JSON.parse(await readFile(new URL("themes.json", import.meta.url), "utf8"));
	const rules = Object.entries(themes).map(([name, vars]) => {
		const lines = Object.entries(vars).map(([key, value]) => `--vscode-${key}: ${value};`);
		return `html[data-theme="${name}"] { ${lines.join(" ")} background: var(--vscode-sideBar-background); }`;
	});
	return `${rules.join("\n")}
html { --vscode-font-family: system-ui, "Ubuntu", "Droid Sans", sans-serif; --vscode-font-size: 13px;
	--vscode-editor-font-family: "Droid Sans Mono", monospace; --vscode-editor-font-size: 12px;
	scrollbar-color: var(--vscode-scrollbarSlider-background) transparent; }`;
}

/** The themes of themes.json, with the classes that VS Code gives to the body. */
export const bodyClasses = {
	dark: "vscode-dark",
	light: "vscode-light",
	hc: "vscode-high-contrast",
	hcLight: "vscode-high-contrast vscode-high-contrast-light",
	dark2026: "vscode-dark",
	light2026: "vscode-light",
};

/**
 * The extension's words in a language, as a page's script has them.
 * @param {string} language as VS Code calls its display language
 */
async function wordsIn(language) {
	const file = new URL(`l10n/bundle.l10n.${language}.json`, root);
	return language === "en" ? "{}" : (await readFile(file, "utf8")).replaceAll("<", "\\u003c");
}

/**
 * @param {keyof typeof bodyClasses} theme
 * @param {string} language
 */
async function html(theme, language) {
	return `<!DOCTYPE html><html lang="${language}" data-theme="${theme}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/codicon.css"><link rel="stylesheet" href="/view.css">
<title>Gallery</title></head><body class="${bodyClasses[theme]}"><div id="root"></div>
<script nonce="${nonce}">window.words = ${await wordsIn(language)}</script>
<script nonce="${nonce}" src="/page.js"></script><script nonce="${nonce}" src="/view.js"></script></body></html>`;
}

/**
 * Bundles the view and serves it on this machine. `bytes` is the size of the view's script.
 * @returns {Promise<{ url: string, bytes: number, close: () => void }>}
 */
export async function serve(port = 0) {
	const { view, page, css } = await bundle();
	/** @param {string} file */
	const icons = (file) => readFile(new URL(`node_modules/@vscode/codicons/dist/${file}`, root));
	/** @type {Record<string, [string, string | Buffer]>} */
	const files = {
		"/view.js": ["text/javascript", view],
		"/page.js": ["text/javascript", page],
		"/view.css": ["text/css", css],
		"/theme.css": ["text/css", await themeCss()],
		"/codicon.css": ["text/css", await icons("codicon.css")],
		"/codicon.ttf": ["font/ttf", await icons("codicon.ttf")],
	};
	const server = createServer(async (request, response) => {
		const url = new URL(request.url ?? "/", "http://localhost");
		const theme = /** @type {keyof typeof bodyClasses} */ (url.searchParams.get("theme") ?? "dark");
		const language = url.searchParams.get("lang") ?? "en";
		const [type, body] = files[url.pathname] ?? ["text/html", await html(theme, language)];
		response.writeHead(200, { "content-type": type }).end(body);
	});
	await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
	const address = /** @type {import("node:net").AddressInfo} */ (server.address());
	return { url: `http://127.0.0.1:${address.port}/`, bytes: view.length, close: () => server.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log((await serve(8099)).url);
