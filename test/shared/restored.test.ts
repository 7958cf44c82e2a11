import assert from "node:assert/strict";
import type { FileChange, FileState, Recorded, Unstamped } from "../../src/shared/event.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";

const state = (id: string): FileState => ({ id, mode: "file" });
const change = (path: string, before: string | null, after: string | null): FileChange => ({
	path,
	before: before === null ? null : state(before),
	after: after === null ? null : state(after),
});

/** The chat that these events add up to; they are numbered as a log does. */
function chatOf(...events: readonly Unstamped[]): Chat {
	return events.reduce((chat, event) => reduce(chat, { ...event, seq: chat.next, at: 0 } as Recorded), emptyChat);
}

const opened: Unstamped = { type: "opened", version: 1, chat: "c", system: "" };
const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 1 });

/** A prompt, and a call that leaves these changes. Takes the numbers n … n + 4. */
function turn(text: string, changes: readonly FileChange[], tokens: number, note?: string): readonly Unstamped[] {
	const seen = Object.fromEntries(changes.map(({ path, after }) => [path, after?.id ?? ""]));
	return [
		{ type: "prompted", text, ...(note !== undefined && { note }) },
		{
			type: "replied",
			parts: [{ kind: "call", id: text, tool: "Edit", args: "{}" }],
			usage: usage(tokens),
			finish: "tool_calls",
			complete: true,
			model: "m",
			ms: 1,
		},
		{ type: "planned", callId: text, tool: "Edit", title: text, effects: [] },
		{ type: "finished", callId: text, failed: false, text: "ok", details: { changes: [...changes], seen }, ms: 1 },
		{ type: "ended", reason: "done" },
	];
}

const FIRST = 1;
const SECOND = 6;
const one = [change("a", "a0", "a1"), change("new", null, "n1")];
const two = [change("a", "a1", "a2"), change("b", "b0", null)];
const task: readonly Unstamped[] = [opened, ...turn("one", one, 10), ...turn("two", two, 20, "B was undone.")];
const undoTwo = [change("a", "a2", "a1"), change("b", null, "b0")];
const redoTwo = [change("a", "a1", "a2"), change("b", "b0", null)];

describe("going back to before a turn", () => {
	it("with files and conversation leaves the chat as it was when that turn began", () => {
		const { restored, ...now } = chatOf(...task, { type: "restored", turn: SECOND, changes: undoTwo });
		const then = chatOf(...task.slice(0, SECOND));
		assert.deepEqual(now, {
			...then,
			next: now.next,
			spent: { inputTokens: 30, outputTokens: 2 },
			untold: "B was undone.",
		});
		assert.deepEqual([restored?.conversation, restored?.changes], [true, undoTwo]);
	});

	it("with the conversation alone lets the turn before answer for the files", () => {
		const chat = chatOf(...task, { type: "restored", turn: SECOND, changes: [], note: "Read a again." });
		assert.deepEqual(
			chat.turns.map(({ prompt, changes }) => [prompt, changes]),
			[["one", [...one, ...two]]],
		);
		assert.deepEqual(Object.keys(chat.changes), ["a", "new", "b"]);
		assert.equal(chat.untold, "B was undone.\nRead a again.");
		assert.deepEqual(chat.seen, { a: "a1", new: "n1" });
	});

	it("with the conversation alone tells again what the turns that are gone were told, in that order", () => {
		const chat = chatOf(
			...task,
			{ type: "reviewed", files: {}, changes: [], note: "A was undone." },
			{ type: "noted", note: "A was undone." },
			{
				type: "replied",
				parts: [{ kind: "call", id: "last", tool: "Read", args: "{}" }],
				finish: "tool_calls",
				complete: true,
				model: "m",
				ms: 1,
			},
			{ type: "finished", callId: "last", failed: false, text: "", ms: 1, note: "New was undone." },
			{ type: "restored", turn: SECOND, changes: [] },
		);
		assert.equal(chat.untold, "B was undone.\nA was undone.\nNew was undone.");
	});

	it("to the first one leaves an empty chat that knows its price", () => {
		const all = [change("a", "a2", "a0"), change("b", null, "b0"), change("new", "n1", null)];
		const { restored: _, ...now } = chatOf(...task, { type: "restored", turn: FIRST, changes: all });
		const then = chatOf(opened);
		const spent = { inputTokens: 30, outputTokens: 2 };
		assert.deepEqual(now, { ...then, next: now.next, title: "one", model: "m", spent });
	});

	it("to the first one lets the next turn answer for files that stay as they are", () => {
		const kept = chatOf(...task, { type: "restored", turn: FIRST, changes: [] });
		assert.deepEqual(
			[kept.carried?.changes, Object.keys(kept.changes)],
			[
				[...one, ...two],
				["a", "new", "b"],
			],
		);
		const undone = change("b", null, "b0");
		const [next, ...rest] = turn("three", [], 5);
		const chat = chatOf(
			...task,
			{ type: "restored", turn: FIRST, changes: [] },
			{ type: "reviewed", files: { b: null }, changes: [undone] },
			next ?? assert.fail(),
		);
		assert.deepEqual([chat.turns[0]?.changes, chat.carried], [[...one, ...two, undone], undefined]);
		assert.deepEqual(
			rest.reduce((now, event) => reduce(now, { ...event, seq: now.next, at: 0 } as Recorded), chat).turns[0]?.changes,
			[...one, ...two, undone],
		);
	});

	it("keeps in mind what can't be put back of turns that are gone", () => {
		const changed: Unstamped = { type: "changed", callId: "two", files: [], uncovered: ["Too large: b."] };
		const [next] = turn("three", [], 5);
		const back = (seq: number) => chatOf(...task, changed, { type: "restored", turn: seq, changes: undoTwo });
		assert.deepEqual(back(SECOND).turns[0]?.uncovered, ["Too large: b."]);
		const first = reduce(back(FIRST), { ...(next ?? assert.fail()), seq: 99, at: 0 } as Recorded);
		assert.deepEqual(first.turns[0]?.uncovered, ["Too large: b."]);
	});

	it("with files alone keeps the conversation, and doing it again would change nothing", () => {
		const chat = chatOf(...task, { type: "restored", changes: undoTwo, note: "Back: a, b." });
		assert.deepEqual(
			chat.turns.map(({ prompt, changes }) => [prompt, changes]),
			[
				["one", one],
				["two", [...two, ...undoTwo]],
			],
		);
		assert.deepEqual([chat.untold, Object.keys(chat.changes)], ["Back: a, b.", ["a", "new"]]);
		assert.equal(chat.restored?.conversation, false);
	});

	it("to a turn that is not there changes the files and nothing else", () => {
		const chat = chatOf(...task, { type: "restored", turn: 99, changes: undoTwo });
		assert.deepEqual(chat.turns.at(-1)?.changes, [...two, ...undoTwo]);
		assert.equal(chat.restored?.conversation, false);
	});
});

