import assert from "node:assert/strict";
import { selectedText } from "../../../src/vscode/entries/terminal-selection.ts";

/** A clipboard that holds what the person copied before. */
function clipboard() {
	const held = { text: "the person's" };
	const writeText = (text: string) => {
		held.text = text;
		return Promise.resolve();
	};
	return { held, readText: () => Promise.resolve(held.text), writeText };
}

describe("what is selected in a terminal", () => {
	it("comes by way of the clipboard, which has the person's text again", async () => {
		const { held, ...board } = clipboard();
		assert.equal(await selectedText(board, () => board.writeText("$ npm test\r\n1 failed")), "$ npm test\n1 failed");
		assert.equal(held.text, "the person's");
	});

	it("is nothing where nothing is selected: what the person copied is not taken for it", async () => {
		const { held, ...board } = clipboard();
		assert.equal(await selectedText(board, () => Promise.resolve()), undefined);
		assert.equal(held.text, "the person's");
	});

	it("is of each terminal its own where two are asked at once, and the person's text is there again", async () => {
		const { held, ...board } = clipboard();
		const slowly = (text: string) => async () => {
			await new Promise(setImmediate);
			await board.writeText(text);
			await new Promise(setImmediate);
		};
		const both = [selectedText(board, slowly("one")), selectedText(board, slowly("two"))];
		assert.deepEqual(await Promise.all(both), ["one", "two"]);
		assert.equal(held.text, "the person's");
	});

	it("leaves the person's text there also where VS Code can't copy", async () => {
		const { held, ...board } = clipboard();
		await assert.rejects(selectedText(board, () => Promise.reject(new Error("no terminal"))));
		assert.equal(held.text, "the person's");
	});
});
