import assert from "node:assert/strict";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import type { Model } from "../../src/agent/ports.ts";
import { changeQueue } from "../../src/agent/queue.ts";
import { openCalls } from "../../src/shared/reduce.ts";
import { newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { FakeCheckpoints } from "../fake/checkpoints.ts";
import { type Scripted, ScriptedModel } from "../fake/model.ts";

/*
 * What hangs here never ends by itself, and but for the model does not know of Stop: a turn that waited for it would
 * never end. So no clock is needed; how long Stop takes is a figure of `npm run bench`.
 */
type Hang = () => Promise<never>;

interface Phase {
	readonly script: readonly Scripted[];
	readonly env?: (hang: Hang) => Partial<TurnEnv>;
	/** What each of the tools does when it runs. */
	readonly run?: (hang: Hang) => Promise<{ text: string }>;
}

const write = { calls: [{ tool: "Write", args: {} }] };
const read = { calls: [1, 2].map((n) => ({ tool: "Read", args: { n } })) };
const bash = { calls: [{ tool: "Bash", args: {} }] };

const phases: Readonly<Record<string, Phase>> = {
	"its tools are waited for": { script: [{ text: "Never." }], env: (hang) => ({ tools: hang }) },
	"the answer has not begun": { script: [{ hang: true }] },
	"the answer streams": { script: [{ text: "I will", hang: true }] },
	"a call is planned": {
		script: [write],
		env: (hang) => {
			const { toolbox } = new TestTools({ Write: () => ({}) });
			const tool = { name: "Write", description: "", input: undefined as never, plan: hang };
			return { toolbox: { ...toolbox, take: () => ({ tool, input: undefined as never }) } };
		},
	},
	"the person is asked": {
		script: [write],
		env: (hang) => ({
			approve: (_call, signal) => {
				void hang();
				return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined)));
			},
		}),
	},
	"files are kept": {
		script: [write],
		env: (hang) => ({ checkpoints: Object.assign(new FakeCheckpoints(), { capture: hang }) }),
	},
	"the workspace is kept": {
		script: [bash],
		env: (hang) => ({ mode: () => "trusted", checkpoints: Object.assign(new FakeCheckpoints(), { snapshot: hang }) }),
	},
	"a tool writes": { script: [write], run: (hang) => hang() },
	"a command runs": { script: [bash], env: () => ({ mode: () => "trusted" }), run: (hang) => hang() },
	"files are read": { script: [read], run: (hang) => hang() },
	"the next try is waited for": {
		script: [{ failure: { code: "network", message: "Down.", retryable: true } }],
		env: (hang) => ({
			pause: (_ms, signal) => {
				void hang();
				return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
			},
		}),
	},
	"the chat is shortened": {
		script: [read, { failure: { code: "context", message: "Too long.", retryable: false } }, { hang: true }],
		run: async () => ({ text: "x".repeat(60_000) }),
	},
};

describe("Stop", () => {
	for (const [phase, { script, env, run }] of Object.entries(phases))
		it(`ends the turn while ${phase}, and leaves a chat that goes on`, async () => {
			const { session } = await newSession();
			const stop = new AbortController();
			const hang: Hang = () => {
				setImmediate(() => stop.abort());
				return new Promise(() => undefined);
			};
			const act = run ? { run: () => run(hang) } : {};
			const tools = new TestTools({
				Write: () => ({ effects: [{ write: "a" }], ...act }),
				Read: () => ({ effects: [{ read: "a" }], ...act }),
				Bash: () => ({ effects: [{ exec: "sleep 100" }], ...act }),
			});
			const model = hanging(new ScriptedModel(...script), script, hang);
			await changeQueue(session, { do: "add", text: "Later" });
			const end = await runTurn(session, "go", turnEnv(model, tools, env?.(hang)), stop.signal);
			assert.deepEqual(end, { reason: "stopped" });
			assert.deepEqual(openCalls(session.chat), []);
			assert.deepEqual(
				session.chat.queue.map(({ text }) => text),
				["Later"],
			);
			const next = new ScriptedModel({ text: "Fine." });
			const again = await runTurn(session, "and now?", turnEnv(next, tools), new AbortController().signal);
			assert.deepEqual([again.reason, session.chat.turns.at(-1)?.steps.length], ["done", 1]);
		});
});

/** Stop comes once the model hangs. */
function hanging(model: ScriptedModel, script: readonly Scripted[], hang: Hang): Model {
	const at = script.findIndex((answer) => typeof answer === "object" && answer.hang);
	return Object.assign(Object.create(model), {
		stream: (request: Parameters<Model["stream"]>[0], signal: AbortSignal) => {
			const stream = model.stream(request, signal);
			if (model.requests.length === at) void hang();
			return stream;
		},
	});
}
