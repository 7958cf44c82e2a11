import assert from "node:assert/strict";
import { answerOf, entered, isAnswered, NO_ANSWER, nextOpen, pick, say } from "../../src/webview/draft-answers.ts";
import { questionKey } from "../../src/webview/keys.ts";
import { press } from "./press.ts";

const one = { question: "Which?", options: [{ label: "A" }, { label: "B" }] };
const several = { ...one, multiple: true };

describe("answers in the making", () => {
	it("have one source where one may be picked: the last one counts", () => {
		const picked = pick(one, say(one, NO_ANSWER, "mine"), 1);
		assert.deepEqual(picked, { picked: [1], other: "" });
		assert.deepEqual(say(one, picked, "mine"), { picked: [], other: "mine" });
		assert.deepEqual(say(one, picked, " "), { picked: [1], other: " " });
	});
	it("are picked and taken back where several may be, in order, beside own words", () => {
		const both = pick(several, pick(several, say(several, NO_ANSWER, "too"), 1), 0);
		assert.deepEqual(both, { picked: [0, 1], other: "too" });
		assert.deepEqual(pick(several, both, 1), { picked: [0], other: "too" });
	});
	it("take the option under Enter, but none that would undo what was picked of several", () => {
		assert.deepEqual(entered(one, { picked: [0], other: "" }, 1).picked, [1]);
		assert.deepEqual(entered(several, NO_ANSWER, 1).picked, [1]);
		assert.deepEqual(entered(several, { picked: [0], other: "" }, 1).picked, [0]);
		assert.deepEqual(entered(one, say(one, NO_ANSWER, "mine"), 2), { picked: [], other: "mine" });
	});
	it("go on with the next question that has none, around the end", () => {
		const drafts = [NO_ANSWER, { picked: [0], other: "" }, { picked: [], other: "x" }];
		assert.deepEqual([nextOpen(drafts, 1), nextOpen([drafts[1] ?? NO_ANSWER], 0)], [0, undefined]);
		assert.equal(isAnswered({ picked: [], other: "  " }), false);
	});
	it("leave as places and trimmed words", () => {
		assert.deepEqual(
			[answerOf({ picked: [1], other: " " }), answerOf({ picked: [], other: " x " })],
			[{ picked: [1] }, { picked: [], other: "x" }],
		);
	});
});

describe("keys on questions", () => {
	const at = (name: string, typing = false, asked = 1000) => questionKey(press(name), typing, asked);

	it("pick by digit, step, go on and leave", () => {
		assert.deepEqual(
			["1", "4", "0", "ArrowDown", "ArrowUp", "Enter", "Escape", "Tab", " ", "x"].map((name) => at(name)),
			[{ pick: 0 }, { pick: 3 }, undefined, "down", "up", "next", "leave", undefined, undefined, undefined],
		);
	});
	it("type digits in own words, where Enter goes on", () => {
		assert.deepEqual([at("1", true), at("Enter", true), at("Enter", true, 0)], [undefined, "next", "next"]);
	});
	it("decide nothing at the moment in which the card takes the focus", () => {
		assert.deepEqual(
			[at("1", false, 100), at("Enter", false, 100), at("Escape", false, 100)],
			["wait", "wait", "leave"],
		);
	});
	it("leave an input method alone", () => {
		assert.equal(questionKey(press("Enter", { isComposing: true }), true, 1000), undefined);
	});
});