describe("taking a restore back", () => {
	const undo = (changes: FileChange[]): Unstamped => ({ type: "restored", undo: true, changes });

	it("of files and conversation gives the chat of before it", () => {
		const chat = chatOf(...task, { type: "restored", turn: SECOND, changes: undoTwo }, undo(redoTwo));
		assert.deepEqual(chat, { ...chatOf(...task), next: chat.next });
	});

	it("of files alone gives the files and what waited for review", () => {
		const chat = chatOf(...task, { type: "restored", changes: undoTwo }, undo(redoTwo));
		assert.deepEqual(chat.changes, chatOf(...task).changes);
		assert.deepEqual(chat.turns.at(-1)?.changes, [...two, ...undoTwo, ...redoTwo]);
		assert.equal(chat.restored, undefined);
	});

	it("where a file could not be written keeps account of it", () => {
		const some = redoTwo.slice(1);
		const chat = chatOf(...task, { type: "restored", turn: SECOND, changes: undoTwo }, undo(some));
		assert.deepEqual(chat.turns.at(-1)?.changes, [...two, ...undoTwo, ...some]);
		assert.deepEqual(chat.changes["a"], { base: state("a0"), now: state("a1") });
	});

	it("leaves alone what was kept meanwhile", () => {
		const kept: Unstamped = { type: "reviewed", files: { new: null }, changes: [] };
		const chat = chatOf(...task, { type: "restored", changes: undoTwo }, kept, undo(redoTwo));
		assert.deepEqual(Object.keys(chat.changes), ["a", "b"]);
	});

	it("of a conversation forgets nothing that was recorded since", () => {
		const undone = change("new", "n1", null);
		const since: Unstamped[] = [
			{ type: "reviewed", files: { new: null }, changes: [undone], note: "Undone: new." },
			{ type: "titled", title: "Another" },
		];
		const chat = chatOf(...task, { type: "restored", turn: SECOND, changes: undoTwo }, ...since, undo(redoTwo));
		assert.deepEqual([chat.untold, chat.title, Object.keys(chat.changes)], ["Undone: new.", "Another", ["a", "b"]]);
		assert.deepEqual(
			chat.turns.map(({ changes }) => changes),
			[one, [...two, ...undoTwo, undone, ...redoTwo]],
		);
		assert.equal(chat.restored, undefined);
	});

	it("of a conversation leaves each turn what was its own", () => {
		const since: Unstamped[] = [
			{ type: "noted", note: "B was undone." },
			{ type: "compacted", summary: "s", keptFrom: 2, usage: usage(5) },
			{ type: "failed", failure: { code: "network", message: "No." } },
			{ type: "ended", reason: "failed" },
		];
		const chat = chatOf(...task, { type: "restored", turn: SECOND, changes: undoTwo }, ...since, undo(redoTwo));
		const spent = { inputTokens: 35, outputTokens: 3 };
		assert.deepEqual(chat, { ...chatOf(...task), next: chat.next, spent });
	});

	it("is no longer offered after the next prompt or answer", () => {
		const [prompt, ...answer] = turn("three", [], 5);
		assert.ok(prompt);
		const restored: Unstamped = { type: "restored", turn: SECOND, changes: undoTwo };
		assert.equal(chatOf(...task, restored, prompt).restored, undefined);
		assert.equal(chatOf(...task, restored, ...answer.slice(0, 1)).restored, undefined);
	});

	it("whose chat is not remembered any more still follows the files", () => {
		const chat = chatOf(...task, undo(undoTwo));
		assert.deepEqual(
			[Object.keys(chat.changes), chat.turns.at(-1)?.changes],
			[
				["a", "new"],
				[...two, ...undoTwo],
			],
		);
	});
});
