// Bundles what ships (dist/) and the suites that run inside VS Code (out/host/).
//   --dev    readable, with linked source maps      --watch  dev, and again at each change
//   --meta   writes dist/meta.json: what each bundle is made of      --host  the host suites instead of the product
import fs from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import { bundles } from "./scripts/lib/bundles.ts";
import { writeIcons } from "./scripts/lib/icons.mjs";

const root = import.meta.dirname;
const flags = new Set(process.argv.slice(2));
const watch = flags.has("--watch");
const dev = watch || flags.has("--dev");

/** @type {import("esbuild").BuildOptions} */
const common = {
	absWorkingDir: root,
	bundle: true,
	minify: !dev,
	sourcemap: dev ? "linked" : false,
	legalComments: "none",
	loader: { ".md": "text" },
	metafile: true,
	logLevel: "warning",
};

/** @type {import("esbuild").BuildOptions} */
const node = { ...common, platform: "node", target: "node22" };

/** Two thirds of our code is this package. In a file of its own, activation does not even read it. */
const openaiApart = {
	name: "openai-apart",
	setup(build) {
		build.onResolve({ filter: /^openai$/ }, () => ({ path: "./openai.cjs", external: true }));
	},
};

/** Of its two hundred kinds of requests none is used: we send our own through it. Their classes stay, empty. */
const openaiWithoutResources = {
	name: "openai-without-resources",
	setup(build) {
		build.onLoad({ filter: /[\\/]openai[\\/]resources[\\/].*\.mjs$/ }, ({ path: file }) => {
			const text = fs.readFileSync(file, "utf8");
			if (!text.includes("extends APIResource")) return undefined;
			const classes = [...text.matchAll(/^export class (\w+)/gm)].map(([line]) => `${line} {}`);
			const others = [...text.matchAll(/^export \{[^}]*\} from .*$/gm)].map(([line]) => line);
			return { contents: [...classes, ...others].join("\n") };
		});
	},
};

/** The same for the official MCP client, which nobody needs who has no MCP server. */
const mcpApart = {
	name: "mcp-apart",
	setup(build) {
		build.onResolve({ filter: /^\.\/client\.ts$/ }, ({ importer }) =>
			path.relative(root, importer) === path.join("src", "node", "mcp", "sdk.ts")
				? { path: "./mcp.cjs", external: true }
				: undefined,
		);
	},
};

/** The client brings a validator that compiles schemas to code, 300 KB. It is always given another one. */
const withoutValidator = {
	name: "without-validator",
	setup(build) {
		build.onResolve({ filter: /^@modelcontextprotocol\/client\/_shims$/ }, ({ path }) => ({
			path,
			namespace: "shims",
		}));
		build.onLoad({ filter: /.*/, namespace: "shims" }, () => ({
			contents: "export const CORS_IS_POSSIBLE = false; export class DefaultJsonSchemaValidator {}",
		}));
	},
};

/** @type {import("esbuild").BuildOptions[]} */
const product = [
	{
		...node,
		stdin: { contents: 'export { OpenAI as default } from "openai";', resolveDir: root },
		// The class alone: it is what Node takes for the default export of a CommonJS file.
		footer: { js: "module.exports = module.exports.default;" },
		outfile: "dist/openai.cjs",
		format: "cjs",
		mainFields: ["module", "main"],
		plugins: [openaiWithoutResources],
	},
	{
		...node,
		entryPoints: ["src/node/mcp/client.ts"],
		outfile: "dist/mcp.cjs",
		format: "cjs",
		mainFields: ["module", "main"],
		plugins: [withoutValidator],
		supported: { "dynamic-import": false },
	},
	{
		...node,
		entryPoints: ["src/vscode/extension.ts"],
		outfile: "dist/extension.cjs",
		format: "cjs",
		external: ["vscode"],
		plugins: [openaiApart, mcpApart],
		// What is loaded later is required: VS Code 1.104 hangs when `import()` reaches Node's loader of ES modules.
		supported: { "dynamic-import": false },
		// Prefer a dependency's ES modules: Node's own order would take CommonJS, which cannot be shaken.
		mainFields: ["module", "main"],
	},
	{
		...node,
		entryPoints: ["src/node/headless.ts"],
		outfile: "dist/headless.mjs",
		format: "esm",
		mainFields: ["module", "main"],
		// A CommonJS dependency inside an ES module asks for `require`.
		banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
	},
	{
		...common,
		entryPoints: ["src/webview/main.tsx"],
		outfile: "dist/webview.js",
		platform: "browser",
		format: "iife",
		target: "es2022",
		jsx: "automatic",
		jsxImportSource: "preact",
	},
	{ ...common, entryPoints: ["media/view.css"], outfile: "dist/view.css" },
];

