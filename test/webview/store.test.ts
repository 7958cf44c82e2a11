import assert from "node:assert/strict";
import type { ChatEvent, Live, Recorded, Unstamped } from "../../src/shared/event.ts";
import { idle, reduceLive } from "../../src/shared/live.ts";
import type { HostMessage, ViewState } from "../../src/shared/protocol.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import { announcement } from "../../src/webview/announce.ts";
import { asking, initial, isBusy, isRunning, parseHost, type State, update } from "../../src/webview/store.ts";

const items: readonly (Unstamped | Live)[] = [
	{ type: "opened", version: 1, chat: "c", system: "s" },
	{ type: "prompted", text: "Fix it" },
	{ type: "requested", at: 1 },
	{
		type: "replied",
		parts: [
			{ kind: "reasoning", text: "Hm." },
			{ kind: "text", text: "I look." },
			{ kind: "call", id: "1", tool: "Bash", args: "{}" },
		],
		usage: { inputTokens: 10, outputTokens: 5 },
		finish: "tool_calls",
		complete: true,
		model: "kimi",
		ms: 5,
	},
	{
		type: "planned",
		callId: "1",
		tool: "Bash",
		title: "Run rm",
		effects: [{ exec: "rm\u200b -rf x" }],
		preview: { kind: "command", command: "rm\u200b -rf x", cwd: "/w" },
	},
	{ type: "decided", callId: "1", verdict: "ask", by: "policy", reason: "Commands ask." },
	{ type: "decided", callId: "1", verdict: "allow", by: "person", reason: "" },
	{ type: "running", callId: "1", at: 2 },
	{ type: "output", callId: "1", text: "ok" },
	{ type: "finished", callId: "1", failed: false, text: "ok", ms: 3 },
	{ type: "requested", at: 3 },
	{
		type: "replied",
		parts: [{ kind: "text", text: "Done." }],
		finish: "stop",
		complete: true,
		model: "kimi",
		ms: 5,
	},
	{ type: "ended", reason: "done" },
];

let seq = 0;
const log: readonly ChatEvent[] = items.map((item) =>
	["requested", "running", "output"].includes(item.type)
		? (item as Live)
		: ({ ...item, seq, at: seq++ } as unknown as Recorded),
);

/** Of a host that is at work. */
const view = { ...initial.view, running: true };
const snapshotAt = (count: number): HostMessage => {
	let chat = emptyChat;
	let live = idle;
	for (const event of log.slice(0, count)) {
		if ("seq" in event) chat = reduce(chat, event);
		live = reduceLive(live, event);
	}
	return { type: "snapshot", chat, live, view, words: {} };
};
const events = (list: readonly ChatEvent[]): HostMessage => ({ type: "events", chat: "c", events: list });
const given = (...messages: readonly HostMessage[]): State => messages.reduce(update, initial);
const shown = ({ chat, live }: State) => ({ chat, live });
const recorded = log.filter((event): event is Recorded => "seq" in event);
const upTo = (type: string, nth = 1) => {
	let seen = 0;
	return log.findIndex((event) => event.type === type && ++seen === nth) + 1;
};

describe("the view's state", () => {
	it("is the same after a snapshot at any moment and the events that follow as after all events", () => {
		const whole = shown(given(snapshotAt(0), events(log)));
		for (let count = 0; count <= log.length; count++)
			assert.deepEqual(
				shown(given(snapshotAt(count), events(log.slice(count)))),
				whole,
				`snapshot after ${count} events`,
			);
	});

	it("takes recorded events that the snapshot already holds only once", () => {
		const whole = shown(given(snapshotAt(log.length)));
		assert.deepEqual(shown(given(snapshotAt(log.length), events(recorded))), whole);
	});

	it("asks for a snapshot when an event is missing, and follows nothing until it comes", () => {
		const stale = given(snapshotAt(2), events(recorded.slice(3, 4)));
		assert.equal(stale.stale, true);
		assert.equal(update(stale, events(recorded.slice(2, 3))), stale);
		assert.equal(update(stale, snapshotAt(4)).stale, false);
	});

	it("ignores events of another chat and those before the first snapshot", () => {
		const state = given(snapshotAt(4));
		assert.equal(update(state, { type: "events", chat: "other", events: recorded.slice(3) }), state);
		assert.equal(update(initial, events(log)), initial);
	});

	it("shares what an event does not change", () => {
		const before = given(snapshotAt(log.length - 1));
		const next = update(before, events(log.slice(-1)));
		assert.equal(next.chat.turns[0]?.steps[0], before.chat.turns[0]?.steps[0]);
		assert.equal(next.view, before.view);
	});

	it("puts a draft in the composer on the first snapshot and for another chat, not when the same chat comes again", () => {
		const draft = (text: string, id: string): HostMessage => ({
			type: "snapshot",
			chat: { ...emptyChat, id },
			live: idle,
			view: { ...view, draft: text },
			words: {},
		});
		const first = given(draft("one", "a"));
		assert.deepEqual(first.compose, { count: 1, text: "one", focus: false });
		assert.equal(update(first, draft("two", "a")).compose, first.compose);
		assert.deepEqual(update(first, draft("three", "b")).compose, { count: 2, text: "three", focus: false });
		assert.deepEqual(update(first, { type: "compose", text: "x" }).compose, { count: 2, text: "x", focus: true });
	});

	it("counts wishes for the focus and replaces the view as a whole", () => {
		const next = { ...view, model: "k3" };
		assert.equal(given(snapshotAt(0), { type: "focus" }).focus, 1);
		assert.equal(given(snapshotAt(0), { type: "view", view: next }).view, next);
	});
});

