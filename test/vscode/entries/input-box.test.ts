import assert from "node:assert/strict";
import { InputBox } from "../../../src/vscode/entries/input-box.ts";

describe("a box that is written in while the person may type there", () => {
	it("grows, and has the whole text in the end", () => {
		const shown = { value: "" };
		const box = new InputBox(shown);
		assert.equal(box.write("feat"), true);
		assert.equal(shown.value, "feat");
		assert.equal(box.finish("feat: all"), true);
		assert.deepEqual([shown.value, box.text], ["feat: all", "feat: all"]);
	});

	it("is the person's from their first word on, for good", () => {
		const shown = { value: "" };
		const box = new InputBox(shown);
		box.finish("feat");
		shown.value = "feat mine";
		assert.equal(box.write("feat: all"), false);
		shown.value = "feat";
		assert.equal(box.finish("feat: all"), false);
		box.restore();
		assert.equal(shown.value, "feat");
	});

	it("is not taken for theirs when VS Code tells late of what was written", () => {
		const shown = { value: "" };
		const box = new InputBox(shown);
		box.finish("a");
		box.finish("ab");
		shown.value = "a";
		assert.equal(box.finish("abc"), true);
		assert.equal(shown.value, "abc");
	});

	it("gets back what stood there before", () => {
		const shown = { value: "wip" };
		const box = new InputBox(shown);
		box.finish("feat: all");
		box.restore();
		assert.deepEqual([shown.value, box.begun], ["wip", "wip"]);
	});
});
