import assert from "node:assert/strict";
import fc from "fast-check";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import { changeQueue, nextQueued } from "../../src/agent/queue.ts";
import { Session } from "../../src/agent/session.ts";
import type { Recorded } from "../../src/shared/event.ts";
import type { Failure } from "../../src/shared/failure.ts";
import type { QueueChange } from "../../src/shared/queue.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import { newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";
import "../fake/seed.ts";

const signal = () => new AbortController().signal;
const tools = () => new TestTools({ Read: ({ path }) => ({ effects: [{ read: String(path) }] }) });
const read = (path: string) => ({ tool: "Read", args: { path } });
const WHILE =
	"\n\n[Note from the editor: The person wrote this while you worked on their last message. Take it into account from here on, and go on; do not start over.]";
const down: Failure = { code: "network", message: "Down.", retryable: false };

/** A message of the person's that waits; returns its id. */
async function add(session: Session, text: string, steer?: true): Promise<string> {
	await changeQueue(session, { do: "add", text, ...(steer && { steer }) });
	return session.chat.queue.at(-1)?.id ?? assert.fail("nothing waits");
}

/** Roles and texts; of answers with calls their ids. */
function sent({ requests }: ScriptedModel) {
	return requests.at(-1)?.messages.map((each) => {
		if (each.role !== "assistant") return [each.role, each.text];
		return [each.role, each.parts.map((part) => (part.kind === "call" ? part.id : part.text)).join("")];
	});
}

/** Each request begins with the messages of the one before. */
function assertGrowing({ requests }: ScriptedModel): void {
	const histories = requests.map(({ messages }) => JSON.stringify(messages).slice(0, -1));
	for (const [n, history] of histories.entries()) assert.ok(history.startsWith(histories[n - 1] ?? ""), `request ${n}`);
}

/** Every call has one result, at once after the answer that makes it. */
function assertPaired({ requests }: ScriptedModel): void {
	for (const { messages } of requests) {
		const open: string[] = [];
		for (const message of messages) {
			if (message.role === "tool") assert.equal(message.callId, open.shift());
			else assert.deepEqual(open, []);
			if (message.role === "assistant")
				open.push(...message.parts.flatMap((part) => (part.kind === "call" ? [part.id] : [])));
		}
		assert.deepEqual(open, []);
	}
}

describe("a message that steers", () => {
	it("is said after all results of the step, and the turn goes on", async () => {
		const { session } = await newSession();
		const script = [{ calls: [read("1"), read("2")] }, { text: "ok" }];
		const model = new ScriptedModel(() => {
			void add(session, "Mind the tests", true);
			return script[0] ?? {};
		}, script[1] ?? {});
		assert.deepEqual(await runTurn(session, "go", turnEnv(model, tools()), signal()), { reason: "done" });
		assert.deepEqual(sent(model), [
			["user", "go"],
			["assistant", "functions.Read:0functions.Read:1"],
			["tool", 'ran Read {"path":"1"}'],
			["tool", 'ran Read {"path":"2"}'],
			["user", `Mind the tests${WHILE}`],
		]);
		assert.deepEqual(session.chat.queue, []);
		assert.deepEqual(
			session.chat.turns[0]?.steered?.map(({ text }) => text),
			["Mind the tests"],
		);
		assertGrowing(model);
	});

	it("makes a turn go on that would be done", async () => {
		const { session } = await newSession();
		const model = new ScriptedModel(
			() => {
				void add(session, "And the docs", true);
				return { text: "Done." };
			},
			{ text: "The docs too." },
		);
		assert.deepEqual(await runTurn(session, "go", turnEnv(model, tools()), signal()), { reason: "done" });
		assert.deepEqual(sent(model), [
			["user", "go"],
			["assistant", "Done."],
			["user", `And the docs${WHILE}`],
		]);
		assert.equal(session.chat.turns.length, 1);
		assertGrowing(model);
	});

	it("goes with others that wait, in order, as one message, and with what the person did to files", async () => {
		const { session } = await newSession();
		const model = new ScriptedModel(
			() => {
				void add(session, "One", true);
				void add(session, "Not now");
				void add(session, "Two", true);
				void session.record({ type: "reviewed", files: {}, changes: [], note: "They undid a.js." });
				return { text: "Done." };
			},
			{ text: "ok" },
		);
		await runTurn(session, "go", turnEnv(model, tools()), signal());
		assert.deepEqual(sent(model)?.at(-1), ["user", `One\n\nTwo${WHILE}\n\n[Note from the editor: They undid a.js.]`]);
		assert.deepEqual(session.chat.untold, undefined);
		assert.deepEqual(
			session.chat.queue.map(({ text }) => text),
			["Not now"],
		);
	});

	it("waits while a call waits for the person", async () => {
		const { session } = await newSession();
		const hands = new TestTools({ Write: () => ({ effects: [{ write: "a" }] }) });
		const model = new ScriptedModel({ calls: [{ tool: "Write", args: {} }] }, { text: "ok" });
		const approve = async () => {
			await add(session, "Not like that", true);
			assert.equal(session.chat.turns[0]?.steered, undefined);
			return { verdict: "deny" as const };
		};
		await runTurn(session, "go", turnEnv(model, hands, { approve }), signal());
		assert.deepEqual(
			sent(model)?.map(([role]) => role),
			["user", "assistant", "tool", "user"],
		);
	});

	it("waits for the first answer: the prompt comes first", async () => {
		const { session } = await newSession();
		const model = new ScriptedModel({ calls: [read("1")] }, { text: "ok" });
		await add(session, "Mind the tests", true);
		await runTurn(session, "go", turnEnv(model, tools()), signal());
		assert.deepEqual(model.requests[0]?.messages, [{ role: "user", text: "go" }]);
		assert.deepEqual(sent(model)?.at(-1), ["user", `Mind the tests${WHILE}`]);
	});

	it("is said at the next step after a limit, a reload, or a failure, and keeps the bytes that were sent", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel({ calls: [read("1")] }, { calls: [read("2")] }, { failure: down }, { text: "ok" });
		await runTurn(session, "go", turnEnv(model, tools(), { limits: { steps: 1 } }), signal());
		await add(session, "One", true);
		const again = new Session(log, structuredClone(log.events));
		assert.deepEqual(again.chat.queue, session.chat.queue);
		await runTurn(again, undefined, turnEnv(model, tools(), { limits: { steps: 1 } }), signal());
		await add(again, "Two", true);
		await runTurn(again, undefined, turnEnv(model, tools()), signal());
		await add(again, "Three", true);
		await runTurn(again, undefined, turnEnv(model, tools()), signal());
		assert.deepEqual(
			sent(model)?.map(([role, text]) => (role === "user" ? text?.replace(WHILE, "") : role)),
			["go", "assistant", "tool", "One", "assistant", "tool", "Two", "assistant", "Three"],
		);
		assertGrowing(model);
	});

	it("waits while the person rewrites it", async () => {
		const { session } = await newSession();
		const id = await add(session, "One", true);
		await changeQueue(session, { do: "hold", id });
		const model = new ScriptedModel({ calls: [read("1")] }, { text: "ok" });
		await runTurn(session, "go", turnEnv(model, tools()), signal());
		assert.deepEqual(session.chat.queue, [{ id, text: "One", steer: true, held: true }]);
	});
});

