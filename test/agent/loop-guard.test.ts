import assert from "node:assert/strict";
import fc from "fast-check";
import { resultOf } from "../../src/agent/guard/past.ts";
import { runTurn } from "../../src/agent/loop.ts";
import { heldCall } from "../../src/agent/loop-guard.ts";
import type { Unstamped } from "../../src/shared/event.ts";
import { type Call, emptyChat, reduce } from "../../src/shared/reduce.ts";
import { play, type Said } from "../fake/circles.ts";
import { ScriptedModel } from "../fake/model.ts";
import "../fake/seed.ts";

const read = (path: string, more = {}): Said => ["Read", { path, ...more }];
const edit = (path: string, more = {}): Said => ["Edit", { path, ...more }];
const bash = (command: string): Said => ["Bash", { command }];
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const run: Call = { id: "1", tool: "Bash", args: "{}", state: "done", effects: [{ exec: "make" }] };
const alone = (calls: readonly Said[]): Said[][] => calls.map((call) => [call]);

describe("a task that goes in circles", () => {
	it("identical calls are answered in full and told so, then held back, and the fifth asks the person", async () => {
		const { end, fates, calls, session } = await play(alone(times(9, read("a.ts"))));
		assert.deepEqual([end, fates], ["looping", ["ran", "told", "told", "held", "asked"]]);
		for (const { text = "" } of calls.slice(0, 3)) assert.ok(text.startsWith("a.ts v0 from 1"), text);
		assert.deepEqual(session.chat.turns[0]?.loop, { kind: "same", calls: ['Read {"path":"a.ts"}'], times: 5 });
	});

	it("the same arguments count as the same in whatever order and spelling they come", async () => {
		const spellings = ['{"path":"a.ts","offset":1}', '{ "offset": 1.0, "path": "a\\u002ets" }'];
		const said = Array.from({ length: 9 }, (_, n) => [["Read", spellings[n % 2]] as unknown as Said]);
		assert.deepEqual((await play(said)).fates, ["ran", "told", "told", "held", "asked"]);
	});

	it("a command is the same whatever it is said to be for; other fields of that name count", async () => {
		const said = (tool: string, input: object) =>
			Array.from({ length: 6 }, (_, n): Said => [tool, { ...input, description: `try ${n}` }]);
		assert.equal((await play(alone(said("Bash", { command: "fails" })))).end, "looping");
		const blanks = Array.from({ length: 6 }, (_, n) => bash(`${" ".repeat(n)}fails${"\n".repeat(n)}`));
		assert.equal((await play(alone(blanks))).end, "looping");
		assert.equal((await play(alone(said("Read", { path: "a.ts" })))).end, "done");
	});

	it("a command whose errors move to other lines is none; one that prints a million digits is read at once", async () => {
		const moves = Array.from({ length: 9 }, (_, n) =>
			resultOf(run, `a.ts:1${n}:2${n} error after ${n}.5 s at 10:00:0${n}`),
		);
		assert.deepEqual([new Set(moves).size, moves[3]], [9, "a.ts:13:23 error after · at ·"]);
		const digits = "1".repeat(1_000_000);
		assert.equal(resultOf(run, digits), digits);
	}).timeout(2000);

	it("no result says that something is unchanged in place of it, and the tools that are offered stay the same", async () => {
		const { model } = await play(alone(times(9, read("a.ts"))));
		assert.equal(model.requests.length, 5);
		for (const { tools } of model.requests) assert.deepEqual(tools, model.requests[0]?.tools);
	});

	it("identical calls of one answer are held back there, and the person is asked when the next one begins with it", async () => {
		const { end, fates } = await play([times(8, read("a.ts")), times(3, read("a.ts"))]);
		const first = ["ran", "told", "told", ...times(5, "held")];
		assert.deepEqual([end, fates], ["looping", [...first, "asked", "asked", "asked"]]);
	});

	it("a tool that is held back answers no other call of the same answer, and is there again in the next", async () => {
		const { fates } = await play([...alone(times(3, read("a.ts"))), [read("a.ts"), read("b.ts")], [read("b.ts")]]);
		assert.deepEqual(fates, ["ran", "told", "told", "held", "held", "ran"]);
	});

	for (const length of [2, 3, 4, 5]) {
		const kinds = [read("a.ts"), bash("fails"), read("b.ts"), bash("build"), ["Grep", { pattern: "x" }] as Said];
		const round = kinds.slice(0, length);
		const rounds = times(9, round);
		const caught = (fates: readonly string[]) => fates.indexOf("held");

		it(`a cycle of ${length} calls is held back in its fourth round, and the person is asked there`, async () => {
			for (const more of [{}, { text: "Now I look once more." }]) {
				const { end, fates, session } = await play(alone(rounds.flat()), more);
				assert.deepEqual([end, caught(fates), fates.length], ["looping", 3 * length, 3 * length + 2]);
				const { loop } = session.chat.turns[0] ?? assert.fail();
				assert.deepEqual([loop?.kind, loop?.calls.length, loop?.times], ["cycle", length, 4]);
			}
		});

		it(`so is one of ${length} that comes in one answer a round, or all at once`, async () => {
			const { end, fates } = await play(rounds);
			assert.deepEqual([end, caught(fates)], ["looping", 3 * length]);
			const atOnce = await play([rounds.flat(), round]);
			assert.deepEqual([atOnce.end, caught(atOnce.fates)], ["looping", 3 * length]);
		});
	}

	it("two edits that take each other back are a cycle", async () => {
		const there = edit("a.ts", { old: "1", new: "2" });
		const back = edit("a.ts", { old: "2", new: "1" });
		const { end, fates } = await play(alone(times(9, [there, back]).flat()));
		assert.deepEqual([end, fates.slice(6)], ["looping", ["held", "asked"]]);
	});

	it("edits of one file that fail again and again are told how else to go on, and the sixth asks the person", async () => {
		const tries = Array.from({ length: 9 }, (_, n) => [edit("a.ts", { old: "missing", try: n })]);
		const { end, fates, calls, session } = await play(tries);
		assert.deepEqual([end, fates], ["looping", ["ran", "ran", "told", "told", "told", "asked"]]);
		assert.match(calls[2]?.text ?? "", /not found\. 2\n\n\[.*Read the part .* give the whole file to Write/);
		assert.deepEqual(session.chat.turns[0]?.loop, { kind: "failing", calls: ["Edit a.ts"], times: 6 });
	});

	it("looking at the file between failing edits does not hide them; an edit that succeeds ends the row", async () => {
		const failing = (n: number) => edit("a.ts", { old: "missing", try: n });
		const looking = Array.from({ length: 9 }, (_, n) => [[read("a.ts", { offset: n + 1 })], [failing(n)]]).flat();
		assert.equal((await play(looking)).end, "looping");
		const row = (from: number) => Array.from({ length: 5 }, (_, n) => [failing(from + n)]);
		const { end } = await play([...row(0), [edit("a.ts", { new: "x" })], ...row(5)]);
		assert.equal(end, "done");
	});

	it("a command that fails in the same way with nothing changed is held back; with changes between, it asks at the tenth", async () => {
		const { end, fates } = await play(alone(times(9, bash("fails"))));
		assert.deepEqual([end, fates], ["looping", ["ran", "told", "told", "held", "asked"]]);
		const vain = Array.from({ length: 20 }, (_, n) => [[edit(`${n}.ts`)], [bash("fails")]]).flat();
		const late = await play(vain);
		assert.deepEqual([late.end, late.fates.filter((fate) => fate !== "ran").length], ["looping", 8]);
		assert.deepEqual(late.session.chat.turns[0]?.loop?.times, 10);
	});

	it("a background command that has ended and is asked for again and again is one", async () => {
		const { end } = await play(alone(times(9, ["BashOutput", { id: "ended" }])));
		assert.equal(end, "looping");
	});

	it("a tool that is not there, again and again, is one, whatever it is given", async () => {
		const tries = Array.from({ length: 9 }, (_, n): Said[] => [["read_file", { n }], read(`${n}.ts`)]);
		assert.equal((await play(alone(tries.flat()))).end, "looping");
	});

	it("something new after a call was held back lets it be made again", async () => {
		const circle = [read("a.ts"), read("a.ts"), read("a.ts"), read("a.ts")];
		const { end, fates } = await play(alone([...circle, read("b.ts"), read("a.ts"), read("c.ts")]));
		assert.deepEqual([end, fates], ["done", ["ran", "told", "told", "held", "ran", "ran", "ran"]]);
	});

	it("goes on when the person wants it to, and counts anew", async () => {
		const { session, env } = await play(alone(times(9, read("a.ts"))));
		const model = new ScriptedModel(...times(9, { calls: [{ tool: "Read", args: { path: "a.ts" } }] }));
		const { reason } = await runTurn(session, undefined, { ...env, model }, new AbortController().signal);
		assert.deepEqual([reason, session.chat.turns[0]?.steps.length, model.requests.length], ["looping", 10, 5]);
	});
});

describe("what counts for a circle", () => {
	const call = (n: number) => ({ kind: "call", id: `${n}`, tool: "Read", args: '{"path":"a.ts"}' }) as const;
	const asks = (n: number): Unstamped => ({
		type: "replied",
		parts: [call(n)],
		finish: "stop",
		complete: true,
		model: "k2",
		ms: 1,
	});
	const step = (n: number): readonly Unstamped[] => [
		asks(n),
		{ type: "finished", callId: `${n}`, failed: false, text: "the same", ms: 1 },
	];
	const heldAfter = (...between: readonly Unstamped[]) => {
		const begun: Unstamped[] = [{ type: "prompted", text: "Go" }, ...[1, 2, 3].flatMap(step)];
		const chat = [...begun, ...between, asks(9)]
			.map((event, seq) => ({ ...event, seq, at: seq }))
			.reduce(reduce, emptyChat);
		const last = chat.turns.at(-1)?.steps.at(-1)?.calls[0] ?? assert.fail();
		return heldCall(chat, last)?.held?.until;
	};

	it("is what came since the prompt, the last pause, the person's last word, and since results were left out", () => {
		assert.equal(heldAfter(), "step");
		assert.equal(heldAfter({ type: "prompted", text: "Once more" }), undefined);
		assert.equal(heldAfter({ type: "ended", reason: "looping" }), undefined);
		assert.equal(heldAfter({ type: "steered", ids: ["q"], text: "Look once more" }), undefined);
		assert.equal(heldAfter({ type: "compacted", summary: "S", keptFrom: 99 }), undefined);
		assert.equal(heldAfter({ type: "ended", reason: "failed" }), "step");
	});
});

describe("a task that does not", () => {
	const healthy: Readonly<Record<string, readonly (readonly Said[])[]>> = {
		"300 different calls": alone(Array.from({ length: 300 }, (_, n) => read(`${n}.ts`))),
		"edit, test, edit, test": alone(Array.from({ length: 40 }, (_, n) => [edit("a.ts", { n }), bash("test")]).flat()),
		"a file read in pages": alone(Array.from({ length: 60 }, (_, n) => read("a.ts", { offset: 1 + n * 100 }))),
		"a background command that runs on": alone(times(60, ["BashOutput", { id: "running" }])),
		"one that is waited for while a file is looked at": alone(
			times(30, [["BashOutput", { id: "running" }] as Said, read("log.txt")]).flat(),
		),
		"a command that waits for something elsewhere": alone(times(15, bash("sleep 30; gh run view"))),
		"a list that is kept while files are edited": alone(
			Array.from({ length: 40 }, (_, n) => [["Todo", { items: [n] }] as Said, edit(`${n}.ts`)]).flat(),
		),
		"a file read anew after each edit of it": alone(
			Array.from({ length: 40 }, (_, n) => [edit("a.ts", { n }), read("a.ts")]).flat(),
		),
		"arguments that are no JSON now and then": alone(
			Array.from({ length: 40 }, (_, n) => (n % 4 === 0 ? (["Read", `{${n}`] as unknown as Said) : read(`${n}.ts`))),
		),
		"a server that is waited for in PowerShell": alone(times(15, bash("Start-Sleep -Seconds 5; irm localhost:3000"))),
		"the same search after each change": alone(
			Array.from({ length: 40 }, (_, n) => [edit("a.ts", { n }), ["Grep", { pattern: "x" }] as Said]).flat(),
		),
	};
	for (const [name, answers] of Object.entries(healthy))
		it(`${name}: nothing is held back, and nobody is asked`, async () => {
			const { end, fates } = await play(answers);
			assert.deepEqual([end, fates.filter((fate) => fate === "held" || fate === "asked")], ["done", []]);
		});

	/** Work on a few files: what is looked at again was changed since, or looked at once before. */
	const work = fc
		.array(fc.record({ file: fc.nat(3), kind: fc.constantFrom("edit", "read", "look", "test", "wait", "todo") }), {
			minLength: 1,
			maxLength: 120,
		})
		.map((items) =>
			items.flatMap(({ file, kind }, n): Said[] => {
				const path = `${file}.ts`;
				if (kind === "edit") return [edit(path, { n })];
				if (kind === "read") return [edit(path, { n }), read(path)];
				if (kind === "look") return [read(path, { offset: n + 2 }), ["Grep", { pattern: String(n) }]];
				if (kind === "test") return [edit(path, { n }), bash("test")];
				return kind === "wait" ? [["BashOutput", { id: "running" }]] : [["Todo", { items: [n] }]];
			}),
		);
	const inAnswers = (calls: readonly Said[], size: number) =>
		Array.from({ length: Math.ceil(calls.length / size) }, (_, n) => calls.slice(n * size, (n + 1) * size));

	it("random healthy work is never held back, however many calls an answer has", async () => {
		await fc.assert(
			fc.asyncProperty(work, fc.integer({ min: 1, max: 6 }), async (calls, size) => {
				const { end, fates } = await play(inAnswers(calls, size));
				assert.deepEqual([end, fates.filter((fate) => fate === "held" || fate === "asked")], ["done", []]);
			}),
			{ numRuns: 60 },
		);
	});

	it("a cycle after random healthy work is caught in its fourth round", async () => {
		const cycle = fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 5 });
		await fc.assert(
			fc.asyncProperty(work, cycle, async (calls, files) => {
				const round = files.map((n) => read(`of the cycle ${n}.ts`));
				const { end, fates } = await play(alone([...calls, ...times(9, round).flat()]));
				assert.deepEqual([end, fates.indexOf("held")], ["looping", calls.length + 3 * round.length]);
			}),
			{ numRuns: 40 },
		);
	});
});
