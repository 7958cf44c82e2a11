import assert from "node:assert/strict";
import type { Effect, FileChange, Recorded, Unstamped } from "../../src/shared/event.ts";
import { idle, type Reviewing } from "../../src/shared/live.ts";
import type { DiffPreview, Preview } from "../../src/shared/preview.ts";
import type { ChangedFile } from "../../src/shared/protocol.ts";
import { type Call, type Chat, emptyChat, reduce, type Turn } from "../../src/shared/reduce.ts";
import { announcement } from "../../src/webview/announce.ts";
import { approvalWords, reviewProgress } from "../../src/webview/approval-words.ts";
import { decision, toolIcon } from "../../src/webview/call-look.ts";
import {
	changesStatus,
	countFiles,
	insteadOfCounts,
	kindOf,
	shareFiles,
	startsOpen,
	sumLines,
	tagOf,
} from "../../src/webview/changes.ts";
import { restoredWords } from "../../src/webview/restored-words.ts";
import { initial, type State, update } from "../../src/webview/store.ts";
import { saidBefore, turnSummary, uncoveredWords, undoableTurns } from "../../src/webview/turn-summary.ts";

const file = (path: string, more: Partial<ChangedFile> = {}): ChangedFile => ({
	path,
	kind: "changed",
	added: 1,
	removed: 2,
	...more,
});

const diff = (path: string, more: Partial<DiffPreview> = {}): DiffPreview => ({
	kind: "diff",
	path,
	diff: "@@ -1 +1 @@\n-a\n+b\n",
	added: 1,
	removed: 1,
	...more,
});

/** `before` and `after` are ids of contents; null: no file. */
function change(path: string, before: string | null, after: string | null): FileChange {
	const state = (id: string | null) => (id === null ? null : { id, mode: "file" as const });
	return { path, before: state(before), after: state(after) };
}

function chatOf(items: readonly Unstamped[]): Chat {
	return items.map((item, seq) => ({ ...item, seq, at: seq }) as Recorded).reduce(reduce, emptyChat);
}

const opened: Unstamped = { type: "opened", version: 1, chat: "c", system: "" };

/** A turn with one call that carried out `preview`, and what a command changed after it. */
function turnOf(prompt: string, preview: Preview | undefined, changes: readonly FileChange[]): readonly Unstamped[] {
	return [
		{ type: "prompted", text: prompt },
		{
			type: "replied",
			parts: [
				{ kind: "call", id: "1", tool: "Edit", args: "{}" },
				{ kind: "text", text: " Done. " },
			],
			finish: "stop",
			complete: true,
			model: "m",
			ms: 1,
		},
		{ type: "planned", callId: "1", tool: "Edit", title: "Edit", effects: [], ...(preview && { preview }) },
		{ type: "decided", callId: "1", verdict: "allow", by: "policy", reason: "" },
		{ type: "finished", callId: "1", failed: false, text: "ok", details: { changes: [...changes] }, ms: 1 },
		{ type: "ended", reason: "done" },
	];
}

function firstTurn(preview: Preview | undefined, changes: readonly FileChange[]): Turn {
	const [turn] = chatOf([opened, ...turnOf("Go", preview, changes)]).turns;
	assert.ok(turn);
	return turn;
}