describe("a queued message", () => {
	it("is the prompt of the next turn, with the id that it had", async () => {
		const { session, log } = await newSession();
		const id = await add(session, "And the docs");
		await runTurn(session, { queued: id }, turnEnv(new ScriptedModel({ text: "ok" }), tools()), signal());
		const prompted = log.events.find((event) => event.type === "prompted");
		assert.deepEqual(prompted && [prompted.text, prompted.queued], ["And the docs", id]);
		assert.deepEqual(session.chat.queue, []);
	});

	for (const done of ["delete", "hold"] as const)
		it(`leaves the chat as it is where its turn began and the person chose to ${done} it just before`, async () => {
			const { session, log } = await newSession();
			const id = await add(session, "And the docs");
			await changeQueue(session, { do: done, id });
			const before = log.events.length;
			const model = new ScriptedModel({ text: "ok" });
			assert.deepEqual(await runTurn(session, { queued: id }, turnEnv(model, tools()), signal()), { reason: "done" });
			assert.deepEqual([log.events.length, model.requests.length], [before, 0]);
		});

	it("stays through Stop, a failure and a limit", async () => {
		for (const end of ["stopped", "failed", "limit"]) {
			const { session } = await newSession();
			const stop = new AbortController();
			const model = new ScriptedModel(() => {
				void add(session, "Later");
				if (end === "stopped") stop.abort();
				return end === "failed" ? { failure: down } : { calls: [read("1")] };
			});
			const env = turnEnv(model, tools(), { limits: { steps: 1 } });
			assert.equal((await runTurn(session, "go", env, stop.signal)).reason, end);
			assert.deepEqual(
				session.chat.queue.map(({ text }) => text),
				["Later"],
			);
		}
	});

	it("can be rewritten in its place, moved and deleted; one that was said meanwhile is left alone", async () => {
		const { session, log } = await newSession();
		const [a, b, c] = [await add(session, "a"), await add(session, "b"), await add(session, "c")];
		const texts = () => session.chat.queue.map(({ text }) => text);
		await changeQueue(session, { do: "move", id: c, by: -1 });
		assert.deepEqual(texts(), ["a", "c", "b"]);
		await changeQueue(session, { do: "hold", id: a });
		await changeQueue(session, { do: "hold", id: c });
		assert.deepEqual(
			session.chat.queue.map(({ held }) => held),
			[undefined, true, undefined],
		);
		await changeQueue(session, { do: "release", id: c, text: "C" });
		await changeQueue(session, { do: "delete", id: a });
		assert.deepEqual(session.chat.queue, [
			{ id: c, text: "C" },
			{ id: b, text: "b" },
		]);
		const { length } = log.events;
		const nothing: QueueChange[] = [
			{ do: "add", text: " \n" },
			{ do: "move", id: c, by: -1 },
			{ do: "move", id: b, by: 1 },
			{ do: "release", id: b },
			{ do: "release", id: b, text: "" },
			...(["steer", "hold", "delete"] as const).map((change) => ({ do: change, id: a })),
			{ do: "release", id: a, text: "A" },
		];
		for (const change of nothing) await changeQueue(session, change);
		assert.equal(log.events.length, length);
	});

	it("comes next in order, those that steer first; behind one that is rewritten none does", async () => {
		const { session } = await newSession();
		assert.equal(nextQueued(session.chat), undefined);
		const [a, b] = [await add(session, "a"), await add(session, "b")];
		assert.equal(nextQueued(session.chat)?.id, a);
		await changeQueue(session, { do: "hold", id: a });
		assert.equal(nextQueued(session.chat), undefined);
		await changeQueue(session, { do: "steer", id: b });
		assert.equal(nextQueued(session.chat)?.id, b);
	});
});