describe("what waits for the person", () => {
	const waiting = given(snapshotAt(upTo("decided")));

	it("is the call that asks, while the turn runs", () => {
		assert.deepEqual(
			asking(waiting).map((call) => call.id),
			["1"],
		);
		assert.deepEqual(asking(given(snapshotAt(upTo("decided", 2)))), []);
	});

	it("is nothing in a turn that was interrupted: nobody would take the answer", () => {
		const cut = update(waiting, { type: "view", view: { ...view, running: false, interrupted: true } });
		assert.equal(isRunning(cut), false);
		assert.deepEqual(asking(cut), []);
	});

	it("is running while the host says so, also in a turn that failed before and is tried again", () => {
		const ended = given(snapshotAt(log.length));
		assert.equal(isRunning(ended), true);
		assert.equal(isRunning(update(ended, { type: "view", view: { ...view, running: false } })), false);
	});

	it("is to be stopped while it runs, or a message is on its way", () => {
		const still = (more: Partial<ViewState>) => isBusy({ view: { ...view, running: false, ...more } });
		const sending = [{ id: "1", text: "Look.", count: 1, at: 1 }];
		assert.deepEqual(
			[still({}), still({ running: true }), still({ sending }), still({ sending: [] })],
			[false, true, true, false],
		);
	});

	it("is announced with hidden characters made visible", () => {
		assert.equal(announcement(waiting), "Approval needed: rm⟨U+200B⟩ -rf x");
		assert.equal(announcement(given(snapshotAt(3))), "Kimi is working.");
		const over = { type: "view", view: { ...view, running: false } } as const;
		assert.equal(announcement(given(snapshotAt(log.length), over)), "Kimi is done.");
		assert.equal(announcement(given(snapshotAt(0), over)), "");
	});
});

describe("what came of an action", () => {
	it("is announced anew where the same words come again", () => {
		const said = { type: "announce", text: "Accepted. Left: 1" } as const;
		assert.deepEqual(parseHost(said), said);
		assert.deepEqual(given(said).announced, { count: 1, text: "Accepted. Left: 1" });
		assert.deepEqual(given(said, said).announced, { count: 2, text: "Accepted. Left: 1" });
	});
});

describe("parseHost", () => {
	it("takes the host's messages and refuses everything else", () => {
		assert.deepEqual(parseHost({ type: "focus" }), { type: "focus" });
		assert.deepEqual(parseHost(events(log)), events(log));
		const json = JSON.stringify(snapshotAt(3));
		assert.deepEqual(parseHost({ type: "packed", json: new TextEncoder().encode(json) }), JSON.parse(json));
		for (const bad of [
			undefined,
			"focus",
			{},
			{ type: "eval", code: "1" },
			{ type: "compose" },
			{ type: "snapshot", chat: {} },
			{ type: "packed", json: "{}" },
			{ type: "packed", json: new TextEncoder().encode('{"type":') },
			{ type: "packed", json: new TextEncoder().encode('{"type":"eval"}') },
			{ type: "events", chat: "c", events: [{ type: "prompted", text: 1 }] },
		])
			assert.equal(parseHost(bad), undefined);
	});
});
