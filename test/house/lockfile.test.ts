import assert from "node:assert/strict";
import { readText } from "./manifest.ts";

interface Entry {
	readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe("package-lock.json", () => {
	// npm leaves those out that the registry at hand does not serve, and then `npm ci` refuses the file everywhere.
	it("holds the optional packages of every platform", () => {
		const packages: Readonly<Record<string, Entry>> = JSON.parse(readText("package-lock.json")).packages;
		const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
			Object.keys(optionalDependencies).filter(
				(name) => !(`node_modules/${name}` in packages || `${place}/node_modules/${name}` in packages),
			),
		);
		assert.deepEqual(missing, []);
	});
});
