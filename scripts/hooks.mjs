// Lets plain Node run the sources: `.md` imports become their text and `.tsx` is compiled by esbuild, as in the bundles.
import { readFileSync } from "node:fs";
import { enableCompileCache, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

// The suites start our sources some hundred times: most of each start is taking their types away.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/node", import.meta.url)));

registerHooks({
	load(url, context, nextLoad) {
		if (url.endsWith(".md")) {
			const text = readFileSync(fileURLToPath(url), "utf8");
			return { format: "module", source: `export default ${JSON.stringify(text)};`, shortCircuit: true };
		}
		if (url.endsWith(".tsx")) {
			const source = compileTsx(readFileSync(fileURLToPath(url), "utf8"), fileURLToPath(url));
			return { format: "module", source, shortCircuit: true };
		}
		return nextLoad(url, context);
	},
});

let esbuild;
function compileTsx(code, sourcefile) {
	esbuild ??= process.getBuiltinModule("module").createRequire(import.meta.url)("esbuild");
	return esbuild.transformSync(code, {
		loader: "tsx",
		jsx: "automatic",
		jsxImportSource: "preact",
		format: "esm",
		target: "es2024",
		sourcefile,
		sourcemap: "inline",
	}).code;
}
