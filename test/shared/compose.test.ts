import assert from "node:assert/strict";
import { putAbove } from "../../src/shared/compose.ts";

describe("a text that is put in the composer", () => {
	it("stands above what the person wrote there, once, and clears it where it is none", () => {
		assert.deepEqual(
			[putAbove("a", "b"), putAbove("a", " \n"), putAbove("a", "a"), putAbove("a", ""), putAbove("", "b")],
			["a\n\nb", "a", "a", "a", ""],
		);
	});
});
