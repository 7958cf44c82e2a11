import assert from "node:assert/strict";
import { runTurn } from "../../src/agent/loop.ts";
import type { Recorded } from "../../src/shared/event.ts";
import { type MemoryLog, newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

const signal = () => new AbortController().signal;
const types = (log: MemoryLog) => log.events.map((event) => event.type);
const of = <T extends Recorded["type"]>(log: MemoryLog, type: T) =>
	log.events.filter((event): event is Extract<Recorded, { type: T }> => event.type === type);
const tools = () =>
	new TestTools({
		Read: ({ path }) => ({ effects: [{ read: String(path) }] }),
		Bash: ({ command }) => ({ effects: [{ exec: String(command) }] }),
	});

describe("trouble of our own", () => {
	it("a log that can't be written stops the turn with its failure and shows nothing unrecorded", async () => {
		const { session, log } = await newSession();
		const seen: string[] = [];
		session.subscribe((event) => seen.push(event.type));
		log.broken = true;
		const end = await runTurn(session, "go", turnEnv(new ScriptedModel({ text: "Hi" }), tools()), signal());
		assert.deepEqual(end, { reason: "failed", failure: { code: "storage", message: "Disk full." } });
		assert.deepEqual(seen, []);
	});

	it("a read that goes on while the log fails brings no second result when the turn has gone on", async () => {
		const { session, log } = await newSession();
		const slow = Promise.withResolvers<void>();
		const reads = new TestTools({
			Read: ({ path }) => ({
				effects: [{ read: String(path) }],
				run: async () => {
					if (path === "slow") await slow.promise;
					else log.broken = true;
					return { text: String(path) };
				},
			}),
		});
		const calls = ["slow", "quick"].map((path) => ({ tool: "Read", args: { path } }));
		const model = new ScriptedModel({ calls }, { text: "ok" });
		assert.equal((await runTurn(session, "go", turnEnv(model, reads), signal())).failure?.code, "storage");
		log.broken = false;
		assert.deepEqual(await runTurn(session, undefined, turnEnv(model, reads), signal()), { reason: "done" });
		slow.resolve();
		await new Promise((resolve) => setImmediate(resolve));
		assert.deepEqual([of(log, "finished").length, log.events.at(-1)?.type], [2, "ended"]);
	});

	it("a tool that throws is a failed call and the turn goes on", async () => {
		const { session } = await newSession();
		const broken = new TestTools({
			Read: () => ({ effects: [{ read: "a" }], run: () => Promise.reject(new Error("boom")) }),
		});
		const model = new ScriptedModel({ calls: [{ tool: "Read", args: {} }] }, { text: "ok" });
		assert.deepEqual(await runTurn(session, "go", turnEnv(model, broken), signal()), { reason: "done" });
		assert.equal(session.chat.turns[0]?.steps[0]?.calls[0]?.text, "The tool failed: boom");
	});

	it("a model that throws ends the turn as a defect", async () => {
		const { session } = await newSession();
		const model = new ScriptedModel(() => {
			throw new Error("bug");
		});
		const end = await runTurn(session, "go", turnEnv(model, tools()), signal());
		assert.deepEqual([end.failure?.code, session.chat.turns[0]?.ended], ["internal", "failed"]);
	});
});

describe("a dry run", () => {
	it("plans and decides every call, also a thousand, asks nobody and runs none", async () => {
		const { session, log } = await newSession();
		const hands = tools();
		const calls = Array.from({ length: 1000 }, (_, n) => ({ tool: "Bash", args: { command: `rm ${n}` } }));
		const approve = () => Promise.reject(new Error("asked"));
		const env = turnEnv(new ScriptedModel({ calls }, { text: "ok" }), hands, { dryRun: true, approve });
		await runTurn(session, "go", env, signal());
		assert.deepEqual(hands.ran, []);
		assert.equal(of(log, "decided").length, 1000);
		assert.deepEqual([...new Set(of(log, "finished").map((event) => event.text))], ["dry run"]);
	});
});

describe("Stop at an odd moment", () => {
	it("between an answer and its calls still gives each call one result", async () => {
		const { session, log } = await newSession();
		const stop = new AbortController();
		session.subscribe((event) => event.type === "replied" && stop.abort());
		const model = new ScriptedModel({ calls: [{ tool: "Read", args: { path: "a" } }] });
		await runTurn(session, "go", turnEnv(model, tools()), stop.signal);
		assert.deepEqual(types(log), ["opened", "prompted", "replied", "finished", "ended"]);
	});
});

describe("a log that fails while two reads overlap", () => {
	it("ends the turn with its failure and leaves no rejection behind", async () => {
		const { session, log } = await newSession();
		const unhandled: unknown[] = [];
		const keep = (reason: unknown) => unhandled.push(reason);
		process.on("unhandledRejection", keep);
		const slow = new TestTools({
			Read: () => ({
				effects: [{ read: "a" }],
				run: async () => {
					log.broken = true;
					return { text: "ok" };
				},
			}),
			Slow: () => ({
				effects: [{ read: "b" }],
				run: () => new Promise((resolve) => setTimeout(resolve, 20, { text: "ok" })),
			}),
		});
		const calls = ["Read", "Slow", "Slow"].map((tool) => ({ tool, args: {} }));
		const end = await runTurn(session, "go", turnEnv(new ScriptedModel({ calls }), slow), signal());
		await new Promise((resolve) => setTimeout(resolve, 30));
		process.off("unhandledRejection", keep);
		assert.deepEqual([end.failure?.code, unhandled], ["storage", []]);
	});
});
