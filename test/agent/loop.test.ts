import assert from "node:assert/strict";
import type { Answer } from "../../src/agent/calls.ts";
import { runTurn } from "../../src/agent/loop.ts";
import type { ChatEvent, Recorded } from "../../src/shared/event.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import type { Grant } from "../../src/shared/rule.ts";
import { type MemoryLog, newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

const signal = () => new AbortController().signal;
const types = (log: MemoryLog) => log.events.map((event) => event.type);
const of = <T extends Recorded["type"]>(log: MemoryLog, type: T) =>
	log.events.filter((event): event is Extract<Recorded, { type: T }> => event.type === type);
const said = (path: string) => JSON.stringify({ path });

const tools = () =>
	new TestTools({
		Read: ({ path }) => ({ effects: [{ read: String(path) }] }),
		Edit: ({ path }) => ({ effects: [{ read: String(path) }, { write: String(path) }] }),
		Bash: ({ command }) => ({ effects: [{ exec: String(command) }] }),
		Todo: () => ({ run: () => ({ text: "ok", details: { todo: [{ title: "a", status: "pending" }] } }) }),
	});

describe("a turn", () => {
	it("records prompt, answer and end for a plain question", async () => {
		const { session, log } = await newSession();
		const end = await runTurn(session, "Hi", turnEnv(new ScriptedModel({ text: "Hello." }), tools()), signal());
		assert.deepEqual(end, { reason: "done" });
		assert.deepEqual(types(log), ["opened", "prompted", "replied", "ended"]);
		assert.deepEqual(
			log.events.map((event) => event.seq),
			[0, 1, 2, 3],
		);
	});

	it("asks with the tools that are there once the prompt is on record, and they stay so until it ends", async () => {
		const { session, log } = await newSession();
		const late = new TestTools({ Late: () => ({}) });
		const known: string[][] = [];
		const model = new ScriptedModel({ calls: [{ tool: "Late", args: {} }] }, { text: "Done." });
		const env = turnEnv(model, tools(), {
			tools: async () => {
				known.push(types(log));
				return late.toolbox;
			},
		});
		await runTurn(session, "Hi", env, signal());
		assert.deepEqual(known, [["opened", "prompted"]]);
		assert.deepEqual(
			model.requests.map(({ tools: offered }) => offered.map(({ name }) => name)),
			[["Late"], ["Late"]],
		);
		assert.deepEqual(late.ran, ["Late {}"]);
	});

	it("plans, decides, runs and answers each call, then goes on", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel(
			{ reasoning: "Look.", text: "Reading.", calls: [{ tool: "Read", args: { path: "a.ts" } }] },
			{ text: "Done." },
		);
		await runTurn(session, "Look at a.ts", turnEnv(model, tools()), signal());
		assert.deepEqual(types(log), [
			"opened",
			"prompted",
			"replied",
			"planned",
			"decided",
			"finished",
			"replied",
			"ended",
		]);
		assert.deepEqual(model.requests[1]?.messages, [
			{ role: "user", text: "Look at a.ts" },
			{
				role: "assistant",
				parts: [
					{ kind: "reasoning", text: "Look." },
					{ kind: "text", text: "Reading." },
					{ kind: "call", id: "functions.Read:0", tool: "Read", args: said("a.ts") },
				],
			},
			{ role: "tool", callId: "functions.Read:0", tool: "Read", text: `ran Read ${said("a.ts")}`, failed: false },
		]);
	});

	it("never shows a recorded event before it is in the log", async () => {
		const { session, log } = await newSession();
		const late: string[] = [];
		session.subscribe((event) => {
			if ("seq" in event && log.events.at(-1)?.seq !== event.seq) late.push(event.type);
		});
		const model = new ScriptedModel({ calls: [{ tool: "Bash", args: { command: "ls" } }] }, { text: "ok" });
		await runTurn(session, "go", turnEnv(model, tools()), signal());
		assert.deepEqual(late, []);
	});

	it("keeps reduce(log) equal to the live chat after every event", async () => {
		const { session, log } = await newSession();
		const differing: string[] = [];
		session.subscribe((event: ChatEvent) => {
			if (!("seq" in event)) return;
			const replayed = JSON.parse(JSON.stringify(log.events)).reduce(reduce, emptyChat);
			if (JSON.stringify(replayed) !== JSON.stringify(session.chat)) differing.push(event.type);
		});
		const model = new ScriptedModel(
			{
				calls: [
					{ tool: "Todo", args: {} },
					{ tool: "Edit", args: { path: "a" } },
				],
			},
			{ failure: { code: "cut", message: "Cut." } },
		);
		await runTurn(session, "go", turnEnv(model, tools()), signal());
		assert.deepEqual(differing, []);
		assert.deepEqual(session.chat.todo, [{ title: "a", status: "pending" }]);
	});

	it("runs no write and no command before its allowing decision is in the log", async () => {
		const { session, log } = await newSession();
		const early: string[] = [];
		const check = (name: string) => () => {
			if (log.events.at(-1)?.type !== "decided") early.push(name);
			return { text: "ok" };
		};
		const spying = new TestTools({
			Edit: () => ({ effects: [{ write: "a" }], run: check("Edit") }),
			Bash: () => ({ effects: [{ exec: "ls" }], run: check("Bash") }),
		});
		const model = new ScriptedModel(
			{
				calls: [
					{ tool: "Edit", args: {} },
					{ tool: "Bash", args: {} },
				],
			},
			{ text: "ok" },
		);
		await runTurn(session, "go", turnEnv(model, spying), signal());
		assert.deepEqual([early, spying.ran.length], [[], 2]);
	});

	it("gives a rejection with its reason to the model and runs nothing", async () => {
		const { session } = await newSession();
		const hands = tools();
		const model = new ScriptedModel({ calls: [{ tool: "Edit", args: { path: "a" } }] }, { text: "I see." });
		const approve = () => Promise.resolve({ verdict: "deny", reason: "Use b instead." } as const);
		await runTurn(session, "go", turnEnv(model, hands, { approve }), signal());
		const result = model.requests[1]?.messages.at(-1);
		assert.equal(
			result?.role === "tool" && result.text,
			"The person rejected this call; nothing was changed or run. Their reason: Use b instead.",
		);
		assert.deepEqual(hands.ran, []);
		assert.equal(session.chat.turns[0]?.steps[0]?.calls[0]?.state, "denied");
	});

	it("asks once when the person allows edits for the chat", async () => {
		const { session } = await newSession();
		let asked = 0;
		const approve = (): Promise<Answer> => {
			const remember: Grant = { rule: { edits: true }, scope: "chat" };
			return Promise.resolve({ verdict: "allow", ...(asked++ === 0 && { remember }) });
		};
		const edit = (path: string) => ({ tool: "Edit", args: { path } });
		const model = new ScriptedModel({ calls: [edit("a"), edit("b")] }, { calls: [edit("c")] }, { text: "ok" });
		await runTurn(session, "go", turnEnv(model, tools(), { approve }), signal());
		assert.equal(asked, 1);
		assert.deepEqual(session.chat.rules, [{ edits: true }]);
	});

	it("remembers a command to the letter only", async () => {
		const { session } = await newSession();
		const asked: string[] = [];
		const approve = ({ plan }: { plan: { title: string } }): Promise<Answer> => {
			asked.push(plan.title);
			return Promise.resolve({ verdict: "allow", remember: { rule: { command: "npm test" }, scope: "chat" } });
		};
		const bash = (command: string) => ({ tool: "Bash", args: { command } });
		const model = new ScriptedModel({ calls: [bash("npm test"), bash("npm test"), bash("npm test && rm x")] }, {});
		await runTurn(session, "go", turnEnv(model, tools(), { approve }), signal());
		assert.deepEqual(asked, ['Bash {"command":"npm test"}', 'Bash {"command":"npm test && rm x"}']);
	});

	it("answers an unknown tool and malformed arguments with a sentence, runs nothing and goes on", async () => {
		const { session, log } = await newSession();
		const hands = tools();
		const calls = [
			{ tool: "Delete", args: {} },
			{ tool: "Read", args: '{"path": a.ts}' },
		];
		const model = new ScriptedModel({ calls }, { text: "Sorry." });
		const end = await runTurn(session, "go", turnEnv(model, hands), signal());
		assert.deepEqual(end, { reason: "done" });
		assert.deepEqual(
			of(log, "finished").map(({ failed, text }) => ({ failed, text })),
			[
				{ failed: true, text: "There is no tool Delete." },
				{ failed: true, text: "The arguments are no JSON." },
			],
		);
		assert.deepEqual(hands.ran, []);
	});

	it("lets reads of one answer overlap, and none overtake a change", async () => {
		const { session } = await newSession();
		const order: string[] = [];
		let bothReading: () => void = () => undefined;
		const both = new Promise<void>((resolve) => {
			bothReading = resolve;
		});
		let reading = 0;
		const overlapping = new TestTools({
			Read: ({ path }) => ({
				effects: [{ read: "x" }],
				run: async () => {
					// The first two reads wait for each other: in strict order this would never end.
					if (path !== "c" && ++reading === 2) bothReading();
					if (path !== "c") await both;
					order.push(`read ${path}`);
					return { text: "ok" };
				},
			}),
			Edit: () => ({
				effects: [{ write: "x" }],
				run: () => {
					order.push("edit");
					return { text: "ok" };
				},
			}),
		});
		const read = (path: string) => ({ tool: "Read", args: { path } });
		const model = new ScriptedModel({ calls: [read("a"), read("b"), { tool: "Edit", args: {} }, read("c")] }, {});
		await runTurn(session, "go", turnEnv(model, overlapping), signal());
		assert.deepEqual(order, ["read a", "read b", "edit", "read c"]);
	});

	it("says what failed, keeps what was said, and goes on with a retry in the same turn", async () => {
		const { session, log } = await newSession();
		const failure = { code: "cut", message: "The connection ended early." } as const;
		const model = new ScriptedModel({ text: "Half an ans", failure }, { text: "Whole." });
		const env = turnEnv(model, tools());
		assert.deepEqual(await runTurn(session, "go", env, signal()), { reason: "failed" });
		assert.deepEqual(session.chat.turns[0]?.failure, failure);
		assert.deepEqual(await runTurn(session, undefined, env, signal()), { reason: "done" });
		assert.equal(session.chat.turns.length, 1);
		assert.equal(session.chat.turns[0]?.failure, undefined);
		assert.deepEqual(model.requests[1]?.messages, [{ role: "user", text: "go" }]);
		assert.deepEqual(
			of(log, "ended").map((event) => event.reason),
			["failed", "done"],
		);
	});

	it("never runs the calls of an answer that was cut", async () => {
		const { session } = await newSession();
		const hands = tools();
		const model = new ScriptedModel({ calls: [{ tool: "Read", args: '{"pa' }], complete: false });
		await runTurn(session, "go", turnEnv(model, hands), signal());
		assert.deepEqual([hands.ran, session.chat.turns[0]?.failure?.code], [[], "incomplete"]);
	});

	it("asks again twice for an empty or think-only answer, then says so", async () => {
		const { session } = await newSession();
		const nothing = { failure: { code: "empty", message: "Nothing came." } } as const;
		const model = new ScriptedModel(nothing, { reasoning: "Hm." }, { text: "  " }, { text: "never asked" });
		await runTurn(session, "go", turnEnv(model, tools()), signal());
		assert.deepEqual([model.requests.length, session.chat.turns[0]?.failure?.code], [3, "empty"]);
	});

	it("pauses at the limit of steps and continues from there", async () => {
		const { session } = await newSession();
		const read = { calls: [{ tool: "Read", args: { path: "a" } }] };
		const env = turnEnv(new ScriptedModel(read, read, read, { text: "Done." }), tools(), { limits: { steps: 2 } });
		const limit = { of: "steps", max: 2, used: 2 };
		assert.deepEqual(await runTurn(session, "go", env, signal()), { reason: "limit", limit });
		assert.deepEqual(await runTurn(session, undefined, env, signal()), { reason: "done" });
		assert.equal(session.chat.turns[0]?.steps.length, 4);
	});

	it("makes repeated and missing call ids unique", async () => {
		const { session } = await newSession();
		const twice = {
			calls: [
				{ tool: "Read", args: {}, id: "x" },
				{ tool: "Read", args: {}, id: "x" },
			],
		};
		const model = new ScriptedModel(twice, { calls: [{ tool: "Read", args: {}, id: "x" }] }, {});
		await runTurn(session, "go", turnEnv(model, tools()), signal());
		const ids = session.chat.turns[0]?.steps.flatMap((step) => step.calls.map((call) => call.id));
		assert.deepEqual(ids, ["x", "x__2", "x__3"]);
	});
});

