import assert from "node:assert/strict";
import { toMessages } from "../../src/agent/context.ts";
import { createExplore } from "../../src/agent/explore.ts";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import type { Delta, Model, ModelRequest } from "../../src/agent/ports.ts";
import { contextSize } from "../../src/shared/context-size.ts";
import type { Failure } from "../../src/shared/failure.ts";
import { taskTool } from "../../src/tools/task.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { newSession, TestTools, turnEnv } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";

describe("an explorer", () => {
	it("reads with a context of its own, and only its report comes back", async () => {
		const model = new ScriptedModel(
			{ calls: [task("Where is the total?")] },
			{ calls: [{ tool: "Read", args: { path: "a.ts" } }] },
			{ text: "In a.ts:12." },
			{ text: "Done." },
		);
		const { chat, requests } = await run(model);
		const [, first, second, last] = requests;
		assert.deepEqual(first?.messages, [{ role: "user", text: "Where is the total?" }]);
		assert.deepEqual(
			[first?.tools.map(({ name }) => name), first?.chat === chat.id, first?.system.includes("/work")],
			[["Read"], false, true],
		);
		assert.equal(second?.messages.length, 3);
		assert.equal(last?.messages.length, 3);
		const [call] = chat.turns[0]?.steps[0]?.calls ?? [];
		assert.equal(
			call?.text,
			"In a.ts:12.\n\n[The explorer's report. It made 1 call. Read for yourself what you are about to change.]",
		);
		assert.deepEqual(call?.show, {
			kind: "task",
			prompt: "Where is the total?",
			calls: [{ title: 'Read {"path":"a.ts"}' }],
			report: "In a.ts:12.",
		});
	});

	it("is paid for: what its requests cost counts for the chat", async () => {
		const usage = { inputTokens: 100, outputTokens: 10, cost: 0.5 };
		const { chat } = await run(
			new ScriptedModel({ calls: [task("?")] }, { text: "Here.", usage }, { text: "Done.", usage }),
		);
		assert.deepEqual([chat.spent.inputTokens, chat.spent.outputTokens, chat.spent.cost], [210, 25, 1]);
		assert.equal(contextSize(chat).tokens, 110, "the context of the chat is its own");
	});

	it("is refused what would ask the person, who is not asked", async () => {
		const model = new ScriptedModel(
			{ calls: [task("?")] },
			{ calls: [{ tool: "Read", args: { path: "secret" } }] },
			{ text: "I could not read it." },
			{ text: "Done." },
		);
		const { ran, asked, requests } = await run(model);
		assert.deepEqual([ran, asked], [[], 0]);
		const told = requests[2]?.messages.at(-1);
		assert.match(
			told?.role === "tool" ? told.text : "",
			/^Not allowed: .* Nobody can be asked here: go on without it\.$/,
		);
	});

	it("has tools that read and none that change or send explorers", async () => {
		const model = new ScriptedModel(
			{ calls: [task("?")] },
			{ calls: [{ tool: "Write", args: { path: "a" } }, task("deeper")] },
			{ text: "No." },
			{ text: "Done." },
		);
		const { requests } = await run(model);
		const told = requests[2]?.messages.flatMap((message) => (message.role === "tool" ? [message.text] : []));
		assert.deepEqual(told, ["There is no tool Write.", "There is no tool Task."]);
	});

	it("writes its report when its budget is used up", async () => {
		const reads = Array.from({ length: 40 }, (_, n) => ({ calls: [{ tool: "Read", args: { path: `f${n}.ts` } }] }));
		const model = new ScriptedModel({ calls: [task("?")] }, ...reads, { text: "As far as I got." }, { text: "Done." });
		const { chat, requests } = await run(model);
		assert.equal(requests.length, 43);
		assert.match(JSON.stringify(requests[41]?.messages.at(-1)), /Your budget is used up/);
		assert.match(chat.turns[0]?.steps[0]?.calls[0]?.text ?? "", /^As far as I got\.\n\n.* It made 40 calls\./);
	});

	it("says why there is no report, and the task goes on", async () => {
		const failure = { code: "auth", message: "The key is wrong.", retryable: false } as const;
		const { chat } = await run(new ScriptedModel({ calls: [task("?")] }, { failure }, { text: "Then without." }));
		const call = chat.turns[0]?.steps[0]?.calls[0];
		assert.deepEqual(
			[call?.state, call?.text],
			["failed", "The explorer was cut off: The key is wrong. It made 0 calls."],
		);
		assert.equal(chat.turns[0]?.ended, "done");
	});

	it("works beside three others, and a fifth waits for its turn", async () => {
		const model = new Crowd();
		const { chat } = await run(model);
		assert.equal(model.most, 4);
		const calls = chat.turns[0]?.steps[0]?.calls ?? [];
		assert.deepEqual(
			calls.map(({ state, text }) => [state, text?.split("\n", 1)[0]]),
			["q1", "q2", "q3", "q4", "q5"].map((question) => ["done", `About ${question}.`]),
		);
	});

	it("that is stopped on its way has no report, and what it cost counts", async () => {
		const stop = new AbortController();
		const looking = { text: "Let me look at the files.", calls: [{ tool: "Read", args: { path: "a.ts" } }] };
		const last = () => {
			stop.abort();
			return { text: "There are", complete: false };
		};
		const { chat } = await run(new ScriptedModel({ calls: [task("?")] }, looking, last), stop.signal);
		const call = chat.turns[0]?.steps[0]?.calls[0];
		assert.deepEqual(
			[call?.state, call?.text],
			["failed", "The explorer was cut off: Stopped by the person. It made 1 call. Its last words:\n\nThere are"],
		);
		assert.deepEqual(chat.spent, { inputTokens: 30, outputTokens: 15 });
	});

	it("ends with Stop, also one that waits", async () => {
		const stop = new AbortController();
		const model = new Crowd(() => stop.abort());
		const { chat } = await run(model, stop.signal);
		assert.equal(chat.turns[0]?.ended, "stopped");
		const calls = chat.turns[0]?.steps[0]?.calls ?? [];
		assert.deepEqual([calls.length, calls.every(({ text }) => text !== undefined)], [5, true]);
	});
});

