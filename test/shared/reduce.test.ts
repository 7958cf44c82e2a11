import assert from "node:assert/strict";
import { type FileChange, Recorded, type Unstamped } from "../../src/shared/event.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { changeOf, stateOf } from "../fake/checkpoints.ts";

/** The chat that these events add up to, after the way to the log and back. */
function chatOf(...events: readonly Unstamped[]): Chat {
	return events.reduce<Chat>((chat, event) => {
		const stamped = JSON.parse(JSON.stringify({ ...event, seq: chat.next, at: 0 }));
		return reduce(chat, Recorded.parse(stamped));
	}, emptyChat);
}

const call = (id: string) => ({ kind: "call", id, tool: "Edit", args: "{}" }) as const;
const begun: readonly Unstamped[] = [
	{ type: "opened", version: 1, chat: "c", system: "" },
	{ type: "prompted", text: "go" },
	{ type: "replied", parts: [call("1"), call("2")], finish: "stop", complete: true, model: "m", ms: 1 },
];
const decided = (callId: string, by: "policy" | "person", more = {}): Unstamped => ({
	type: "decided",
	callId,
	verdict: "allow",
	by,
	reason: "",
	...more,
});
const finished = (callId: string, more = {}): Unstamped => ({
	type: "finished",
	callId,
	failed: false,
	text: "ok",
	ms: 1,
	...more,
});
const reviewed = (note?: string): Unstamped => ({ type: "reviewed", files: {}, changes: [], ...(note && { note }) });
const a = changeOf("a", "0", "1");
const b = changeOf("b", null, "1");

describe("the state of a chat", () => {
	it("has changes wait for review unless the person allowed them", () => {
		const chat = chatOf(
			...begun,
			decided("1", "policy"),
			finished("1", { details: { changes: [a] } }),
			decided("2", "person", { edited: true }),
			finished("2", { details: { changes: [b] } }),
		);
		assert.deepEqual(chat.changes, { a: { base: stateOf("0"), now: stateOf("1") } });
		assert.deepEqual(chat.turns[0]?.changes, [a, b]);
		assert.deepEqual(
			chat.turns[0]?.steps[0]?.calls.map(({ edited }) => edited),
			[undefined, true],
		);
	});

	it("has a command's changes wait for review even if the person allowed the command", () => {
		const files = [b];
		const chat = chatOf(...begun, decided("1", "person"), finished("1"), {
			type: "changed",
			callId: "1",
			files,
			uncovered: ["Ignored files."],
		});
		assert.deepEqual(chat.changes, { b: { base: null, now: stateOf("1") } });
		assert.deepEqual([chat.turns[0]?.changes, chat.turns[0]?.uncovered], [files, ["Ignored files."]]);
	});

	it("has what is found late before what came later, and after what it was made on", () => {
		const kept: Unstamped = { type: "kept", callId: "1", files: [], snapshot: "s" };
		const undone = changeOf("c", "c1", "c0");
		const files = [changeOf("a", "0", "2"), changeOf("b", null, "1"), changeOf("c", "c0", "c2")];
		const chat = chatOf(
			...begun,
			finished("0", { details: { changes: [changeOf("c", "c0", "c1")] } }),
			decided("1", "policy"),
			kept,
			{ ...kept, callId: "2" },
			finished("2", { details: { changes: [changeOf("a", "1", "2")] } }),
			{ type: "reviewed", files: { c: null }, changes: [undone] },
			{ type: "prompted", text: "more" },
			{ type: "changed", callId: "1", files },
		);
		assert.deepEqual(
			chat.turns.map(({ changes, kept }) => [changes, kept]),
			[
				[[changeOf("c", "c0", "c1"), changeOf("a", "0", "1"), files[1], changeOf("a", "1", "2"), undone], undefined],
				[[files[2]], undefined],
			],
		);
		assert.deepEqual(chat.changes, {
			a: { base: stateOf("0"), now: stateOf("2") },
			b: { base: null, now: stateOf("1") },
			c: { base: stateOf("c0"), now: stateOf("c2") },
		});
	});

	it("knows what may be the person's until nothing of it waits, also after a part of it was kept or it went and came back", () => {
		const unsure = (change: FileChange) => ({ ...change, unsure: true as const });
		const found: Unstamped = { type: "changed", callId: "1", files: [unsure(a), unsure(b)] };
		const half = { base: stateOf("half"), now: stateOf("1") };
		const left = chatOf(...begun, found, { type: "reviewed", files: { a: half, b: null }, changes: [] });
		assert.deepEqual(left.changes, { a: { ...half, unsure: true } });
		const gone: Unstamped = { type: "restored", changes: [changeOf("a", "1", "0")] };
		const back = chatOf(...begun, found, gone, { type: "restored", undo: true, changes: [changeOf("a", "0", "1")] });
		assert.deepEqual(back.changes["a"], { base: stateOf("0"), now: stateOf("1"), unsure: true });
	});

	it("follows what the person keeps and undoes", () => {
		const made = [...begun, decided("1", "policy"), finished("1", { details: { changes: [a, b] } })];
		const half = { base: stateOf("0"), now: stateOf("2") };
		const undone = changeOf("a", "1", "2");
		const chat = chatOf(...made, { type: "reviewed", files: { a: half, b: null }, changes: [undone] });
		assert.deepEqual([chat.changes, chat.turns[0]?.changes], [{ a: half }, [a, b, undone]]);
	});

	it("collects what the model has to be told until a result or a prompt tells it", () => {
		const noted = [...begun, finished("1"), reviewed("One."), reviewed(), reviewed("Two.")];
		assert.equal(chatOf(...noted).untold, "One.\nTwo.");
		assert.equal(chatOf(...noted, finished("2")).untold, "One.\nTwo.");
		const told = chatOf(...noted, finished("2", { note: "One.\nTwo." }));
		assert.deepEqual([told.untold, told.turns[0]?.steps[0]?.calls[1]?.note], [undefined, "One.\nTwo."]);
		const prompted = chatOf(...noted, { type: "prompted", text: "so", note: "One.\nTwo.", modeNote: "Plan." });
		const { note, modeNote } = prompted.turns[1] ?? {};
		assert.deepEqual([prompted.untold, note, modeNote], [undefined, "One.\nTwo.", "Plan."]);
	});

	it("has what was noted between steps told, and keeps it with its turn", () => {
		const chat = chatOf(...begun, reviewed("One."), { type: "noted", note: "One." });
		assert.deepEqual([chat.untold, chat.turns[0]?.noted], [undefined, [{ seq: chat.next - 1, note: "One." }]]);
	});

	it("does not collect without end", () => {
		const { untold = "" } = chatOf(...begun, ...Array.from({ length: 100 }, () => reviewed("x".repeat(1000))));
		const lines = untold.split("\n");
		assert.equal(lines.length, 24);
		assert.match(lines.at(-1) ?? "", /^More happened to files than can be told here/);
	});

	it("reads a log from before there were changes, plans and notes", () => {
		const chat = chatOf(...begun, decided("1", "policy"), finished("1", { details: { seen: { a: "h" } } }), {
			type: "ended",
			reason: "done",
		});
		assert.deepEqual([chat.changes, chat.untold, chat.turns[0]?.changes, chat.seen], [{}, undefined, [], { a: "h" }]);
	});
});
