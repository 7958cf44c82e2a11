import assert from "node:assert/strict";
import type { QuestionAnswer } from "../../src/shared/questions.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const database = {
	question: "Which database?",
	options: [{ label: "SQLite", description: "One file." }, { label: "Postgres" }],
};
const parts = {
	question: "Which parts?",
	options: [{ label: "API" }, { label: "CLI" }, { label: "Web" }],
	multiple: true,
};

describe("Ask", () => {
	let space: Workspace;
	before(() => {
		space = openWorkspace();
	});
	after(() => space.dispose());

	const answered = async (answers: QuestionAnswer[] | undefined) => {
		const plan = await space.planned("Ask", { questions: [database, parts] });
		const amended = await plan.amend?.({ texts: {}, refused: [], ...(answers && { answers }) });
		return space.run(amended ?? assert.fail());
	};

	it("plans its questions, touches nothing, and is told apart by the first one", async () => {
		const { title, effects, questions, preview } = await space.planned("Ask", { questions: [database, parts] });
		assert.deepEqual(
			{ title, effects, questions, preview },
			{
				title: "Ask Which database? (+1)",
				effects: [],
				questions: [database, parts],
				preview: { kind: "questions", questions: [database, parts] },
			},
		);
	});

	it("brings back what was picked and the person's own words", async () => {
		const answers = [{ picked: [0] }, { picked: [0, 2], other: "and the docs" }];
		assert.deepEqual(await answered(answers), {
			text: "The person answered:\n\nWhich database?\n→ SQLite\n\nWhich parts?\n→ API; Web; and the docs",
			show: { kind: "questions", questions: [database, parts], answers },
		});
	});

	it("says which question has no answer, and takes no option that is not there", async () => {
		const { text } = await answered([{ picked: [], other: "None at all" }, { picked: [7] }]);
		assert.match(text, /→ None at all\n\nWhich parts\?\n→ No answer: decide this one yourself\.$/);
	});

	it("tells skipped questions and those that nobody could answer apart", async () => {
		assert.match((await answered([])).text, /^The person leaves it to you\. Decide yourself/);
		assert.match((await answered(undefined)).text, /^Nobody is here to answer\. Decide yourself/);
	});

	it("is refused where a person could not answer it", async () => {
		const refused = (questions: unknown) => space.refused("Ask", { questions });
		const many = { question: "Q", options: Array.from({ length: 5 }, (_, at) => ({ label: `${at}` })) };
		assert.match(await refused([]), /has 0 items; ask one to 4/);
		assert.match(await refused([database, database, database, database, database]), /has 5 items/);
		assert.match(await refused([{ ...database, question: " " }]), /questions\[0\]\.question` is empty/);
		assert.match(
			await refused([database, { question: "Q", options: [{ label: "A" }] }]),
			/questions\[1\]\.options` has 1 items; give two to 4/,
		);
		assert.match(await refused([many]), /has 5 items; give two to 4/);
		assert.match(
			await refused([{ question: "Q", options: [{ label: "A" }, { label: " A" }] }]),
			/the same label twice/,
		);
		assert.match(await refused([{ question: "Q", options: [{ label: "A" }, { label: "" }] }]), /empty label/);
	});
});