/** One file a suite, beside the index that hands them to mocha. */
function hostSuites() {
	const folder = path.join(root, "test/host");
	const entries = fs.readdirSync(folder).filter((file) => file === "index.ts" || file.endsWith(".test.ts"));
	return {
		...node,
		entryPoints: entries.map((file) => path.join("test/host", file)),
		outdir: "out/host",
		outExtension: { ".js": ".cjs" },
		format: "cjs",
		minify: false,
		sourcemap: "inline",
		external: ["vscode"],
		// Of mocha's parallel mode, which is not in use.
		logOverride: { "require-resolve-not-external": "silent" },
	};
}

function checkEntries(builds) {
	const missing = builds
		.flatMap((build) => build.entryPoints ?? [])
		.filter((entry) => !fs.existsSync(path.join(root, entry)));
	if (missing.length > 0) {
		console.error(`Cannot bundle, these entries are missing: ${missing.join(", ")}`);
		process.exit(1);
	}
}

const icons = path.join(root, "node_modules/@vscode/codicons/dist");

/** All of them while one works on the view. */
function copyIcons() {
	for (const file of ["codicon.css", "codicon.ttf"]) {
		fs.copyFileSync(path.join(icons, file), path.join(root, "dist", file));
	}
}

/** The demo project as one file, path to text: a package needs no project with tests of its own inside. */
function packDemoProject() {
	const folder = path.join(root, "demo/project");
	const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	const files = entries.map(({ parentPath, name }) => {
		const file = path.join(parentPath, name);
		return [path.relative(folder, file).replaceAll("\\", "/"), fs.readFileSync(file, "utf8")];
	});
	const texts = Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
	fs.writeFileSync(path.join(root, "dist/demo-project.json"), JSON.stringify(texts));
}

function writeWords() {
	fs.mkdirSync(path.join(root, "dist/l10n"));
	for (const [file, text] of Object.entries(bundles())) fs.writeFileSync(path.join(root, "dist", file), text);
}

/** The parts of all bundles together, as esbuild's own analysers read them. */
function writeMeta(results) {
	const meta = { inputs: {}, outputs: {} };
	for (const { metafile } of results) {
		Object.assign(meta.inputs, metafile.inputs);
		Object.assign(meta.outputs, metafile.outputs);
	}
	fs.writeFileSync(path.join(root, "dist/meta.json"), JSON.stringify(meta));
}

async function build(builds) {
	if (watch) {
		const contexts = await Promise.all(builds.map((options) => esbuild.context({ ...options, logLevel: "info" })));
		await Promise.all(contexts.map((context) => context.watch()));
		return;
	}
	const results = await Promise.all(builds.map((options) => esbuild.build(options)));
	if (flags.has("--meta")) {
		writeMeta(results);
	}
}

const host = flags.has("--host");
const builds = host ? [hostSuites()] : product;
checkEntries(builds);
// An old bundle or a development source map must not reach the package.
fs.rmSync(path.join(root, host ? "out/host" : "dist"), { recursive: true, force: true });
fs.mkdirSync(path.join(root, "dist"), { recursive: true });
if (!host) {
	copyIcons();
	packDemoProject();
	writeWords();
}
try {
	await build(builds);
} catch {
	// esbuild has printed the errors.
	process.exitCode = 1;
}
if (!host && !watch && process.exitCode === undefined) {
	const dist = path.join(root, "dist");
	await writeIcons(icons, dist, fs.readFileSync(path.join(dist, "webview.js"), "utf8"));
}
