// Loads the extension as VS Code would, with a stub in the place of VS Code, and prints the milliseconds it took.
import { createRequire, registerHooks } from "node:module";
import path from "node:path";
import { root } from "./place.ts";

// Whatever is asked of it is a class, a function, an object and a string, and has all members again.
const stub = `
	class Any {}
	const anything = () => new Proxy(Any, {
		get: (target, name) => (name in target ? target[name] : anything()),
		apply: () => anything(),
		// The bundle asks a copy with this prototype.
		getPrototypeOf: () => anything(),
	});
	module.exports = anything();
`;

registerHooks({
	resolve(specifier, context, nextResolve) {
		if (specifier !== "vscode") return nextResolve(specifier, context);
		return { url: "stub:vscode", format: "commonjs", shortCircuit: true };
	},
	load(url, context, nextLoad) {
		if (url !== "stub:vscode") return nextLoad(url, context);
		return { format: "commonjs", source: stub, shortCircuit: true };
	},
});

const require = createRequire(import.meta.url);
const from = performance.now();
require(path.join(root, "dist", "extension.cjs"));
process.stdout.write(String(performance.now() - from));