describe("Stop", () => {
	it("while the model speaks keeps what was said and leaves a chat that goes on", async () => {
		const { session } = await newSession();
		const stop = new AbortController();
		const model = new ScriptedModel({ text: "I will", hang: true }, { text: "Fine." });
		session.subscribe((event) => event.type === "delta" && stop.abort());
		const env = turnEnv(model, tools());
		assert.deepEqual(await runTurn(session, "go", env, stop.signal), { reason: "stopped" });
		assert.deepEqual(await runTurn(session, "and now?", env, signal()), { reason: "done" });
		assert.deepEqual(model.requests[1]?.messages, [
			{ role: "user", text: "go" },
			{ role: "assistant", parts: [{ kind: "text", text: "I will" }] },
			{ role: "user", text: "and now?" },
		]);
	});

	it("while a person is asked gives every call one result", async () => {
		const { session, log } = await newSession();
		const stop = new AbortController();
		const approve = (_: unknown, aborted: AbortSignal) => {
			queueMicrotask(() => stop.abort());
			return new Promise<undefined>((resolve) => aborted.addEventListener("abort", () => resolve(undefined)));
		};
		const model = new ScriptedModel({
			calls: [
				{ tool: "Edit", args: { path: "a" } },
				{ tool: "Read", args: { path: "b" } },
			],
		});
		const end = await runTurn(session, "go", turnEnv(model, tools(), { approve }), stop.signal);
		assert.deepEqual(end, { reason: "stopped" });
		assert.deepEqual(
			of(log, "finished").map((event) => [event.callId, event.failed]),
			[
				["functions.Edit:0", true],
				["functions.Read:1", true],
			],
		);
	});

	it("does not wait for a tool that ignores it", async () => {
		const { session } = await newSession();
		const stop = new AbortController();
		const deaf = new TestTools({
			Read: () => ({ effects: [{ read: "a" }], run: () => new Promise(() => stop.abort()) }),
		});
		const model = new ScriptedModel({ calls: [{ tool: "Read", args: {} }] });
		assert.deepEqual(await runTurn(session, "go", turnEnv(model, deaf), stop.signal), { reason: "stopped" });
		assert.match(session.chat.turns[0]?.steps[0]?.calls[0]?.text ?? "", /^Stopped by the person while it ran/);
	});
});