describe("whatever the person does to the queue while a turn runs", () => {
	const at = fc.nat({ max: 4 });
	const wish = fc.oneof(
		fc.record({ do: fc.constant("add" as const), steer: fc.boolean() }),
		fc.record({ do: fc.constantFrom("steer" as const, "hold" as const, "delete" as const), at }),
		fc.record({ do: fc.constant("release" as const), at, rewrite: fc.boolean() }),
		fc.record({ do: fc.constant("move" as const), at, by: fc.constantFrom(-1 as const, 1 as const) }),
	);
	/** Each at the event with this number. */
	const wishes = fc.array(fc.tuple(fc.nat({ max: 60 }), wish), { maxLength: 25 });
	/** Calls of each answer. */
	const answers = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 });

	it("loses and doubles no message, and breaks no pair and no prefix", () =>
		fc.assert(
			fc.asyncProperty(answers, wishes, async (counts, all) => {
				const { session, log } = await newSession();
				const changing: Promise<void>[] = [];
				let count = 0;
				const changeOf = (what: (typeof all)[number][1]): QueueChange => {
					if (what.do === "add") return { do: "add", text: `m${count}`, ...(what.steer && { steer: true }) };
					const id = idsIn(log.events)[what.at] ?? "none";
					if (what.do === "move") return { do: "move", id, by: what.by };
					if (what.do === "release") return { do: "release", id, ...(what.rewrite && { text: `r${count}` }) };
					return { do: what.do, id };
				};
				session.subscribe(() => {
					count++;
					const now = all.filter(([when]) => when === count);
					changing.push(...now.map(([, what]) => changeQueue(session, changeOf(what))));
				});
				const model = new ScriptedModel(...counts.map((calls) => ({ text: "ok", calls: reads(calls) })));
				await runAll(session, turnEnv(model, tools()));
				// One may bring the next about.
				for (const each of changing) await each;
				assertGrowing(model);
				assertPaired(model);
				assert.deepEqual(log.events.reduce(reduce, emptyChat), session.chat);
				const left = session.chat.queue.map(({ id }) => id);
				const accounted = [...saidIn(log.events), ...deletedIn(log.events), ...left];
				assert.deepEqual(accounted.sort(), idsIn(log.events).sort());
			}),
		));

	const reads = (calls: number) => Array.from({ length: calls }, (_, n) => read(String(n)));

	/** A turn, and one for each message that comes next, as the host does. */
	async function runAll(session: Session, env: TurnEnv): Promise<void> {
		await runTurn(session, "go", env, signal());
		for (let next = nextQueued(session.chat); next; next = nextQueued(session.chat))
			await runTurn(session, { queued: next.id }, env, signal());
	}

	function idsIn(events: readonly Recorded[]): string[] {
		const lists = events.flatMap((event) => (event.type === "queued" ? event.messages : []));
		return [...new Set(lists.map(({ id }) => id))];
	}

	function saidIn(events: readonly Recorded[]): string[] {
		return events.flatMap((event) => {
			if (event.type === "steered") return event.ids;
			return event.type === "prompted" && event.queued !== undefined ? [event.queued] : [];
		});
	}

	function deletedIn(events: readonly Recorded[]): string[] {
		return events.flatMap((event, n) => {
			if (event.type !== "queued") return [];
			const kept = new Set(event.messages.map(({ id }) => id));
			const before = events.slice(0, n).reduce(reduce, emptyChat).queue;
			return before.map(({ id }) => id).filter((id) => !kept.has(id));
		});
	}
});
