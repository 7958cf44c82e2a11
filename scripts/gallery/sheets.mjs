// node --import ./scripts/hooks.mjs scripts/gallery/sheets.mjs [scene,scene]: takes a picture of every state of the view, or
// of those alone, and writes docs/gallery.md.
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { launchBrowser } from "../vscode/browser.ts";
import { scenes } from "./scenes.ts";
import { serve } from "./serve.mjs";
import { states } from "./states.ts";
import { visit } from "./visit.ts";

const root = path.resolve(import.meta.dirname, "../..");
const HEIGHT = 600;
const THEMES = ["dark", "light", "hc"];
const folder = path.join(root, "docs/images/gallery");

const known = Object.values(states).flat();
const names = Object.keys(scenes());
const missing = names.filter((name) => !known.some(({ scene }) => scene === name));
const unknown = known.filter(({ scene }) => !names.includes(scene)).map(({ scene }) => scene);
if (missing.length + unknown.length > 0)
	throw new Error(
		`scripts/gallery/states.ts lacks ${missing.join(", ")}; it tells of no scene with ${unknown.join(", ")}`,
	);

const { url, close } = await serve();
const browser = await launchBrowser();
const only = process.argv[2]?.split(",");
if (!only) await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const sections = [];
try {
	for (const [title, list] of Object.entries(states)) {
		sections.push(`## ${title}`);
		for (const state of list)
			sections.push(`${state.words}\n\n![${state.words.replaceAll("`", "")}](images/gallery/${await take(state)})`);
	}
} finally {
	await browser.close();
	close();
}
const head = `# Gallery

Every state of the view in VS Code's dark, light and high contrast themes, 300 pixels wide if nothing else is said.
\`node --import ./scripts/hooks.mjs scripts/gallery/sheets.mjs\` takes the pictures from the view's own code.`;
await writeFile(path.join(root, "docs/gallery.md"), `${[head, ...sections].join("\n\n")}\n`);
console.log(`${known.length} states in docs/gallery.md`);

/** The state in all themes, side by side; returns the name of the picture. */
async function take({ scene, width = 300, zoom = 1 }) {
	const size = `${width === 300 ? "" : `-${width}`}${zoom === 1 ? "" : `-zoom${zoom}`}`;
	const file = `${scene}${size}.jpg`;
	if (only && !only.includes(scene)) return file;
	const page = await browser.newPage({
		viewport: { width, height: HEIGHT / zoom },
		deviceScaleFactor: zoom,
		reducedMotion: "reduce",
	});
	const pictures = [];
	for (const theme of THEMES) {
		await visit(page, url, scene, theme);
		pictures.push(await page.screenshot());
	}
	await page.close();
	await writeFile(path.join(folder, file), await side(pictures, width * zoom));
	return file;
}

/** Wide ones stand below each other. */
async function side(pictures, width) {
	const isWide = width > 500;
	const gap = 8;
	const [columns, rows] = isWide ? [1, pictures.length] : [pictures.length, 1];
	const viewport = { width: columns * (width + gap) - gap, height: rows * (HEIGHT + gap) - gap };
	const page = await browser.newPage({ viewport });
	const images = pictures.map(
		(picture) => `<img width="${width}" src="data:image/png;base64,${picture.toString("base64")}">`,
	);
	const look = `margin:0;background:#808080;display:grid;gap:${gap}px;grid-template-columns:repeat(${columns},${width}px)`;
	await page.setContent(`<body style="${look}">${images.join("")}`);
	const sheet = await page.screenshot({ type: "jpeg", quality: 65 });
	await page.close();
	return sheet;
}