describe("the list of changed files", () => {
	const before = [file("a"), file("b", { edited: true })];

	it("is the same object when the host sends an equal one", () => {
		assert.equal(shareFiles(before, structuredClone(before)), before);
	});

	it("shares the files that did not change, whatever came, went or moved", () => {
		const next = shareFiles(before, [file("0"), file("b", { edited: true }), file("c")]);
		assert.deepEqual(next, [file("0"), file("b", { edited: true }), file("c")]);
		assert.equal(next[1], before[1]);
		assert.notEqual(shareFiles(before, [file("a")]), before);
		assert.deepEqual(shareFiles(before, [file("a", { added: 3 }), file("b")]), [file("a", { added: 3 }), file("b")]);
	});

	it("stays the same in the state when another part of the view changes", () => {
		const first = update(initial, { type: "view", view: { ...initial.view, changes: before } });
		const next = update(first, {
			type: "view",
			view: structuredClone({ ...initial.view, model: "k3", changes: before }),
		});
		assert.equal(next.view.changes, first.view.changes);
		assert.equal(next.view.model, "k3");
		const again = update(next, {
			type: "snapshot",
			chat: emptyChat,
			live: idle,
			view: structuredClone(next.view),
			words: {},
		});
		assert.equal(again.view.changes, first.view.changes);
	});

	it("has sums, counts, and words for what became of each file", () => {
		assert.deepEqual(sumLines([file("a"), file("b")]), { added: 2, removed: 4 });
		assert.deepEqual([1, 3].map(countFiles), ["1 file", "3 files"]);
		assert.deepEqual(
			(["changed", "created", "deleted", "renamed", "mode", "binary"] as const).map((kind) => [
				kindOf({ kind }).letter,
				kindOf({ kind }).word,
				insteadOfCounts({ kind }),
			]),
			[
				["M", "changed", undefined],
				["A", "new file", undefined],
				["D", "deleted", undefined],
				["R", "renamed", undefined],
				["M", "changed", "permissions"],
				["M", "changed", "binary"],
			],
		);
	});

	it("is told to a screen reader by its number alone", () => {
		assert.deepEqual([[], [file("a")], [file("a"), file("b")]].map(changesStatus), [
			"",
			"1 changed file to review.",
			"2 changed files to review.",
		]);
	});
});

describe("a proposal of several files", () => {
	it("opens the first files, as far as they have not too many lines, and all with a warning", () => {
		const long = { added: 600, removed: 0 };
		const files = [diff("a", long), diff("b", long), diff("c", { ...long, warning: "Careful" }), diff("d")];
		assert.deepEqual(startsOpen(files), [true, false, true, false]);
	});

	it("tags what is not a change of lines", () => {
		assert.deepEqual(
			[
				diff("a"),
				diff("a", { created: true }),
				diff("a", { deleted: true }),
				diff("a", { from: "b", created: true }),
			].map(tagOf),
			[undefined, "new file", "deleted", undefined],
		);
	});
});

