import assert from "node:assert/strict";
import { Recorded, type Unstamped } from "../../src/shared/event.ts";
import { type Chat, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { isSameRule, type Rule } from "../../src/shared/rule.ts";

/** The chat that these events add up to, after the way to the log and back. */
function chatOf(...events: readonly Unstamped[]): Chat {
	return events.reduce<Chat>((chat, event) => {
		const stamped = JSON.parse(JSON.stringify({ ...event, seq: chat.next, at: 0 }));
		return reduce(chat, Recorded.parse(stamped));
	}, emptyChat);
}

const edits: Rule = { edits: true };
const npmTest: Rule = { words: ["npm", "test"] };
const npmRun: Rule = { words: ["npm", "run", "x"] };

const opened: Unstamped = { type: "opened", version: 1, chat: "c", system: "" };
const allowed = (...rules: Rule[]): Unstamped => ({ type: "allowed", rules });
/** A turn in which the person allows this beyond one call. Takes four numbers. */
const turn = (remember: Rule, scope?: "workspace" | "always"): readonly Unstamped[] => [
	{ type: "prompted", text: "go" },
	{
		type: "replied",
		parts: [{ kind: "call", id: "1", tool: "X", args: "{}" }],
		finish: "stop",
		complete: true,
		model: "m",
		ms: 1,
	},
	{ type: "decided", callId: "1", verdict: "ask", by: "policy", reason: "It asks.", policy: "None of these?" },
	{ type: "decided", callId: "1", verdict: "allow", by: "person", reason: "", remember, ...(scope && { scope }) },
];

describe("what the person allows in a chat", () => {
	it("is what they remembered for it, and nothing that holds elsewhere", () => {
		assert.deepEqual(chatOf(opened, ...turn(edits), ...turn(npmTest)).rules, [edits, npmTest]);
		assert.deepEqual(chatOf(opened, ...turn(edits, "workspace"), ...turn(npmTest, "always")).rules, []);
	});

	it("is replaced by what they leave of it", () => {
		const chat = chatOf(opened, ...turn(edits), ...turn(npmTest), allowed(npmRun));
		assert.deepEqual(chat.rules, [npmRun]);
	});

	it("once taken back, does not come back with an earlier moment, nor when that is undone", () => {
		const taken = [opened, ...turn(edits), ...turn(npmTest), ...turn(npmRun), allowed(npmTest, npmRun)];
		assert.deepEqual(chatOf(...taken, { type: "restored", turn: 9, changes: [] }).rules, [npmTest]);
		assert.deepEqual(chatOf(...taken, { type: "restored", turn: 5, changes: [] }).rules, []);
		const meanwhile: Unstamped[] = [
			opened,
			...turn(edits),
			...turn(npmTest),
			{ type: "restored", turn: 5, changes: [] },
			allowed(),
		];
		assert.deepEqual(chatOf(...meanwhile).rules, []);
		assert.deepEqual(chatOf(...meanwhile, { type: "restored", undo: true, changes: [] }).rules, []);
	});

	it("leaves what the policies said with the call, whatever the person said then", () => {
		const call = chatOf(opened, ...turn(edits)).turns[0]?.steps[0]?.calls[0];
		assert.deepEqual(call?.ruling, { verdict: "ask", reason: "It asks.", policy: "None of these?" });
		assert.deepEqual([call?.verdict, call?.by], ["allow", "person"]);
	});
});

describe("two rules", () => {
	it("are the same where all that they say is, in whatever order", () => {
		assert.ok(isSameRule({ command: "x", cwd: "web" }, { cwd: "web", command: "x" }));
		assert.ok(isSameRule({ command: "x" }, { command: "x", cwd: undefined } as Rule));
		assert.ok(!isSameRule({ command: "x" }, { command: "x", cwd: "web" }));
		assert.ok(!isSameRule({ words: ["a", "b"] }, { words: ["a b"] }));
	});
});
