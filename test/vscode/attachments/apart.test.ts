import assert from "node:assert/strict";
import { apart } from "../../../src/vscode/attachments/apart.ts";

describe("things of the same name", () => {
	it("are told apart by a number that none of them has, and others keep their name", () => {
		assert.deepEqual(apart(["bash", "zsh", "bash", "bash (2)", "bash", "bash (2)"]), [
			"bash",
			"zsh",
			"bash (3)",
			"bash (2)",
			"bash (4)",
			"bash (2) (2)",
		]);
		assert.deepEqual(apart([]), []);
	});
});