describe("an approval", () => {
	const call = (preview: Preview): Call => ({ id: "1", tool: "Edit", args: "{}", state: "asking", preview });
	const at = (more: Partial<Reviewing>): Reviewing => ({ left: 1, accepted: 0, rejected: 0, edited: false, ...more });
	const several: Preview = { kind: "files", files: [diff("a")] };
	const plan: Preview = { kind: "plan", text: "# Plan" };
	const command: Preview = { kind: "command", command: "ls", cwd: "" };

	it("names what accepting does, also with the person's changes", () => {
		const accept = (preview: Preview, reviewing?: Reviewing) => approvalWords(call(preview), reviewing, "ask").accept;
		assert.equal(accept(diff("a")), "Accept");
		assert.equal(accept(diff("a"), at({ accepted: 1 })), "Accept");
		assert.equal(accept(several, at({ edited: true })), "Accept with your changes");
		assert.equal(accept(plan), "Accept plan");
		assert.equal(accept(plan, at({ edited: true })), "Accept plan with your changes");
		assert.equal(accept(command, at({ edited: true })), "Run");
	});

	it("names what accepting does where nothing but its title is shown", () => {
		const accept = (...effects: Effect[]) => {
			const { preview: _, ...bare } = call(plan);
			return approvalWords({ ...bare, effects }, undefined, "ask").accept;
		};
		assert.equal(accept({ net: "https://a.example" }), "Fetch");
		assert.equal(accept({ read: ".env" }, { read: "/a/b" }), "Read");
		assert.deepEqual([accept(), accept({ read: "a" }, { unknown: true })], ["Accept", "Accept"]);
	});

	it("says in which mode an accepted plan goes on", () => {
		assert.deepEqual(
			[approvalWords(call(plan), undefined, "trusted").means, approvalWords(call(diff("a")), undefined, "ask").means],
			["Accepting it goes on in mode Trusted, and the plan becomes the todo list.", undefined],
		);
	});

	it("opens a diff, a plan as a document, and of a command nothing", () => {
		assert.deepEqual(
			[diff("a"), several, plan, command].map((preview) => approvalWords(call(preview), undefined, "ask").open?.op),
			["openDiff", "openDiff", "openPlan", undefined],
		);
	});

	it("says how far the review is once the person did something", () => {
		const said = (preview: Preview, reviewing?: Reviewing) => reviewProgress(call(preview), reviewing);
		assert.equal(said(diff("a")), undefined);
		assert.equal(said(diff("a"), at({})), undefined);
		assert.equal(
			said(diff("a"), at({ accepted: 1, rejected: 2, edited: true })),
			"In the diff: 1 accepted, 2 rejected, 1 left",
		);
		assert.match(said(diff("a"), at({ edited: true })) ?? "", /^You changed the proposal/);
		assert.match(said(plan, at({ edited: true })) ?? "", /^You changed the plan/);
	});

	it("is known afterwards as accepted with changes", () => {
		const accepted = { ...call(plan), state: "done", by: "person", verdict: "allow", edited: true } as const;
		assert.equal(decision(accepted), "Accepted with your changes");
		assert.equal(toolIcon("Plan", { ...accepted, effects: [{ plan: true }] }), "book");
	});

	it("is announced with its title and its lines", () => {
		const asking = (preview: Preview, title: string): State => ({
			...initial,
			view: { ...initial.view, running: true },
			chat: chatOf([
				opened,
				...turnOf("Go", preview, []).slice(0, 2),
				{ type: "planned", callId: "1", tool: "Edit", title, effects: [], preview },
				{ type: "decided", callId: "1", verdict: "ask", by: "policy", reason: "" },
			]),
		});
		assert.equal(announcement(asking(diff("a"), "Edit a")), "Approval needed: Edit a. Lines added: 1, removed: 1");
		assert.equal(
			announcement(asking({ kind: "files", files: [diff("a"), diff("b")] }, "Change 2 files")),
			"Approval needed: Change 2 files. Lines added: 2, removed: 2",
		);
		assert.equal(announcement(asking(plan, "Show the plan")), "Approval needed: Show the plan");
	});
});

describe("the end of a turn", () => {
	it("counts the files that are not as they were, with the lines of its edits", () => {
		const summary = turnSummary(firstTurn(diff("a"), [change("a", "1", "2")]));
		assert.deepEqual(summary, { ms: 5, steps: 1, files: 1, lines: { added: 1, removed: 1 }, answer: "Done." });
	});

	it("says no lines when commands changed files too, and no file that ended as it began", () => {
		const { files, lines } = turnSummary(
			firstTurn(diff("a"), [
				change("a", "1", "2"),
				change("b", "1", "2"),
				change("c", "1", "2"),
				change("c", "2", "1"),
			]),
		);
		assert.deepEqual({ files, lines }, { files: 2, lines: undefined });
	});

	it("counts the files of its edits where no changes are on record", () => {
		const { files, lines } = turnSummary(firstTurn(diff("a"), []));
		assert.deepEqual({ files, lines }, { files: 1, lines: { added: 1, removed: 1 } });
	});

	it("counts a renamed file once", () => {
		const moved = [change("old", "1", null), change("new", null, "1"), change("other", null, "2")];
		assert.equal(turnSummary(firstTurn(undefined, moved)).files, 2);
	});

	it("adds up the files of one call, and leaves out a call that is part of another's proposal", () => {
		const whole = firstTurn({ kind: "files", files: [diff("a"), diff("b")] }, [
			change("a", "1", "2"),
			change("b", null, "3"),
		]);
		const joined: Turn = {
			...whole,
			steps: whole.steps.map((step) => ({
				...step,
				calls: [...step.calls, ...step.calls.map((call) => ({ ...call, joined: "1", preview: diff("a") }))],
			})),
		};
		assert.deepEqual(turnSummary(joined).lines, { added: 2, removed: 2 });
	});

	it("can be undone while any file since it is not as it was", () => {
		const chat = chatOf([
			opened,
			...turnOf("One", undefined, [change("a", "1", "2")]),
			...turnOf("Two", undefined, [change("b", null, "1"), change("b", "1", null)]),
			...turnOf("Three", undefined, [change("a", "2", "1"), change("c", "1", "2")]),
			...turnOf("Four", undefined, [change("c", "2", "1")]),
		]);
		const undoable = undoableTurns(chat.turns);
		assert.deepEqual(
			chat.turns.filter(({ seq }) => undoable.has(seq)).map(({ prompt }) => prompt),
			["Two", "Three", "Four"],
		);
	});

	it("says what can't be put back unless an earlier one says it", () => {
		const uncovered = (...sentences: string[]): Unstamped => ({
			type: "changed",
			callId: "",
			files: [],
			uncovered: sentences,
		});
		const { turns } = chatOf([
			opened,
			{ type: "prompted", text: "One" },
			uncovered("No git."),
			{ type: "prompted", text: "Two" },
			uncovered("No git."),
			{ type: "prompted", text: "Three" },
			uncovered("No git.", "Too large: a."),
			uncovered("Too large: b."),
		]);
		const words = uncoveredWords(turns);
		assert.deepEqual(
			turns.map(({ seq }) => words.get(seq)),
			["No git.", undefined, "Too large: a. Too large: b."],
		);
	});

	it("can be undone where a command was cut off, and what it changed is still to be found out", () => {
		const turn = (kept?: Turn["kept"]) => [
			{ ...(chatOf([opened, ...turnOf("One", undefined, [])]).turns[0] ?? assert.fail()), ...(kept && { kept }) },
		];
		assert.equal(undoableTurns(turn()).size, 0);
		assert.equal(undoableTurns(turn([{ callId: "1", files: [], snapshot: "held-1", after: 0 }])).size, 1);
	});
});

