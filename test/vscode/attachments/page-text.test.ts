import assert from "node:assert/strict";
import { pageText } from "../../../src/vscode/attachments/page-text.ts";

describe("the text of a page that goes along", () => {
	it("is all of it, or its beginning with the size of the whole, without what nobody would see", () => {
		assert.deepEqual(pageText("\n\nWords\u200b of it\n"), { text: "Words of it" });
		const { text, size } = pageText("word\u200b\n".repeat(1_000_000));
		assert.equal(size, 6_000_000);
		assert.ok(text.length < 400_000 && text.startsWith("word\nword\n"));
	});
});
