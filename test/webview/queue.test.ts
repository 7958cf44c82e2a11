import assert from "node:assert/strict";
import type { QueuedMessage } from "../../src/shared/event.ts";
import { composerKey, type Key, queueKey } from "../../src/webview/keys.ts";
import { queueNews, queueTitle, whenSaid } from "../../src/webview/queue-words.ts";
import { neighbour } from "../../src/webview/row-focus.ts";
import { press } from "./press.ts";

const message = (id: string, more: Partial<QueuedMessage> = {}): QueuedMessage => ({ id, text: `text ${id}`, ...more });
const [a, b, c] = [message("a"), message("b"), message("c")];

describe("keys in the queue", () => {
	it("on a message: arrows go, Alt moves, Enter edits, Delete deletes, Ctrl+Enter sends", () => {
		const keys: readonly (readonly [Key, string])[] = [
			[press("ArrowUp"), "up"],
			[press("ArrowDown"), "down"],
			[press("ArrowUp", { altKey: true }), "moveUp"],
			[press("ArrowDown", { altKey: true }), "moveDown"],
			[press("Enter"), "edit"],
			[press("Enter", { metaKey: true }), "send"],
			[press("Delete"), "delete"],
			[press("Backspace"), "delete"],
		];
		for (const [key, action] of keys) assert.equal(queueKey(key, true), action);
	});

	it("on a button leave Enter and Delete to it, and still go and move", () => {
		assert.deepEqual(
			[press("Enter"), press("Delete"), press("ArrowUp"), press("ArrowUp", { altKey: true })].map((key) =>
				queueKey(key, false),
			),
			[undefined, undefined, "up", "moveUp"],
		);
	});

	it("leave others alone: Escape stops, Space opens, Tab leaves", () => {
		for (const key of ["Escape", " ", "Tab", "a"]) assert.equal(queueKey(press(key), true), undefined);
		assert.equal(queueKey(press("Delete", { isComposing: true }), true), undefined);
		assert.equal(queueKey(press("ArrowUp", { altKey: true, ctrlKey: true }), true), undefined);
	});
});

describe("Escape in the composer", () => {
	it("leaves a message as it was that is rewritten, before it stops anything", () => {
		const state = { empty: false, running: true };
		assert.equal(composerKey(press("Escape"), { ...state, rewriting: true }), "cancel");
		assert.equal(composerKey(press("Escape"), state), "stop");
	});
});

describe("the place of a message that goes", () => {
	it("is taken by the one after it, or before it where there is none", () => {
		assert.equal(neighbour([a, b, c], [a, c], "b"), "c");
		assert.equal(neighbour([a, b, c], [a, b], "c"), "b");
		assert.equal(neighbour([a], [], "a"), undefined);
		assert.equal(neighbour([a, b], [b, a], "a"), "a");
	});
});

describe("words on the queue", () => {
	it("say when a message comes out of its turn", () => {
		const running = { running: true, asks: false };
		const steers = message("a", { steer: true });
		assert.equal(whenSaid(a, running), "");
		assert.equal(whenSaid(steers, running), "Next step");
		assert.equal(whenSaid(steers, { running: true, asks: true }), "After your decision");
		assert.equal(whenSaid(steers, { running: false, asks: false }), "");
		assert.equal(whenSaid(message("a", { steer: true, held: true }), running), "Editing");
	});

	it("say whether it goes on by itself", () => {
		assert.equal(queueTitle([a, b], true), "2 queued");
		assert.equal(queueTitle([a, b], false), "Waiting for you: 2");
	});

	it("tell a screen reader what changed", () => {
		assert.equal(queueNews([a], [a, b], ""), "Message queued. 2 waiting.");
		assert.equal(queueNews([a, b], [b], "a"), "1 waiting.");
		assert.equal(queueNews([a, b, c], [b, a, c], "a"), "Place 2 of 3.");
		assert.equal(queueNews([a, b], [a, { ...b, steer: true }], "b"), "Said at the next step.");
		assert.match(queueNews([a], [{ ...a, held: true }], "a"), /^Editing\./);
		assert.equal(queueNews([{ ...a, held: true }], [{ ...a, text: "new" }], ""), "Saved.");
		assert.equal(queueNews([{ ...a, held: true }], [a], ""), "");
	});
});