describe("a restore", () => {
	const chat = [
		opened,
		...turnOf("One", undefined, [change("a", "1", "2")]),
		...turnOf(`Two ${"x".repeat(80)}\nmore`, undefined, []),
	];
	const words = (restored: Partial<Extract<Unstamped, { type: "restored" }>>) =>
		restoredWords(chatOf([...chat, { type: "restored", changes: [], ...restored }]));

	it("is said in words that name what went back, and to where", () => {
		assert.equal(restoredWords(chatOf(chat)), undefined);
		assert.equal(words({ changes: [change("a", "2", "1")] }), "Files were put back to an earlier state.");
		assert.equal(
			words({ turn: 1, changes: [change("a", "2", "1")] }),
			"Files and conversation were put back to before “One”.",
		);
		assert.equal(
			words({ turn: 7 }),
			`The conversation was put back to before “Two ${"x".repeat(55)}…”. Files stay as they are.`,
		);
	});

	it("is announced, until the next prompt", () => {
		const restored = [...chat, { type: "restored" as const, turn: 1, changes: [change("a", "2", "1")] }];
		const said = (items: readonly Unstamped[]) => announcement({ ...initial, chat: chatOf(items) });
		assert.equal(said(restored), "Files and conversation were put back to before “One”.");
		assert.equal(said([...restored, ...turnOf("Again", undefined, [])]), "Kimi is done.");
	});
});

describe("what the model was told in the middle of a turn", () => {
	const answer = (text: string): Unstamped => ({
		type: "replied",
		parts: [{ kind: "text", text }],
		finish: null,
		complete: false,
		model: "m",
		ms: 1,
	});

	it("stands before the step that knew it, or at the end while none does", () => {
		const chat = chatOf([
			opened,
			{ type: "prompted", text: "Go" },
			{ type: "noted", note: "first" },
			answer("a"),
			{ type: "noted", note: "second" },
			answer("b"),
			{ type: "noted", note: "third" },
		]);
		const turn = chat.turns[0] ?? assert.fail();
		assert.deepEqual(
			[0, 1, 2].map((index) => saidBefore(turn, index).map((each) => "note" in each && each.note)),
			[["first"], ["second"], ["third"]],
		);
	});
});
