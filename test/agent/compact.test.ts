import assert from "node:assert/strict";
import { toMessages } from "../../src/agent/context.ts";
import { runTurn } from "../../src/agent/loop.ts";
import type { ModelRequest } from "../../src/agent/ports.ts";
import type { Failure } from "../../src/shared/failure.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import { type MemoryLog, newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

const tooLong: Failure = { code: "context", message: "Too long.", retryable: false };
const signal = () => new AbortController().signal;
const sizeOf = (request: ModelRequest | undefined) => JSON.stringify(request?.messages).length;
const hands = (size: number) =>
	new TestTools({
		Read: ({ path }) => ({
			effects: [{ read: String(path) }],
			run: () => ({ text: `${path}: ${"x".repeat(size)}` }),
		}),
	});
/** Its own words are long, so that only notes make it shorter. */
const read = (path: string) => ({
	reasoning: `Look at ${path}.`,
	text: "x".repeat(20_000),
	calls: [{ tool: "Read", args: { path } }],
});
const compacted = (log: MemoryLog) => log.events.filter((event) => event.type === "compacted");

/** Each result with its call, and no result without one. */
function assertPaired({ messages }: ModelRequest): void {
	const open = new Set<string>();
	for (const message of messages) {
		if (message.role === "assistant") for (const part of message.parts) if (part.kind === "call") open.add(part.id);
		if (message.role === "tool") assert.ok(open.delete(message.callId), `${message.callId} has no call`);
	}
	assert.deepEqual([...open], []);
}

