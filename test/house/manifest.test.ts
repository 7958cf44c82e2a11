import assert from "node:assert/strict";
import { filesThatMustNotShip } from "../../scripts/lib/vsix.ts";
import { manifest, readText } from "./manifest.ts";

const keys = (file: string): string[] => Object.keys(JSON.parse(readText(file))).sort();

describe("package.json", () => {
	it("asks for no proposed API of VS Code", () => {
		assert.equal(manifest.enabledApiProposals, undefined);
	});

	it("takes its words from package.nls.json, which holds no others", () => {
		const used = [...readText("package.json").matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
		assert.deepEqual([...new Set(used)].sort(), keys("package.nls.json"));
	});

	it("names no dependency that docs/dependencies.md does not explain, and the other way round", () => {
		const firstCells = [...readText("docs/dependencies.md").matchAll(/^\|([^|]+)\|/gm)].map(([, cell]) => cell ?? "");
		const explained = firstCells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
		const named = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
		assert.deepEqual(explained.sort(), named.sort());
	});
});

describe("the package", () => {
	it("holds nothing but what is meant to ship", async () => {
		assert.deepEqual(await filesThatMustNotShip(), []);
	});
});
