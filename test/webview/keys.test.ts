import assert from "node:assert/strict";
import { diffLines } from "../../src/webview/diff-lines.ts";
import { approvalKey, chipKey, composerKey, suggestKey } from "../../src/webview/keys.ts";
import { press } from "./press.ts";

describe("keys while a list stands above the composer", () => {
	it("choose, take, complete and close; all others, and those of an input method, are left to the text", () => {
		const keys = ["ArrowUp", "ArrowDown", "Enter", "Tab", "Escape", "Home", "a"];
		assert.deepEqual(
			keys.map((key) => suggestKey(press(key))),
			["up", "down", "take", "complete", "close", undefined, undefined],
		);
		for (const more of [
			{ shiftKey: true },
			{ ctrlKey: true },
			{ altKey: true },
			{ isComposing: true },
			{ keyCode: 229 },
		])
			assert.deepEqual(keys.map((key) => suggestKey(press(key, more))).filter(Boolean), [], JSON.stringify(more));
	});
});

describe("keys in the composer", () => {
	const idle = { empty: false, running: false };

	it("send on Enter and break the line on Shift+Enter", () => {
		assert.equal(composerKey(press("Enter"), idle), "send");
		assert.equal(composerKey(press("Enter", { ctrlKey: true }), idle), "now");
		assert.equal(composerKey(press("Enter", { metaKey: true }), idle), "now");
		assert.equal(composerKey(press("Enter", { shiftKey: true }), idle), undefined);
	});

	it("belong to the input method while it composes", () => {
		assert.equal(composerKey(press("Enter", { isComposing: true }), idle), undefined);
		assert.equal(composerKey(press("Enter", { keyCode: 229 }), idle), undefined);
		assert.equal(composerKey(press("Escape", { isComposing: true }), { ...idle, running: true }), undefined);
	});

	it("stop on Escape while a turn runs, and only then", () => {
		assert.equal(composerKey(press("Escape"), { ...idle, running: true }), "stop");
		assert.equal(composerKey(press("Escape"), idle), undefined);
	});

	it("go to the chips on Backspace where there is no text and a chip, and only then", () => {
		const state = { empty: true, running: false, chips: true };
		assert.equal(composerKey(press("Backspace"), state), "chips");
		assert.equal(composerKey(press("Backspace"), { ...state, chips: false }), undefined);
		assert.equal(composerKey(press("Backspace"), { ...state, empty: false }), undefined);
		assert.equal(composerKey(press("Backspace", { ctrlKey: true }), state), undefined);
	});

	it("recall prompts with the arrows in an empty composer only", () => {
		assert.equal(composerKey(press("ArrowUp"), { ...idle, empty: true }), "older");
		assert.equal(composerKey(press("ArrowDown"), { ...idle, empty: true }), "newer");
		assert.equal(composerKey(press("ArrowUp"), idle), undefined);
		assert.equal(composerKey(press("ArrowUp", { shiftKey: true }), { ...idle, empty: true }), undefined);
	});
});

describe("keys on a chip", () => {
	it("go, remove and leave; Enter and Tab are the browser's, those with modifiers another's", () => {
		const keys = [
			"ArrowLeft",
			"ArrowRight",
			"Home",
			"End",
			"Delete",
			"Backspace",
			"ArrowDown",
			"Escape",
			"Enter",
			"Tab",
		];
		assert.deepEqual(
			keys.map((key) => chipKey(press(key))),
			["before", "after", "first", "last", "remove", "remove", "leave", "leave", undefined, undefined],
		);
		assert.equal(chipKey(press("ArrowLeft", { ctrlKey: true })), undefined);
		assert.equal(chipKey(press("Delete", { isComposing: true })), undefined);
	});
});

describe("keys on an approval card", () => {
	it("accept, reject, open the diff and leave", () => {
		const keys = ["a", "A", "r", "d", "Escape", "x", "Tab"].map((key) => approvalKey(press(key), true, 5_000));
		assert.deepEqual(keys, ["accept", "accept", "reject", "diff", "leave", undefined, undefined]);
	});

	it("leave Enter to the button that has the focus, and accept on Ctrl+Enter everywhere", () => {
		assert.equal(approvalKey(press("Enter"), true, 5_000), undefined);
		assert.equal(approvalKey(press("Enter"), false, 5_000), "accept");
		assert.equal(approvalKey(press("Enter", { ctrlKey: true }), true, 5_000), "accept");
		assert.equal(approvalKey(press("Enter", { metaKey: true }), true, 5_000), "accept");
	});

	it("decide nothing right after the card took the focus, nor with other modifiers", () => {
		assert.deepEqual(
			["a", "Enter", " ", "r"].map((key) => approvalKey(press(key), true, 100)),
			["wait", "wait", "wait", "wait"],
		);
		assert.equal(approvalKey(press("Escape"), true, 100), "leave");
		assert.equal(approvalKey(press("Tab"), true, 100), undefined);
		assert.equal(approvalKey(press("a", { ctrlKey: true }), true, 5_000), undefined);
		assert.equal(approvalKey(press("a", { altKey: true }), true, 5_000), undefined);
	});
});

describe("diffLines", () => {
	it("numbers lines as in the file they are in", () => {
		assert.deepEqual(
			diffLines("@@ -3,3 +3,3 @@ f()\n a\n-b\n+c\n d\n@@ -9 +9,2 @@\n+e\n\\ No newline at end of file\n"),
			[
				{ kind: "same", number: 3, text: "a" },
				{ kind: "removed", number: 4, text: "b" },
				{ kind: "added", number: 4, text: "c" },
				{ kind: "same", number: 5, text: "d" },
				{ kind: "gap", text: "" },
				{ kind: "added", number: 9, text: "e" },
				{ kind: "note", text: "No newline at end of file" },
			],
		);
	});

	it("hides the carriage returns of a Windows file and shows mixed ones", () => {
		const texts = (diff: string) => diffLines(diff).map((line) => line.text);
		assert.deepEqual(texts("@@ -1 +1 @@\n-a\r\n+b\r\n"), ["a", "b"]);
		assert.deepEqual(texts("@@ -1 +1 @@\n-a\r\n+b\n"), ["a\r", "b"]);
	});

	it("leaves nothing out", () => {
		assert.deepEqual(diffLines("what is this"), [{ kind: "note", text: "what is this" }]);
	});
});