describe("a chat that became too long for the model", () => {
	it("goes on by itself from the model's notes, the person's words and the last steps", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel(
			...["a", "b", "c", "d"].map(read),
			{ failure: tooLong },
			{ text: "Read a to d. Next: e." },
			read("e"),
			{ text: "All read." },
		);
		const env = turnEnv(model, hands(20));
		assert.deepEqual(await runTurn(session, "Read a to e.", env, signal()), { reason: "done" });
		const [refused, notes, again, last] = model.requests.slice(4);
		assert.ok(refused && notes && again && last);
		for (const request of [notes, again, last]) assertPaired(request);
		assert.ok(sizeOf(again) < sizeOf(refused) / 2 + 1000, `${sizeOf(again)} of ${sizeOf(refused)}`);
		const [first] = again.messages;
		assert.ok(first?.role === "user");
		assert.match(
			first.text,
			/<message>\nRead a to e\.\n<\/message>[\s\S]*Read a to d\. Next: e\.[\s\S]*Do not start over/,
		);
		assert.deepEqual(
			model.requests.map(({ knownTokens }) => knownTokens),
			[undefined, 15, 15, 15, 15, undefined, undefined, 15],
			"what the server counted says nothing of a chat that was shortened since",
		);
		assert.deepEqual([notes.system, notes.tools], [refused.system, refused.tools]);
		assert.equal(JSON.stringify(last.messages).startsWith(JSON.stringify(again.messages).slice(0, -1)), true);
		assert.equal(compacted(log).length, 1);
		assert.deepEqual(session.chat.turns[0]?.compacted, [4]);
		assert.equal(session.chat.spent.inputTokens, 70, "the notes are counted as well");
	});

	it("goes on from a list of what was done where the model writes no notes", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel(
			read("a"),
			read("b"),
			{ failure: tooLong },
			{ failure: tooLong },
			{ text: "Done." },
		);
		const env = turnEnv(model, hands(20));
		assert.deepEqual(await runTurn(session, "Read.", env, signal()), { reason: "done" });
		const [event] = compacted(log);
		assert.ok(event?.type === "compacted");
		assert.match(event.summary, /- Read \{"path":"a"\} \(done\)/);
	});

	it("ends with the failure when it is refused again after each means", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel(
			read("a"),
			read("b"),
			{ failure: tooLong },
			{ text: "Notes. ".repeat(3000) },
			{ failure: tooLong },
			{ failure: tooLong },
		);
		const end = await runTurn(session, "Read.", turnEnv(model, hands(20)), signal());
		assert.deepEqual(end, { reason: "failed" });
		assert.deepEqual([compacted(log).length, session.chat.turns[0]?.failure], [2, tooLong]);
		assert.equal(model.requests.length, 6, "notes are asked for once, then a list stands in");
	});

	it("ends with the failure where nothing can be left out", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel({ failure: tooLong });
		assert.deepEqual(await runTurn(session, "x".repeat(9000), turnEnv(model, hands(1)), signal()), {
			reason: "failed",
		});
		assert.deepEqual([compacted(log).length, model.requests.length], [0, 1]);
	});

	it("is left as it was when Stop is pressed while the notes are written", async () => {
		const { session, log } = await newSession();
		const stop = new AbortController();
		const model = new ScriptedModel(read("a"), read("b"), { failure: tooLong }, () => {
			stop.abort();
			return { text: "Notes." };
		});
		assert.deepEqual(await runTurn(session, "Read.", turnEnv(model, hands(20)), stop.signal), {
			reason: "stopped",
		});
		assert.equal(compacted(log).length, 0);
	});

	it("keeps a new prompt whole, and asks for notes without two messages of the person's in a row", async () => {
		const { session } = await newSession();
		const env = (model: ScriptedModel) => turnEnv(model, hands(20));
		await runTurn(session, "Read.", env(new ScriptedModel(read("a"), read("b"), { text: "Done." })), signal());
		const prompt = `Now this: ${"y".repeat(6000)}!`;
		const model = new ScriptedModel({ failure: tooLong }, { text: "Notes." }, { text: "Done." });
		assert.deepEqual(await runTurn(session, prompt, env(model), signal()), { reason: "done" });
		const roles = model.requests[1]?.messages.map(({ role }) => role) ?? [];
		assert.ok(!roles.some((role, index) => role === "user" && roles[index + 1] === "user"), roles.join());
		assert.ok(JSON.stringify(model.requests[2]?.messages).includes(prompt));
	});

	it("does not grow by notes without end", async () => {
		const { session } = await newSession();
		const pair = [{ failure: tooLong }, { text: "Notes. ".repeat(40_000) }];
		const model = new ScriptedModel(read("a"), read("b"), ...pair, { text: "Done." });
		assert.deepEqual(await runTurn(session, "Read.", turnEnv(model, hands(20)), signal()), { reason: "done" });
		assert.ok(sizeOf(model.requests.at(-1)) < sizeOf(model.requests[2]) * 0.8);
	});

	it("shortens what stood for the beginning as well, where a smaller model is asked next", async () => {
		const { session } = await newSession();
		const pair = [{ failure: tooLong }, { text: "Notes. ".repeat(10_000) }];
		const large = new ScriptedModel(...Array.from({ length: 20 }, (_, n) => read(`${n}`)), ...pair, { text: "Done." });
		await runTurn(session, "Read.", turnEnv(large, hands(20), { limits: { steps: 40 } }), signal());
		const small = new ScriptedModel({ failure: tooLong }, { text: "Brief." }, { text: "Done." });
		Object.defineProperty(small, "contextTokens", { value: 5000 });
		assert.deepEqual(await runTurn(session, "And now?", turnEnv(small, hands(1)), signal()), { reason: "done" });
		assert.ok(sizeOf(small.requests.at(-1)) < 8000, `${sizeOf(small.requests.at(-1))}`);
	});

	it("keeps the notes of before where the model writes none the second time", async () => {
		const { session } = await newSession();
		const first = [{ failure: tooLong }, { text: "The key is blue." }];
		const second = [{ failure: tooLong }, { failure: tooLong }];
		const model = new ScriptedModel(read("a"), read("b"), ...first, read("c"), read("d"), ...second, { text: "Done." });
		await runTurn(session, "Read.", turnEnv(model, hands(20)), signal());
		assert.match(JSON.stringify(model.requests.at(-1)?.messages[0]), /The key is blue\..*- Read/);
	});

	it("takes the next prompt as the new task when the one before failed right after it was shortened", async () => {
		const { session } = await newSession();
		const model = new ScriptedModel(
			read("a"),
			read("b"),
			{ failure: tooLong },
			{ text: "Notes." },
			{ failure: tooLong },
			{ failure: tooLong },
		);
		await runTurn(session, "Read.", turnEnv(model, hands(20)), signal());
		const next = new ScriptedModel({ text: "Done." });
		await runTurn(session, "Now that.", turnEnv(next, hands(1)), signal());
		const said = JSON.stringify(next.requests[0]?.messages);
		assert.match(said, /Now that\./);
		assert.doesNotMatch(said, /Go on with/);
	});

	it("can be shortened a second time, and reads the same after a reload", async () => {
		const { session, log } = await newSession();
		const pair = [{ failure: tooLong }, { text: "Notes of it." }];
		const model = new ScriptedModel(read("a"), read("b"), ...pair, read("c"), read("d"), ...pair, { text: "Done." });
		await runTurn(session, "Read.", turnEnv(model, hands(20)), signal());
		assert.equal(compacted(log).length, 2);
		const reloaded = log.events.reduce(reduce, emptyChat);
		assert.deepEqual(toMessages(reloaded), toMessages(session.chat));
		const last = model.requests.at(-1);
		assert.ok(last);
		assertPaired(last);
	});
});
