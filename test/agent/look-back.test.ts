import assert from "node:assert/strict";
import { lookBack } from "../../src/agent/look-back.ts";
import { runTurn } from "../../src/agent/loop.ts";
import { Session } from "../../src/agent/session.ts";
import type { Effect, Recorded } from "../../src/shared/event.ts";
import { MemoryLog, newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { changeOf, FakeCheckpoints, stateOf } from "../fake/checkpoints.ts";
import { ScriptedModel } from "../fake/model.ts";

const signal = () => new AbortController().signal;
const MEANWHILE =
	"Kimi was cut off here, or left a command running: what changed in files from then until it was looked at may be its work or yours, so it is not undone unasked.";
const unsure = (path: string, before: string | null, after: string | null) => ({
	...changeOf(path, before, after),
	unsure: true as const,
});
const ID = "functions.Do:0";

describe("what a call changed whose process died", () => {
	let checkpoints: FakeCheckpoints;
	beforeEach(() => {
		checkpoints = new FakeCheckpoints();
		checkpoints.files = { a: "a0" };
	});

	/** The log of a turn with one call up to the first event of this type, and a process that goes on from there. */
	const cutAt = async (type: Recorded["type"], ...effects: Effect[]) => {
		const { session, log } = await newSession();
		const tools = new TestTools({ Do: () => ({ effects, run: () => ({ text: "ok" }) }) });
		const model = new ScriptedModel({ calls: [{ tool: "Do", args: {} }] }, { text: "ok" });
		await runTurn(session, "go", turnEnv(model, tools, { checkpoints, mode: () => "trusted" }), signal());
		const left = new MemoryLog();
		left.events.push(...log.events.slice(0, 1 + log.events.findIndex((event) => event.type === type)));
		checkpoints.asked.length = 0;
		checkpoints.released.length = 0;
		return { log: left, session: new Session(left, left.events), before: left.events.length };
	};
	const goOn = async (session: Session, prompt?: string) => {
		const tools = new TestTools({ Do: () => ({}) });
		await runTurn(session, prompt, turnEnv(new ScriptedModel({ text: "ok" }), tools, { checkpoints }), signal());
		assert.deepEqual(tools.ran, []);
	};
	const typesAfter = ({ log, before }: { log: MemoryLog; before: number }) =>
		log.events.slice(before).map(({ type }) => type);
	const changedIn = (log: MemoryLog) =>
		log.events.flatMap((event) => (event.type === "changed" ? [[event.callId, event.files, event.uncovered]] : []));

	it("is on record when the chat goes on, before the call has its result", async () => {
		const cut = await cutAt("kept", { exec: "make" });
		checkpoints.found.push({ files: [changeOf("out", null, "o1")] });
		await goOn(cut.session);
		assert.deepEqual(typesAfter(cut), ["changed", "finished", "replied", "ended"]);
		assert.deepEqual(changedIn(cut.log), [[ID, [unsure("out", null, "o1")], [MEANWHILE]]]);
		assert.deepEqual(cut.session.chat.changes, { out: { base: null, now: stateOf("o1"), unsure: true } });
		assert.deepEqual([checkpoints.asked, checkpoints.released], [["expect", "changes"], ["snapshot 1"]]);
	});

	it("is on record where it died after the result", async () => {
		const cut = await cutAt("finished", { exec: "make" });
		checkpoints.found.push({ files: [changeOf("out", null, "o1")], uncovered: "Ignored files." });
		await goOn(cut.session);
		assert.deepEqual(typesAfter(cut), ["changed", "replied", "ended"]);
		assert.deepEqual(changedIn(cut.log), [[ID, [unsure("out", null, "o1")], ["Ignored files.", MEANWHILE]]]);
	});

	it("belongs to its own turn when the person writes something else", async () => {
		const cut = await cutAt("kept", { exec: "make" });
		checkpoints.found.push({ files: [changeOf("out", null, "o1")] });
		await goOn(cut.session, "Never mind.");
		assert.deepEqual(typesAfter(cut), ["finished", "ended", "prompted", "changed", "replied", "ended"]);
		const [first, second] = cut.session.chat.turns;
		assert.deepEqual([first?.changes, second?.changes], [[unsure("out", null, "o1")], []]);
		assert.match(first?.steps[0]?.calls[0]?.text ?? "", /^Interrupted while it ran/);
	});

	it("is found by what the files were that an edit names", async () => {
		const cut = await cutAt("kept", { write: "a" });
		checkpoints.files = { a: "half" };
		await goOn(cut.session);
		assert.deepEqual(typesAfter(cut), ["changed", "finished", "replied", "ended"]);
		assert.deepEqual(changedIn(cut.log), [[ID, [unsure("a", "a0", "half")], [MEANWHILE]]]);
	});

	it("is found by both where a command names files as well: those that no snapshot has are told too", async () => {
		checkpoints.files = { a: "a0", ignored: "i0", same: "s0" };
		const writes = ["a", "ignored", "same"].map((write) => ({ write }));
		const cut = await cutAt("kept", { exec: "make" }, ...writes);
		checkpoints.files = { a: "a2", ignored: "i1", same: "s0" };
		checkpoints.found.push({ files: [changeOf("a", "a0", "a1")] });
		await goOn(cut.session);
		const files = [unsure("a", "a0", "a1"), unsure("ignored", "i0", "i1")];
		assert.deepEqual(changedIn(cut.log), [[ID, files, [MEANWHILE]]]);
	});

	it("is not looked for again once it is on record, nor of an edit that has its result", async () => {
		for (const [type, effect] of [
			["changed", { exec: "make" }],
			["finished", { write: "a" }],
		] as const) {
			const cut = await cutAt(type, effect);
			await goOn(cut.session);
			assert.deepEqual([typesAfter(cut), checkpoints.asked], [["replied", "ended"], ["expect"]]);
		}
	});

	it("is not looked for where the process died before anything was kept, as the call had not begun", async () => {
		const cut = await cutAt("decided", { exec: "make" });
		await goOn(cut.session);
		assert.deepEqual(typesAfter(cut), ["finished", "replied", "ended"]);
	});

	it("is found after the person's next message is on record, and Stop does not wait for it", async () => {
		const cut = await cutAt("kept", { exec: "make" });
		checkpoints.found.push(new Promise(() => undefined));
		const stop = new AbortController();
		const model = new ScriptedModel({ text: "ok" });
		cut.session.subscribe((event) => event.type === "prompted" && setImmediate(() => stop.abort()));
		const env = turnEnv(model, new TestTools({}), { checkpoints, patience: 1e9 });
		assert.deepEqual(await runTurn(cut.session, "Never mind.", env, stop.signal), { reason: "stopped" });
		assert.deepEqual(typesAfter(cut), ["finished", "ended", "prompted", "ended"]);
	});

	it("of an edit is found though its call was closed before", async () => {
		const cut = await cutAt("kept", { write: "a" });
		checkpoints.files = { a: "half" };
		await goOn(cut.session, "Never mind.");
		assert.deepEqual(cut.session.chat.turns[0]?.changes, [unsure("a", "a0", "half")]);
	});

	it("waits for a process that has checkpoints, as long as the turn is the last one", async () => {
		const cut = await cutAt("kept", { exec: "make" });
		await lookBack(cut.session, undefined);
		assert.deepEqual(typesAfter(cut), []);
		checkpoints.found.push({ files: [changeOf("out", null, "o1")] });
		await Promise.all([lookBack(cut.session, checkpoints), lookBack(cut.session, checkpoints)]);
		assert.deepEqual(typesAfter(cut), ["changed"]);
	});
});
