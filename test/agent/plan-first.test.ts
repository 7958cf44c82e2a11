import assert from "node:assert/strict";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import { Session } from "../../src/agent/session.ts";
import type { Mode, Verdict } from "../../src/shared/event.ts";
import { type MemoryLog, newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

const signal = () => new AbortController().signal;
const tools = () =>
	new TestTools({
		Read: ({ path }) => ({ effects: [{ read: String(path) }] }),
		Bash: ({ command }) => ({ effects: [{ exec: String(command) }] }),
		Plan: () => ({ effects: [{ plan: true }] }),
	});
const plan = { tool: "Plan", args: {} };
const bash = (command: string) => ({ tool: "Bash", args: { command } });
const read = { tool: "Read", args: { path: "a" } };

const CLOSED =
	"Not run: the person decided on your plan first. Make this call again if it still belongs to what comes next.";
const results = (log: MemoryLog) => log.events.flatMap((event) => (event.type === "finished" ? [event.text] : []));

describe("calls in one answer with a plan", () => {
	/** Mode plan, until the person answers: then `after`. */
	const env = (hands: TestTools, model: ScriptedModel, verdict: "allow" | "deny", after: Mode): TurnEnv => {
		let mode: Mode = "plan";
		const approve: TurnEnv["approve"] = () => {
			mode = after;
			return Promise.resolve({ verdict });
		};
		return turnEnv(model, hands, { mode: () => mode, approve });
	};
	const answer = { calls: [read, plan, bash("rm -rf ."), read] };

	it("are not run after it, whatever the mode is then; the next answer is under the new one", async () => {
		const { session, log } = await newSession();
		const hands = tools();
		const model = new ScriptedModel(answer, { calls: [bash("ls")] }, { text: "ok" });
		await runTurn(session, "go", env(hands, model, "allow", "trusted"), signal());
		assert.deepEqual(hands.ran, ['Read {"path":"a"}', "Plan {}", 'Bash {"command":"ls"}']);
		assert.deepEqual(results(log).slice(2, 4), [CLOSED, CLOSED]);
		assert.equal(session.chat.turns[0]?.ended, "done");
	});

	it("are not run either when the person rejects it", async () => {
		const { session, log } = await newSession();
		const hands = tools();
		await runTurn(session, "go", env(hands, new ScriptedModel(answer, {}), "deny", "plan"), signal());
		assert.deepEqual([hands.ran, results(log).slice(2)], [['Read {"path":"a"}'], [CLOSED, CLOSED]]);
	});

	it("are not run after a reload in between", async () => {
		const { session, log } = await newSession();
		await runTurn(session, "go", env(tools(), new ScriptedModel(answer, {}), "allow", "trusted"), signal());
		const decided = log.events.findIndex((event) => event.type === "decided" && event.by === "person");
		log.events.splice(decided + 1);
		const hands = tools();
		const again = new Session(log, structuredClone(log.events));
		await runTurn(
			again,
			undefined,
			turnEnv(new ScriptedModel({ text: "ok" }), hands, { mode: () => "trusted" }),
			signal(),
		);
		assert.deepEqual([hands.ran, results(log).slice(2)], [[], [CLOSED, CLOSED]]);
	});

	it("are run where nobody was asked about it", async () => {
		const { session, log } = await newSession();
		const hands = tools();
		await runTurn(session, "go", turnEnv(new ScriptedModel(answer, {}), hands, { mode: () => "trusted" }), signal());
		const asked: Verdict[] = log.events.flatMap((event) => (event.type === "decided" ? [event.verdict] : []));
		assert.deepEqual([hands.ran.length, new Set(asked)], [4, new Set(["allow"])]);
	});
});
