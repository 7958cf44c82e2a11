import assert from "node:assert/strict";
import { stepsOf } from "../../src/tools/steps.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const pending = (...titles: string[]) => titles.map((title) => ({ title, status: "pending" }));

describe("Plan", () => {
	let space: Workspace;
	beforeEach(() => {
		space = openWorkspace();
	});
	afterEach(() => space.dispose());
	const MARKDOWN = "# Fix it\n\n1. Read **cart.js**\n2. Change `total`\n   - with care\n";

	it("is a document to change, changes nothing, and becomes the list once it is accepted", async () => {
		const { run, amend: _, ...plan } = await space.planned("Plan", { plan: MARKDOWN });
		assert.deepEqual(plan, {
			title: "Plan: 2 steps",
			effects: [{ plan: true }],
			preview: { kind: "plan", text: MARKDOWN },
			document: { name: "Plan", text: MARKDOWN },
		});
		assert.deepEqual(await run(new AbortController().signal, () => undefined), {
			text: "Go ahead: carry the plan out now. Todo holds its 2 steps: keep that list up to date.",
			details: { todo: pending("Read cart.js", "Change total") },
		});
	});

	it("does not say that somebody accepted it: outside of plan mode nobody was asked", async () => {
		const { text } = await space.call("Plan", { plan: MARKDOWN });
		assert.doesNotMatch(text, /accept|person/);
	});

	it("takes the names that the model gave its steps", async () => {
		const outcome = await space.call("Plan", { plan: MARKDOWN, steps: ["Read", " ", "Change"] });
		assert.deepEqual(outcome.details?.todo, pending("Read", "Change"));
	});

	it("leaves the list alone when it has no steps", async () => {
		const outcome = await space.call("Plan", { plan: "Just do it." });
		assert.deepEqual(outcome, { text: "Go ahead: carry the plan out now." });
	});

	it("is carried out as the person changed it, and the model is told what they changed", async () => {
		const plan = await space.planned("Plan", { plan: MARKDOWN, steps: ["Read", "Change"] });
		const text = MARKDOWN.replace("2. Change `total`", "2. Test\n3. Change `total`");
		const changed = (await plan.amend?.({ texts: { Plan: text }, refused: [] })) ?? assert.fail("no amend");
		const outcome = await space.run(changed);
		assert.match(
			outcome.text,
			/ The person changed it first\. From your plan \(-\) to theirs \(\+\), which counts:\n@@ .*\n[\s\S]*\n\+2\. Test\n/,
		);
		assert.deepEqual(
			[outcome.details?.todo, outcome.show],
			[pending("Read cart.js", "Test", "Change total"), { kind: "plan", text }],
		);
		assert.equal(await plan.amend?.({ texts: { Plan: MARKDOWN }, refused: [] }), plan);
	});

	it("is refused when it says nothing, or has too many steps", async () => {
		assert.match(await space.refused("Plan", { plan: " \n" }), /^`plan` is empty/);
		assert.match(await space.refused("Plan", { plan: "x", steps: Array(101).fill("y") }), /^`steps` has 101 items/);
	});
});

describe("the steps of a plan", () => {
	const table: [string, string, object[]][] = [
		[
			"its tasks, done ones too",
			"1. No\n- [ ] One\n- [x] Two\n",
			[...pending("One"), { title: "Two", status: "done" }],
		],
		["else its numbered items", "- no\n1. One\n2) Two\n", pending("One", "Two")],
		["else its bullets", "Text\n* One\n+ Two\n  - below\n", pending("One", "Two")],
		["none in a code block", "```\n1. No\n```\n- Yes\n", pending("Yes")],
		["none where there are none", "Text.\n", []],
	];
	for (const [what, markdown, steps] of table) it(`are ${what}`, () => assert.deepEqual(stepsOf(markdown), steps));

	it("are at most a hundred, with titles of bounded length", () => {
		const many = Array.from({ length: 150 }, (_, n) => `${n + 1}. ${"x".repeat(300)}\n`).join("");
		assert.deepEqual([stepsOf(many).length, stepsOf(many)[0]?.title.length], [100, 200]);
	});
});