function task(prompt: string) {
	return { tool: "Task", args: { title: "the total", prompt } };
}

/** Answers with five explorers at first; each of them waits until four are there, or the last one is alone. */
class Crowd implements Model {
	readonly name = "crowd";
	readonly contextTokens = 100_000;
	readonly requests: ModelRequest[] = [];
	readonly #stop: (() => void) | undefined;
	#now = 0;
	#gate = Promise.withResolvers<void>();
	most = 0;

	constructor(stop?: () => void) {
		this.#stop = stop;
	}

	async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<Delta> {
		this.requests.push(request);
		const [first] = request.messages;
		const question = first?.role === "user" ? first.text : "";
		const end = (text: string, failure?: Failure): Delta => ({
			kind: "end",
			reply: { parts: [{ kind: "text", text }], finish: "stop", complete: true, model: "crowd" },
			...(failure && { failure }),
		});
		if (question !== "go") {
			this.most = Math.max(this.most, ++this.#now);
			if (this.#now === 4) this.#stop ? this.#stop() : this.#gate.resolve();
			await Promise.race([this.#gate.promise, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
			this.#now--;
			yield signal.aborted ? end("", { code: "aborted", message: "Stopped." }) : end(`About ${question}.`);
			return;
		}
		if (request.messages.length > 1) return yield end("Done.");
		const parts = ["q1", "q2", "q3", "q4", "q5"].map((prompt, n) => ({
			kind: "call" as const,
			id: `functions.Task:${n}`,
			tool: "Task",
			args: JSON.stringify(task(prompt).args),
		}));
		yield { kind: "end", reply: { parts, finish: "tool_calls", complete: true, model: "crowd" } };
	}
}

async function run(
	model: Model & { readonly requests: readonly ModelRequest[] },
	signal = new AbortController().signal,
) {
	const { session } = await newSession();
	const readers = new TestTools({
		Read: ({ path }) => ({ effects: [{ read: String(path === "secret" ? ".env" : path) }] }),
	});
	let asked = 0;
	const base = turnEnv(model, readers, {
		approve: () => {
			asked++;
			return Promise.resolve({ verdict: "allow" });
		},
	});
	const { grants, ctx } = base;
	const explore = createExplore({ model, toolbox: readers.toolbox, ctx, grants, root: "/work" });
	const env: TurnEnv = { ...base, toolbox: createToolbox([taskTool]), ctx: { ...ctx, explore } };
	await runTurn(session, "go", env, signal);
	assert.equal(toMessages(session.chat)[0]?.role, "user");
	return { chat: session.chat, ran: readers.ran, asked, requests: model.requests };
}
