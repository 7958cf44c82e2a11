import assert from "node:assert/strict";
import { lookBack } from "../../src/agent/look-back.ts";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import type { Job } from "../../src/agent/ports.ts";
import { type MemoryLog, newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { changeOf, FakeCheckpoints } from "../fake/checkpoints.ts";
import { ScriptedModel } from "../fake/model.ts";

const signal = () => new AbortController().signal;
const bash = { tool: "Bash", args: {} };
const output = { tool: "BashOutput", args: {} };
const one = { files: [changeOf("a", "a0", "a1")] };
const two = { files: [changeOf("b", null, "b1")] };

describe("what background commands change", () => {
	let checkpoints: FakeCheckpoints;
	let jobs: Job[];
	beforeEach(() => {
		checkpoints = new FakeCheckpoints();
		jobs = [];
	});
	const job = { id: "b1", command: "x", cwd: "/", startedAt: 0 };
	const begins = () => void jobs.push(job);
	const ends = () => {
		jobs = [{ ...job, exit: { exitCode: 0, signal: null } }];
	};
	/** @param reads what happens when its output is read, one after the other */
	const env = (model: ScriptedModel, runs: () => void, reads: (() => void)[] = []): TurnEnv => {
		const done = (does: (() => void) | undefined) => {
			does?.();
			return { text: "ok" };
		};
		const tools = new TestTools({
			Bash: () => ({ effects: [{ exec: "x" }], run: () => done(runs) }),
			BashOutput: () => ({ run: () => done(reads.shift()) }),
		});
		const shell = { jobs: { list: () => jobs } };
		const ctx = { files: {}, shell } as unknown as TurnEnv["ctx"];
		return turnEnv(model, tools, { checkpoints, ctx, mode: () => "trusted" });
	};
	const changed = ({ events }: MemoryLog) =>
		events.flatMap((event) =>
			event.type === "changed" ? [[event.callId, event.files.map(({ path }) => path).join()]] : [],
		);

	it("is on record with the call before which they ran, when their end is told", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel({ calls: [bash] }, { calls: [output] }, {});
		checkpoints.found.push(one, two);
		await runTurn(session, "go", env(model, begins, [ends]), signal());
		const [first] = session.chat.turns[0]?.steps[0]?.calls ?? [];
		assert.deepEqual(changed(log), [
			[first?.id, "a"],
			[first?.id, "b"],
		]);
		assert.deepEqual(session.chat.turns[0]?.kept, undefined);
		assert.deepEqual(
			session.chat.turns[0]?.changes.map(({ path }) => path),
			["a", "b"],
		);
		assert.deepEqual(checkpoints.released, ["snapshot 1", "snapshot 2"]);
	});
	it("is on record while they run on, and what comes between two looks is not lost", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel({ calls: [bash] }, { calls: [output] }, { calls: [output] }, {});
		const both = { files: [...one.files, ...two.files] };
		checkpoints.found.push({ files: [] }, one, both, { files: [changeOf("c", null, "c1")] });
		await runTurn(session, "go", env(model, begins, [() => {}, ends]), signal());
		assert.deepEqual(
			changed(log).map(([, files]) => files),
			["", "a,b", "c"],
		);
	});
	it("is no event where nothing changed", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel({ calls: [bash] }, ...Array.from({ length: 5 }, () => ({ calls: [output] })), {});
		await runTurn(session, "go", env(model, begins), signal());
		const found = log.events.flatMap(({ type }) => (type === "changed" || type === "kept" ? [type] : []));
		// The command's own, and what is left open for what comes after the turn.
		assert.deepEqual(found, ["kept", "changed", "kept"]);
	});
	it("after a turn may be the person's, and is on record with the next one's beginning", async () => {
		const { session } = await newSession();
		await runTurn(session, "go", env(new ScriptedModel({ calls: [bash] }, {}), begins), signal());
		checkpoints.found.push(one);
		await runTurn(session, "on", env(new ScriptedModel({}), begins), signal());
		assert.deepEqual(session.chat.turns[0]?.changes, [{ ...one.files[0], unsure: true }]);
		assert.equal(session.chat.turns[1]?.kept?.length, 1);
	});
	it("is found out also by a later process", async () => {
		const { session } = await newSession();
		await runTurn(session, "go", env(new ScriptedModel({ calls: [bash] }, {}), begins), signal());
		checkpoints.found.push(two);
		await lookBack(session, checkpoints);
		assert.deepEqual(session.chat.turns[0]?.changes, [{ ...two.files[0], unsure: true }]);
		assert.equal(session.chat.turns[0]?.kept, undefined);
	});
	it("is not looked for where none runs", async () => {
		const { session, log } = await newSession();
		const model = new ScriptedModel({ calls: [bash] }, { calls: [output] }, {});
		await runTurn(
			session,
			"go",
			env(model, () => {}),
			signal(),
		);
		assert.equal(log.events.filter(({ type }) => type === "kept").length, 1);
		assert.equal(checkpoints.asked.filter((what) => what === "changes").length, 1);
	});
});
