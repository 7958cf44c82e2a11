import assert from "node:assert/strict";
import { runTurn } from "../../src/agent/loop.ts";
import type { Outcome } from "../../src/agent/tool.ts";
import type { ChatEvent } from "../../src/shared/event.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import { type MemoryLog, newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { changeOf, FakeCheckpoints, stateOf } from "../fake/checkpoints.ts";
import { ScriptedModel } from "../fake/model.ts";

const signal = () => new AbortController().signal;
const types = (log: MemoryLog) => log.events.map((event) => event.type);
const bash = (command: string) => ({ tool: "Bash", args: { command } });
const edit = (path: string) => ({ tool: "Edit", args: { path } });
const read = { tool: "Read", args: {} };

describe("what calls change", () => {
	let checkpoints: FakeCheckpoints;
	beforeEach(() => {
		checkpoints = new FakeCheckpoints();
	});
	const tools = (write: (path: string) => Outcome | Promise<Outcome> = () => ({ text: "ok" })) =>
		new TestTools({
			Bash: ({ command }) => ({ effects: [{ exec: String(command) }] }),
			Edit: ({ path }) => ({
				effects: [{ read: String(path) }, { write: String(path) }],
				run: () => {
					checkpoints.asked.push(`write ${path}`);
					return write(String(path));
				},
			}),
			Read: () => ({ effects: [{ read: "a" }] }),
		});
	const detailsIn = (log: MemoryLog) =>
		log.events.flatMap((event) => (event.type === "finished" ? [event.details] : []));

	it("is on record with an edit's result: the files that it names, before and after", async () => {
		const { session, log } = await newSession();
		checkpoints.files = { a: "a0", b: null };
		const hands = tools((path) => {
			checkpoints.files[path] = `${path}1`;
			return { text: "ok", details: { seen: { [path]: "h" } } };
		});
		const model = new ScriptedModel({ calls: [edit("a"), edit("b"), edit("big")] }, {});
		await runTurn(session, "go", turnEnv(model, hands, { checkpoints, mode: () => "edits" }), signal());
		assert.deepEqual(checkpoints.asked, [
			"expect",
			...["a", "b"].flatMap((path) => [`capture ${path}`, `write ${path}`, `capture ${path}`]),
			...["capture big", "write big"],
		]);
		assert.deepEqual(detailsIn(log), [
			{ seen: { a: "h" }, changes: [changeOf("a", "a0", "a1")] },
			{ seen: { b: "h" }, changes: [changeOf("b", null, "b1")] },
			// It was not kept before, so what became of it can't be told.
			{
				seen: { big: "h" },
				uncovered: ["big was changed and can't be undone: what it was before could not be kept."],
			},
		]);
		assert.deepEqual(session.chat.changes, {
			a: { base: stateOf("a0"), now: stateOf("a1") },
			b: { base: null, now: stateOf("b1") },
		});
	});

	it("is told also of an edit that failed, and not of one that left all as it was", async () => {
		const { session, log } = await newSession();
		checkpoints.files = { a: "a0" };
		const hands = tools(() => {
			if (checkpoints.files["a"] === "a0") {
				checkpoints.files["a"] = "half";
				throw new Error("Disk full.");
			}
			return { text: "ok" };
		});
		const model = new ScriptedModel({ calls: [edit("a"), edit("a")] }, {});
		await runTurn(session, "go", turnEnv(model, hands, { checkpoints }), signal());
		assert.deepEqual(detailsIn(log), [{ changes: [changeOf("a", "a0", "half")] }, { changes: [] }]);
	});

	it("can't be lost: what was there before is on record when the call begins, an edit's or a command's", async () => {
		const { session, log } = await newSession();
		checkpoints.files = { a: "a0", b: null };
		const atBegin: unknown[] = [];
		session.subscribe((event) => {
			const last = log.events.at(-1);
			if (event.type === "running") atBegin.push(last?.type === "kept" ? [last.files, last.snapshot] : last?.type);
		});
		const model = new ScriptedModel({ calls: [edit("a"), edit("b"), edit("big"), bash("make")] }, {});
		await runTurn(session, "go", turnEnv(model, tools(), { checkpoints, mode: () => "trusted" }), signal());
		assert.deepEqual(atBegin, [
			[[{ path: "a", state: stateOf("a0") }], undefined],
			[[{ path: "b", state: null }], undefined],
			"decided",
			[[], "snapshot 1"],
		]);
		assert.deepEqual([session.chat.turns[0]?.kept, checkpoints.released], [undefined, ["snapshot 1"]]);
	});

	it("needs no review where the person allowed it", async () => {
		const { session } = await newSession();
		checkpoints.files = { a: "a0" };
		const hands = tools((path) => {
			checkpoints.files[path] = "a1";
			return { text: "ok" };
		});
		await runTurn(
			session,
			"go",
			turnEnv(new ScriptedModel({ calls: [edit("a")] }, {}), hands, { checkpoints }),
			signal(),
		);
		assert.deepEqual([session.chat.changes, session.chat.turns[0]?.changes], [{}, [changeOf("a", "a0", "a1")]]);
	});

	it("of a command is looked for after its result, while the model is asked, and is there before the end", async () => {
		const { session, log } = await newSession();
		const find = checkpoints.findLater();
		const model = new ScriptedModel({ calls: [bash("make")] }, () => {
			assert.deepEqual(types(log).at(-1), "finished");
			find({ files: [changeOf("out", null, "o1")] });
			return { text: "Made." };
		});
		await runTurn(session, "go", turnEnv(model, tools(), { checkpoints }), signal());
		assert.deepEqual(checkpoints.asked, ["expect", "snapshot", "changes"]);
		assert.deepEqual(types(log).slice(-4).sort(), ["changed", "ended", "finished", "replied"]);
		assert.equal(types(log).at(-1), "ended");
		assert.deepEqual(session.chat.changes, { out: { base: null, now: { id: "o1", mode: "file" } } });
	});

	it("of a command is on record before the next call that may change something runs, and no read waits for it", async () => {
		const { session, log } = await newSession();
		const order: string[] = [];
		checkpoints.found.push({ files: [changeOf("a", "a0", "a1")] });
		session.subscribe((event) => {
			if ("callId" in event && event.type !== "decided" && event.type !== "planned")
				order.push(`${event.type} ${event.callId}`);
		});
		const model = new ScriptedModel({ calls: [bash("make"), read, edit("b")] }, {});
		await runTurn(session, "go", turnEnv(model, tools(), { checkpoints, mode: () => "trusted" }), signal());
		const at = (what: string) => order.indexOf(what);
		assert.ok(at("changed functions.Bash:0") < at("running functions.Edit:2"), order.join(", "));
		assert.equal(log.events.filter((event) => event.type === "changed").length, 1);
	});

	it("says of each command what is not covered, and has it once a turn", async () => {
		const { session, log } = await newSession();
		const ignored = { files: [], uncovered: "Ignored files." };
		checkpoints.found.push(ignored, ignored, { files: [], uncovered: "Too large: b." }, { files: [] });
		const run = async (...calls: ReturnType<typeof bash>[]) => {
			const model = new ScriptedModel({ calls }, {});
			await runTurn(session, "go", turnEnv(model, tools(), { checkpoints }), signal());
		};
		await run(bash("1"), bash("2"), bash("3"), bash("4"));
		checkpoints.found.push(ignored);
		await run(bash("5"));
		const changed = log.events.flatMap((event) => (event.type === "changed" ? [event.uncovered] : []));
		assert.deepEqual(changed, [
			["Ignored files."],
			["Ignored files."],
			["Too large: b."],
			undefined,
			["Ignored files."],
		]);
		assert.deepEqual(
			session.chat.turns.map(({ uncovered }) => uncovered),
			[["Ignored files.", "Too large: b."], ["Ignored files."]],
		);
	});

	it("is recorded of a command that Stop ended", async () => {
		const { session, log } = await newSession();
		const stop = new AbortController();
		checkpoints.found.push({ files: [changeOf("half", null, "h")] });
		const hands = new TestTools({
			Bash: () => ({ effects: [{ exec: "make" }], run: () => new Promise(() => stop.abort()) }),
		});
		const model = new ScriptedModel({ calls: [bash("make")] });
		assert.deepEqual(await runTurn(session, "go", turnEnv(model, hands, { checkpoints }), stop.signal), {
			reason: "stopped",
		});
		assert.deepEqual(types(log).slice(-3), ["finished", "changed", "ended"]);
	});

	it("does not keep Stop waiting for a snapshot", async () => {
		const { session, log } = await newSession();
		const stop = new AbortController();
		checkpoints.snapshot = () => {
			queueMicrotask(() => stop.abort());
			return new Promise(() => undefined);
		};
		const hands = tools();
		await runTurn(
			session,
			"go",
			turnEnv(new ScriptedModel({ calls: [bash("make")] }), hands, { checkpoints }),
			stop.signal,
		);
		assert.deepEqual([hands.ran, types(log).slice(-3)], [[], ["decided", "finished", "ended"]]);
	});

	it("is not looked at any more where Stop comes while its snapshot is taken, or the chat can't be written", async () => {
		const { session, log } = await newSession();
		const stop = new AbortController();
		const taken = await checkpoints.snapshot();
		let take: (late: typeof taken) => void = () => undefined;
		checkpoints.snapshot = () => {
			queueMicrotask(() => stop.abort());
			return new Promise((resolve) => {
				take = resolve;
			});
		};
		const model = () => new ScriptedModel({ calls: [bash("make")] }, { text: "ok" });
		await runTurn(session, "go", turnEnv(model(), tools(), { checkpoints }), stop.signal);
		assert.deepEqual(checkpoints.closed, []);
		take(taken);
		await new Promise(setImmediate);
		assert.deepEqual(checkpoints.closed, ["snapshot 1"]);
		for (const type of ["kept", "finished", "changed"] as const) {
			const other = await newSession();
			checkpoints.snapshot = async () => checkpoints.reopen(type);
			const { append } = other.log;
			other.log.append = (event) => {
				if (event.type === type) other.log.broken = true;
				return append.call(other.log, event);
			};
			await runTurn(other.session, "go", turnEnv(model(), tools(), { checkpoints, mode: () => "trusted" }), signal());
			assert.equal(other.log.broken, true, type);
		}
		assert.deepEqual([checkpoints.closed.slice(1), checkpoints.released], [["kept", "finished", "changed"], []]);
		assert.equal(types(log).at(-1), "ended");
	});

	/** What a command changed is never found. */
	const endless = new Promise<never>(() => undefined);

	it("does not keep Stop waiting for what a command changed", async () => {
		const { session, log } = await newSession();
		const stop = new AbortController();
		checkpoints.found.push(endless);
		const model = new ScriptedModel({ calls: [bash("make")] }, () => {
			stop.abort();
			return { text: "ok" };
		});
		const env = turnEnv(model, tools(), { checkpoints, patience: 1e9 });
		assert.deepEqual(await runTurn(session, "go", env, stop.signal), { reason: "stopped" });
		assert.deepEqual([types(log).at(-1), session.chat.turns[0]?.kept?.length], ["ended", 1]);
	});

	it("does not keep the next edit or the end waiting for long, and is on record once it is found", async () => {
		const { session, log } = await newSession();
		const find = checkpoints.findLater();
		checkpoints.files = { a: "a1" };
		const hands = tools((path) => {
			checkpoints.files[path] = "a2";
			return { text: "ok" };
		});
		const env = { checkpoints, mode: () => "trusted" as const, patience: 1 };
		const first = new ScriptedModel({ calls: [bash("make"), edit("a")] }, { text: "ok" });
		await runTurn(session, "go", turnEnv(first, hands, env), signal());
		assert.deepEqual([types(log).includes("changed"), types(log).at(-1)], [false, "ended"]);
		// Nor the next message, which is on record at once.
		await runTurn(session, "more", turnEnv(new ScriptedModel({ text: "ok" }), hands, env), signal());
		const changed = new Promise<void>((resolve) => {
			session.subscribe((event) => event.type === "changed" && resolve());
		});
		// As the file was before the edit, and with it.
		find({ files: [changeOf("a", "a0", "a2"), changeOf("out", null, "o1")] });
		await changed;
		assert.deepEqual(
			session.chat.turns.map(({ changes, kept }) => [changes, kept]),
			[
				[[changeOf("a", "a0", "a1"), changeOf("out", null, "o1"), changeOf("a", "a1", "a2")], undefined],
				[[], undefined],
			],
		);
		assert.deepEqual(session.chat.changes, {
			a: { base: stateOf("a0"), now: stateOf("a2") },
			out: { base: null, now: stateOf("o1") },
		});
		assert.equal(checkpoints.asked.filter((asked) => asked === "changes").length, 1);
	});

	it("is expected when a command is being spelled out, once an answer", async () => {
		const { session } = await newSession();
		const model = new ScriptedModel({ text: "Hm." });
		const stream = model.stream.bind(model);
		model.stream = async function* (request, aborted) {
			for (const bytes of [1, 2]) yield { kind: "calling", index: 0, tool: "Bash", bytes };
			yield { kind: "calling", index: 1, tool: "Read", bytes: 1 };
			yield* stream(request, aborted);
		};
		await runTurn(session, "go", turnEnv(model, tools(), { checkpoints }), signal());
		assert.deepEqual(checkpoints.asked, ["expect", "expect"]);
	});

	it("keeps reduce(log) equal to the live chat", async () => {
		const { session, log } = await newSession();
		checkpoints.files = { a: "a0" };
		checkpoints.found.push({ files: [changeOf("b", "b0", null)], uncovered: "Ignored files." });
		const differing: string[] = [];
		session.subscribe((event: ChatEvent) => {
			if (!("seq" in event)) return;
			const replayed = JSON.parse(JSON.stringify(log.events)).reduce(reduce, emptyChat);
			if (JSON.stringify(replayed) !== JSON.stringify(session.chat)) differing.push(event.type);
		});
		const hands = tools((path) => {
			checkpoints.files[path] = "a1";
			return { text: "ok" };
		});
		const model = new ScriptedModel({ calls: [bash("make"), edit("a")] }, { text: "ok" });
		await runTurn(session, "go", turnEnv(model, hands, { checkpoints, mode: () => "trusted" }), signal());
		assert.deepEqual([differing, Object.keys(session.chat.changes)], [[], ["b", "a"]]);
	});

	it("is a failure of the turn when it can't be recorded", async () => {
		const { session, log } = await newSession();
		const find = checkpoints.findLater();
		setImmediate(() => {
			log.broken = true;
			find({ files: [changeOf("a", null, "a1")] });
		});
		const env = turnEnv(new ScriptedModel({ calls: [bash("make")] }, { text: "ok" }), tools(), { checkpoints });
		const { reason, failure } = await runTurn(session, "go", env, signal());
		assert.deepEqual([reason, failure?.code], ["failed", "storage"]);
	});
});
