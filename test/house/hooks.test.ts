import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { root } from "./manifest.ts";

/** Outside of a suite such a hook runs around the tests of every file that mocha was given. */
const hook = /^(?:beforeEach|afterEach)\(/m;

describe("the test files", () => {
	it("hang no hook on the tests of other files", () => {
		const folder = path.join(root, "test");
		const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
		const bad = files
			.filter((file) => /\.ts$/.test(file) && !file.startsWith("e2e"))
			.filter((file) => hook.test(fs.readFileSync(path.join(folder, file), "utf8")));
		assert.deepEqual(bad, []);
	});
});
