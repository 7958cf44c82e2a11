import assert from "node:assert/strict";
import type { Answer } from "../../src/agent/calls.ts";
import { runTurn, type TurnEnv } from "../../src/agent/loop.ts";
import { Session } from "../../src/agent/session.ts";
import type { Plan } from "../../src/agent/tool.ts";
import { type ChatEvent, Recorded } from "../../src/shared/event.ts";
import { emptyChat, reduce } from "../../src/shared/reduce.ts";
import { tools } from "../../src/tools/index.ts";
import { createToolbox } from "../../src/tools/toolbox.ts";
import { MemoryLog, newSession } from "../fake/agent.ts";
import { ScriptedModel } from "../fake/model.ts";
import { openWorkspace, type Workspace } from "../tools/workspace.ts";

const signal = () => new AbortController().signal;
const edit = (old_string: string, new_string: string, path = "a.txt") => ({
	tool: "Edit",
	args: { path, old_string, new_string },
});
const write = (content: string, path: string) => ({ tool: "Write", args: { path, content } });
const bash = { tool: "Bash", args: { command: "true" } };
const read = (path: string) => ({ tool: "Read", args: { path } });

function wayOf(event: Recorded): string[] {
	switch (event.type) {
		case "planned":
			return [`planned ${event.callId}${event.joined ? ` with ${event.joined}` : ""}`];
		case "decided":
			return [`${event.by}: ${event.verdict} ${event.callId}`];
		case "finished":
			return [`finished ${event.callId}${event.failed ? " failed" : ""}`];
		default:
			return [];
	}
}

