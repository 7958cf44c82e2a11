import assert from "node:assert/strict";
import { runTurn } from "../../src/agent/loop.ts";
import { changeQueue } from "../../src/agent/queue.ts";
import { Session } from "../../src/agent/session.ts";
import type { Recorded } from "../../src/shared/event.ts";
import { MemoryLog, newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

const signal = () => new AbortController().signal;
const types = (log: MemoryLog) => log.events.map((event) => event.type);
const tools = () => new TestTools({ Bash: ({ command }) => ({ effects: [{ exec: String(command) }] }) });

describe("a chat that was cut off by a reload", () => {
	const cutAt = async (type: Recorded["type"]) => {
		const { session, log } = await newSession();
		const hands = tools();
		const model = new ScriptedModel({ calls: [{ tool: "Bash", args: { command: "make" } }] }, { text: "ok" });
		await runTurn(session, "go", turnEnv(model, hands), signal());
		const last = log.events.findLastIndex((event) => event.type === type);
		const restored = new MemoryLog();
		restored.events.push(...log.events.slice(0, last + 1));
		return { log: restored, session: new Session(restored, restored.events) };
	};

	it("asks again for a call that was waiting, and runs it once", async () => {
		const { session } = await cutAt("planned");
		assert.equal(session.interrupted, true);
		const hands = tools();
		await runTurn(session, undefined, turnEnv(new ScriptedModel({ text: "ok" }), hands), signal());
		assert.deepEqual(hands.ran, ['Bash {"command":"make"}']);
		assert.equal(session.interrupted, false);
	});

	it("does not run a call again that may have run already", async () => {
		const { session } = await cutAt("decided");
		const hands = tools();
		await runTurn(session, undefined, turnEnv(new ScriptedModel({ text: "ok" }), hands), signal());
		assert.deepEqual(hands.ran, []);
		assert.match(session.chat.turns[0]?.steps[0]?.calls[0]?.text ?? "", /^Interrupted while it ran/);
	});

	it("is done where only its end was not on record, and asks nobody once more", async () => {
		const { session, log } = await cutAt("replied");
		assert.equal(session.interrupted, true);
		const model = new ScriptedModel();
		assert.deepEqual(await runTurn(session, undefined, turnEnv(model, tools()), signal()), { reason: "done" });
		assert.deepEqual([model.requests.length, types(log).at(-1), session.interrupted], [0, "ended", false]);
	});

	it("goes on after its last answer where the person had something to say by then", async () => {
		const { session } = await cutAt("replied");
		await changeQueue(session, { do: "add", text: "And the rest", steer: true });
		const model = new ScriptedModel({ text: "Yes." });
		await runTurn(session, undefined, turnEnv(model, tools()), signal());
		const roles = model.requests.map(({ messages }) => messages.map(({ role }) => role));
		assert.deepEqual(roles, [["user", "assistant", "tool", "assistant", "user"]]);
	});

	it("closes open calls when the person writes something else", async () => {
		const { session, log } = await cutAt("planned");
		const model = new ScriptedModel({ text: "ok" });
		await runTurn(session, "never mind", turnEnv(model, tools()), signal());
		assert.deepEqual(types(log).slice(-5), ["finished", "ended", "prompted", "replied", "ended"]);
		assert.deepEqual(
			model.requests[0]?.messages.map((message) => message.role),
			["user", "assistant", "tool", "assistant", "user"],
		);
	});
});
