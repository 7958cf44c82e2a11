import assert from "node:assert/strict";
import type { Answer } from "../../src/agent/calls.ts";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import { Session } from "../../src/agent/session.ts";
import type { Plan } from "../../src/agent/tool.ts";
import { editorTools, explorerTools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

const question = { question: "Tabs or spaces?", options: [{ label: "Tabs" }, { label: "Spaces" }] };
const ask = { calls: [{ tool: "Ask", args: { questions: [question] } }] };

describe("a question of the model", () => {
	const env = (model: ScriptedModel, more: Partial<TurnEnv> = {}) => ({
		...turnEnv(model, new TestTools({})),
		toolbox: createToolbox(editorTools),
		...more,
	});
	const answer = (picked: number): Answer => ({
		verdict: "allow",
		edits: { texts: {}, refused: [], answers: [{ picked: [picked] }] },
	});
	const call = ({ chat }: Session) => chat.turns.at(-1)?.steps[0]?.calls[0];

	for (const mode of ["ask", "edits", "trusted", "plan"] as const)
		it(`waits for the person in mode ${mode}, and their answer is its result`, async () => {
			const { session, log } = await newSession();
			const asked: Plan[] = [];
			const approve = async ({ plan }: { plan: Plan }) => {
				asked.push(plan);
				return answer(1);
			};
			await runTurn(
				session,
				"Go",
				env(new ScriptedModel(ask, { text: "Fine." }), { approve, mode: () => mode }),
				new AbortController().signal,
			);
			assert.deepEqual(
				asked.map(({ questions }) => questions),
				[[question]],
			);
			const { state, text, by, edited } = call(session) ?? assert.fail();
			assert.deepEqual(
				{ state, text, by, edited },
				{ state: "done", text: "The person answered:\n\nTabs or spaces?\n→ Spaces", by: "person", edited: undefined },
			);
			const decided = log.events
				.filter(({ type }) => type === "decided")
				.map((each) => "verdict" in each && each.verdict);
			assert.deepEqual(decided, ["ask", "allow"]);
		});

	it("ends with Stop", async () => {
		const { session } = await newSession();
		const stop = new AbortController();
		const approve = async () => void stop.abort();
		const end = await runTurn(
			session,
			"Go",
			env(new ScriptedModel(ask), { approve: approve as TurnEnv["approve"] }),
			stop.signal,
		);
		assert.deepEqual([end.reason, call(session)?.text], ["stopped", "Stopped by the person before it ran."]);
	});

	it("that was open when the window closed is asked again on Continue", async () => {
		const { session, log } = await newSession();
		const waiting = new Promise<void>((resolve) => {
			const approve = () => {
				resolve();
				return new Promise<undefined>(() => undefined);
			};
			void runTurn(session, "Go", env(new ScriptedModel(ask), { approve }), new AbortController().signal);
		});
		await waiting;
		const again = new Session(log, log.events.slice());
		assert.equal(again.interrupted, true);
		let times = 0;
		const approve = async () => {
			times++;
			return answer(0);
		};
		await runTurn(
			again,
			undefined,
			env(new ScriptedModel({ text: "Fine." }), { approve }),
			new AbortController().signal,
		);
		assert.deepEqual([times, call(again)?.text], [1, "The person answered:\n\nTabs or spaces?\n→ Tabs"]);
	});

	it("is nothing that an explorer has", () => {
		assert.deepEqual(
			[editorTools, explorerTools].map((all) => all.some(({ name }) => name === "Ask")),
			[true, false],
		);
	});
});