describe("edits of one file in one answer", () => {
	let space: Workspace;
	let asked: Plan[];
	let log: MemoryLog;
	let session: Session;
	beforeEach(async () => {
		space = openWorkspace({ "a.txt": "one\ntwo\nthree\n", "b.txt": "bee\n" });
		asked = [];
		({ log, session } = await newSession());
	});
	afterEach(() => space.dispose());

	const env = (model: ScriptedModel, answer: Answer = { verdict: "allow" }, more: Partial<TurnEnv> = {}): TurnEnv => ({
		model,
		toolbox: createToolbox(tools),
		ctx: space.ctx,
		mode: () => "ask",
		grants: () => [],
		limits: { steps: 20 },
		pause: () => Promise.resolve(),
		approve: ({ plan }) => {
			asked.push(plan);
			return Promise.resolve(answer);
		},
		...more,
	});
	const go = (calls: { tool: string; args: unknown }[], answer?: Answer, more?: Partial<TurnEnv>) =>
		runTurn(session, "go", env(new ScriptedModel({ calls }, { text: "ok" }), answer, more), signal());
	const titles = () => asked.map(({ title }) => title);
	/** What each call went through, without the model's own events. */
	const way = () => log.events.flatMap(wayOf);

	it("are one proposal with one question, one decision each, and one result each", async () => {
		await go([edit("one", "1"), edit("two", "2")]);
		assert.deepEqual(
			asked.map(({ title, preview, proposals }) => [title, preview, proposals?.map((each) => each.after?.text)]),
			[
				[
					"Edit a.txt",
					{ kind: "diff", path: "a.txt", diff: "@@ -1,3 +1,3 @@\n-one\n-two\n+1\n+2\n three", added: 2, removed: 2 },
					["1\n2\nthree\n"],
				],
			],
		);
		assert.deepEqual(way(), [
			"planned functions.Edit:0",
			"planned functions.Edit:1 with functions.Edit:0",
			"policy: ask functions.Edit:0",
			"person: allow functions.Edit:0",
			"person: allow functions.Edit:1",
			"finished functions.Edit:0",
			"finished functions.Edit:1",
		]);
		assert.equal(space.text("a.txt"), "1\n2\nthree\n");
	});

	it("are joined past edits of other files, which come in their turn", async () => {
		await go([edit("one", "1"), edit("bee", "b", "b.txt"), edit("two", "2")]);
		assert.deepEqual(titles(), ["Edit a.txt", "Edit b.txt"]);
		assert.deepEqual([space.text("a.txt"), space.text("b.txt")], ["1\n2\nthree\n", "b\n"]);
	});

	const between: [string, { tool: string; args: unknown }][] = [
		["a command", bash],
		["a read", read("a.txt")],
		["a list", { tool: "Todo", args: { items: [] } }],
		["a call that can't be planned", edit("nowhere", "x")],
		["a whole-file write that has to be refused", write("x\n", "b.txt")],
	];
	for (const [what, call] of between)
		it(`are apart where ${what} lies between them`, async () => {
			await go([edit("one", "1"), call, edit("two", "2")]);
			const mine = titles().filter((title) => title !== "Run true");
			assert.deepEqual([mine, space.text("a.txt")], [["Edit a.txt", "Edit a.txt"], "1\n2\nthree\n"]);
		});

	it("are not overtaken by one that fits only after it: in order, it fails", async () => {
		await go([edit("one", "four"), edit("4", "5"), edit("four", "4")]);
		assert.deepEqual(
			[space.text("a.txt"), way().filter((line) => line.endsWith("failed"))],
			["4\ntwo\nthree\n", ["finished functions.Edit:1 failed"]],
		);
	});

	for (const which of [0, 1])
		it(`are asked for apart, each with its own reason, where call ${which} was recovered from text`, async () => {
			const parts = [edit("one", "1"), edit("two", "2")].map(({ tool, args }, at) => ({
				kind: "call" as const,
				id: `${at}`,
				tool,
				args: JSON.stringify(args),
				...(at === which && { recovered: true as const }),
			}));
			await session.record({ type: "prompted", text: "go" });
			await session.record({ type: "replied", parts, finish: "stop", complete: true, model: "m", ms: 1 });
			await runTurn(session, undefined, env(new ScriptedModel({ text: "ok" })), signal());
			const reasons = log.events.flatMap((event) =>
				event.type === "decided" && event.by === "policy" ? [[event.callId, event.reason.split(" ", 3).join(" ")]] : [],
			);
			const usual = ["Edits ask before", "The server sent"];
			assert.deepEqual(reasons, [
				["0", usual[which === 0 ? 1 : 0]],
				["1", usual[which]],
			]);
			assert.deepEqual([titles(), space.text("a.txt")], [["Edit a.txt", "Edit a.txt"], "1\n2\nthree\n"]);
		});

	it("are apart where they need not ask", async () => {
		await go([edit("one", "1"), edit("two", "2")], undefined, { mode: () => "edits" });
		assert.deepEqual(
			way().filter((line) => line.includes("with")),
			[],
		);
		assert.equal(space.text("a.txt"), "1\n2\nthree\n");
	});

	it("do not make the model know a file that it has not read", async () => {
		await go([edit("one", "1"), edit("two", "2"), write("all\n", "a.txt")]);
		assert.deepEqual([titles(), space.text("a.txt")], [["Edit a.txt"], "1\n2\nthree\n"]);
		assert.deepEqual(way().at(-1), "finished functions.Write:2 failed");
	});

	it("may create the file first", async () => {
		await go([write("x\n", "new.txt"), edit("x", "y", "new.txt"), write("z\n", "new.txt")]);
		assert.deepEqual(titles(), ["Create new.txt"]);
		assert.equal(space.text("new.txt"), "z\n");
	});

	it("leave a file that was read before known as it was written", async () => {
		const model = new ScriptedModel(
			{ calls: [read("a.txt")] },
			{ calls: [edit("one", "1"), edit("two", "2")] },
			{ calls: [edit("three", "3")] },
			{},
		);
		await runTurn(session, "go", env(model), signal());
		assert.equal(space.text("a.txt"), "1\n2\n3\n");
	});

	it("carry each warning once", async () => {
		const long = (word: string) => Array.from({ length: 30 }, (_, n) => `${word} ${n}\n`).join("");
		space.put("long.txt", long("old"));
		const calls = [read("long.txt"), write(`${long("new")}tail\n`, "long.txt"), edit("tail", "end", "long.txt")];
		await go(calls);
		const warnings = asked.map(({ preview }) => preview?.kind === "diff" && preview.warning);
		assert.deepEqual(warnings, ["This drops 30 of the file's 30 lines of text."]);
	});

	it("say what they drop together, and not what a later one brings back", async () => {
		const lines = (from: number, to: number) =>
			Array.from({ length: to - from }, (_, n) => `line ${from + n}\n`).join("");
		const warnings = async (path: string, ...edits: [string, string][]) => {
			space.put(path, lines(0, 100));
			asked = [];
			await go(edits.map(([old, now]) => edit(old, now, path)));
			return asked.map(({ preview }) => preview?.kind === "diff" && preview.warning);
		};
		assert.deepEqual(await warnings("less.txt", [lines(0, 45), ""], [lines(50, 75), ""]), [
			"This drops 70 of the file's 100 lines of text.",
		]);
		assert.deepEqual(await warnings("back.txt", [lines(0, 60), "new\n"], ["new\n", `${lines(0, 60)}more\n`]), [
			undefined,
		]);
	});

	it("allow edits for the chat once, when the person says so", async () => {
		await go([edit("one", "1"), edit("two", "2"), edit("bee", "b", "b.txt")], {
			verdict: "allow",
			remember: { rule: { edits: true }, scope: "chat" },
		});
		assert.deepEqual([titles(), session.chat.rules], [["Edit a.txt"], [{ edits: true }]]);
	});

	it("fail together when the file changed while the person looked", async () => {
		await go([edit("one", "1"), edit("two", "2")], undefined, {
			approve: async () => {
				space.put("a.txt", "theirs\n");
				return { verdict: "allow" };
			},
		});
		assert.deepEqual(way().slice(-2), ["finished functions.Edit:0 failed", "finished functions.Edit:1 failed"]);
		assert.equal(space.text("a.txt"), "theirs\n");
	});

	it("stop together", async () => {
		const stop = new AbortController();
		const approve: TurnEnv["approve"] = async () => {
			stop.abort();
			return undefined;
		};
		const model = new ScriptedModel({ calls: [edit("one", "1"), edit("two", "2")] });
		await runTurn(session, "go", env(model, undefined, { approve }), stop.signal);
		assert.deepEqual(way().slice(-2), ["finished functions.Edit:0 failed", "finished functions.Edit:1 failed"]);
	});

	it("are asked for together again after a reload", async () => {
		await go([edit("one", "1"), edit("two", "2")]);
		const waiting = log.events.findIndex((event) => event.type === "decided") + 1;
		const cut = new MemoryLog();
		cut.events.push(...log.events.slice(0, waiting));
		space.put("a.txt", "one\ntwo\nthree\n");
		asked = [];
		session = new Session(cut, cut.events);
		await runTurn(session, undefined, env(new ScriptedModel({ text: "ok" })), signal());
		assert.deepEqual([titles(), space.text("a.txt")], [["Edit a.txt"], "1\n2\nthree\n"]);
		assert.equal(session.chat.turns[0]?.ended, "done");
	});

	it("are planned once more at most, however many other files the answer changes", async () => {
		let plans = 0;
		const files = Array.from({ length: 12 }, (_, n) => `f${n}.txt`);
		for (const name of files) space.put(name, "x\n");
		const place: Workspace["ctx"]["files"]["place"] = (path) => {
			// Not those of the notes that the project may have for agents.
			if (files.includes(path)) plans++;
			return space.ctx.files.place(path);
		};
		const ctx = { ...space.ctx, files: { ...space.ctx.files, place } };
		await go(
			files.map((name) => edit("x", "y", name)),
			undefined,
			{ ctx },
		);
		assert.deepEqual([asked.length, plans], [12, 12 + 11]);
	});

	it("keep reduce(log) equal to the live chat, and read back as they were written", async () => {
		const differing: string[] = [];
		session.subscribe((event: ChatEvent) => {
			if (!("seq" in event)) return;
			const replayed = JSON.parse(JSON.stringify(log.events)).map((each: unknown) => Recorded.parse(each));
			if (JSON.stringify(replayed.reduce(reduce, emptyChat)) !== JSON.stringify(session.chat))
				differing.push(event.type);
		});
		await go([edit("one", "1"), edit("two", "2")], {
			verdict: "allow",
			edits: { texts: { "a.txt": "1\ntwo\nthree\n" }, refused: [] },
		});
		assert.deepEqual(differing, []);
		const calls = session.chat.turns[0]?.steps[0]?.calls.map(({ state, joined, edited }) => ({
			state,
			joined,
			edited,
		}));
		assert.deepEqual(calls, [
			{ state: "done", joined: undefined, edited: true },
			{ state: "done", joined: "functions.Edit:0", edited: true },
		]);
	});

	describe("of a notebook", () => {
		const cell = (id: string, new_source: string) => ({
			tool: "NotebookEdit",
			args: { notebook_path: "n.ipynb", cell_id: id, new_source },
		});
		beforeEach(() => {
			const cells = ["a", "b"].map((id) => ({ cell_type: "markdown", id, metadata: { tag: "old" }, source: [id] }));
			space.put("n.ipynb", JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1));
		});
		const diffOf = async (...calls: { tool: string; args: unknown }[]) => {
			const model = new ScriptedModel({ calls: [read("n.ipynb")] }, { calls }, { text: "ok" });
			await runTurn(session, "go", env(model), signal());
			assert.equal(asked.length, 1);
			const { preview } = asked[0] ?? assert.fail();
			return preview?.kind === "diff" ? preview.diff.split("\n").filter((line) => /^[-+]/.test(line)) : assert.fail();
		};

		it("are shown as cells", async () => {
			assert.deepEqual(await diffOf(cell("a", "one"), cell("b", "two")), ["-a", "+one", "-b", "+two"]);
		});
		it("are shown as the file's text where one of them changes more than cells show", async () => {
			const hidden = edit(
				'"tag": "old"\n   },\n   "source": [\n    "a"',
				'"tag": "new"\n   },\n   "source": [\n    "a"',
				"n.ipynb",
			);
			assert.deepEqual(await diffOf(hidden, cell("b", "two")), [
				'-    "tag": "old"',
				'+    "tag": "new"',
				'-    "b"',
				'+    "two"',
			]);
		});
	});
});
